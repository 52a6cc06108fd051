import { sql } from 'kysely'
import { ofOrganization, rowOf, type Scope } from '../filters/scope.ts'
import { BRIEFING_PHASES } from '../model/pipelines.ts'
import type { Db } from '../store/transaction-kysely.ts'
import { currentStatus, knownPhases, type PhaseRef } from './known-phases.ts'

export type LastArtifact = { phase: number; name: string; path: string; sha256: string }

/** Where a run that did not complete can go on, and what starting anew would lose. */
export type ResumePlan = {
  resumable: boolean
  nextPhase: PhaseRef | null
  /** What the next phase would read: the output of the last completed phase, or of the nearest before it that left one. */
  lastArtifact: LastArtifact | null
  /** Numbers of the completed phases, ascending. */
  completedPhases: number[]
  /** US dollars as decimal text. */
  spentUsd: string | null
  spentSeconds: number | null
}

/**
 * The plans of runs. Resumable is a run that is not COMPLETED and completed a phase; it goes on with the first phase known
 * for its pipeline after its last completed one, else with the first of its own that is not completed. One statement.
 */
export async function resumePlansOf(db: Db, scope: Scope, runIds: readonly string[]): Promise<Map<string, ResumePlan>> {
  const { rows } = await sql<ResumePlan & { run: string }>`
    with asked as materialized (
      select r.id, r.pipeline_id, r.cost_usd, r.duration_seconds,
             coalesce(array_agg(p.number order by p.number) filter (where p.status = 'COMPLETED'), '{}') as completed,
             max(p.number) filter (where p.status = 'COMPLETED') as last,
             min(p.number) filter (where p.status <> 'COMPLETED') as open,
             ${currentStatus('r')} <> 'COMPLETED' and bool_or(p.status = 'COMPLETED') as resumable
      from runs as r left join run_phases as p on p.run_id = r.id and ${ofOrganization(rowOf('p'), scope)}
      where ${ofOrganization(rowOf('r'), scope)} and r.id = any(${runIds}::text[]::uuid[])
      group by r.id
    ), known as (
      ${knownPhases(scope, sql`select pipeline_id from asked where resumable`)}
      union all
      select l.id, f.number, f.name, 0
      from pipelines as l cross join unnest(${[...BRIEFING_PHASES]}::text[]) with ordinality as f (name, number)
      where ${ofOrganization(rowOf('l'), scope)} and l.name = 'briefing' and l.id in (select pipeline_id from asked where resumable)
    ), next as (
      select distinct on (a.id) a.id, k.number, k.name
      from asked as a join known as k on k.pipeline_id = a.pipeline_id and (k.number > a.last or k.number = a.open)
      where a.resumable order by a.id, k.number < a.last, k.number, k.runs desc, k.name
    )
    select a.id as run, coalesce(a.resumable, false) as resumable, a.completed as "completedPhases",
           case when n.id is not null then json_build_object('number', n.number, 'name', n.name) end as "nextPhase",
           artifact.found as "lastArtifact", a.cost_usd::text as "spentUsd", a.duration_seconds as "spentSeconds"
    from asked as a left join next as n on n.id = a.id left join lateral (
      select json_build_object('phase', t.phase_number, 'name', t.name, 'path', t.path, 'sha256', t.sha256) as found
      from artifacts as t
      where ${ofOrganization(rowOf('t'), scope)} and t.run_id = a.id and t.phase_number < coalesce(n.number, a.last + 1)
      order by t.phase_number desc, t.position desc, t.id limit 1
    ) as artifact on true`.execute(db)
  return new Map(rows.map(({ run, ...plan }) => [run, plan]))
}
