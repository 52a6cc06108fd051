import { createHash, timingSafeEqual } from 'node:crypto'
import {
  createCounter,
  createHistogram,
  type FillLabelsFnParams,
  type PrometheusTracingPluginConfig,
  usePrometheus,
} from '@graphql-yoga/plugin-prometheus'
import type { Plugin } from 'graphql-yoga'
import type { Logger } from 'pino'
import { collectDefaultMetrics, Registry } from 'prom-client'
import type { Viewer } from '../access/viewer.ts'
import type { Environment } from '../environment.ts'
import { CrossrunError } from '../errors.ts'
import type { Replicas } from '../store/replicas.ts'
import { requestIdOf } from './context.ts'
import type { Doorman } from './doorman.ts'
import { errorResponse } from './refusal.ts'
import { addReplicaMetrics } from './replica-metrics.ts'

type Options = { environment: Environment; replicas?: Replicas | undefined; doorman: Doorman; logger: Logger }

const PATH = '/metrics'
/** Names that clients make up are counted one by one up to so many of such a length, and together beyond. */
const MOST_NAMES = 100
const LONGEST_NAME = 100
const SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60]

/** `/metrics` in the format of Prometheus, when it is turned on: operations, errors by code, and the process. */
export function useMetrics({ environment, replicas, doorman, logger }: Options): Plugin {
  if (environment.CROSSRUN_METRICS === 'off') return {}
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
  if (replicas) addReplicaMetrics(registry, replicas)
  const token = environment.CROSSRUN_METRICS_TOKEN
  return {
    onPluginInit({ addPlugin }) {
      addPlugin(usePrometheus({ endpoint: false, registry, metrics: metricsIn(registry) }) as Plugin)
    },
    async onRequest({ request, url, serverContext, endResponse, fetchAPI }) {
      if (url.pathname !== PATH || request.method !== 'GET') return
      try {
        await admit(request, token, () => doorman.letIn(request, serverContext))
        const headers = { 'content-type': registry.contentType, 'cache-control': 'no-store' }
        endResponse(new fetchAPI.Response(await registry.metrics(), { headers }))
      } catch (error) {
        endResponse(errorResponse(fetchAPI, error, requestIdOf(request), logger))
      }
    },
  }
}

/**
 * The numbers are of all organizations, and so no key's: they are shown to who has the token, and without keys to all.
 * @throws CrossrunError `UNAUTHENTICATED` or `FORBIDDEN`
 */
async function admit(request: Request, token: string | undefined, viewer: () => Promise<Viewer>): Promise<void> {
  if (token !== undefined && isSame(request.headers.get('authorization') ?? '', `Bearer ${token}`)) return
  const { actor, scopes } = await viewer()
  if (actor.kind === 'OPEN' && scopes.has('ADMIN')) return
  throw new CrossrunError('FORBIDDEN', 'Metrics are of all organizations, and so no key shows them.', {
    hint: 'Set CROSSRUN_METRICS_TOKEN, and send it as the header `Authorization: Bearer …`.',
  })
}

function isSame(a: string, b: string): boolean {
  const hashOf = (text: string) => createHash('sha256').update(text).digest()
  return timingSafeEqual(hashOf(a), hashOf(b))
}

/** No label has more values than there are kinds of things: what clients choose is capped. */
function metricsIn(registry: Registry): PrometheusTracingPluginConfig['metrics'] {
  const nameOf = capped(MOST_NAMES)
  const codeOf = capped(MOST_NAMES)
  const labelsOf = ({ operationName, operationType }: FillLabelsFnParams) => ({
    operation: nameOf(operationName ?? 'Anonymous'),
    type: operationType ?? 'unknown',
  })
  return {
    graphql_envelop_deprecated_field: false,
    graphql_envelop_request: false,
    graphql_envelop_request_time_summary: false,
    graphql_envelop_phase_parse: false,
    graphql_envelop_phase_validate: false,
    graphql_envelop_phase_context: false,
    graphql_envelop_phase_execute: false,
    graphql_envelop_phase_subscribe: false,
    graphql_envelop_schema_change: false,
    graphql_envelop_request_duration: createHistogram({
      registry,
      histogram: {
        name: 'crossrun_operation_seconds',
        help: 'Seconds that GraphQL operations took, by the first hundred names that clients gave them',
        labelNames: ['operation', 'type'],
        buckets: SECONDS,
      },
      fillLabelsFn: labelsOf,
      phases: ['execute'],
    }),
    graphql_envelop_error_result: createCounter({
      registry,
      counter: {
        name: 'crossrun_errors_total',
        help: 'Errors of GraphQL operations, by code',
        labelNames: ['code', 'phase'],
      },
      fillLabelsFn: ({ error, errorPhase }: FillLabelsFnParams) => ({
        code: codeOf(codeIn(error) ?? CODES_OF_PHASES[errorPhase ?? ''] ?? 'UNKNOWN'),
        phase: errorPhase ?? 'unknown',
      }),
      phases: ['parse', 'validate', 'context', 'execute'],
      shouldObserve: () => true,
    }),
    graphql_yoga_http_duration: createHistogram({
      registry,
      histogram: {
        name: 'crossrun_http_seconds',
        help: 'Seconds from the arrival of a GraphQL request to its answer',
        labelNames: ['method', 'status'],
        buckets: SECONDS,
      },
      fillLabelsFn: (_, { request, response }) => ({ method: request.method, status: String(response.status) }),
      phases: ['request'],
    }),
  }
}

/** Errors that have no code yet when they are counted. */
const CODES_OF_PHASES: Record<string, string> = { parse: 'GRAPHQL_PARSE_FAILED', validate: 'GRAPHQL_VALIDATION_FAILED' }

function codeIn(error: unknown): string | undefined {
  const code = (error as { extensions?: { code?: unknown } } | undefined)?.extensions?.code
  return typeof code === 'string' ? code : undefined
}

/** Gives the first so many different texts back, and `other` for those that come after them. */
function capped(most: number): (text: string) => string {
  const known = new Set<string>()
  return (text) => {
    if (known.has(text)) return text
    if (known.size >= most || text.length > LONGEST_NAME) return 'other'
    known.add(text)
    return text
  }
}
