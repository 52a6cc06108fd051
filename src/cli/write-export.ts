import { createWriteStream } from 'node:fs'
import { realpath, rename, rm, stat } from 'node:fs/promises'
import { extname } from 'node:path'
import { Writable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { cliActor, record } from '../access/audit.ts'
import { BadInputError, CrossrunError } from '../errors.ts'
import { openExport } from '../exports/export-stream.ts'
import { FORMATS, type Format, formatNamed } from '../exports/formats.ts'
import type { Source } from '../exports/source.ts'
import { Replicas } from '../store/replicas.ts'
import { sendOfSession } from '../store/send.ts'
import { formatCount } from './amounts.ts'
import type { CommandContext } from './context.ts'
import { formatBytes } from './import-summary.ts'
import type { Store } from './reading.ts'

/** Arguments of every command that writes an export. */
export const writingArguments = {
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
} as const

/** Of commands that write an export. */
export const writtenJsonArgument = {
  type: 'boolean',
  description: 'Print one JSON object about the file that --output names.',
} as const

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
  const target = output === undefined ? null : await targetOf(output)
  const exporting = await openAtReplica(context, store, (url) =>
    openExport({
      url,
      organizationId: store.organizationId,
      statementTimeoutMs: context.environment().CROSSRUN_EXPORT_TIMEOUT_MS,
      source,
      format,
      guardFormulas: given['guard-formulas'],
      byteOrderMark: given['byte-order-mark'],
    }),
  )
  const leave = context.onInterrupt(() => exporting.stream.destroy(interrupted()))
  let isWhole = false
  try {
    await (target === null ? pipeline(exporting.stream, standardOutput(context)) : writeFile(exporting.stream, target))
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

const interrupted = () => new CrossrunError('INTERRUPTED', 'The export was interrupted; nothing of it is kept.')

/** At a replica that has everything, when there is one. */
async function openAtReplica<T>(context: CommandContext, store: Store, open: (url: string) => Promise<T>): Promise<T> {
  const replicas = new Replicas({ url: store.url, environment: context.environment() })
  try {
    return await replicas.openAt(({ url }) => open(url))
  } finally {
    await replicas.close()
  }
}

/**
 * The format that is named, or else that of the file's ending, or else CSV.
 * @throws BadInputError when there is none, or standard output would have to take the rows and a JSON object
 */
export function readFormat({
  format: name,
  output,
  json,
}: {
  format?: string | undefined
  output?: string | undefined
  json?: boolean | undefined
}): Format {
  if (json && output === undefined)
    throw new BadInputError(
      '--json says what was written to a file: without --output the rows go to standard output.',
      {
        argument: 'json',
        hint: 'Give --output a file, or write the rows themselves as JSON with --format jsonl.',
      },
    )
  const ending = output === undefined ? '' : extname(output).slice(1).toLowerCase()
  const format = formatNamed(name?.toLowerCase() ?? (ending || 'csv'))
  if (format) return format
  throw new BadInputError(`There is no format ${JSON.stringify(name ?? ending)}.`, {
    argument: 'format',
    hint: `Formats: ${FORMATS.map((each) => each.name).join(', ')}.`,
  })
}

/** Where a file is written; a link leads to it. */
type Target = { path: string; mode: number | undefined; isFile: boolean }

/** @throws BadInputError when no file can be there */
async function targetOf(output: string): Promise<Target> {
  if (output === '') throw new BadInputError('--output has no name.', { argument: 'output' })
  const known = await stat(output).catch(() => null)
  if (known?.isDirectory())
    throw new BadInputError(`--output cannot be written: ${output} is a folder.`, { argument: 'output' })
  if (!known) return { path: output, mode: undefined, isFile: true }
  return { path: await realpath(output), mode: known.mode & 0o777, isFile: known.isFile() }
}

/** Under another name until it is whole, so that nobody takes a part for the file; a device or a pipe is written to. */
async function writeFile(stream: NodeJS.ReadableStream, { path, mode, isFile }: Target): Promise<void> {
  const part = `${path}.${process.pid}.part`
  try {
    if (!isFile) return await pipeline(stream, createWriteStream(path))
    await pipeline(stream, createWriteStream(part, { flags: 'wx', ...(mode === undefined ? {} : { mode }) }))
    await rename(part, path)
  } catch (error) {
    if (isFile) await rm(part, { force: true })
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
