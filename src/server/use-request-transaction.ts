import { type DocumentNode, getOperationAST, Kind, type OperationDefinitionNode } from 'graphql'
import type { Plugin, YogaInitialContext } from 'graphql-yoga'
import type { Environment } from '../environment.ts'
import type { Scope } from '../filters/scope.ts'
import type { PrismaClient } from '../store/client.ts'
import type { Replicas } from '../store/replicas.ts'
import { inRequestTransaction } from '../store/request-transaction.ts'
import type { StatementLog } from '../store/statements.ts'
import type { ServerContext } from './context.ts'

type Options = {
  prisma: PrismaClient
  /** Who may answer queries in the primary's place. */
  replicas?: Replicas | undefined
  organizationCondition: boolean
  environment: Environment
}

/**
 * Runs every operation in one transaction, so that the numbers of one answer agree with each other; queries cannot
 * write. When SQL fails, the whole operation does: half an answer would look like one. When the time is up or the client
 * leaves, what the database still does for it is cancelled. A query that a replica fails at is asked of the primary:
 * nothing of an answer is sent before all of it is there.
 */
export function useRequestTransaction({
  prisma,
  replicas,
  organizationCondition,
  environment,
}: Options): Plugin<ServerContext> {
  return {
    onExecute({ args, executeFn, setExecuteFn }) {
      const operation = getOperationAST(args.document as DocumentNode, args.operationName)
      if (!operation || asksOnlyForSchema(operation)) return
      const { organizationId } = (args.contextValue as ServerContext).viewer
      const scope: Scope = { organizationId: organizationCondition ? organizationId : null }
      const settings = {
        organizationId,
        access: operation.operation === 'mutation' ? ('write' as const) : ('read' as const),
        statementTimeoutMs: environment.CROSSRUN_STATEMENT_TIMEOUT_MS,
        // Fires when the client closes its connection.
        signal: (args.contextValue as YogaInitialContext).request?.signal,
      }
      setExecuteFn(async (executionArgs) => {
        const context = executionArgs.contextValue as ServerContext
        const arrived = performance.now()
        const answer = (from: PrismaClient, maxWaitMs: number, contextValue: ServerContext) => {
          const spentMs = Math.floor(performance.now() - arrived)
          const timeoutMs = Math.max(1, environment.CROSSRUN_REQUEST_TIMEOUT_MS - spentMs)
          const ownSettings = { ...settings, maxWaitMs, timeoutMs }
          return inRequestTransaction(from, ownSettings, contextValue.statements, async (transaction) => {
            Object.assign(contextValue, transaction, { scope })
            const result = await executeFn({ ...executionArgs, contextValue })
            if (settings.access === 'write' && 'errors' in result && result.errors?.length) throw new Undone(result)
            return result
          })
        }
        const onPrimary = () => answer(prisma, environment.CROSSRUN_POOL_WAIT_MS, context)
        try {
          if (settings.access === 'write' || !replicas) return await onPrimary()
          return await replicas.read(async ({ client, maxWaitMs }) => {
            const attempt = contextOfAttempt(context)
            try {
              return await answer(client.prisma, maxWaitMs, attempt)
            } finally {
              count(attempt.statements, context.statements)
            }
          }, onPrimary)
        } catch (error) {
          return error instanceof Undone ? error.result : { errors: [error] }
        }
      })
    },
  }
}

/** What is loaded for an answer is kept by its context, and some of it may still fail when the answer is given up. */
function contextOfAttempt(context: ServerContext): ServerContext {
  return { ...context, statements: { ...context.statements, statements: 0, rows: 0 } }
}

function count({ statements, rows }: StatementLog, all: StatementLog): void {
  all.statements += statements
  all.rows += rows
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
