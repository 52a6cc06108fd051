import { pipeline, Transform } from 'node:stream'
import type { Plugin } from 'graphql-yoga'
import type { Logger } from 'pino'
import type { RateLimiterAbstract } from 'rate-limiter-flexible'
import { findPermalink, type Permalink, type RefusedPermalink } from '../access/find-permalink.ts'
import { noteUse } from '../access/note-use.ts'
import type { Actor } from '../access/viewer.ts'
import type { Environment } from '../environment.ts'
import { CrossrunError, RetryableError } from '../errors.ts'
import { type Exporting, openExport } from '../exports/export-stream.ts'
import { FORMATS, type Format, formatNamed } from '../exports/formats.ts'
import { findSnapshot, type ResultSnapshot } from '../exports/result-snapshots.ts'
import { storedResults } from '../exports/stored-results.ts'
import { type PrismaClient, urlOf } from '../store/client.ts'
import { inShortTransaction } from '../store/short-transaction.ts'
import { version } from '../version.ts'
import type { AuditTrail } from './audit-trail.ts'
import { clientAddressOf } from './client-address.ts'
import { requestIdOf } from './context.ts'
import { entityTag, isKnown } from './entity-tag.ts'
import { checkParameters, notAcceptable, readFlag } from './export-requests.ts'
import { ExportSlots } from './export-slots.ts'
import { fileHeaders, fileResponse } from './file-response.ts'
import { errorResponse } from './refusal.ts'
import { countRequest, spend, tooOften } from './use-rate-limit.ts'

type Options = {
  prisma: PrismaClient
  environment: Environment
  /** Counts the wrong tokens of an address, with its wrong keys; null for any number. */
  failures: RateLimiterAbstract | null
  /** Counts what is asked for; null for any number. */
  limiter: RateLimiterAbstract | null
  addressHeader: string | undefined
  trail: AuditTrail
  logger: Logger
}

type Call = Parameters<NonNullable<Plugin['onRequest']>>[0]

const PREFIX = '/r/'
const FLAGS = ['guardFormulas', 'byteOrderMark']
/** Addresses that hold a token are to be told to nobody: no page that is linked to, and no search engine. */
const DISCREET = { 'referrer-policy': 'no-referrer', 'x-robots-tag': 'noindex' }

/**
 * `/r/{token}` and `/r/{token}.{format}`: result snapshots for whoever has the token, without a key. Of a token that
 * never was, has expired or was revoked nothing is told but that there is nothing.
 */
export function usePermalinks(options: Options): Plugin {
  const slots = new ExportSlots(options.environment)
  return {
    async onRequest(call) {
      const { url, request, endResponse, fetchAPI } = call
      if (!url.pathname.startsWith(PREFIX)) return
      const response = await answer(options, slots, call).catch((error: unknown) =>
        errorResponse(fetchAPI, error, requestIdOf(request), options.logger),
      )
      for (const [name, value] of Object.entries(DISCREET)) response.headers.set(name, value)
      endResponse(response)
    },
  }
}

async function answer(options: Options, slots: ExportSlots, call: Call): Promise<Response> {
  const { request, url, fetchAPI } = call
  if (request.method !== 'GET' && request.method !== 'HEAD')
    throw new CrossrunError('METHOD_NOT_ALLOWED', 'Permalinks are asked for by GET.')
  const [, token = '', ending] = /^([^.]*)(?:\.(.*))?$/s.exec(url.pathname.slice(PREFIX.length)) ?? []
  const permalink = await find(options, call, token)
  const stored = await atHand(() =>
    inShortTransaction(options.prisma, permalink.organizationId, async (send) => {
      await noteUse(send, 'x_result_permalinks', permalink.id)
      return findSnapshot(send, permalink.snapshotId)
    }),
  )
  if (!stored) throw notFound()
  if (ending === undefined) {
    checkParameters(url, [])
    const headers = { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'private, no-store' }
    const body = request.method === 'HEAD' ? null : JSON.stringify(descriptionOf(stored, `${PREFIX}${token}`))
    return new fetchAPI.Response(body, { headers })
  }
  const format = formatNamed(ending.toLowerCase())
  if (!format) throw notAcceptable(`There is no format ${JSON.stringify(ending.slice(0, 50))}.`)
  return await file(options, slots, { call, permalink, stored, format })
}

