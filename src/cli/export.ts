import { createWriteStream } from 'node:fs'
import { rename, rm, stat } from 'node:fs/promises'
import { extname } from 'node:path'
import { Writable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { defineCommand } from 'citty'
import { cliActor, record } from '../access/audit.ts'
import { BadInputError } from '../errors.ts'
import { DATASETS, datasetNamed, datasetSource } from '../exports/datasets.ts'
import { openExport } from '../exports/export-stream.ts'
import { FORMATS, type Format, formatNamed } from '../exports/formats.ts'
import { metricsSource } from '../exports/metrics-source.ts'
import type { Source } from '../exports/source.ts'
import { findView } from '../metrics/saved-views.ts'
import { sendOfSession } from '../store/send.ts'
import { formatCount } from './amounts.ts'
import type { CommandContext } from './context.ts'
import { formatBytes } from './import-summary.ts'
import { jsonArgument } from './json-argument.ts'
import { organizationArgument, type Reading, type Store, withStore } from './reading.ts'
import { formatTable } from './table.ts'

export const exportArguments = {
  dataset: {
    type: 'positional',
    required: false,
    description: 'What to export; without one, what there is is listed.',
  },
  view: { type: 'string', description: 'A saved view to export the answer of.', valueHint: 'NAME' },
  metrics: {
    type: 'string',
    description: 'A question to the metrics as JSON, as metricsTable takes it.',
    valueHint: 'JSON',
  },
  where: { type: 'string', description: "A filter as JSON, as the API's lists take it.", valueHint: 'JSON' },
  columns: {
    type: 'string',
    description: 'Columns in their order, with commas between; all unless given.',
    valueHint: 'A,B',
  },
  'order-by': {
    type: 'string',
    description: 'The order as JSON, as the API\'s lists take it, such as [{"startedAt":"DESC"}].',
    valueHint: 'JSON',
  },
  output: {
    type: 'string',
    alias: 'o',
    description: 'The file to write, which is there once it is whole; standard output unless given.',
    valueHint: 'PATH',
  },
  format: {
    type: 'string',
    description: `${FORMATS.map(({ name }) => name).join(', ')}; by the ending of --output, else csv.`,
    valueHint: 'FORMAT',
  },
  'guard-formulas': {
    type: 'boolean',
    description: 'In CSV, put an apostrophe before texts that a spreadsheet would take for a formula.',
  },
  'byte-order-mark': { type: 'boolean', description: 'Begin CSV with the mark by which Excel knows UTF-8.' },
  organization: organizationArgument,
  json: jsonArgument,
} as const

export function createExportCommand(context: CommandContext) {
  return defineCommand({
    meta: {
      name: 'export',
      description:
        'Write rows, or the answer to a question to the metrics, to a file. ' +
        `Example: crossrun export runs --where '{"status":{"in":["FAILED"]}}' --output failed.csv`,
    },
    args: exportArguments,
    async run({ args }) {
      const chosen = [args.dataset, args.view, args.metrics].filter((each) => each !== undefined)
      if (chosen.length === 0) return listDatasets(context, args.json)
      if (chosen.length > 1)
        throw new BadInputError('export takes a dataset, --view or --metrics, and only one of these.')
      if (args.dataset === undefined) refuseWith(args, ['where', 'columns', 'order-by'])
      const format = readFormat(args.format, args.output)
      await withStore(context, args.organization, async (store) => {
        const source = await store.read((reading) => sourceOf(reading, args))
        await writeExport(context, store, source, { ...args, format })
      })
    },
  })
}

/** How an export is written: to a file, or to standard output unless one is given. */
export type Writing = {
  format: Format
  output?: string | undefined
  'guard-formulas'?: boolean | undefined
  'byte-order-mark'?: boolean | undefined
  json?: boolean | undefined
}

/** Writes the rows of a source, and writes down that it did. */
export async function writeExport(
  context: CommandContext,
  store: Store,
  source: Source,
  given: Writing,
): Promise<void> {
  const { format, output, json } = given
  const exporting = await openExport({
    url: store.url,
    organizationId: store.organizationId,
    statementTimeoutMs: context.environment().CROSSRUN_EXPORT_TIMEOUT_MS,
    source,
    format,
    guardFormulas: given['guard-formulas'],
    byteOrderMark: given['byte-order-mark'],
  })
  const leave = context.onInterrupt(() => exporting.stream.destroy(new Error('Interrupted.')))
  let isWhole = false
  try {
    await (output === undefined
      ? pipeline(exporting.stream, standardOutput(context))
      : writeFile(exporting.stream, output))
    isWhole = true
  } finally {
    leave()
    await note(store, { source, format, rows: exporting.rows(), isWhole })
  }
  const rows = exporting.rows()
  if (output === undefined) return
  const { size } = await stat(output)
  if (json) return context.stdout(JSON.stringify({ file: output, format: format.name, rows, bytes: size }))
  context.stderr(`${formatCount(rows)} rows, ${formatBytes(size)}: ${output}`)
}

type Given = {
  dataset?: string | undefined
  view?: string | undefined
  metrics?: string | undefined
  where?: string | undefined
  columns?: string | undefined
  'order-by'?: string | undefined
}

async function sourceOf({ db, scope }: Reading, given: Given): Promise<Source> {
  const asked = { where: readJson('where', given.where), orderBy: readJson('order-by', given['order-by']) }
  if (given.dataset !== undefined) {
    const columns = given.columns?.split(',').map((column) => column.trim())
    return datasetSource(given.dataset, { ...asked, columns }, scope)
  }
  if (given.metrics !== undefined) {
    const input = readJson('metrics', given.metrics)
    return metricsSource(db, scope, { name: 'metrics', description: 'The answer to a question.', input })
  }
  const view = await findView(db, scope, given.view!)
  if (view) {
    const { name, description, query: input } = view
    return metricsSource(db, scope, { name, description: description ?? '', input })
  }
  throw new BadInputError(`There is no view ${JSON.stringify(given.view)}.`, {
    hint: 'crossrun views list shows which there are.',
  })
}

function refuseWith(given: Given, names: readonly (keyof Given)[]): void {
  const name = names.find((each) => given[each] !== undefined)
  if (name === undefined) return
  throw new BadInputError(`--${name} goes with a dataset; the question itself says which rows it is about.`, {
    argument: name,
  })
}

/** The format that is named, or else that of the file's ending, or else CSV. @throws BadInputError */
export function readFormat(name: string | undefined, output: string | undefined): Format {
  const ending = output === undefined ? '' : extname(output).slice(1).toLowerCase()
  const format = formatNamed(name?.toLowerCase() ?? (ending || 'csv'))
  if (format) return format
  throw new BadInputError(`There is no format ${JSON.stringify(name ?? ending)}.`, {
    argument: 'format',
    hint: `Formats: ${FORMATS.map((each) => each.name).join(', ')}.`,
  })
}

function readJson(name: string, text: string | undefined): unknown {
  if (text === undefined) return undefined
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new BadInputError(`--${name} is not JSON: ${(cause as Error).message}.`, { argument: name, cause })
  }
}

