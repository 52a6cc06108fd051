import type { SchemaElement } from 'hyparquet-writer'
import type { ColumnType, ExportColumn } from './table.ts'

/** Digits that 64 bits hold, whatever they are. */
export const DIGITS_OF_64_BITS = 18
const BYTES_OF_38_DIGITS = 16

/** The columns of a file; all may be null. Both ways to name a type are written, the old one for old readers. */
export function parquetSchema(columns: readonly ExportColumn[]): SchemaElement[] {
  return [
    { name: 'schema', num_children: columns.length },
    ...columns.map(({ name, type }): SchemaElement => ({ name, repetition_type: 'OPTIONAL', ...parquetType(type) })),
  ]
}

function parquetType(type: ColumnType): Partial<SchemaElement> {
  switch (type.kind) {
    case 'text':
      return { type: 'BYTE_ARRAY', converted_type: 'UTF8', logical_type: { type: 'STRING' } }
    case 'boolean':
      return { type: 'BOOLEAN' }
    case 'integer':
      return { type: 'INT64' }
    case 'float':
      return { type: 'DOUBLE' }
    case 'timestamp':
      return {
        type: 'INT64',
        converted_type: 'TIMESTAMP_MILLIS',
        logical_type: { type: 'TIMESTAMP', isAdjustedToUTC: true, unit: 'MILLIS' },
      }
    case 'date':
      return { type: 'INT32', converted_type: 'DATE', logical_type: { type: 'DATE' } }
    case 'decimal': {
      const { precision, scale } = type
      return {
        ...(precision <= DIGITS_OF_64_BITS
          ? { type: 'INT64' as const }
          : { type: 'FIXED_LEN_BYTE_ARRAY' as const, type_length: BYTES_OF_38_DIGITS }),
        converted_type: 'DECIMAL',
        precision,
        scale,
        logical_type: { type: 'DECIMAL', precision, scale },
      }
    }
  }
}
