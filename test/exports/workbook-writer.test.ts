import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { ColumnType, ExportColumn } from '../../src/exports/table.ts'
import { writeXlsx, xlsxWriter } from '../../src/exports/write-xlsx.ts'
import { anyRows, day, EVERY_KIND, EXTREMES, moment } from './example-rows.ts'
import { type Cell, readWorkbook, type Workbook } from './workbook-reader.ts'
import { column, written } from './written-files.ts'

const TEXT = [column('text', { kind: 'text' })]

async function workbookOf(columns: readonly ExportColumn[], ...rows: (string | null)[][]): Promise<Workbook> {
  return readWorkbook(await written(writeXlsx, columns, rows))
}

/** The cells of one column, from below its name. */
async function cellsOf(type: ColumnType, ...texts: (string | null)[]) {
  const { sheets, styles } = await workbookOf([column('x', type)], ...texts.map((text) => [text]))
  return texts.map((_, place) => shown(sheets[0]!.cells.get(`A${place + 2}`), styles))
}

function shown(cell: Cell | undefined, styles: Workbook['styles']): string | undefined {
  return cell && `${cell.type} ${cell.value} (${styles[cell.style]!.format})`
}

describe('a cell', () => {
  it('is a text as it is, of any characters', async () => {
    const texts = [
      '',
      ' ',
      'a\n\tb\r',
      '<&>"\' ]]>',
      '_x0041_',
      '_x005F_x000D_',
      '\u0000\u001f\ufffe',
      '_x005F\u0000',
      '🦄 ü \ud800',
    ]
    const { sheets } = await workbookOf(TEXT, ...texts.map((text) => [text]))
    expect(texts.map((_, place) => sheets[0]!.cells.get(`A${place + 2}`)?.value)).toEqual(
      texts.map((text) => text.toWellFormed()),
    )
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'binary', minLength: 1 }), async (text) => {
        const { sheets } = await workbookOf(TEXT, [text])
        expect(sheets[0]!.cells.get('A2')).toMatchObject({ type: 'inlineStr', value: text })
      }),
      { numRuns: 50 },
    )
  })

  it('is not there for null, and there for an empty text', async () => {
    expect(await cellsOf({ kind: 'text' }, null, '')).toEqual([undefined, 'inlineStr  (General)'])
    expect(await cellsOf({ kind: 'integer' }, null, '0')).toEqual([undefined, 'n 0 (0)'])
  })

  it('is never a formula', async () => {
    const { sheets, styles } = await workbookOf(TEXT, ...['=1+1', '+1', '-1', '@x', 'x=1'].map((text) => [text]))
    const cells = [2, 3, 4, 5, 6].map((row) => sheets[0]!.cells.get(`A${row}`)!)
    expect(cells.map(({ type, value }) => `${type} ${value}`)).toEqual(
      ['=1+1', '+1', '-1', '@x', 'x=1'].map((text) => `inlineStr ${text}`),
    )
    // Marked as text, so that it does not become a formula when somebody edits it either.
    expect(cells.map(({ style }) => styles[style]!.isQuoted)).toEqual([true, true, true, true, false])
  })

  it('is a number where Excel keeps all of its digits, and text where not', async () => {
    expect(
      await cellsOf(
        { kind: 'integer' },
        '-7',
        '999999999999999',
        '1000000000000001',
        '1000000000000000000',
        '-9223372036854775808',
      ),
    ).toEqual([
      'n -7 (0)',
      'n 999999999999999 (0)',
      'inlineStr 1000000000000001 (General)',
      'n 1000000000000000000 (0)',
      'inlineStr -9223372036854775808 (General)',
    ])
    const money: ColumnType = { kind: 'decimal', precision: 38, scale: 12 }
    expect(
      await cellsOf(
        money,
        '-0.500000000000',
        '12.000000000000',
        '0.000000000001',
        '123.123456789012',
        '1234.123456789012',
        'NaN',
      ),
    ).toEqual([
      'n -0.5 (0.00##########)',
      'n 12 (0.00##########)',
      'n 0.000000000001 (0.00##########)',
      'n 123.123456789012 (0.00##########)',
      'inlineStr 1234.123456789012 (General)',
      'inlineStr NaN (General)',
    ])
    expect(
      await cellsOf(
        { kind: 'float' },
        '0.30000000000000004',
        '1e-07',
        '-0',
        'NaN',
        '-Infinity',
        '5e-324',
        '1.7976931348623157e+308',
      ),
    ).toEqual([
      'n 0.30000000000000004 (General)',
      'n 1e-07 (General)',
      'n -0 (General)',
      'inlineStr NaN (General)',
      'inlineStr -Infinity (General)',
      'inlineStr 5e-324 (General)',
      'inlineStr 1.7976931348623157e+308 (General)',
    ])
  })

  it('is a date of Excel, in UTC, where Excel has that day, and text where not', async () => {
    const format = 'yyyy\\-mm\\-dd\\ hh:mm:ss.000" UTC"'
    expect(
      await cellsOf(
        { kind: 'timestamp' },
        moment('2024-02-29T12:00:00Z'),
        moment('1900-03-01T00:00:00Z'),
        moment('1900-02-28T23:59:59.999Z'),
        moment('0001-01-01T00:00:00Z'),
        moment('+010000-01-01T00:00:00Z'),
      ),
    ).toEqual([
      `n 45351.5 (${format})`,
      `n 61 (${format})`,
      'inlineStr 1900-02-28T23:59:59.999Z (General)',
      'inlineStr 0001-01-01T00:00:00.000Z (General)',
      'inlineStr +010000-01-01T00:00:00.000Z (General)',
    ])
    expect(await cellsOf({ kind: 'date' }, day('1970-01-01'), day('9999-12-31'), day('1899-12-31'))).toEqual([
      'n 25569 (yyyy\\-mm\\-dd)',
      'n 2958465 (yyyy\\-mm\\-dd)',
      'inlineStr 1899-12-31 (General)',
    ])
  })

  it('has every millisecond of a moment', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: Date.UTC(1900, 2, 1), max: Date.UTC(9999, 11, 31) }), async (milliseconds) => {
        const { sheets } = await workbookOf([column('x', { kind: 'timestamp' })], [String(milliseconds)])
        const days = Number(sheets[0]!.cells.get('A2')!.value)
        expect(Math.round((days - 25_569) * 86_400_000)).toBe(milliseconds)
      }),
      { numRuns: 50 },
    )
  })

  it('is true or false', async () => {
    expect(await cellsOf({ kind: 'boolean' }, 't', 'f')).toEqual(['b 1 (General)', 'b 0 (General)'])
  })

  it('holds 32,767 characters of a text; the file says how many were cut', async () => {
    const whole = 'x'.repeat(32_767)
    const { sheets, description } = await workbookOf(TEXT, [whole], [`${whole}x`], [`${'x'.repeat(32_765)}🦄🦄`])
    const values = ['A2', 'A3', 'A4'].map((address) => sheets[0]!.cells.get(address)!.value)
    expect(values[0]).toBe(whole)
    expect(values[1]).toBe(`${'x'.repeat(32_766)}…`)
    expect(values[2]).toBe(`${'x'.repeat(32_765)}…`)
    expect(description).toContain('Texts cut to 32767 characters: 2.')
    expect((await workbookOf(TEXT, [whole])).description).not.toContain('cut')
  })
})

