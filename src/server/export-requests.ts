import Negotiator from 'negotiator'
import { BadInputError, CrossrunError } from '../errors.ts'
import type { Asked } from '../exports/datasets.ts'
import { FORMATS, type Format, formatNamed } from '../exports/formats.ts'

/** What a request for an export is for. */
export type ExportRequest =
  | { of: 'catalog' }
  | { of: 'schema'; dataset: string }
  | ({ of: 'file'; format: Format; what: What } & Settings)

/** Rows of a dataset, or the answer to a question to the metrics. */
export type What =
  | { kind: 'dataset'; name: string; asked: Asked }
  | { kind: 'view'; name: string }
  | { kind: 'metrics'; query: unknown }

type Settings = { guardFormulas: boolean; byteOrderMark: boolean }

const PREFIX = '/export'

export function isExport({ pathname }: URL): boolean {
  return pathname === PREFIX || pathname.startsWith(`${PREFIX}/`)
}

/**
 * Reads `/export`, `/export/{dataset}/schema`, `/export/{dataset}.{format}`, `/export/metrics.{format}` and
 * `/export/views/{name}.{format}`; without an ending the header Accept says which format.
 * @throws BadInputError for what is wrong with the parameters; CrossrunError `NOT_FOUND`, `NOT_ACCEPTABLE`
 */
export function readExportRequest(url: URL, accept: string | null): ExportRequest {
  const steps = url.pathname.slice(PREFIX.length).split('/').slice(1).map(decoded)
  const [first = '', second] = steps
  if (steps.length <= 1 && first === '') return { of: 'catalog' }
  if (steps.length === 2 && second === 'schema') {
    checkParameters(url, [])
    return { of: 'schema', dataset: first }
  }
  const isView = steps.length === 2 && first === 'views'
  if (steps.length !== 1 && !isView) throw notFound(url.pathname)
  const { name, format } = readFileName(isView ? second! : first, accept)
  const settings = {
    guardFormulas: readFlag(url, 'guardFormulas'),
    byteOrderMark: readFlag(url, 'byteOrderMark'),
  }
  return { of: 'file', format, what: readWhat(url, name, isView), ...settings }
}

const FLAGS = ['guardFormulas', 'byteOrderMark']

function readWhat(url: URL, name: string, isView: boolean): What {
  if (isView) {
    checkParameters(url, FLAGS)
    return { kind: 'view', name }
  }
  if (name === 'metrics') {
    checkParameters(url, [...FLAGS, 'query'])
    const query = readJson(url, 'query')
    if (query !== undefined) return { kind: 'metrics', query }
    throw new BadInputError('query: metrics need a question.', {
      argument: 'query',
      hint: 'Give it as JSON: query={"subject":"USAGE","measures":["costUsd.sum"],"dimensions":["agent"]}',
    })
  }
  checkParameters(url, [...FLAGS, 'where', 'orderBy', 'columns'])
  const columns = url.searchParams.get('columns') ?? undefined
  return {
    kind: 'dataset',
    name,
    asked: {
      where: readJson(url, 'where'),
      orderBy: readJson(url, 'orderBy'),
      columns: columns?.split(',').map((column) => column.trim()),
    },
  }
}

function readFileName(text: string, accept: string | null): { name: string; format: Format } {
  const { name, ending } = /^(?<name>.+)\.(?<ending>[^.]*)$/.exec(text)?.groups ?? {}
  if (name === undefined) return { name: text, format: acceptable(accept) }
  const format = formatNamed(ending!.toLowerCase())
  if (format) return { name, format }
  throw notAcceptable(`There is no format ${JSON.stringify(ending!.slice(0, 50))}.`)
}

function acceptable(accept: string | null): Format {
  const types = new Map(FORMATS.map((format) => [format.mediaType.replace(/;.*/, ''), format]))
  const [best] = new Negotiator({ headers: { accept: accept ?? '*/*' } }).mediaTypes([...types.keys()])
  if (best) return types.get(best)!
  throw notAcceptable(`No format is of the types ${JSON.stringify(accept!.slice(0, 200))}.`)
}

/** What a format that there is not is answered with. */
export function notAcceptable(message: string): CrossrunError {
  const endings = FORMATS.map(({ name }) => `.${name}`).join(', ')
  return new CrossrunError('NOT_ACCEPTABLE', message, { hint: `End the address in one of ${endings}.` })
}

function notFound(path: string): CrossrunError {
  return new CrossrunError('NOT_FOUND', `There is nothing at ${JSON.stringify(path.slice(0, 200))}.`, {
    hint: 'GET /export lists what can be exported.',
  })
}

export function checkParameters(url: URL, known: readonly string[]): void {
  for (const name of url.searchParams.keys()) {
    if (known.includes(name)) {
      if (url.searchParams.getAll(name).length === 1) continue
      throw new BadInputError(`${name} is there twice.`, { argument: name })
    }
    throw new BadInputError(`${JSON.stringify(name.slice(0, 100))} is no parameter of this.`, {
      argument: name.slice(0, 100),
      hint: known.length > 0 ? `Parameters: ${known.join(', ')}.` : 'It takes none.',
    })
  }
}

export function readFlag(url: URL, name: string): boolean {
  const text = url.searchParams.get(name)
  if (text === null || text === 'false') return false
  if (text === 'true' || text === '') return true
  throw new BadInputError(`${name} must be true or false.`, { argument: name })
}

function readJson(url: URL, name: string): unknown {
  const text = url.searchParams.get(name)
  if (text === null) return undefined
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new BadInputError(`${name} is not JSON: ${(cause as Error).message}.`, { argument: name, cause })
  }
}

function decoded(step: string): string {
  try {
    return decodeURIComponent(step)
  } catch (cause) {
    throw new BadInputError('The address has a % that is not followed by two hexadecimal digits.', { cause })
  }
}
