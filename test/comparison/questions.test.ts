import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { execute, parse } from 'graphql'
import { beforeAll, describe, expect, it } from 'vitest'
import { DEFAULT_IMPORT_OPTIONS } from '../../src/importers/options.ts'
import { runImport } from '../../src/importers/run-import.ts'
import { schema } from '../../src/schema/index.ts'
import { newLog, testDatabase } from '../database.ts'
import { sharedFolder } from '../shared-folder.ts'

const database = testDatabase()
const read = (...path: string[]) => readFileSync(join(sharedFolder!, ...path), 'utf8')

/** What is expected, with numbers to nine places; and metrics by their names where their order is free. */
function closely(expected: unknown): unknown {
  if (typeof expected === 'number' && !Number.isInteger(expected)) return expect.closeTo(expected, 9)
  if (Array.isArray(expected)) return expected.map(closely)
  if (typeof expected !== 'object' || expected === null) return expected
  return expect.objectContaining(
    Object.fromEntries(Object.entries(expected).map(([key, value]) => [key, closely(value)])),
  )
}

const byName = (a: { metric: string }, b: { metric: string }) => (a.metric < b.metric ? -1 : 1)

describe.skipIf(!sharedFolder)('the questions about comparison', () => {
  beforeAll(async () => {
    const folders = ['extraction', 'playbook'].map((format) => join(sharedFolder!, 'world/data', format))
    await runImport(database.url, folders, DEFAULT_IMPORT_OPTIONS)
  })

  it.each([
    ['compare-prompts', 'compare-prompts', 1],
    ['compare-instructions', 'compare-instructions', 2],
    ['compare-instructions', 'compare-instructions.reversed', 2],
  ])('%s: %s has its answer, in %i statements', async (question, answer, statements) => {
    const { variables, data, unordered } = JSON.parse(read('world/expected', `${answer}.json`))
    const log = newLog()
    const found = await database.transaction(
      async (transaction) =>
        execute({
          schema,
          document: parse(read('questions', `${question}.graphql`)),
          variableValues: variables,
          contextValue: database.contextOf(transaction),
        }),
      log,
    )
    expect(found.errors).toBe(undefined)
    const got = JSON.parse(JSON.stringify(found.data))
    if (unordered) for (const each of [got, data]) each.compareRuns.metrics.sort(byName)
    expect(got).toEqual(closely(data))
    expect(log.statements - 1).toBe(statements)
  })
})
