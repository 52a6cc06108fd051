import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { execute, type FieldNode, Kind, parse, type SelectionSetNode } from 'graphql'
import { beforeAll, describe, expect, it } from 'vitest'
import { DEFAULT_IMPORT_OPTIONS } from '../../src/importers/options.ts'
import { runImport } from '../../src/importers/run-import.ts'
import { schema } from '../../src/schema/index.ts'
import { newLog, testDatabase } from '../database.ts'
import { sharedFolder } from '../shared-folder.ts'

const database = testDatabase()
const read = (...path: string[]) => readFileSync(join(sharedFolder!, ...path), 'utf8')

/** The answer, and the statements it took beyond the one that enters the transaction. */
async function ask(document: string, variables: Record<string, unknown>) {
  const log = newLog()
  const { data, errors } = await database.transaction(
    async (transaction) =>
      execute({
        schema,
        document: parse(document),
        variableValues: variables,
        contextValue: database.contextOf(transaction),
      }),
    log,
  )
  expect(errors).toBe(undefined)
  return { data: JSON.parse(JSON.stringify(data)) as unknown, statements: log.statements - 1 }
}

function levelsOf({ selections }: SelectionSetNode): number {
  const fields = selections.filter((selection): selection is FieldNode => selection.kind === Kind.FIELD)
  return 1 + Math.max(0, ...fields.map(({ selectionSet }) => (selectionSet ? levelsOf(selectionSet) : 0)))
}

/** What is expected, with numbers that need agree to nine places only, and lists that hold at least some things. */
function closely(expected: unknown): unknown {
  if (typeof expected === 'number' && !Number.isInteger(expected)) return expect.closeTo(expected, 9)
  if (Array.isArray(expected)) return expected.map(closely)
  if (typeof expected !== 'object' || expected === null) return expected
  if ('contains' in expected) return expect.arrayContaining((expected.contains as unknown[]).map(closely))
  return expect.objectContaining(
    Object.fromEntries(Object.entries(expected).map(([key, value]) => [key, closely(value)])),
  )
}

describe.skipIf(!sharedFolder)('the questions about extraction campaigns', () => {
  beforeAll(async () => {
    await runImport(database.url, [join(sharedFolder!, 'world/data/extraction')], DEFAULT_IMPORT_OPTIONS)
  })

  it.each([
    ['campaign', 'campaign.1'],
    ['campaign', 'campaign.2'],
    ['run-health', 'run-health.production'],
    ['run-health', 'run-health.running'],
    ['task-attempts', 'task-attempts'],
  ])('%s: %s has its answer, in no more statements than levels and three', async (question, answer) => {
    const { variables, data } = JSON.parse(read('world/expected', `${answer}.json`))
    const document = read('questions', `${question}.graphql`)
    const found = await ask(document, variables)
    expect(found.data).toEqual(closely(data))
    const definition = parse(document).definitions[0]!
    const levels = definition.kind === Kind.OPERATION_DEFINITION ? levelsOf(definition.selectionSet) : 0
    expect(found.statements).toBeLessThanOrEqual(levels + 3)
  })
})
