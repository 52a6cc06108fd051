import { buffer } from 'node:stream/consumers'
import { parse } from 'csv-parse/sync'
import { openExport } from '../../src/exports/export-stream.ts'
import { formatNamed } from '../../src/exports/formats.ts'
import type { Source } from '../../src/exports/source.ts'

/** The bytes of a source's file. */
export async function exported(
  url: string,
  organizationId: string,
  source: Source,
  format: 'csv' | 'jsonl' = 'csv',
): Promise<Buffer> {
  const { stream } = await openExport({
    url,
    organizationId,
    source,
    format: formatNamed(format)!,
    statementTimeoutMs: 30_000,
  })
  return buffer(stream)
}

/** The cells of a CSV file, the header first; null where there is nothing between two commas. */
export function cellsOf(csv: Buffer): (string | null)[][] {
  return parse(csv, { cast: (value, { quoting }) => (value === '' && !quoting ? null : value) }) as (string | null)[][]
}

/** The rows of a CSV file by the names of their columns. */
export function rowsOf(csv: Buffer): Record<string, string | null>[] {
  const [header, ...rows] = cellsOf(csv)
  return rows.map((row) => Object.fromEntries(row.map((cell, place) => [header![place]!, cell])))
}
