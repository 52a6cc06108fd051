import { sql } from 'kysely'
import { ofOrganization, rowOf, type Scope } from '../filters/scope.ts'
import type { Db } from '../store/transaction-kysely.ts'

/** What a run says of how it went. */
export type RunEventLine = {
  level: string
  phase: string | null
  step: string | null
  message: string
  errorType: string | null
  occurredAt: Date | null
}

/** A run's errors, warnings and remarks, in order. One statement. */
export async function eventsOf(db: Db, scope: Scope, runId: string): Promise<RunEventLine[]> {
  const { rows } = await sql<RunEventLine>`
    select e.level::text as level, e.phase, e.step, e.message, e.error_type as "errorType", e.occurred_at as "occurredAt"
    from run_events as e where ${ofOrganization(rowOf('e'), scope)} and e.run_id = ${runId}::uuid
    order by e.position, e.id`.execute(db)
  return rows
}

/** What a phase left behind: where it came from, and whether its bytes are stored. */
export type ArtifactLine = {
  id: string
  position: number
  phase: number | null
  phaseName: string | null
  name: string
  kind: 'JSON' | 'MARKDOWN' | 'TEXT'
  path: string
  /** JSON pointer into the file; empty for the whole of it. */
  pointer: string
  /** Of the file. */
  sha256: string
  /** Of the file. */
  bytes: number
  payloadId: string | null
  /** How many bytes the file takes in the database, and how it is packed; null when it is not stored. */
  storedBytes: number | null
  encoding: string | null
}

/** What a run's phases left behind, in order. One statement. */
export async function artifactsOf(db: Db, scope: Scope, runId: string): Promise<ArtifactLine[]> {
  const { rows } = await sql<ArtifactLine>`
    select a.id, a.position, a.phase_number as phase, a.phase_name as "phaseName", a.name, a.kind::text as kind, a.path,
           a.pointer, a.sha256, a.bytes::float8 as bytes, p.id as "payloadId", p.stored_bytes::float8 as "storedBytes", p.encoding
    from artifacts as a left join payloads as p on p.id = a.payload_id and ${ofOrganization(rowOf('p'), scope)}
    where ${ofOrganization(rowOf('a'), scope)} and a.run_id = ${runId}::uuid
    order by a.position, a.id`.execute(db)
  return rows
}
