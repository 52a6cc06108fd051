import type { Plugin } from 'graphql-yoga'
import type { Logger } from 'pino'
import type { Viewer } from '../access/viewer.ts'
import type { Environment } from '../environment.ts'
import { CrossrunError } from '../errors.ts'
import { datasetSource } from '../exports/datasets.ts'
import { openExport } from '../exports/export-stream.ts'
import { metricsSource } from '../exports/metrics-source.ts'
import { fingerprintOf, type Source } from '../exports/source.ts'
import { watermarkOf } from '../exports/watermark.ts'
import { findView } from '../metrics/saved-views.ts'
import { type PrismaClient, urlOf } from '../store/client.ts'
import type { Replicas } from '../store/replicas.ts'
import { inRequestTransaction } from '../store/request-transaction.ts'
import type { Db } from '../store/transaction-kysely.ts'
import { version } from '../version.ts'
import type { AuditTrail } from './audit-trail.ts'
import { clientAddressOf } from './client-address.ts'
import { requestIdOf } from './context.ts'
import { entityTag, isKnown } from './entity-tag.ts'
import { datasetSchema, exportCatalog } from './export-catalog.ts'
import { type ExportRequest, isExport, readExportRequest, type What } from './export-requests.ts'
import { ExportSlots } from './export-slots.ts'
import { fileHeaders, fileResponse } from './file-response.ts'
import { errorResponse } from './refusal.ts'
import type { SideDoor } from './side-door.ts'

type Options = {
  prisma: PrismaClient
  replicas?: Replicas | undefined
  environment: Environment
  door: SideDoor
  trail: AuditTrail
  logger: Logger
}

type FileRequest = Extract<ExportRequest, { of: 'file' }>
type Call = Parameters<NonNullable<Plugin['onRequest']>>[0]

/** `/export`: rows of the datasets, and answers to questions to the metrics, as files. */
export function useExports(options: Options): Plugin {
  const work: Work = { ...options, slots: new ExportSlots(options.environment), writing: new Set() }
  return {
    async onRequest(call) {
      const { url, request, endResponse, fetchAPI } = call
      if (!isExport(url)) return
      try {
        endResponse(await answer(work, call))
      } catch (error) {
        endResponse(errorResponse(fetchAPI, error, requestIdOf(request), options.logger))
      }
    },
    async onDispose() {
      await Promise.all(work.writing)
    },
  }
}

type Work = Options & {
  slots: ExportSlots
  /** What is being written down of exports that are over, or will be. */
  writing: Set<Promise<void>>
}

async function answer(options: Work, call: Call): Promise<Response> {
  const { request, url, serverContext, fetchAPI } = call
  if (request.method !== 'GET' && request.method !== 'HEAD')
    throw new CrossrunError('METHOD_NOT_ALLOWED', 'Exports are asked for by GET.', {})
  const viewer = await options.door.letIn(request, serverContext, 'READ')
  const asked = readExportRequest(url, request.headers.get('accept'))
  const scope = { organizationId: viewer.organizationId }
  if (asked.of === 'catalog') return fetchAPI.Response.json(exportCatalog())
  if (asked.of === 'schema') {
    const settings = { ...scope, statementTimeoutMs: options.environment.CROSSRUN_STATEMENT_TIMEOUT_MS }
    const schema = await reading(options, (url) => datasetSchema(asked.dataset, { ...settings, url }))
    return fetchAPI.Response.json(schema)
  }
  const { source, watermark } = await inRequestTransaction(
    options.prisma,
    readSettings(viewer, options.environment, request),
    { statements: 0, rows: 0, failure: undefined },
    async ({ db }) => ({ source: await sourceOf(db, scope, asked.what), watermark: await watermarkOf(db, scope) }),
  )
  // The same for the same question to the same rows, written by the same version.
  const state = [version, viewer.organizationId, watermark, fingerprintOf(source), url.search, asked.format.name]
  const etag = watermark === null ? null : entityTag(...state)
  const headers = { 'cache-control': 'private, no-cache', ...(etag ? { etag } : {}) }
  if (etag && isKnown(request, etag)) return new fetchAPI.Response(null, { status: 304, headers })
  const file = { format: asked.format, fileName: source.name, headers }
  if (request.method === 'HEAD') return new fetchAPI.Response(null, { headers: fileHeaders(file) })
  return await exported(options, { viewer, source, asked, file, call })
}

type Exported = {
  viewer: Viewer
  source: Source
  asked: FileRequest
  file: { format: FileRequest['format']; fileName: string; headers: Record<string, string> }
  call: Call
}

/** Begins the export, and writes down what became of it once it is over. */
async function exported(work: Work, { viewer, source, asked, file, call }: Exported): Promise<Response> {
  const { environment, trail, slots, writing } = work
  const { request, serverContext: context, fetchAPI } = call
  const { guardFormulas, byteOrderMark, format } = asked
  const who = viewer.actor.id ?? clientAddressOf(request, context, environment.CROSSRUN_CLIENT_ADDRESS_HEADER)
  const exporting = await slots.begin(who, () =>
    reading(work, (url) =>
      openExport({
        url,
        organizationId: viewer.organizationId,
        statementTimeoutMs: environment.CROSSRUN_EXPORT_TIMEOUT_MS,
        source,
        format,
        guardFormulas,
        byteOrderMark,
        signal: request.signal,
      }),
    ),
  )
  const over = new Promise<void>((resolve) => {
    exporting.stream.once('close', () => resolve())
  })
  const written = over
    .then(() =>
      trail.write(viewer.organizationId, {
        actor: viewer.actor,
        action: 'export.finished',
        outcome: exporting.stream.readableEnded ? 'SUCCEEDED' : 'FAILED',
        requestId: requestIdOf(request),
        details: { what: asked.what.kind, name: source.name, format: format.name, rows: exporting.rows() },
      }),
    )
    .finally(() => writing.delete(written))
  writing.add(written)
  return fileResponse(exporting, { request, context, fetchAPI, ...file })
}

function readSettings({ organizationId }: Viewer, environment: Environment, { signal }: Request) {
  return {
    organizationId,
    access: 'read' as const,
    maxWaitMs: environment.CROSSRUN_POOL_WAIT_MS,
    statementTimeoutMs: environment.CROSSRUN_STATEMENT_TIMEOUT_MS,
    timeoutMs: environment.CROSSRUN_REQUEST_TIMEOUT_MS,
    signal,
  }
}

async function sourceOf(db: Db, scope: { organizationId: string }, what: What): Promise<Source> {
  if (what.kind === 'dataset') return datasetSource(what.name, what.asked, scope)
  if (what.kind === 'metrics')
    return metricsSource(db, scope, {
      name: 'metrics',
      description: 'The answer to a question to the metrics.',
      input: what.query,
    })
  const view = await findView(db, scope, what.name)
  if (!view) {
    throw new CrossrunError('NOT_FOUND', `There is no saved view ${JSON.stringify(what.name)}.`, {
      hint: 'The query savedViews lists them.',
    })
  }
  const { name, description, query: input } = view
  return metricsSource(db, scope, { name, description: description ?? 'The answer of a saved view.', input })
}

/** Opens something at a replica where there is one that is fresh enough. */
function reading<T>({ prisma, replicas }: Options, open: (url: string) => Promise<T>): Promise<T> {
  return replicas ? replicas.openAt(({ url }) => open(url)) : open(urlOf(prisma))
}
