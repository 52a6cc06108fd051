import {
  type DocumentNode,
  type ExecutionArgs,
  type GraphQLError,
  getOperationAST,
  getVariableValues,
  type OperationDefinitionNode,
} from 'graphql'
import type { Plugin } from 'graphql-yoga'
import { type AuditEvent, record } from '../access/audit.ts'
import { CrossrunError } from '../errors.ts'
import { executedFields } from '../schema/executed-fields.ts'
import { sendOfRequest } from '../store/send.ts'
import type { AuditTrail } from './audit-trail.ts'
import type { ServerContext } from './context.ts'
import { fragmentsOf } from './document-shape.ts'
import { causeOf } from './use-errors.ts'

const LONGEST_NAME = 100

/**
 * Writes down every mutation, one event an operation, and what somebody was not allowed to ask. That a mutation
 * succeeded is written in its own transaction: neither is there without the other. Comes before the plugin that opens
 * the transaction, so that it runs within.
 */
export function useAudit(trail: AuditTrail): Plugin<ServerContext> {
  return {
    onExecute({ args, executeFn, setExecuteFn }) {
      const operation = getOperationAST(args.document as DocumentNode, args.operationName)
      if (!operation) return
      const { viewer, requestId } = args.contextValue as ServerContext
      const { actor, organizationId } = viewer
      const isMutation = operation.operation === 'mutation'
      const event = (details: object): Omit<AuditEvent, 'outcome'> => {
        return { ...whatOf(operation, executedNames(args, operation), details), actor, requestId }
      }
      if (isMutation) {
        setExecuteFn(async (executionArgs) => {
          const result = await executeFn(executionArgs)
          const { db } = executionArgs.contextValue as ServerContext
          const isDone = !('errors' in result && result.errors?.length)
          if (db && isDone && executedNames(args, operation).length > 0)
            await record(sendOfRequest(db), { ...event({}), outcome: 'SUCCEEDED' })
          return result
        })
      }
      return {
        async onExecuteDone({ result }) {
          const errors = 'errors' in result ? (result.errors ?? []) : []
          if (errors.length === 0) return
          const codes = [...new Set(errors.map(codeOf))]
          if (codes.includes('FORBIDDEN')) await trail.writeDenial(organizationId, event({ errors: codes }))
          // What a limit refused, or found no connection, has no transaction, and shall cost none.
          else if (isMutation && (args.contextValue as ServerContext).db)
            await trail.write(organizationId, { ...event({ errors: codes }), outcome: 'FAILED' })
        },
      }
    },
  }
}

/** The operation as an event: what it is called by, and never its arguments, which may hold a secret. */
function whatOf(operation: OperationDefinitionNode, fields: readonly string[], details: object) {
  return {
    action: `${operation.operation}.${fields[0] ?? 'nothing'}`,
    details: {
      ...(operation.name ? { operation: operation.name.value.slice(0, LONGEST_NAME) } : {}),
      ...(fields.length > 1 ? { fields } : {}),
      ...details,
    },
  }
}

/** The names of the fields that an operation executes; what a directive leaves out shall not give it its name. */
function executedNames(
  { document, schema, variableValues }: ExecutionArgs,
  operation: OperationDefinitionNode,
): string[] {
  const { coerced = {} } = getVariableValues(schema, operation.variableDefinitions ?? [], variableValues ?? {})
  const fields = executedFields({ operation, fragments: fragmentsOf(document), variables: coerced })
  return [...new Set(fields.map(({ name }) => name.value))]
}

function codeOf(error: GraphQLError): string {
  const cause = causeOf(error)
  if (cause instanceof CrossrunError) return cause.code
  const { code } = (cause as { extensions?: { code?: unknown } } | null)?.extensions ?? {}
  if (typeof code === 'string') return code
  return cause instanceof Error && cause.name === 'GraphQLError' ? 'BAD_USER_INPUT' : 'INTERNAL_SERVER_ERROR'
}
