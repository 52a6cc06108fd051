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
const NUMBER = /^-?\d+(\.\d+)?$/
const PERCENTILE = /^p\d\d$/

/** What is expected: numbers and decimals by value, percentiles within 1.5 %, moments by instant. */
function closely(expected: unknown, name = ''): unknown {
  if (Array.isArray(expected)) return expected.map((each) => closely(each))
  if (expected !== null && typeof expected === 'object') {
    const { contains, ...fields } = expected as Record<string, unknown>
    if (Array.isArray(contains)) return expect.arrayContaining(contains.map((each) => closely(each)))
    return expect.objectContaining(
      Object.fromEntries(Object.entries(fields).map(([key, value]) => [key, closely(value, key)])),
    )
  }
  if (typeof expected === 'string' && NUMBER.test(expected)) return closeTo(Number(expected), 1e-9)
  if (typeof expected === 'number') return closeTo(expected, PERCENTILE.test(name) ? 0.015 : 1e-9)
  if (typeof expected === 'string' && /^\d{4}-\d\d-\d\dT/.test(expected)) return new Date(expected).toISOString()
  return expected
}

function closeTo(value: number, share: number) {
  return {
    asymmetricMatch: (got: unknown) => got !== null && Math.abs(Number(got) - value) <= Math.abs(value) * share + 1e-12,
    toString: () => `near ${value}`,
  }
}

/** Sorts the lists at a path, where their order is free, by what names their entries. */
function sortAt(value: Record<string, never>, [step, ...rest]: string[]): void {
  const next: unknown = value[step!]
  if (rest.length > 0) for (const each of Array.isArray(next) ? next : [next]) sortAt(each, rest)
  else if (Array.isArray(next)) next.sort((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1))
}

const nameOf = ({ key, dimension }: { key?: Record<string, unknown>; dimension?: string }) =>
  JSON.stringify(key ? Object.entries(key).sort() : dimension)

describe.skipIf(!sharedFolder)('the questions to metrics', () => {
  beforeAll(async () => {
    await runImport(database.url, [join(sharedFolder!, 'world/data')], DEFAULT_IMPORT_OPTIONS)
  }, 180_000)

  it.each([
    ['account-funnel', 'account-funnel', 1],
    ['candidates', 'candidates', 7],
    ['cost-by-phase-and-model', 'cost-by-phase-and-model', 2],
    ['engagement', 'engagement', 1],
    ['metric-catalog', 'metric-catalog', 0],
    ['metrics-table', 'metrics-table', 1],
    ['monthly-cost', 'monthly-cost.berlin', 1],
    ['monthly-cost', 'monthly-cost.utc', 1],
    ['ops-chain', 'ops-chain', 9],
    ['retry-stats', 'retry-stats', 1],
    ['service-uptime', 'service-uptime', 1],
    ['tokens-by-agent', 'tokens-by-agent', 2],
  ])('%s: %s has its answer, in %i statements', async (question, answer, statements) => {
    const { variables, data, unordered = [] } = JSON.parse(read('world/expected', `${answer}.json`))
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
    for (const path of unordered) for (const each of [got, data]) sortAt(each, path.split('.'))
    expect(got).toEqual(closely(data))
    expect(log.statements - 1).toBeLessThanOrEqual(statements)
  })
})
