import { createServerAdapter, type ServerAdapterInitialContext } from '@whatwg-node/server'
import type { Logger } from 'pino'
import { requestIdOf } from './context.ts'
import { UNEXPECTED } from './use-errors.ts'

type Answering = { handleRequest(request: Request, context: ServerAdapterInitialContext): Promise<Response> | Response }

/**
 * The same server, but for what is thrown beside its operations, by plugins or the logger: Yoga would answer with the
 * stack.
 */
export function withLastResort(yoga: Answering, logger: Logger) {
  return createServerAdapter(async (request: Request, context: ServerAdapterInitialContext) => {
    try {
      return await yoga.handleRequest(request, context)
    } catch (error) {
      const requestId = requestIdOf(request)
      try {
        logger.error({ requestId, err: error }, 'unexpected error')
      } catch {
        // It may be the logger that threw.
      }
      const extensions = { code: 'INTERNAL_SERVER_ERROR', requestId }
      const body = { errors: [{ message: UNEXPECTED, extensions }] }
      return Response.json(body, { status: 500, headers: { 'x-request-id': requestId } })
    }
  })
}
