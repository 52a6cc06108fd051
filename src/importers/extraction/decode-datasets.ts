import { normalizeDomain } from '../../model/domain-names.ts'
import { canonicalJson, isEmptyValue, textOfValue } from '../../model/field-values.ts'
import type { Decoding } from '../decoding.ts'
import { latest, snakeCase } from '../own-keys.ts'
import { isObject } from '../wire.ts'
import { decoderOf, idOf } from './record.ts'
import { datasetShape } from './wire.ts'

/** What the columns of a dataset are for. */
type Columns = { url: string | null; truth: readonly string[]; all: readonly string[] }

/** Columns that name a row, and say nothing of its site. */
const ROW_IDS = ['row_id', 'rowId', 'id']

export const decodeDataset = decoderOf(
  datasetShape,
  ['campaign_id', 'schema', 'data', 'total_rows'],
  ({ read, decoding, older, row }) => {
    const id = idOf.dataset(decoding, read.id)
    const [createdAt, updatedAt] = [decoding.time(read.created_at), decoding.time(read.updated_at)]
    const recordAt = updatedAt ?? latest(createdAt)
    const columns = columnsOf(read.schema ?? [], read.ground_truth_columns)
    const errors = (read.validation_errors ?? []) as unknown[]
    const counts = read.data && decodeRows(decoding, id, read.data, columns, errors)
    const isKnown = counts !== null && columns.truth.length > 0
    decoding.rows.add('datasets', {
      id,
      ...row,
      source_campaign_id: read.campaign_id,
      source_organization_id: read.organization_id,
      name: read.name ?? read.id,
      description: read.description,
      version: read.version ?? 1,
      status: read.status,
      schema: (read.schema ?? []) as never,
      total_rows: counts?.rows ?? read.total_rows,
      reported_total_rows: read.total_rows,
      has_ground_truth: isKnown && counts.rows > 0 ? counts.truthful > 0 : (read.has_ground_truth ?? false),
      ground_truth_columns: [...columns.truth],
      ground_truth_rows: isKnown ? counts.truthful : null,
      ground_truth_coverage_percent: isKnown && counts.rows > 0 ? (counts.truthful / counts.rows) * 100 : null,
      reported_ground_truth_coverage_percent: read.gt_coverage_percent,
      validation_errors: errors as never,
      duplicate_rows: counts?.duplicates ?? null,
      invalid_rows: read.validation_errors && new Set(errors.map(rowNumberOf).filter((number) => number !== null)).size,
      reported_duplicate_rows: read.duplicate_rows,
      reported_invalid_rows: read.invalid_rows,
      source_type: read.source_type,
      source_metadata: read.source_metadata,
      created_by: read.created_by,
      source_created_at: createdAt,
      source_updated_at: updatedAt,
      deprecated_name: older?.table ?? null,
      record_at: recordAt,
    })
    return { owner: 'dataset', id, recordAt, touches: [['extraction', `dataset:${read.id}`]] }
  },
)

function columnsOf(schema: unknown[], named: readonly string[]): Columns {
  const columns = schema.filter(isObject).flatMap((column) => {
    const name = textOfValue(column.name)
    return name === null
      ? []
      : [{ name, isUrl: is(column, 'is_url'), isTruth: is(column, 'is_ground_truth'), type: column.type }]
  })
  const url = columns.find(({ isUrl }) => isUrl) ?? columns.find(({ type }) => type === 'url')
  const truth = columns.filter(({ isTruth }) => isTruth).map(({ name }) => name)
  return {
    url: url?.name ?? null,
    truth: named.length > 0 ? named : truth,
    all: columns.map(({ name }) => name),
  }
}

function is(column: Record<string, unknown>, flag: string): boolean {
  return Object.entries(column).some(([key, value]) => snakeCase(key) === flag && value === true)
}

function decodeRows(decoding: Decoding, datasetId: string, rows: unknown[], columns: Columns, errors: unknown[]) {
  const errorsByRow = new Map<number | null, unknown[]>()
  for (const error of errors) {
    const number = rowNumberOf(error)
    errorsByRow.set(number, [...(errorsByRow.get(number) ?? []), error])
  }
  const contents = new Set<string>()
  const rowIds = new Set<string>()
  const counts = { rows: 0, truthful: 0, duplicates: 0 }
  rows.forEach((data, position) => {
    if (!isObject(data)) {
      decoding.reject('SCHEMA', 'A row of a dataset is an object with keys.', `/data/${position}`, data)
      return
    }
    const given = ROW_IDS.map((key) => textOfValue(data[key])).find((value) => value !== null && value !== '')
    let rowId = given ?? String(position + 1)
    if (rowIds.has(rowId)) rowId = `${rowId}-${position + 1}`
    rowIds.add(rowId)
    const content = contentOf(data, columns)
    const isDuplicate = contents.has(content)
    contents.add(content)
    const truth = Object.fromEntries(columns.truth.flatMap((name) => (name in data ? [[name, data[name]]] : [])))
    const hasGroundTruth = Object.values(truth).some((value) => !isEmptyValue(value))
    const siteUrl = siteUrlOf(data, columns)
    counts.rows++
    if (hasGroundTruth) counts.truthful++
    if (isDuplicate) counts.duplicates++
    decoding.rows.add('dataset_rows', {
      id: decoding.ids.of('dataset_row', datasetId, rowId),
      organization_id: decoding.ids.organizationId,
      dataset_id: datasetId,
      row_id: rowId,
      position,
      data: data as never,
      site_url: siteUrl,
      site_domain: normalizeDomain(siteUrl),
      site_name: textOfValue(data.site_name ?? data.siteName ?? data.name ?? null),
      ground_truth: columns.truth.length > 0 ? (truth as never) : null,
      has_ground_truth: hasGroundTruth,
      is_duplicate: isDuplicate,
      errors: (errorsByRow.get(position + 1) ?? []) as never,
    })
  })
  return counts
}

/** What makes two rows the same: the values of all columns; without a schema of all keys but the row's id. */
function contentOf(data: Record<string, unknown>, { all }: Columns): string {
  const keys = all.length > 0 ? all : Object.keys(data).filter((key) => !ROW_IDS.includes(key))
  return canonicalJson(Object.fromEntries(keys.map((key) => [key, data[key] ?? null])))
}

function siteUrlOf(data: Record<string, unknown>, { url }: Columns): string | null {
  return textOfValue(
    (url === null ? null : data[url]) ?? data.site_url ?? data.siteUrl ?? data.url ?? data.website ?? null,
  )
}

/** The row that a validation error names, from 1. */
function rowNumberOf(error: unknown): number | null {
  const row = isObject(error) ? Number(error.row) : Number.NaN
  return Number.isInteger(row) ? row : null
}
