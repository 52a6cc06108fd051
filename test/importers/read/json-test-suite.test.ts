import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { readSmall } from '../../../src/importers/read/open.ts'
import { parseJson } from '../../../src/importers/read/parse-json.ts'
import { type Part, readParts } from '../../../src/importers/read/parts.ts'
import { collect, corpusFolder, inPieces } from './sources.ts'

const EXPECTED_FILES = 318
const files = existsSync(corpusFolder) ? readdirSync(corpusFolder) : []
const ofKind = (kind: string) => files.filter((name) => name.startsWith(`${kind}_`))

/** Python writes these where a number belongs; Crossrun takes them as null. */
const tolerated = ['n_number_NaN.json', 'n_number_infinity.json', 'n_number_minus_infinity.json']

async function outcomeOf(name: string) {
  const file = await readSmall(join(corpusFolder, name), 1024 * 1024)
  if (file === null) throw new Error('too large')
  return 'code' in file ? { issue: file } : parseJson(file.content)
}

/** The same file as a stream of tiny pieces, its outer levels read token by token. */
async function streamedOutcomeOf(name: string) {
  const events = await collect(readParts(inPieces(readFileSync(join(corpusFolder, name)), 7), ['/*', '/*/*']))
  const issue = events.find((event) => 'issue' in event && event.issue.severity === 'REJECT')
  return {
    issue,
    parts: events.filter((event): event is Part => 'pointer' in event),
    hasRest: events.some((event) => 'rest' in event),
  }
}

if (files.length === 0)
  describe.skip(`JSONTestSuite (${EXPECTED_FILES} files) is not here`, () => it.todo('runs beside shared/'))
else
  describe(`JSONTestSuite (${files.length} files)`, () => {
    it('is all here', () => expect(files.length).toBe(EXPECTED_FILES))

    it.each(ofKind('y'))('%s is accepted with the value of JSON.parse', async (name) => {
      const outcome = await outcomeOf(name)
      if ('issue' in outcome) throw new Error(outcome.issue.message)
      const original = JSON.stringify(JSON.parse(readFileSync(join(corpusFolder, name), 'utf8')))
      expect(JSON.stringify(outcome.value)).toBe(original.replace(/(?<!\\)\\u0000/g, '\uFFFD'))
      expect(await streamedOutcomeOf(name)).toMatchObject({ issue: undefined, hasRest: true })
    })

    it.each(ofKind('n'))('%s is rejected with its place', async (name) => {
      const outcome = await outcomeOf(name)
      const streamed = await streamedOutcomeOf(name)
      if (tolerated.includes(name)) {
        expect(outcome).toMatchObject({ value: [null], issues: [{ code: 'NOT_A_NUMBER', pointer: '/0' }] })
        expect(streamed).toMatchObject({ issue: undefined, parts: [{ pointer: '/0', value: null }] })
        return
      }
      if (!('issue' in outcome)) throw new Error(`accepted as ${JSON.stringify(outcome.value)}`)
      expect(outcome.issue.severity).toBe('REJECT')
      if (outcome.issue.code !== 'EMPTY') expect(outcome.issue.byteOffset).toBeTypeOf('number')
      expect(streamed.issue).toBeDefined()
    })

    it.each(ofKind('i'))('%s gives a value or a reject, the same in pieces', async (name) => {
      const outcome = await outcomeOf(name)
      const streamed = await streamedOutcomeOf(name)
      expect(streamed.issue === undefined).toBe('value' in outcome)
    })
  })
