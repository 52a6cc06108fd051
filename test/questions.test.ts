import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { execute, parse } from 'graphql'
import { beforeAll, describe, expect, it } from 'vitest'
import { readDocuments, STATEMENTS_BEYOND_LEVELS, valueAt } from '../scripts/bench/documents.ts'
import type { Questions } from '../scripts/generate/world/questions.ts'
import { writeWorld } from '../scripts/generate/world/write-world.ts'
import { DEFAULT_IMPORT_OPTIONS } from '../src/importers/options.ts'
import { runImport } from '../src/importers/run-import.ts'
import { schema } from '../src/schema/index.ts'
import { newLog, testDatabase } from './database.ts'

const database = testDatabase()
const documents = readDocuments(fileURLToPath(new URL('./questions', import.meta.url)))

let imported: Awaited<ReturnType<typeof runImport>>
let questions: Questions

beforeAll(async () => {
  const folder = await mkdtemp(join(tmpdir(), 'crossrun-world-'))
  try {
    questions = writeWorld(folder)
    imported = await runImport(database.url, [join(folder, 'data')], { ...DEFAULT_IMPORT_OPTIONS })
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
})

describe('a generated world of every format', () => {
  it('is imported whole', () => {
    expect(imported).toMatchObject({ status: 'COMPLETED', rejects: [], warnings: [] })
    expect(imported.records).toMatchObject({ updated: 0, unchanged: 0, quarantined: 0 })
  })

  it('is asked every question', () => {
    expect(Object.keys(questions).sort()).toEqual(documents.map(({ name }) => name))
  })

  it.each(documents)('answers $name', async ({ name, text }) => {
    const { variables, holds } = questions[name]!
    const answer = await database.data(text, variables)
    expect(Object.keys(holds).map((path) => [path, valueAt(answer, path)])).toEqual(Object.entries(holds))
    expect(leaves(answer).filter((value) => value !== null && value !== 0)).not.toEqual([])
  })

  it.each(documents)('takes a statement a level for $name, and three', async ({ name, text, levels }) => {
    const log = newLog()
    const { errors } = await database.transaction(
      async (transaction) =>
        execute({
          schema,
          document: parse(text),
          variableValues: questions[name]!.variables,
          contextValue: database.contextOf(transaction),
        }),
      log,
    )
    expect(errors).toBe(undefined)
    // The first enters the transaction.
    expect(log.statements - 1).toBeLessThanOrEqual(levels + STATEMENTS_BEYOND_LEVELS)
  })
})

function leaves(value: unknown): unknown[] {
  return value !== null && typeof value === 'object' ? Object.values(value).flatMap(leaves) : [value]
}
