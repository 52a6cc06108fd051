import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { Issue } from '../../../src/importers/read/issue.ts'
import { isIssue } from '../../../src/importers/read/issue.ts'
import { readLines } from '../../../src/importers/read/lines.ts'
import { openStream, readSmall } from '../../../src/importers/read/open.ts'
import { parseJson } from '../../../src/importers/read/parse-json.ts'
import { sniffShape } from '../../../src/importers/read/sniff.ts'
import { collect, worldFolder } from './sources.ts'

type Expected = { line: number | null; pointer?: string; class: string }
type BrokenFile = { file: string; quarantined: Expected[]; warnings: Expected[] }

/** What only a format can find: reading such a file finds nothing wrong. */
const foundByDecoders = ['SCHEMA', 'UNKNOWN_FORMAT', 'DUPLICATE_ID']

const list = join(worldFolder, 'expected/broken.json')
const broken: BrokenFile[] = existsSync(list) ? JSON.parse(readFileSync(list, 'utf8')) : []

async function issuesOf(path: string): Promise<Issue[]> {
  const file = await readSmall(path, 1024 * 1024)
  if (file === null) throw new Error('too large')
  if (isIssue(file)) return [file]
  if (sniffShape(file.content, path) !== 'json-lines') {
    const parsed = parseJson(file.content)
    return 'issue' in parsed ? [parsed.issue] : parsed.issues
  }
  const events = await collect(readLines(openStream(path).content))
  return events.flatMap((event) => ('issue' in event ? [event.issue] : event.record.issues))
}

if (broken.length === 0)
  describe.skip('the broken files of the world are not here', () => it.todo('runs beside shared/'))
else
  describe(`the ${broken.length} broken files of the world`, () => {
    it.each(broken)(
      '$file gives the rejects and warnings that are expected',
      async ({ file, quarantined, warnings }) => {
        const issues = await issuesOf(join(worldFolder, 'data', file))
        const ofReading = (expected: Expected[]) => expected.filter((one) => !foundByDecoders.includes(one.class))
        const rejects = issues
          .filter(({ severity }) => severity === 'REJECT')
          .map(({ code, line }) => ({ line, class: code }))
        const noticed = issues
          .filter(({ severity }) => severity === 'WARNING')
          .map(({ code, line, pointer }) => ({ line, pointer, class: code }))
        expect(rejects).toEqual(ofReading(quarantined))
        expect(noticed).toEqual(ofReading(warnings))
      },
    )
  })
