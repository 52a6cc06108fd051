import type { ZodRawShape } from 'zod'
import type { Decoding } from '../decoding.ts'
import { type OwnFields, readOwn } from '../own-keys.ts'
import type { DecodedRecord, RecordSource } from '../records/record-kind.ts'

/** How a table of the older dumps says what a newer one says. */
export type OlderTable = {
  /** Its name in the dumps: `projects`. */
  table: string
  /** Newer names of its columns, by the older ones. */
  columns: Readonly<Record<string, string>>
}

/** What a decoder of one table's records gets. */
export type TableRecord<S extends ZodRawShape> = OwnFields<S> & {
  decoding: Decoding
  source: RecordSource
  older: OlderTable | null
  /** Columns that every row of a record has. */
  row: {
    organization_id: string
    source_id: string
    extra: Record<string, unknown>
    record_sha256: string
  }
}

type Decode = (
  decoding: Decoding,
  record: Record<string, unknown>,
  source: RecordSource,
  older?: OlderTable | null,
) => DecodedRecord | null

/**
 * A decoder of one table's records, by their newer or older names.
 * @param signs columns of which a record has at least one: tables have such names as `results`, and other programs
 * write files of that name too
 */
export function decoderOf<S extends ZodRawShape & { id: unknown }>(
  shape: S,
  signs: readonly (keyof S & string)[],
  decode: (record: TableRecord<S>) => DecodedRecord | null,
): Decode {
  return (decoding, record, source, older = null) => {
    const fields = readOwn(decoding, shape, record, older?.columns)
    if (!fields) return null
    const known = fields.read as Record<string, unknown>
    if (signs.every((column) => known[column] === null)) {
      decoding.reject('SCHEMA', `has none of the columns ${signs.join(', ')}`, '', record)
      return null
    }
    const row = {
      organization_id: decoding.ids.organizationId,
      source_id: known.id as string,
      extra: fields.extra,
      record_sha256: source.sha256,
    }
    return decode({ ...fields, decoding, source, older, row })
  }
}

/** Ids of records, by the source system's ids of them. */
export const idOf = {
  campaign: (decoding: Decoding, sourceId: string) => decoding.ids.of('campaign', sourceId),
  instruction: (decoding: Decoding, sourceId: string) => decoding.ids.of('instruction', sourceId),
  dataset: (decoding: Decoding, sourceId: string) => decoding.ids.of('dataset', sourceId),
  run: (decoding: Decoding, sourceId: string) => decoding.ids.of('run', 'extraction', sourceId),
  task: (decoding: Decoding, sourceId: string) => decoding.ids.of('task', sourceId),
  attempt: (decoding: Decoding, sourceId: string) => decoding.ids.of('attempt', sourceId),
  result: (decoding: Decoding, sourceId: string) => decoding.ids.of('extraction_result', sourceId),
  comparison: (decoding: Decoding, sourceId: string) => decoding.ids.of('instruction_comparison', sourceId),
  organization: (decoding: Decoding, sourceId: string) => decoding.ids.of('source_organization', sourceId),
}