/** Under another name until it is whole, so that nobody takes a part for the file. */
async function writeFile(stream: NodeJS.ReadableStream, path: string): Promise<void> {
  const part = `${path}.${process.pid}.part`
  try {
    await pipeline(stream, createWriteStream(part, { flags: 'wx' }))
    await rename(part, path)
  } catch (error) {
    await rm(part, { force: true })
    const { code, message } = error as NodeJS.ErrnoException
    if (code && /^E[A-Z]+$/.test(code))
      throw new BadInputError(`--output cannot be written: ${message}`, { argument: 'output', cause: error })
    throw error
  }
}

function standardOutput(context: CommandContext): Writable {
  return new Writable({
    write(piece, _encoding, done) {
      context.write(piece).then(() => done(), done)
    },
  })
}

type Done = { source: Source; format: Format; rows: number; isWhole: boolean }

async function note(store: Store, { source, format, rows, isWhole }: Done): Promise<void> {
  await store.session((session) =>
    session.transaction((client) =>
      record(sendOfSession(client), {
        actor: cliActor(),
        action: 'export.finished',
        outcome: isWhole ? 'SUCCEEDED' : 'FAILED',
        details: { name: source.name, format: format.name, rows },
      }),
    ),
  )
}

function listDatasets(context: CommandContext, json: boolean | undefined): void {
  const datasets = DATASETS.map((name) => datasetNamed(name, { organizationId: null }))
  if (json) {
    const shown = datasets.map(({ name, description, entity, columns }) => ({
      name,
      description,
      where: `${entity}Where`,
      columns: columns.map((column) => ({ name: column.name, description: column.description })),
    }))
    context.stdout(JSON.stringify({ datasets: shown }))
    return
  }
  const rows = datasets.map(({ name, description, entity }) => [name, `${entity}Where`, description])
  for (const line of formatTable(['dataset', 'filter', 'what a row is'], rows, { width: context.columns }))
    context.stdout(line)
}