/** @throws CrossrunError `NOT_FOUND`; Refusal with the status 429 */
async function find(options: Options, { request, serverContext }: Call, token: string): Promise<Permalink> {
  const { prisma, failures, limiter, addressHeader } = options
  const found = await atHand(() => findPermalink(prisma, token))
  if ('why' in found) {
    await note(options, found, requestIdOf(request))
    if (failures) {
      const { isTooMuch, state } = await spend(failures, clientAddressOf(request, serverContext, addressHeader))
      if (isTooMuch) throw tooOften(failures, state, 'wrong keys')
    }
    throw notFound()
  }
  const viewer = { organizationId: found.organizationId, scopes: new Set<never>(), actor: actorOf(found) }
  await countRequest({ limiter, addressHeader }, viewer, request, serverContext)
  return found
}

/** Whoever has a link comes as nobody. */
const actorOf = ({ id }: Permalink): Actor => ({ kind: 'OPEN', id, name: 'a permalink' })

async function note({ trail, logger }: Options, { why, of }: RefusedPermalink, requestId: string): Promise<void> {
  logger.warn({ requestId, why, permalink: of?.id ?? null }, 'a permalink was refused')
  if (!of) return
  const target = { type: 'ResultSnapshot', id: of.snapshotId }
  const event = { actor: actorOf(of), action: 'permalink.refused', target, requestId, details: { why } }
  await trail.writeDenial(of.organizationId, event)
}

/** @throws RetryableError `DATABASE_UNAVAILABLE` */
async function atHand<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (cause) {
    throw new RetryableError('DATABASE_UNAVAILABLE', 'The database cannot be reached. Ask again in a moment.', {
      cause,
    })
  }
}

function notFound(): CrossrunError {
  return new CrossrunError('NOT_FOUND', 'There is nothing here, or not any more.', {
    hint: 'Whoever gave you the address can make a new one.',
  })
}

/** What who has the link may know: not who made it, nor from which rows. */
function descriptionOf(
  { name, rowCount, columns, contentSha256, createdAt, erasedAt, expiresAt }: ResultSnapshot,
  path: string,
) {
  return {
    name,
    rows: rowCount,
    createdAt,
    erasedAt,
    expiresAt,
    contentSha256,
    columns,
    files: Object.fromEntries(FORMATS.map((format) => [format.name, `${path}.${format.name}`])),
  }
}

type Wanted = { call: Call; permalink: Permalink; stored: ResultSnapshot; format: Format }

async function file(
  options: Options,
  slots: ExportSlots,
  { call, permalink, stored, format }: Wanted,
): Promise<Response> {
  const { request, url, serverContext: context, fetchAPI } = call
  checkParameters(url, FLAGS)
  const [guardFormulas, byteOrderMark] = [readFlag(url, 'guardFormulas'), readFlag(url, 'byteOrderMark')]
  // Whoever has the file asks each time whether it may still be shown.
  const etag = entityTag(version, stored.contentSha256, format.name, url.search)
  const headers = { 'cache-control': 'private, no-cache', etag }
  if (isKnown(request, etag)) return new fetchAPI.Response(null, { status: 304, headers })
  const scope = { organizationId: permalink.organizationId }
  const source = storedResults(stored, scope)
  const said = { format, fileName: source.name, headers }
  if (request.method === 'HEAD') return new fetchAPI.Response(null, { headers: fileHeaders(said) })
  const exporting = await slots.begin(clientAddressOf(request, context, options.addressHeader), () =>
    openExport({
      url: urlOf(options.prisma),
      ...scope,
      statementTimeoutMs: options.environment.CROSSRUN_EXPORT_TIMEOUT_MS,
      source,
      format,
      guardFormulas,
      byteOrderMark,
      signal: request.signal,
    }),
  )
  return fileResponse(whole(exporting, stored.rowCount), { request, context, fetchAPI, ...said })
}

/** The same, but that it breaks off where rows are missing: its organization may be gone since the snapshot was looked up. */
function whole({ stream, rows }: Exporting, expected: number): Exporting {
  const checked = new Transform({
    transform: (piece, _encoding, done) => done(null, piece),
    flush: (done) => done(rows() === expected ? null : new Error(`${rows()} of ${expected} rows are there.`)),
  })
  return { stream: pipeline(stream, checked, () => undefined), rows }
}
