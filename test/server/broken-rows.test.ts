import { fileURLToPath } from 'node:url'
import { pino } from 'pino'
import { beforeAll, describe, expect, it } from 'vitest'
import { DEFAULT_IMPORT_OPTIONS } from '../../src/importers/options.ts'
import { runImport } from '../../src/importers/run-import.ts'
import { EXAMPLE_QUERIES } from '../../src/server/example-queries.ts'
import type { Server } from '../../src/server/index.ts'
import { testDatabase } from '../database.ts'
import { expectNoLeak } from './leaks.ts'

const SAMPLES = fileURLToPath(new URL('../../samples', import.meta.url))
const database = testDatabase({ isOwn: true })
const lines: { msg: string; requestId: string }[] = []

let server: Server

beforeAll(async () => {
  await database.sql('create schema kept')
  await runImport(database.url, [SAMPLES], DEFAULT_IMPORT_OPTIONS)
  const logger = pino({ level: 'info' }, { write: (line) => void lines.push(JSON.parse(line)) })
  server = database.newServer({ logger })
})

type Column = { table: string; column: string }

/** Columns of a type in the tables that imports fill. */
async function columnsOf(type: string): Promise<Column[]> {
  return (await database.sql(
    `select table_name as table, column_name as column from information_schema.columns c
     where table_schema = 'public' and data_type = $1 and is_generated = 'NEVER' and table_name !~ '^(x_|_prisma)|audit|api_keys'
       and exists (select from information_schema.columns where table_schema = 'public' and table_name = c.table_name and column_name = 'id')
     order by 1, 2`,
    [type],
  )) as Column[]
}

/** Writes a value into the columns of all rows. */
async function damage(columns: readonly Column[], value: string): Promise<void> {
  let changed = 0
  for (const { table, column } of columns) {
    await database.sql(`alter table ${table} disable trigger user`)
    await database.sql(`create table if not exists kept.${table} as table ${table}`)
    const [row] = await database.sql(`with changed as (update ${table} set "${column}" = ${value} returning 1)
      select count(*)::int as rows from changed`)
    changed += row!.rows
  }
  expect(changed).toBeGreaterThan(100)
}

async function mend(columns: readonly Column[]): Promise<void> {
  for (const { table, column } of columns)
    await database.sql(
      `update ${table} set "${column}" = kept."${column}" from kept.${table} as kept where kept.id = ${table}.id`,
    )
}

/** Asks every example of rows with that value in all columns of a type; the codes of the answers' errors. */
async function askWith(type: string, value: string): Promise<Set<string>> {
  const codes = new Set<string>()
  const columns = await columnsOf(type)
  await damage(columns, value)
  for (const query of EXAMPLE_QUERIES) {
    lines.length = 0
    const headers = { 'content-type': 'application/json' }
    const init = { method: 'POST', headers, body: JSON.stringify({ query }) }
    const response = await server.fetch('http://test/graphql', init)
    const text = await response.text()
    expectNoLeak(text)
    const requestId = response.headers.get('x-request-id')
    const { errors = [] } = JSON.parse(text) as { errors?: { extensions: { code: string; requestId: string } }[] }
    for (const { extensions } of errors) codes.add(extensions.code)
    const masked = errors.filter(({ extensions }) => extensions.code === 'INTERNAL_SERVER_ERROR')
    const logged = lines.filter(({ msg }) => msg === 'unexpected error')
    expect(masked.map(({ extensions }) => extensions.requestId)).toEqual(masked.map(() => requestId))
    expect(logged.map((line) => line.requestId)).toEqual(masked.map(() => requestId))
  }
  await mend(columns)
  expect((await database.ask(EXAMPLE_QUERIES[0]!, {}, server)).errors).toBe(undefined)
  return codes
}

describe('rows that hold what nobody imported: no answer tells more than a code', () => {
  it.each([
    ['jsonb', `'"a text"'`],
    ['jsonb', `'[null, 1, "x", {"a": null}]'`],
    ['jsonb', `'null'`],
    ['numeric', `'NaN'`],
    ['timestamp with time zone', `'infinity'`],
    ['timestamp with time zone', `'294276-12-31T23:59:59Z'`],
    ['double precision', `'NaN'`],
    ['bigint', '9223372036854775807'],
  ])('%s %s', async (type, value) => {
    const codes = await askWith(type, value)
    // Nothing is wrong with what was asked.
    expect([...codes].filter((code) => code !== 'INTERNAL_SERVER_ERROR')).toEqual([])
  })
})
