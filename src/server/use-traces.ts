import { type Context, ROOT_CONTEXT, type Span, SpanKind, SpanStatusCode, type Tracer, trace } from '@opentelemetry/api'
import { W3CTraceContextPropagator } from '@opentelemetry/core'
import { type DocumentNode, getOperationAST } from 'graphql'
import type { Plugin, YogaInitialContext } from 'graphql-yoga'
import type { ServerContext } from './context.ts'

/**
 * A span for each operation, under the client's own when it sends `traceparent`, and one for each SQL statement of it:
 * the text with its `$1`, never a value.
 */
export function useTraces(tracer: Tracer): Plugin<ServerContext> {
  return {
    onExecute({ args }) {
      const { request, requestId, statements } = args.contextValue as ServerContext & YogaInitialContext
      const operation = getOperationAST(args.document as DocumentNode, args.operationName)
      const type = operation?.operation ?? 'operation'
      const name = operation?.name?.value
      const attributes = {
        'graphql.operation.type': type,
        ...(name ? { 'graphql.operation.name': name } : {}),
        'crossrun.request_id': requestId,
      }
      const span = tracer.startSpan(type, { kind: SpanKind.SERVER, attributes }, parentOf(request))
      const within = trace.setSpan(ROOT_CONTEXT, span)
      statements.observe = (sql) => {
        const attributes = { 'db.system.name': 'postgresql', 'db.query.text': sql }
        const statement = tracer.startSpan(verbOf(sql), { kind: SpanKind.CLIENT, attributes }, within)
        return (error) => end(statement, error === undefined ? [] : ['SQL_ERROR'])
      }
      return {
        onExecuteDone({ result }) {
          const errors = 'errors' in result ? (result.errors ?? []) : []
          end(
            span,
            errors.map(({ extensions }) => String(extensions?.code ?? 'UNKNOWN')),
          )
        },
      }
    },
  }
}

function end(span: Span, codes: string[]): void {
  if (codes.length > 0) {
    span.setAttribute('error.type', codes[0]!)
    span.setStatus({ code: SpanStatusCode.ERROR })
  }
  span.end()
}

const propagator = new W3CTraceContextPropagator()

function parentOf(request: Request | undefined): Context {
  const headers = { get: (_: unknown, name: string) => request?.headers.get(name) ?? undefined, keys: () => [] }
  return propagator.extract(ROOT_CONTEXT, null, headers)
}

/** `SELECT` of a statement's text. */
function verbOf(sql: string): string {
  return /[a-z]+/i.exec(sql)?.[0].toUpperCase() ?? 'SQL'
}
