import { sql } from 'kysely'
import { ofOrganization, rowOf, type Scope } from '../filters/scope.ts'
import type { Db } from '../store/transaction-kysely.ts'

/** When the last import finished; null before the first. One statement. */
export async function latestImport(db: Db, scope: Scope): Promise<Date | null> {
  const { rows } = await sql<{ at: Date | null }>`
    select max(i.finished_at) as at from imports as i where ${ofOrganization(rowOf('i'), scope)}`.execute(db)
  return rows[0]?.at ?? null
}
