import type { Scope } from '../filters/scope.ts'
import type { RequestTransaction } from '../store/request-transaction.ts'

/** What resolvers share in one request: whose rows, and the transaction to read them in. */
export type Context = RequestTransaction & { scope: Scope }
