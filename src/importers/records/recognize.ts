import { basename } from 'node:path'
import type { ImportOptions } from '../options.ts'
import { isObject } from '../wire.ts'
import { KINDS } from './kinds.ts'
import type { RecordKind } from './record-kind.ts'

/** The kinds that an import may find. */
export function kindsOf({ format }: Pick<ImportOptions, 'format'>): readonly RecordKind[] {
  return format === 'auto' ? KINDS : KINDS.filter((kind) => kind.format === format)
}

/** The kind whose table has this name, in snake or camel case, plural or singular. */
export function kindOfTable(kinds: readonly RecordKind[], name: string | null | undefined): RecordKind | null {
  if (!name) return null
  const table = name.replace(/([a-z0-9])([A-Z])/g, '$1_$2').toLowerCase()
  return (
    kinds.find(({ tables }) => tables.includes(table)) ??
    kinds.find(({ tables }) => tables.includes(`${table}s`)) ??
    null
  )
}

/** The table that a file's name tells: `contacts` of `contacts.csv.gz`. */
export function tableOfFile(path: string): string {
  return basename(path)
    .replace(/\.(gz|zst)$/i, '')
    .replace(/\.[^.]+$/, '')
    .replaceAll('-', '_')
}

/**
 * The kind of a record that no table names: its keys decide, and the file's name where they leave it open.
 * @param named the kind that the file's name tells
 */
export function kindOfRecord(
  kinds: readonly RecordKind[],
  record: unknown,
  named: RecordKind | null,
): RecordKind | null {
  if (!isObject(record)) return null
  if (named?.fits(record)) return named
  return kinds.find((kind) => kind.fits(record)) ?? null
}
