import { readFileSync, writeFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Decimal } from 'decimal.js'
import type pg from 'pg'
import { writeWorld } from '../../scripts/generate/world/write-world.ts'
import { DEFAULT_IMPORT_OPTIONS } from '../../src/importers/options.ts'
import { runImport } from '../../src/importers/run-import.ts'
import type { TestDatabase } from '../database.ts'

export const root = fileURLToPath(new URL('../..', import.meta.url))

/** The text of a file of the project. */
export const read = (path: string): string => readFileSync(join(root, path), 'utf8')

/** Imports a generated world of every format, and a file that is damaged. */
export async function importWorld(database: TestDatabase): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'crossrun-analytics-'))
  try {
    writeWorld(folder)
    writeFileSync(join(folder, 'data', 'damaged.json'), '{"metadata": ')
    await runImport(database.url, [join(folder, 'data')], { ...DEFAULT_IMPORT_OPTIONS })
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

export type Answer = { columns: string[]; rows: unknown[][] }

/** What the last of the statements answers. */
export async function ask(bi: pg.Client, sql: string): Promise<Answer> {
  const answers = await bi.query({ text: sql, rowMode: 'array' })
  const { fields, rows } = [answers].flat().at(-1)! as pg.QueryArrayResult<unknown[]>
  return { columns: fields.map(({ name }) => name), rows }
}

/** The columns of these names, in this order. */
export function pick({ columns, rows }: Answer, ...names: string[]): unknown[][] {
  return rows.map((row) => names.map((name) => row[columns.indexOf(name)]))
}

/** The rows of GraphQL's answer. */
export async function metricsTable(database: TestDatabase, query: object): Promise<unknown[][]> {
  const { metricsTable } = await database.data(
    'query ($query: MetricsTableQuery!) { metricsTable(query: $query) { rows } }',
    { query: { limit: 10_000, ...query } },
  )
  return metricsTable.rows
}

/** Rows to compare, in one order: times in RFC 3339, numbers to twelve digits. */
export function comparable(rows: unknown[][]): (string | null)[][] {
  const texts = rows.map((row) => row.map(plain))
  return texts.sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1))
}

function plain(value: unknown): string | null {
  if (value === null || value === undefined) return null
  if (value instanceof Date) return value.toISOString()
  const text = String(value)
  return /^-?\d+(\.\d+)?(e-?\d+)?$/.test(text) ? new Decimal(text).toSignificantDigits(12).toString() : text
}
