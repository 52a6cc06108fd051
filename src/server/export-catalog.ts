import { DATASETS, datasetNamed, datasetSource } from '../exports/datasets.ts'
import { columnsOf } from '../exports/export-stream.ts'
import { FORMATS } from '../exports/formats.ts'
import type { SnapshotSettings } from '../exports/snapshot.ts'
import type { ExportColumn } from '../exports/table.ts'

/** What can be exported, and where. */
export function exportCatalog() {
  return {
    formats: FORMATS.map(({ name, mediaType }) => ({ name, mediaType })),
    datasets: DATASETS.map((name) => {
      const { description, entity, isSortable } = datasetNamed(name, { organizationId: null })
      return { name, description, where: `${entity}Where`, isSortable, schema: `/export/${name}/schema` }
    }),
    metrics: '/export/metrics.{format}?query={question}',
    savedViews: '/export/views/{name}.{format}',
  }
}

/** What the rows of a dataset have, and what they can be filtered and sorted by. */
export async function datasetSchema(name: string, settings: SnapshotSettings) {
  const scope = { organizationId: settings.organizationId }
  const { description, entity, isSortable } = datasetNamed(name, scope)
  const columns = await columnsOf(settings, datasetSource(name, {}, scope))
  return {
    name,
    description,
    where: `${entity}Where`,
    orderBy: isSortable ? `${entity}OrderBy` : null,
    columns: columns.map((column) => ({ name: column.name, ...typeOf(column), description: column.description })),
  }
}

/** A decimal without declared digits takes as many as its values have. */
function typeOf({ type }: ExportColumn): object {
  return type.kind === 'decimal' && type.precision === 0
    ? { type: type.kind }
    : { ...type, type: type.kind, kind: undefined }
}
