import type { WriteFile } from './table.ts'

/** A kind of file that rows can be exported as. */
export type Format = {
  /** The ending of its files. */
  name: 'csv' | 'jsonl' | 'parquet' | 'arrow' | 'xlsx'
  mediaType: string
  /** Whether HTTP should compress it: what is compressed already does not get smaller. */
  isCompressible: boolean
  /** Makes the file of typed values; formats without it PostgreSQL writes itself. */
  loadWriter?: () => Promise<WriteFile>
}

export const FORMATS: readonly Format[] = [
  { name: 'csv', mediaType: 'text/csv; charset=utf-8', isCompressible: true },
  { name: 'jsonl', mediaType: 'application/jsonl; charset=utf-8', isCompressible: true },
  {
    name: 'parquet',
    mediaType: 'application/vnd.apache.parquet',
    isCompressible: false,
    loadWriter: async () => (await import('./write-parquet.ts')).writeParquet,
  },
  {
    name: 'arrow',
    mediaType: 'application/vnd.apache.arrow.file',
    isCompressible: true,
    loadWriter: async () => (await import('./write-arrow.ts')).writeArrow,
  },
  {
    name: 'xlsx',
    mediaType: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
    isCompressible: false,
    loadWriter: async () => (await import('./write-xlsx.ts')).writeXlsx,
  },
]

/** The format whose files end so; undefined when there is none. */
export function formatNamed(name: string): Format | undefined {
  return FORMATS.find((format) => format.name === name)
}
