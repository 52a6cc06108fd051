import { defaultExtractPersistedOperationId, usePersistedOperations } from '@graphql-yoga/plugin-persisted-operations'
import type { GraphQLSchema } from 'graphql'
import type { GraphQLParams, Plugin } from 'graphql-yoga'
import type { Environment } from '../environment.ts'
import { CrossrunError } from '../errors.ts'
import { refusal } from './refusal.ts'
import { readTrustedDocuments } from './trusted-documents.ts'
import { knownViewerOf } from './use-viewer.ts'

/** The parameter of the draft "GraphQL over HTTP: persisted documents". */
export const DOCUMENT_ID = 'documentId'

/**
 * Answers documents that the server knows by their ids, and no others if it is told so. They are read once, at start.
 * @throws CrossrunError `BAD_TRUSTED_DOCUMENTS`
 */
export function useTrustedDocuments(schema: GraphQLSchema, environment: Environment): Plugin {
  const { CROSSRUN_TRUSTED_DOCUMENTS: path, CROSSRUN_TRUSTED_DOCUMENTS_ONLY: isOnly } = environment
  if (path === undefined) {
    if (!isOnly) return {}
    throw new CrossrunError('BAD_ENVIRONMENT', 'CROSSRUN_TRUSTED_DOCUMENTS_ONLY needs CROSSRUN_TRUSTED_DOCUMENTS.')
  }
  const documents = readTrustedDocuments(path, schema)
  const plugin: Plugin = usePersistedOperations({
    allowArbitraryOperations: !isOnly,
    extractPersistedOperationId: idIn,
    getPersistedOperation: (id) => documents.get(id) ?? null,
    customErrors: {
      notFound: () => refused('PERSISTED_QUERY_NOT_FOUND', 'There is no document with this id.', 404),
      keyNotFound: () => refused('BAD_REQUEST', 'Neither a query nor the id of a document was sent.', 400),
      persistedQueryOnly: () =>
        refused('PERSISTED_QUERY_ONLY', 'This server answers documents that it knows, by their ids.', 403),
    },
  })
  return {
    ...plugin,
    onParams(payload) {
      if (knownViewerOf(payload.request)) return plugin.onParams?.(payload)
      // Whoever was not let in is told that: not which documents there are, nor that they sent no query.
      payload.setParams({ query: '', ...payload.params })
    },
  }
}

function idIn(params: GraphQLParams, request: Request): string | null {
  const { [DOCUMENT_ID]: sent } = params as { documentId?: unknown }
  if (typeof sent === 'string') return sent
  const inAddress = request.method === 'GET' ? new URL(request.url).searchParams.get(DOCUMENT_ID) : null
  return inAddress ?? defaultExtractPersistedOperationId(params, request, {})
}

function refused(code: string, message: string, status: number) {
  const hint = 'Send `documentId`, or `extensions.persistedQuery.sha256Hash` with `version` 1.'
  return refusal(new CrossrunError(code, message, { hint }), status)
}
