import { sql } from 'kysely'
import { ofOrganization, rowOf, type Scope } from '../filters/scope.ts'
import { exact, type ScoringRules, SHIPPED_RULES } from '../model/scoring.ts'
import type { Db } from '../store/transaction-kysely.ts'

/** Rules with the name they are kept by; null for the shipped ones. */
export type NamedRules = ScoringRules & { name: string | null }

type Row = Record<
  'name' | 'market' | 'competition' | 'emotional' | 'feasibility' | 'signal_quality' | 'least' | 'go' | 'research',
  string
>

/** The organization's own default rules, or the shipped ones. One statement. */
export async function defaultRules(db: Db, scope: Scope): Promise<NamedRules> {
  const { rows } = await sql<Row>`
    select s.name, s.market_weight as market, s.competition_weight as competition, s.emotional_weight as emotional,
           s.feasibility_weight as feasibility, s.signal_quality_weight as signal_quality,
           s.emotional_threshold as least, s.go_threshold as go, s.research_threshold as research
    from scoring_configs as s where ${ofOrganization(rowOf('s'), scope)} and s.is_default limit 1`.execute(db)
  const [row] = rows
  if (!row) return { name: null, ...SHIPPED_RULES }
  return {
    name: row.name,
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
