import type { Viewer } from '../access/viewer.ts'
import type { Scope } from '../filters/scope.ts'
import type { RequestTransaction } from '../store/request-transaction.ts'

/** What resolvers share in one request: who asks, whose rows, and the transaction to read them in. */
export type Context = RequestTransaction & { scope: Scope; viewer: Viewer; requestId: string }

/** Whose rows a mutation writes. */
export function organizationOf({ viewer }: Context): string {
  return viewer.organizationId
}
