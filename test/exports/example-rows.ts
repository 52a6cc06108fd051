import fc from 'fast-check'
import type { ColumnType, ExportColumn } from '../../src/exports/table.ts'
import { column } from './written-files.ts'

type Row = (string | null)[]

/** A column of each kind. */
export const EVERY_KIND: ExportColumn[] = [
  column('text', { kind: 'text' }),
  column('boolean', { kind: 'boolean' }),
  column('integer', { kind: 'integer' }),
  column('float', { kind: 'float' }),
  column('whole', { kind: 'decimal', precision: 38, scale: 0 }),
  column('money', { kind: 'decimal', precision: 38, scale: 12 }),
  column('small', { kind: 'decimal', precision: 18, scale: 4 }),
  column('timestamp', { kind: 'timestamp' }),
  column('date', { kind: 'date' }),
]

/** Milliseconds since 1970 of a moment, as text. */
export function moment(iso: string): string {
  return String(Date.parse(iso))
}

/** Days since 1970 of a day, as text. */
export function day(iso: string): string {
  return String(Date.parse(`${iso}T00:00:00Z`) / 86_400_000)
}

const NINES = '9'.repeat(38)

/** What is at the edges of each kind. */
export const EXTREMES: Row[] = [
  [
    '',
    't',
    '9223372036854775807',
    'NaN',
    NINES,
    `${'9'.repeat(26)}.${'9'.repeat(12)}`,
    '99999999999999.9999',
    moment('9999-12-31T23:59:59.999Z'),
    day('9999-12-31'),
  ],
  [
    '=1+1',
    'f',
    '-9223372036854775808',
    'Infinity',
    `-${NINES}`,
    `-${'9'.repeat(26)}.${'9'.repeat(12)}`,
    '-99999999999999.9999',
    moment('0001-01-01T00:00:00.000Z'),
    day('0001-01-01'),
  ],
  [null, null, null, null, null, null, null, null, null],
  [
    '\u0000\u0001\u001f\u007f\r\n\t\ufffe\uffff',
    't',
    '0',
    '-Infinity',
    '0',
    '-0.000000000001',
    '0.0001',
    moment('1969-12-31T23:59:59.999Z'),
    day('1969-12-31'),
  ],
  [
    '🦄 e\u0301 ｆ \u202e_x0041_ _x005F_x000D_ <&>"\' ]]>',
    'f',
    '-1',
    '-0',
    '-1',
    '0.000000000000',
    '-0.0001',
    '0',
    '0',
  ],
  ['\ud800 \udc00 _x005F\u0000', 't', '9007199254740993', '5e-324', '1', '-123456.789000000000', '1.0000', '-1', '-1'],
  [
    ' spaces ',
    'f',
    '999999999999999',
    '1.7976931348623157e+308',
    '1000000000000000000',
    '-0.500000000000',
    '12345678901.2345',
    moment('1900-02-28T12:00:00.000Z'),
    day('1900-02-28'),
  ],
  [
    '-1',
    't',
    '1000000000000000',
    '0.30000000000000004',
    '123456789012345',
    '1.100000000000',
    '0.0000',
    moment('1900-03-01T00:00:00.001Z'),
    day('1900-03-01'),
  ],
  [
    'NULL',
    'f',
    '7',
    '1e-07',
    '1234567890123456',
    '0.123456789012',
    '0.5000',
    moment('2024-02-29T12:34:56.789Z'),
    day('2024-02-29'),
  ],
]

const FIRST_DAY = Number(day('0001-01-01'))
const LAST_DAY = Number(day('9999-12-31'))

/** Texts that a database could send for a type. */
export function textOf(type: ColumnType): fc.Arbitrary<string> {
  switch (type.kind) {
    case 'text':
      return fc.oneof(
        fc.string({ unit: 'binary' }),
        fc.string(),
        fc.string({ unit: fc.constantFrom('_', 'x', '0', '5', 'F', '\u0000', '=', '\r') }),
      )
    case 'boolean':
      return fc.constantFrom('t', 'f')
    case 'integer':
      return fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map(String)
    case 'float':
      return fc.double().map((value) => (Object.is(value, -0) ? '-0' : String(value)))
    case 'decimal':
      return decimal(type)
    case 'timestamp':
      return fc.integer({ min: FIRST_DAY * 86_400_000, max: (LAST_DAY + 1) * 86_400_000 - 1 }).map(String)
    case 'date':
      return fc.integer({ min: FIRST_DAY, max: LAST_DAY }).map(String)
  }
}

function decimal({ precision, scale }: { precision: number; scale: number }): fc.Arbitrary<string> {
  const most = 10n ** BigInt(precision) - 1n
  return fc.bigInt({ min: -most, max: most }).map((unscaled) => {
    const digits = (unscaled < 0n ? -unscaled : unscaled).toString().padStart(scale + 1, '0')
    const sign = unscaled < 0n ? '-' : ''
    return scale === 0 ? sign + digits : `${sign}${digits.slice(0, -scale)}.${digits.slice(-scale)}`
  })
}

/** Rows of `EVERY_KIND`, with what is null among them. */
export const anyRows: fc.Arbitrary<Row[]> = fc.array(
  fc.tuple(...EVERY_KIND.map(({ type }) => fc.option(textOf(type), { nil: null, freq: 5 }))).map((row) => [...row]),
  { maxLength: 20 },
)
