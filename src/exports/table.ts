/** What the values of a column are, whatever the format calls it. */
export type ColumnType =
  | { kind: 'text' }
  | { kind: 'boolean' }
  /** 64 bits, with its sign. */
  | { kind: 'integer' }
  /** 64 bits of binary floating point. */
  | { kind: 'float' }
  /** Exact: so many digits in all, at most 38, and so many of them after the point. */
  | { kind: 'decimal'; precision: number; scale: number }
  /** A moment, to the millisecond, in UTC. */
  | { kind: 'timestamp' }
  /** A day of the calendar, without a time zone. */
  | { kind: 'date' }

export type ExportColumn = {
  name: string
  /** What it holds, with its unit. */
  description: string
  type: ColumnType
}

/**
 * Rows as they come from the database: a text for each column, null where there is nothing. `t` or `f` for a boolean,
 * milliseconds since 1970 for a timestamp, days since then for a date, plain decimal digits for a number.
 */
export type Batch = readonly (readonly (string | null)[])[]

/** Makes a file of rows, piece by piece: it holds a batch or two, never all. */
export type WriteFile = (columns: readonly ExportColumn[], batches: AsyncIterable<Batch>) => AsyncIterable<Uint8Array>
