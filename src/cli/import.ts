import { existsSync } from 'node:fs'
import { defineCommand } from 'citty'
import { BadInputError } from '../errors.ts'
import { DEFAULT_IMPORT_OPTIONS, FORMATS, type FormatName, type ImportOptions } from '../importers/options.ts'
import { totalBytes } from '../importers/read/walk.ts'
import { runImport } from '../importers/run-import.ts'
import type { ImportSummary } from '../importers/tally.ts'
import { isTimeZone } from '../model/time.ts'
import type { CommandContext } from './context.ts'
import { CommandExit } from './exit.ts'
import { formatSummary, reportOf } from './import-summary.ts'
import { openStore } from './open-store.ts'
import { watchImport } from './progress.ts'
import { wholeNumber } from './whole-number.ts'

/** A year: a run that is silent for longer is over. */
const MOST_GRACE_MINUTES = 365 * 24 * 60

/** Options that `import` and `reimport` share. */
export const importArguments = {
  organization: {
    type: 'string',
    default: 'default',
    description: 'Slug of the organization the rows belong to.',
    valueHint: 'slug',
  },
  'dry-run': { type: 'boolean', description: 'Read and check everything, write nothing.' },
  json: { type: 'boolean', description: 'End with one JSON object on standard output, and nothing else there.' },
  'max-errors': { type: 'string', description: 'Stop when more records than this were set aside.', valueHint: 'N' },
  concurrency: {
    type: 'string',
    default: '1',
    description: 'Database connections that write at the same time.',
    valueHint: 'N',
  },
} as const

export function createImportCommand(context: CommandContext) {
  return defineCommand({
    meta: {
      name: 'import',
      description:
        'Import artifacts: files, or folders of them (.json .jsonl .ndjson .txt .csv .md, also .gz and .zst). Example: crossrun import output/runs',
    },
    args: {
      path: { type: 'positional', required: true, description: 'Files and folders; several may be named.' },
      format: {
        type: 'string',
        default: 'auto',
        description: `How to read the files: auto, ${FORMATS.join(', ')}.`,
        valueHint: 'auto',
      },
      'as-run': {
        type: 'string',
        description: 'Merge the phase outputs of this import into one run of this name.',
        valueHint: 'NAME',
      },
      'time-zone': {
        type: 'string',
        default: 'UTC',
        description: 'IANA zone of timestamps without an offset.',
        valueHint: 'ZONE',
      },
      pipeline: {
        type: 'string',
        description: 'Pipeline of directories of phase artifacts, instead of the name of the directory above them.',
        valueHint: 'NAME',
      },
      'running-grace': {
        type: 'string',
        default: '15',
        description: 'Minutes after its newest phase that a run without its last phase counts as running.',
        valueHint: 'MINUTES',
      },
      ...importArguments,
    },
    async run({ args }) {
      const options = {
        ...optionsFrom(context, args),
        asRun: args['as-run'] || null,
        pipeline: args.pipeline?.trim() || null,
        runningGraceMinutes: Math.min(wholeNumber('running-grace', args['running-grace'], 0), MOST_GRACE_MINUTES),
        timeZone: args['time-zone'],
        format: args.format as ImportOptions['format'],
      }
      if (!isTimeZone(options.timeZone))
        throw new BadInputError(`--time-zone: '${options.timeZone}' is no IANA time zone.`, {
          hint: 'By its full name, such as Europe/Berlin; many abbreviations stand for several zones.',
        })
      if (options.format !== 'auto' && !FORMATS.includes(options.format as FormatName)) {
        throw new BadInputError(`--format: '${options.format}' is no format.`, {
          hint: `Formats: auto, ${FORMATS.join(', ')}.`,
        })
      }
      const missing = args._.filter((path) => !existsSync(path))
      if (missing.length > 0) {
        throw new BadInputError(`There is nothing at ${missing.join(', ')}.`, { hint: 'Nothing was imported.' })
      }
      await importInto(context, options, args.json === true, (url, watcher) => {
        // Only the time left depends on it, so the import does not wait; an unreadable root is the import's to report.
        totalBytes(args._).then(watcher.expect, () => undefined)
        return runImport(url, args._, options, watcher)
      })
    },
  })
}

/** @throws BadInputError naming the argument */
export function optionsFrom(
  context: CommandContext,
  args: { organization: string; 'dry-run'?: boolean; 'max-errors'?: string; concurrency: string },
): ImportOptions {
  return {
    ...DEFAULT_IMPORT_OPTIONS,
    organization: args.organization,
    dryRun: args['dry-run'] === true,
    maxErrors: args['max-errors'] === undefined ? null : wholeNumber('max-errors', args['max-errors'], 0),
    concurrency: wholeNumber('concurrency', args.concurrency, 1),
    payloadBudget: context.environment().CROSSRUN_PAYLOAD_BUDGET ?? null,
  }
}

/** Opens the store, imports with a progress display, prints the summary and sets the exit code. */
export async function importInto(
  context: CommandContext,
  options: ImportOptions,
  asJson: boolean,
  work: (url: string, watcher: ReturnType<typeof watchImport>) => Promise<ImportSummary>,
): Promise<void> {
  const database = await openStore(context.environment(), null)
  const watcher = watchImport(context)
  try {
    const summary = await work(database.url, watcher)
    watcher.end()
    if (asJson) context.stdout(JSON.stringify(reportOf(summary)))
    else for (const line of formatSummary(summary, options)) context.stdout(line)
    const exitCode = exitCodeOf(summary)
    if (exitCode !== 0) throw new CommandExit(exitCode)
  } finally {
    watcher.end()
    await database.close()
  }
}

/** 0 all good, 2 some records were set aside, 1 nothing could be imported or the import was stopped. */
export function exitCodeOf({ status, records }: ImportSummary): number {
  if (status === 'FAILED' || status === 'INTERRUPTED') return 1
  if (records.quarantined === 0) return 0
  return records.quarantined === records.read ? 1 : 2
}
