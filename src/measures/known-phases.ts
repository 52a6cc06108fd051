import { type RawBuilder, sql } from 'kysely'
import { entities } from '../filters/entities/index.ts'
import { ofOrganization, rowOf, type Scope } from '../filters/scope.ts'

/** A phase's number and name. */
export type PhaseRef = { number: number; name: string }

/** The phases that the runs of pipelines have: `pipeline_id`, `number`, `name` and the number of runs that have it so. */
export function knownPhases(scope: Scope, pipelineIds: RawBuilder<unknown>): RawBuilder<unknown> {
  return sql`
    select o.pipeline_id, p.number, p.name, count(*) as runs
    from runs as o join run_phases as p on p.run_id = o.id
    where ${ofOrganization(rowOf('o'), scope)} and ${ofOrganization(rowOf('p'), scope)} and o.pipeline_id in (${pipelineIds})
    group by o.pipeline_id, p.number, p.name`
}

/** A run's status as it is now. */
export function currentStatus(alias: string): RawBuilder<unknown> {
  return entities.run.fields.status!.computed!(rowOf(alias))
}
