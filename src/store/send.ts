import { CompiledQuery } from 'kysely'
import type { ClientBase } from 'pg'
import type { Db } from './transaction-kysely.ts'

/** Sends a statement in a transaction of one organization, whichever client that is of. */
export type Send = <R>(text: string, values?: unknown[]) => Promise<R[]>

/** In the transaction of a `TenantSession`. */
export function sendOfSession(client: ClientBase): Send {
  return async (text, values) => (await client.query(text, values)).rows
}

/** In the transaction of a request. */
export function sendOfRequest(db: Db): Send {
  return async <R>(text: string, values: unknown[] = []) =>
    (await db.executeQuery<R>(CompiledQuery.raw(text, values))).rows
}
