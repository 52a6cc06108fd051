import { sql } from 'kysely'
import { BadInputError } from '../errors.ts'
import { ofOrganization, rowOf, type Scope } from '../filters/scope.ts'
import { identifiersOf } from '../model/identifiers.ts'
import { type Dimension, exact, nameOf, type ScoringRules, SHIPPED_RULES } from '../model/scoring.ts'
import type { Db } from '../store/transaction-kysely.ts'

/** Rules with the name they are kept by; null for the shipped ones. */
export type NamedRules = ScoringRules & {
  name: string | null
  /** Whether they hold where a question names none. */
  isDefault: boolean
}

type Row = Record<
  'name' | 'market' | 'competition' | 'emotional' | 'feasibility' | 'signal_quality' | 'least' | 'go' | 'research',
  string
> & { is_default: boolean }

const config = rowOf('s')
const columns = sql`s.name, s.is_default, s.market_weight as market, s.competition_weight as competition,
  s.emotional_weight as emotional, s.feasibility_weight as feasibility, s.signal_quality_weight as signal_quality,
  s.emotional_threshold as least, s.go_threshold as go, s.research_threshold as research`

/** The organization's own default rules, or the shipped ones. One statement. */
export async function defaultRules(db: Db, scope: Scope): Promise<NamedRules> {
  const { rows } = await sql<Row>`
    select ${columns} from scoring_configs as s
    where ${ofOrganization(config, scope)} and s.is_default limit 1`.execute(db)
  return rows[0] ? rulesOf(rows[0]) : { name: null, isDefault: true, ...SHIPPED_RULES }
}

/** The organization's own rules, by name. One statement. */
export async function listRules(db: Db, scope: Scope): Promise<NamedRules[]> {
  const { rows } = await sql<Row>`
    select ${columns} from scoring_configs as s where ${ofOrganization(config, scope)} order by s.name, s.id`.execute(
    db,
  )
  return rows.map(rulesOf)
}

const MOST_CONFIGS = 1000
const LONGEST_NAME = 200
/** As many decimals as are kept. */
const DECIMALS = { weights: 6, thresholds: 4 }

/**
 * Gives rules a name; rules that have the name already are replaced.
 * @param isDefault whether they hold where a question names none, in place of those that did; null leaves it as it is
 * @throws BadInputError when the name is none, or a number has more decimals than are kept
 */
export async function setRules(
  db: Db,
  organizationId: string,
  name: string,
  rules: ScoringRules,
  isDefault: boolean | null = null,
): Promise<NamedRules> {
  const own = readName(name)
  checkDecimals(rules)
  const scope = { organizationId }
  const all = await listRules(db, scope)
  const known = all.find((each) => each.name === own)
  if (!known && all.length >= MOST_CONFIGS)
    throw new BadInputError(`An organization has room for ${MOST_CONFIGS} scoring configs.`, { argument: 'name' })
  const becomesDefault = isDefault ?? known?.isDefault ?? false
  if (becomesDefault) {
    await sql`update scoring_configs as s set is_default = false, updated_at = now()
      where ${ofOrganization(config, scope)} and s.is_default and s.name <> ${own}`.execute(db)
  }
  const { MARKET, COMPETITION, EMOTIONAL, FEASIBILITY, SIGNAL_QUALITY } = rules.weights
  const { emotional, go, research } = rules.thresholds
  const numbers = [MARKET, COMPETITION, EMOTIONAL, FEASIBILITY, SIGNAL_QUALITY, emotional, go, research]
  await sql`
    insert into scoring_configs (id, organization_id, name, is_default, market_weight, competition_weight, emotional_weight,
      feasibility_weight, signal_quality_weight, emotional_threshold, go_threshold, research_threshold, created_at, updated_at)
    values (${identifiersOf(organizationId).of('scoring-config', own)}::uuid, ${organizationId}::uuid, ${own}, ${becomesDefault},
      ${sql.join(numbers.map((number) => sql`${number.toFixed()}::text::numeric`))}, now(), now())
    on conflict (organization_id, name) do update set is_default = excluded.is_default, market_weight = excluded.market_weight,
      competition_weight = excluded.competition_weight, emotional_weight = excluded.emotional_weight,
      feasibility_weight = excluded.feasibility_weight, signal_quality_weight = excluded.signal_quality_weight,
      emotional_threshold = excluded.emotional_threshold, go_threshold = excluded.go_threshold,
      research_threshold = excluded.research_threshold, updated_at = excluded.updated_at`.execute(db)
  return { ...rules, name: own, isDefault: becomesDefault }
}

/**
 * Takes rules away; where they were the default, the shipped ones hold again.
 * @returns whether there were some of this name
 */
export async function removeRules(db: Db, organizationId: string, name: string): Promise<boolean> {
  const { rows } = await sql`
    delete from scoring_configs as s where ${ofOrganization(config, { organizationId })} and s.name = ${readName(name)}
    returning s.id`.execute(db)
  return rows.length > 0
}

function readName(name: string): string {
  const own = name.trim()
  if (own === '' || own.length > LONGEST_NAME || own.includes('\u0000'))
    throw new BadInputError(`name must have 1 to ${LONGEST_NAME} characters.`, { argument: 'name' })
  return own
}

function checkDecimals(rules: ScoringRules): void {
  for (const part of ['weights', 'thresholds'] as const) {
    for (const [name, number] of Object.entries(rules[part])) {
      if (number.decimalPlaces() <= DECIMALS[part]) continue
      const argument = `config.${part}.${part === 'weights' ? nameOf(name as Dimension) : name}`
      throw new BadInputError(`${argument} has more than ${DECIMALS[part]} decimals.`, { argument })
    }
  }
}

function rulesOf(row: Row): NamedRules {
  return {
    name: row.name,
    isDefault: row.is_default,
    weights: {
      MARKET: exact(row.market),
      COMPETITION: exact(row.competition),
      EMOTIONAL: exact(row.emotional),
      FEASIBILITY: exact(row.feasibility),
      SIGNAL_QUALITY: exact(row.signal_quality),
    },
    thresholds: { emotional: exact(row.least), go: exact(row.go), research: exact(row.research) },
  }
}
