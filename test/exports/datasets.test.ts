import { Decimal } from 'decimal.js'
import type pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { DATASETS, datasetSource } from '../../src/exports/datasets.ts'
import { openExport } from '../../src/exports/export-stream.ts'
import { formatNamed } from '../../src/exports/formats.ts'
import { importWorld } from '../analytics/answers.ts'
import { biLogin } from '../analytics/bi-login.ts'
import { testDatabase } from '../database.ts'
import { ParquetReader, type ReadFile, readArrow } from './written-files.ts'

const database = testDatabase({ isOwn: true })
let bi: pg.Client
let parquet: ParquetReader

beforeAll(async () => {
  await importWorld(database)
  ;({ bi } = await biLogin(database.url))
  parquet = await ParquetReader.open()
})
afterAll(async () => {
  await bi?.end()
  parquet?.close()
})

async function exported(name: string, format: string): Promise<Buffer> {
  const { organizationId, url } = database
  const source = datasetSource(name, {}, { organizationId })
  const options = { url, organizationId, statementTimeoutMs: 60_000, source, format: formatNamed(format)! }
  const pieces: Buffer[] = []
  for await (const piece of (await openExport(options)).stream) pieces.push(piece as Buffer)
  return Buffer.concat(pieces)
}

type Row = Record<string, unknown>
const linesOf = async (name: string): Promise<Row[]> =>
  (await exported(name, 'jsonl'))
    .toString()
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line))

describe.each(DATASETS)('%s', (name) => {
  it('has the rows that BI tools see, and they come in the same order each time', async () => {
    const lines = await linesOf(name)
    const { rows, fields } = await bi.query(`select * from analytics.${name}`)
    const days = fields.filter(({ dataTypeID }) => dataTypeID === 1082).map((field) => field.name)
    const plain = (value: unknown, field: string) =>
      value instanceof Date ? (days.includes(field) ? value.toLocaleDateString('sv') : value.toISOString()) : value
    const numeric = fields.filter(({ dataTypeID }) => dataTypeID === 1700).map((field) => field.name)
    const whole = fields.filter(({ dataTypeID }) => dataTypeID === 20).map((field) => field.name)
    const seen = rows.map((row: Row) =>
      Object.fromEntries(
        fields.map((field) => {
          const value = plain(row[field.name], field.name)
          if (value !== null && whole.includes(field.name)) return [field.name, Number(value)]
          return [
            field.name,
            value !== null && numeric.includes(field.name) ? new Decimal(value as string).toFixed() : value,
          ]
        }),
      ),
    )
    const sorted = (list: Row[]) => list.map((row) => JSON.stringify(row)).sort()
    const [exportedRows, seenRows] = [sorted(lines), sorted(seen)]
    expect(exportedRows.length).toBe(seenRows.length)
    const other = exportedRows.findIndex((row, place) => row !== seenRows[place])
    expect(exportedRows[other]).toBe(seenRows[other])
    expect(await linesOf(name)).toEqual(lines)
  })

  it('is the same in every format that other programs read', async () => {
    const lines = await linesOf(name)
    const check = ({ names, rows }: ReadFile, scales: readonly (number | null)[], days: readonly boolean[]) => {
      const read = rows.map((row) =>
        Object.fromEntries(
          row.map((value, place) => [
            names[place],
            asLine(value, { isTime: isTime(lines, names[place]!), scale: scales[place]!, isDay: days[place]! }),
          ]),
        ),
      )
      expect(read).toEqual(lines)
    }
    const ofParquet = await parquet.read(await exported(name, 'parquet'))
    const scales = ofParquet.types
      .map((type) => /^DECIMAL\(\d+,(\d+)\)$/.exec(type)?.[1] ?? null)
      .map((scale) => (scale === null ? null : Number(scale)))
    const days = ofParquet.types.map((type) => type === 'DATE')
    check(ofParquet, scales, days)
    check(readArrow(await exported(name, 'arrow')), scales, days)
  })
})

const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/

function isTime(lines: readonly Row[], name: string): boolean {
  const values = lines.map((line) => line[name]).filter((value) => value !== null)
  return values.length > 0 && values.every((value) => typeof value === 'string' && TIME.test(value))
}

/** A value that another program read, as JSON Lines have it. */
function asLine(
  value: unknown,
  { isTime, scale, isDay }: { isTime: boolean; scale: number | null; isDay: boolean },
): unknown {
  if (value === null || value === undefined) return null
  if (scale !== null) return new Decimal(String(value)).div(new Decimal(10).pow(scale)).toFixed()
  if (isDay) return new Date(Number(value) * 86_400_000).toISOString().slice(0, 10)
  if (isTime && typeof value === 'bigint') return new Date(Number(value)).toISOString()
  return typeof value === 'bigint' ? Number(value) : value
}
