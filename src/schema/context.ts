import type { Scope } from '../filters/scope.ts'
import type { RequestTransaction } from '../store/request-transaction.ts'

/** What resolvers share in one request: whose rows, and the transaction to read them in. */
export type Context = RequestTransaction & { scope: Scope }

/** Whose rows a mutation writes. */
export function organizationOf({ scope }: Context): string {
  if (scope.organizationId === null) throw new Error('A mutation needs an organization.')
  return scope.organizationId
}
