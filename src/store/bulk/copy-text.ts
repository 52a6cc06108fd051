import type { Column, Table } from './tables.ts'

const SPECIAL = /[\\\n\r\t]/
const REPLACEMENT: Record<string, string> = { '\\': '\\\\', '\n': '\\n', '\r': '\\r', '\t': '\\t' }

type Encode = (value: unknown) => string

/** Makes the encoder of one table's rows to lines of PostgreSQL's COPY text format (PostgreSQL manual, COPY). */
export function lineEncoder(table: Table): (row: Record<string, unknown>) => string {
  const columns = table.columns.map((column) => ({
    name: column.name,
    missing: column.fallback === null ? '\\N' : escapeText(column.fallback),
    encode: encoderOf(column),
  }))
  return (row) => {
    let line = ''
    for (const { name, missing, encode } of columns) {
      const value = row[name]
      if (line !== '' || name !== columns[0]!.name) line += '\t'
      line += value === undefined ? missing : value === null ? '\\N' : encode(value)
    }
    return `${line}\n`
  }
}

function encoderOf({ type }: Column): Encode {
  if (type.endsWith('[]')) return (value) => escapeText(arrayLiteral(value as unknown[]))
  if (type === 'jsonb' || type === 'json') return (value) => escapeText(JSON.stringify(value))
  if (type === 'bytea') return (value) => `\\\\x${(value as Buffer).toString('hex')}`
  if (type.startsWith('timestamp')) return (value) => (value as Date).toISOString()
  if (type === 'date') return (value) => (value instanceof Date ? value.toISOString().slice(0, 10) : String(value))
  if (type === 'boolean') return (value) => (value ? 't' : 'f')
  // Uuids, enums and numbers hold nothing that needs an escape; text may.
  if (type === 'uuid') return (value) => value as string
  return (value) => (typeof value === 'string' ? escapeText(value) : String(value))
}

function escapeText(text: string): string {
  return SPECIAL.test(text) ? text.replace(/[\\\n\r\t]/g, (character) => REPLACEMENT[character]!) : text
}

function arrayLiteral(values: unknown[]): string {
  if (values.length === 0) return '{}'
  return `{${values.map((value) => (typeof value === 'string' ? `"${value.replace(/[\\"]/g, '\\$&')}"` : String(value))).join(',')}}`
}
