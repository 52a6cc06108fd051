import { sql } from 'kysely'
import { ofOrganization, rowOf, type Scope } from '../filters/scope.ts'
import type { ArtifactKind } from '../store/generated/enums.ts'
import type { Db } from '../store/transaction-kysely.ts'

/** A stored output of a phase, to be fed in instead of running the phase. */
export type ReplayInput = {
  phase: number
  name: string
  path: string
  /** Of the file it came from. */
  sha256: string
  /** Size of the file it came from. */
  bytes: number
  payloadId: string
  kind: ArtifactKind
  pointer: string
}

export type Replay = {
  missing: { phase: number; name: string }[]
  inputs: ReplayInput[]
  /** US dollars as decimal text; null when nothing is known. */
  savedCostUsd: string | null
  savedSeconds: number | null
}

/**
 * What running each of these runs again from a phase on takes and saves. Phases are those that any run of the pipeline
 * has, by number. Three statements.
 */
export async function replaysFrom(
  db: Db,
  scope: Scope,
  fromPhase: number,
  runIds: readonly string[],
): Promise<Map<string, Replay>> {
  const phases = await knownPhases(db, scope, fromPhase, runIds)
  const inputs = await storedInputs(db, scope, fromPhase, runIds)
  const savings = await savingsOf(db, scope, fromPhase, runIds)
  return new Map(
    runIds.map((run) => {
      const own = inputs.filter((input) => input.run === run)
      const stored = new Set(own.map(({ phase }) => phase))
      return [
        run,
        {
          missing: phases
            .filter((phase) => phase.run === run && !stored.has(phase.phase))
            .map(({ phase, name }) => ({ phase, name })),
          inputs: own,
          savedCostUsd: savings.get(run)?.cost ?? null,
          savedSeconds: savings.get(run)?.seconds ?? null,
        },
      ]
    }),
  )
}

/** The phases below the number that the run's pipeline has; named as in the run, else as in most runs. */
async function knownPhases(db: Db, scope: Scope, fromPhase: number, runIds: readonly string[]) {
  const { rows } = await sql<{ run: string; phase: number; name: string }>`
    select r.id as run, p.number as phase,
           (array_agg(p.name order by (p.run_id = r.id) desc, p.named desc, p.name))[1] as name
    from runs as r join (
      select p.run_id, p.number, p.name, o.pipeline_id, count(*) over (partition by o.pipeline_id, p.number, p.name) as named
      from run_phases as p join runs as o on o.id = p.run_id
      where ${ofOrganization(rowOf('p'), scope)} and ${ofOrganization(rowOf('o'), scope)} and p.number < ${fromPhase}::int8
        and o.pipeline_id in (select pipeline_id from runs where id = any(${runIds}::text[]::uuid[]))
    ) as p on p.pipeline_id = r.pipeline_id
    where ${ofOrganization(rowOf('r'), scope)} and r.id = any(${runIds}::text[]::uuid[])
    group by r.id, p.number order by p.number`.execute(db)
  return rows
}

async function storedInputs(db: Db, scope: Scope, fromPhase: number, runIds: readonly string[]) {
  const { rows } = await sql<ReplayInput & { run: string }>`
    select a.run_id as run, a.phase_number as phase, a.name, a.path, a.sha256, a.bytes::float8 as bytes,
           a.payload_id as "payloadId", a.kind::text as kind, a.pointer
    from artifacts as a
    where ${ofOrganization(rowOf('a'), scope)} and a.run_id = any(${runIds}::text[]::uuid[])
      and a.phase_number < ${fromPhase}::int8 and a.payload_id is not null
      -- A report beside a phase's JSON is for people; a report alone is what the phase left.
      and (a.kind = 'JSON' or not exists (
        select from artifacts as j
        where ${ofOrganization(rowOf('j'), scope)} and j.run_id = a.run_id and j.phase_number = a.phase_number and j.kind = 'JSON'
      ))
    order by a.phase_number, a.position, a.id`.execute(db)
  return rows
}

/** Cost and duration of the calls of the phases below the number. */
async function savingsOf(db: Db, scope: Scope, fromPhase: number, runIds: readonly string[]) {
  const { rows } = await sql<{ run: string; cost: string | null; seconds: number | null }>`
    select c.run_id as run, sum(c.cost_usd) as cost, sum(c.duration_seconds::numeric)::float8 as seconds
    from agent_calls as c join run_phases as p on p.id = c.phase_id
    where ${ofOrganization(rowOf('c'), scope)} and ${ofOrganization(rowOf('p'), scope)}
      and c.run_id = any(${runIds}::text[]::uuid[]) and p.number < ${fromPhase}::int8
    group by c.run_id`.execute(db)
  return new Map(rows.map((row) => [row.run, row]))
}
