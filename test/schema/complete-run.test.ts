import { readFileSync } from 'node:fs'
import { beforeAll, describe, expect, it } from 'vitest'
import { testDatabase } from '../database.ts'
import { importFiles } from '../imported.ts'
import { completeRun } from '../importers/playbook-fixture.ts'

const database = testDatabase()
const artifact = completeRun()
const document = readFileSync(new URL('complete-run.graphql', import.meta.url), 'utf8')

beforeAll(() => importFiles(database, { 'run.json': artifact }))

/** Texts and numbers of a JSON value, wherever they stand; keys too, which name agents, pages and objections. */
function leavesOf(value: unknown, keys = false): string[] {
  if (value === null || typeof value === 'boolean') return []
  if (typeof value !== 'object') return [String(value)]
  return Object.entries(value).flatMap(([key, each]) => [...(keys ? [key] : []), ...leavesOf(each, keys)])
}

/** Written another way in the graph: enums, times in UTC with milliseconds, domains, names without spaces around them. */
function asShown(leaf: string): string[] {
  const shown = [leaf, leaf.toUpperCase().replaceAll(/[-\s]/g, '_'), leaf.trim()]
  if (/^\d{4}-\d\d-\d\dT/.test(leaf)) shown.push(new Date(leaf).toISOString())
  return shown
}

describe('a complete run', () => {
  it('comes back out: every value of every field that the format lists', async () => {
    const answer = await database.data(document)
    const seen = new Set(leavesOf(answer, true))
    const lost = leavesOf(artifact).filter((leaf) => !asShown(leaf).some((text) => seen.has(text)))
    expect(lost).toEqual([])
  })

  it('comes back out of its stored file byte for byte', async () => {
    const { run } = await database.data(
      '{ run(by: { externalId: "11111111-1111-4111-8111-111111111111" }) { artifacts { pointer kind payload } } }',
    )
    for (const { pointer, payload } of run.artifacts) expect(payload).toEqual(artifact[pointer.slice(1)])
    expect(run.artifacts.map(({ pointer }: { pointer: string }) => pointer)).toEqual([
      '/phase1_output',
      '/phase2_output',
      '/phase3_output',
      '/phase4_output',
    ])
  })
})
