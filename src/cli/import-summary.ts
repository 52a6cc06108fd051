import type { ImportOptions } from '../importers/options.ts'
import type { ImportSummary, PlacedIssue } from '../importers/tally.ts'

/** The object that `--json` prints. */
export function reportOf({
  importId,
  status,
  files,
  records,
  rejects,
  warnings,
  rows,
  dangling,
  seconds,
}: ImportSummary) {
  const entry = ({ file, line, pointer, code, message, byteOffset, snippet }: PlacedIssue) => ({
    file,
    line,
    pointer,
    code,
    message,
    byteOffset,
    snippet,
  })
  return {
    status,
    importId,
    files,
    records,
    rejects: rejects.map(entry),
    warnings: warnings.map(entry),
    rows,
    dangling,
    seconds: Math.round(seconds * 1000) / 1000,
  }
}

const NAMED = 20

/** What a person reads in the end: what was kept, what was set aside and why, what to do next. */
export function formatSummary(summary: ImportSummary, options: ImportOptions): string[] {
  const { files, records, rejects, warnings, rows, dangling, seconds } = summary
  const number = (value: number) => value.toLocaleString('en-US')
  const lines = [
    `${options.dryRun ? 'Would import' : 'Imported'} ${number(files.read)} files (${formatBytes(files.bytes)}) in ${seconds.toFixed(1)} s: ` +
      `${number(files.unchanged)} unchanged, ${number(files.quarantined)} with rejects.`,
    `Records: ${number(records.read)} read = ${number(records.inserted)} inserted + ${number(records.updated)} updated + ` +
      `${number(records.unchanged)} unchanged + ${number(records.quarantined)} quarantined. Rows written: ${number(rows)}.`,
  ]
  if (rejects.length > 0) lines.push('', 'Set aside (everything else was kept):', ...named(rejects))
  if (warnings.length > 0) lines.push('', 'Kept, with a remark:', ...named(warnings))
  if (dangling > 0) {
    const references =
      dangling === 1 ? '1 reference names a record that is' : `${number(dangling)} references name records that are`
    lines.push(
      '',
      `${references} not here. They are kept, and resolved when those are imported; \`crossrun check\` lists them.`,
    )
  }
  if (summary.status === 'INTERRUPTED')
    lines.push('', 'Interrupted. What was imported is kept; the same command goes on from there.')
  if (summary.status === 'FAILED')
    lines.push('', 'Stopped: more records were set aside than --max-errors allows. What was imported before is kept.')
  if (rejects.length > 0 && !options.dryRun)
    lines.push('', 'Next: mend the files and import them again; `crossrun rejects` lists what is set aside.')
  return lines
}

function named(issues: PlacedIssue[]): string[] {
  const lines = issues.slice(0, NAMED).map(formatIssue)
  return issues.length > NAMED ? [...lines, `  … and ${issues.length - NAMED} more`] : lines
}

export function formatIssue({
  file,
  line,
  pointer,
  code,
  message,
}: Pick<PlacedIssue, 'file' | 'line' | 'pointer' | 'code' | 'message'>): string {
  const place = [line === null ? '' : `:${line}`, pointer ? ` at ${pointer}` : ''].join('')
  return `  ${code}  ${file}${place}  ${message}`
}

export function formatBytes(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB']
  let value = bytes
  let unit = 0
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000
    unit++
  }
  return `${unit === 0 ? value : value.toFixed(1)} ${units[unit]}`
}
