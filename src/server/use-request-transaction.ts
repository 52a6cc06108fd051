import { type DocumentNode, getOperationAST, Kind, type OperationDefinitionNode } from 'graphql'
import type { Plugin, YogaInitialContext } from 'graphql-yoga'
import type { Environment } from '../environment.ts'
import type { Scope } from '../filters/scope.ts'
import type { PrismaClient } from '../store/client.ts'
import { inRequestTransaction } from '../store/request-transaction.ts'
import type { ServerContext } from './context.ts'

type Options = { prisma: PrismaClient; organizationCondition: boolean; environment: Environment }

/**
 * Runs every operation in one transaction, so that the numbers of one answer agree with each other; queries cannot
 * write. When SQL fails, the whole operation does: half an answer would look like one. When the time is up or the client
 * leaves, what the database still does for it is cancelled.
 */
export function useRequestTransaction({ prisma, organizationCondition, environment }: Options): Plugin<ServerContext> {
  return {
    onExecute({ args, executeFn, setExecuteFn }) {
      const operation = getOperationAST(args.document as DocumentNode, args.operationName)
      if (!operation || asksOnlyForSchema(operation)) return
      const { organizationId } = (args.contextValue as ServerContext).viewer
      const scope: Scope = { organizationId: organizationCondition ? organizationId : null }
      const settings = {
        organizationId,
        access: operation.operation === 'mutation' ? ('write' as const) : ('read' as const),
        maxWaitMs: environment.CROSSRUN_POOL_WAIT_MS,
        statementTimeoutMs: environment.CROSSRUN_STATEMENT_TIMEOUT_MS,
        timeoutMs: environment.CROSSRUN_REQUEST_TIMEOUT_MS,
        // Fires when the client closes its connection.
        signal: (args.contextValue as YogaInitialContext).request?.signal,
      }
      setExecuteFn(async (executionArgs) => {
        const context = executionArgs.contextValue as ServerContext
        try {
          return await inRequestTransaction(prisma, settings, context.statements, async (transaction) => {
            Object.assign(context, transaction, { scope })
            const result = await executeFn(executionArgs)
            if (settings.access === 'write' && 'errors' in result && result.errors?.length) throw new Undone(result)
            return result
          })
        } catch (error) {
          return error instanceof Undone ? error.result : { errors: [error] }
        }
      })
    },
  }
}

/** Ends the transaction of a mutation that reports an error: what it had written until then is undone. */
class Undone extends Error {
  readonly result: unknown

  constructor(result: unknown) {
    super('A mutation reported an error.')
    this.result = result
  }
}

/** Introspection needs no database: GraphiQL shows the schema even when the database is away. */
export function asksOnlyForSchema({ selectionSet }: OperationDefinitionNode): boolean {
  return selectionSet.selections.every((each) => each.kind === Kind.FIELD && each.name.value.startsWith('__'))
}
