import { type DocumentNode, getOperationAST } from 'graphql'
import type { Plugin } from 'graphql-yoga'
import type { Logger } from 'pino'
import type { ServerContext } from './context.ts'

/** One line an operation: its name, how long it took, how many statements it sent and rows it read, its error codes. */
export function useOperationLog(logger: Logger): Plugin<ServerContext> {
  return {
    onExecute({ args }) {
      const started = performance.now()
      const operation = getOperationAST(args.document as DocumentNode, args.operationName)
      return {
        onExecuteDone({ result }) {
          const { requestId, statements } = args.contextValue as ServerContext
          const errors =
            'errors' in result ? (result.errors ?? []).map(({ extensions }) => extensions?.code ?? 'UNKNOWN') : []
          logger.info(
            {
              requestId,
              operation: operation?.name?.value ?? null,
              type: operation?.operation,
              ms: Math.round((performance.now() - started) * 10) / 10,
              statements: statements.statements,
              rows: statements.rows,
              ...(errors.length > 0 ? { errors } : {}),
            },
            'operation',
          )
        },
      }
    },
  }
}
