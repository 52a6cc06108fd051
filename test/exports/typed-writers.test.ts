import { RecordBatchReader } from 'apache-arrow'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Batch } from '../../src/exports/table.ts'
import { writeArrow } from '../../src/exports/write-arrow.ts'
import { writeParquet } from '../../src/exports/write-parquet.ts'
import { anyRows, EVERY_KIND, EXTREMES } from './example-rows.ts'
import { column, expectedOf, ParquetReader, type ReadFile, readArrow, written } from './written-files.ts'

let parquet: ParquetReader
beforeAll(async () => {
  parquet = await ParquetReader.open()
})
afterAll(() => parquet.close())

const FORMATS = {
  parquet: { write: writeParquet, read: (bytes: Buffer): Promise<ReadFile> => parquet.read(bytes) },
  arrow: { write: writeArrow, read: async (bytes: Buffer): Promise<ReadFile> => readArrow(bytes) },
}
const NAMES = EVERY_KIND.map(({ name }) => name)

function expected(rows: Batch): unknown[][] {
  return rows.map((row) => row.map((text, place) => expectedOf(text, EVERY_KIND[place]!)))
}

/** So many rows of a count and its negative cents, some batches long. */
function counted(rows: number, batch: number): Batch[] {
  const all = Array.from({ length: rows }, (_, row) => [String(row), row % 7 === 0 ? null : `-${row}.25`])
  return Array.from({ length: Math.ceil(rows / batch) }, (_, place) => all.slice(place * batch, (place + 1) * batch))
}
const COUNTED = [column('row', { kind: 'integer' }), column('money', { kind: 'decimal', precision: 38, scale: 2 })]

describe.each(Object.entries(FORMATS))('%s', (_, { write, read }) => {
  it('keeps every value exactly, at the edges of each kind', async () => {
    const { names, rows } = await read(await written(write, EVERY_KIND, EXTREMES))
    expect(names).toEqual(NAMES)
    expect(rows).toEqual(expected(EXTREMES))
  })

  it('keeps any value', async () => {
    await fc.assert(
      fc.asyncProperty(anyRows, fc.integer({ min: 1, max: 20 }), async (rows, first) => {
        const bytes = await written(write, EVERY_KIND, rows.slice(0, first), rows.slice(first))
        expect((await read(bytes)).rows).toEqual(expected(rows))
      }),
      { numRuns: 40 },
    )
  })

  it('has its columns when there is no row', async () => {
    const some = await read(await written(write, EVERY_KIND, EXTREMES))
    expect(await read(await written(write, EVERY_KIND))).toEqual({ ...some, rows: [] })
    expect(await read(await written(write, EVERY_KIND, [], []))).toEqual({ ...some, rows: [] })
  })

  it('keeps rows of many batches, in their order', async () => {
    const batches = counted(45_001, 1_999)
    const { rows } = await read(await written(write, COUNTED, ...batches))
    expect(rows).toHaveLength(45_001)
    expect(
      rows.every(
        ([row, money], place) =>
          row === BigInt(place) && money === (place % 7 === 0 ? null : BigInt(place) * -100n - 25n),
      ),
    ).toBe(true)
  })

  it.each([
    ['decimal', { kind: 'decimal', precision: 10, scale: 2 }, '0.125'],
    ['decimal', { kind: 'decimal', precision: 10, scale: 2 }, '100000000.00'],
    ['decimal', { kind: 'decimal', precision: 38, scale: 0 }, `1${'0'.repeat(38)}`],
    ['decimal', { kind: 'decimal', precision: 38, scale: 12 }, 'NaN'],
    ['integer', { kind: 'integer' }, '9223372036854775808'],
    ['timestamp', { kind: 'timestamp' }, 'Infinity'],
  ] as const)('breaks off rather than change a value: %s %o cannot be %s', async (_, type, text) => {
    await expect(written(write, [column('x', type)], [['1'], [text]])).rejects.toMatchObject({
      code: 'EXPORT_VALUE_UNFIT',
      message: expect.stringContaining('"x"'),
    })
  })

  it('takes zeros beyond the places of a decimal', async () => {
    const bytes = await written(write, [column('x', { kind: 'decimal', precision: 10, scale: 2 })], [['1.500000']])
    expect((await read(bytes)).rows).toEqual([[150n]])
  })
})

it('Parquet has the types that were declared', async () => {
  const { types } = await parquet.read(await written(writeParquet, EVERY_KIND, EXTREMES))
  expect(types).toEqual([
    'VARCHAR',
    'BOOLEAN',
    'BIGINT',
    'DOUBLE',
    'DECIMAL(38,0)',
    'DECIMAL(38,12)',
    'DECIMAL(18,4)',
    'TIMESTAMP WITH TIME ZONE',
    'DATE',
  ])
})

it('Parquet has the least and greatest values of its row groups, by which rows are found', async () => {
  const bytes = await written(writeParquet, COUNTED, ...counted(25_001, 1_999))
  const groups = await parquet.query(
    bytes,
    (
      path,
    ) => `select row_group_num_rows, stats_min_value::decimal(20, 2), stats_max_value::decimal(20, 2), stats_null_count
               from parquet_metadata('${path}') where path_in_schema = 'money' order by row_group_id`,
  )
  // Every seventh is null, from the first.
  expect(groups.rows).toEqual([
    [10_000n, -999_925n, -125n, 1_429n],
    [10_000n, -1_999_825n, -1_000_025n, 1_429n],
    [5_001n, -2_500_025n, -2_000_025n, 714n],
  ])
  const found = await parquet.query(bytes, (path) => `select row from '${path}' where money = -20000.25`)
  expect(found.rows).toEqual([[20_000n]])
})

it('Parquet says what each column is, to programs that read Arrow', async () => {
  const bytes = await written(writeParquet, EVERY_KIND, EXTREMES)
  const { rows } = await parquet.query(
    bytes,
    (path) => `select value::varchar from parquet_kv_metadata('${path}') where key = 'ARROW:schema'`,
  )
  const { schema } = RecordBatchReader.from(Buffer.from(String(rows[0]![0]), 'base64')).open()
  expect(schema.fields.map(({ name, metadata }) => [name, metadata.get('description')])).toEqual(
    EVERY_KIND.map(({ name, description }) => [name, description]),
  )
})

it('Arrow has the types that were declared, and says what each column is', async () => {
  const { types, descriptions } = readArrow(await written(writeArrow, EVERY_KIND, EXTREMES))
  expect(types).toMatchInlineSnapshot(`
    [
      "{"typeId":5}",
      "{"typeId":6}",
      "{"typeId":2,"bitWidth":64,"signed":true}",
      "{"typeId":3,"precision":2}",
      "{"typeId":7,"precision":38,"scale":0,"bitWidth":128}",
      "{"typeId":7,"precision":38,"scale":12,"bitWidth":128}",
      "{"typeId":7,"precision":18,"scale":4,"bitWidth":128}",
      "{"typeId":10,"unit":1,"timezone":"UTC"}",
      "{"typeId":8,"unit":0}",
    ]
  `)
  expect(descriptions).toEqual(EVERY_KIND.map(({ description }) => description))
})
