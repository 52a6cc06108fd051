import type { DeletionReport } from '../importers/deletion/report.ts'
import { formatBytes } from './import-summary.ts'
import { formatTable } from './table.ts'

/** What was deleted, by table, and what comes next. */
export function formatDeletion(report: DeletionReport, what: string, next: string, width: number | null): string[] {
  const { dryRun, tables, rows, storedFiles } = report
  const header = ['table', 'rows']
  const lines =
    tables.length === 0
      ? []
      : formatTable(
          header,
          tables.map(({ table, rows: count }) => [table, count]),
          { width },
        )
  lines.push(
    `${dryRun ? 'Would delete' : 'Deleted'} ${what}: ${rows.toLocaleString('en-US')} rows, ${storedFiles.files.toLocaleString('en-US')} stored files of ${formatBytes(storedFiles.bytes)}.`,
    dryRun ? 'Nothing was changed; the same command without --dry-run does it.' : next,
  )
  return lines
}
