import type { DataType, Schema } from 'apache-arrow'
import type { ColumnType, ExportColumn } from './table.ts'

/** The library, which is loaded only where a file is written. */
export type Arrow = typeof import('apache-arrow')

/** Bits of an exact decimal. */
const DECIMAL_BITS = 128

/** The columns of a file: all may be null, and each has its description beside it. */
export function arrowSchema(arrow: Arrow, columns: readonly ExportColumn[]): Schema {
  return new arrow.Schema(
    columns.map(
      ({ name, type, description }) =>
        new arrow.Field(name, arrowType(arrow, type), true, new Map([['description', description]])),
    ),
  )
}

function arrowType(arrow: Arrow, type: ColumnType): DataType {
  switch (type.kind) {
    case 'text':
      return new arrow.Utf8()
    case 'boolean':
      return new arrow.Bool()
    case 'integer':
      return new arrow.Int64()
    case 'float':
      return new arrow.Float64()
    case 'decimal':
      return new arrow.Decimal(type.scale, type.precision, DECIMAL_BITS)
    case 'timestamp':
      return new arrow.TimestampMillisecond('UTC')
    case 'date':
      return new arrow.DateDay()
  }
}