describe('a workbook', () => {
  it('has a header in bold that stays in sight, and says what each column is', async () => {
    const { sheets, styles } = await workbookOf(EVERY_KIND, ...EXTREMES)
    const [sheet] = sheets
    const header = EVERY_KIND.map((_, place) => sheet!.cells.get(`${'ABCDEFGHI'[place]}1`)!)
    expect(header.map(({ value }) => value)).toEqual(EVERY_KIND.map(({ name }) => name))
    expect(header.every(({ style }) => styles[style]!.isBold)).toBe(true)
    expect(sheet!.isHeaderFrozen).toBe(true)
    expect([...sheet!.notes]).toEqual(
      EVERY_KIND.map(({ description }, place) => [`${'ABCDEFGHI'[place]}1`, description]),
    )
  })

  it('has a cell for each value that is not null, and no other', async () => {
    await fc.assert(
      fc.asyncProperty(anyRows, async (rows) => {
        const { sheets } = await workbookOf(EVERY_KIND, ...rows)
        const there = rows.flatMap((row, place) =>
          row.flatMap((text, at) => (text === null ? [] : [`${'ABCDEFGHI'[at]}${place + 2}`])),
        )
        expect([...sheets[0]!.cells.keys()].filter((address) => !/^[A-I]1$/.test(address))).toEqual(there)
      }),
      { numRuns: 30 },
    )
  })

  it('has its header when there is no row', async () => {
    const { sheets } = await workbookOf(EVERY_KIND)
    expect(sheets.map(({ name, cells }) => [name, cells.size])).toEqual([['Rows', EVERY_KIND.length]])
  })

  it('goes on to another sheet, with its header, only for rows that need one', async () => {
    const rows = Array.from({ length: 12 }, (_, row) => [String(row)])
    const columns = [column('row', { kind: 'integer' })]
    const valuesOf = async (count: number, batch: number) => {
      const batches = Array.from({ length: Math.ceil(count / batch) }, (_, place) =>
        rows.slice(place * batch, Math.min(count, (place + 1) * batch)),
      )
      const { sheets } = await readWorkbook(await written(xlsxWriter(5), columns, ...batches))
      return sheets.map(({ name, cells, isHeaderFrozen }) => [
        name,
        isHeaderFrozen,
        ...[...cells.values()].map(({ value }) => value),
      ])
    }
    expect(await valuesOf(5, 2)).toEqual([['Rows', true, 'row', '0', '1', '2', '3', '4']])
    expect(await valuesOf(12, 7)).toEqual([
      ['Rows', true, 'row', '0', '1', '2', '3', '4'],
      ['Rows 2', true, 'row', '5', '6', '7', '8', '9'],
      ['Rows 3', true, 'row', '10', '11'],
    ])
  })

  it('has columns beyond Z', async () => {
    const columns = Array.from({ length: 703 }, (_, place) => column(`c${place}`, { kind: 'integer' }))
    const { sheets } = await workbookOf(
      columns,
      columns.map((_, place) => String(place)),
    )
    expect(['Z2', 'AA2', 'AZ2', 'BA2', 'ZZ2', 'AAA2'].map((address) => sheets[0]!.cells.get(address)?.value)).toEqual([
      '25',
      '26',
      '51',
      '52',
      '701',
      '702',
    ])
  })
})
