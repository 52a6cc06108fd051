import { type RawBuilder, sql } from 'kysely'
import { BadInputError } from '../errors.ts'
import { decodeGlobalId, encodeGlobalId, isUuid } from '../filters/global-ids.ts'
import { ofOrganization, rowOf, type Scope } from '../filters/scope.ts'
import type { Db } from '../store/transaction-kysely.ts'
import type { ComparisonUnit } from './metrics.ts'
import type { Side } from './samples.ts'

/**
 * What names a prompt version: {campaign, version}, {agent, version} or {id}; campaigns and agents by name. {name, version}
 * looks among both.
 */
export type PromptVersionRef = Partial<Record<'campaign' | 'agent' | 'name' | 'version' | 'id', string | null>>

export type FoundVersion = {
  id: string
  version: string
  /** A campaign's instruction is judged by the tasks of its runs, an agent's prompt by the runs that called it. */
  unit: ComparisonUnit
}

/** As many matches as an error names. */
const MOST_NAMED = 10

/**
 * The prompt versions that the references mean. One statement.
 * @throws BadInputError naming the argument of a reference that is none, or that names no version or several
 */
export async function findPromptVersions(
  db: Db,
  scope: Scope,
  refs: Record<Side, PromptVersionRef>,
): Promise<Record<Side, FoundVersion>> {
  const found = (side: Side) => sql`(
    select ${sql.lit(side)} as side, p.id, p.version,
           case when p.campaign_id is null and p.source_campaign_id is null then 'RUN' else 'TASK' end as unit
    from prompt_versions as p
    where ${ofOrganization(rowOf('p'), scope)} and ${conditionOf(side, refs[side], scope)}
    order by p.id limit ${sql.lit(MOST_NAMED + 1)}
  )`
  const { rows } = await sql<FoundVersion & { side: Side }>`
    select * from (${found('baseline')} union all ${found('candidate')}) as f order by f.id`.execute(db)
  const only = (side: Side) =>
    onlyOne(
      side,
      rows.filter((row) => row.side === side),
    )
  return { baseline: only('baseline'), candidate: only('candidate') }
}

function onlyOne(argument: Side, found: FoundVersion[]): FoundVersion {
  if (found.length === 0) throw new BadInputError(`${argument} names no prompt version.`, { argument })
  if (found.length === 1) return found[0]!
  const ids = found.slice(0, MOST_NAMED).map(({ id }) => encodeGlobalId('PromptVersion', id))
  const more = found.length > MOST_NAMED ? ' and more' : ''
  throw new BadInputError(`${argument} names several prompt versions: ${ids.join(', ')}${more}.`, {
    argument,
    hint: 'Name one of them by its id.',
  })
}

function conditionOf(argument: Side, ref: PromptVersionRef, scope: Scope): RawBuilder<unknown> {
  const given = Object.entries(ref).filter(([, value]) => value !== null && value !== undefined)
  for (const [key, value] of given) {
    if (typeof value !== 'string') throw refused(`${argument}.${key}`, 'must be text')
    if (value.includes('\u0000')) throw refused(`${argument}.${key}`, 'holds a NUL character')
  }
  const { campaign, agent, name, version, id } = ref
  const ofCampaign = (named: string) => sql`p.campaign_id in (
    select c.id from campaigns as c where ${ofOrganization(rowOf('c'), scope)} and c.name = ${named})`
  const ofAgent = (named: string) => sql`p.agent_id in (
    select a.id from agents as a where ${ofOrganization(rowOf('a'), scope)} and a.name = ${named})`
  const keys = given.map(([key]) => key).sort()
  switch (keys.join(' ')) {
    case 'id':
      return sql`p.id = ${uuidOf(argument, id!)}::uuid`
    case 'campaign version':
      return sql`p.version = ${version} and ${ofCampaign(campaign!)}`
    case 'agent version':
      return sql`p.version = ${version} and ${ofAgent(agent!)}`
    case 'name version':
      return sql`p.version = ${version} and (${ofCampaign(name!)} or ${ofAgent(name!)})`
    default:
      throw refused(argument, 'must have campaign and version, or agent and version, or id alone')
  }
}

function uuidOf(argument: Side, id: string): string {
  const global = decodeGlobalId(id)
  if (global?.typeName === 'PromptVersion') return global.id
  if (isUuid(id)) return id
  throw refused(`${argument}.id`, 'is not the id of a PromptVersion')
}

function refused(argument: string, problem: string): BadInputError {
  return new BadInputError(`${argument} ${problem}.`, { argument })
}
