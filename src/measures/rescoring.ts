import { type RawBuilder, sql } from 'kysely'
import { entities } from '../filters/entities/index.ts'
import { all, ofOrganization, rowOf, type Scope } from '../filters/scope.ts'
import { compileWhere, type Where } from '../filters/where.ts'
import { type Dimension, neededDimensions, type ScoringRules, type Verdict } from '../model/scoring.ts'
import type { Db } from '../store/transaction-kysely.ts'

/** Which candidates to judge anew, and by which rules. */
export type Rescoring = { scope: Scope; where?: Where | null; rules: ScoringRules }

export type Transition = { from: Verdict; to: Verdict; candidates: number }

export type RescoreCounts = {
  candidates: number
  /** Candidates that lack a score which the rules need: they are not judged. */
  incomplete: number
  /** Judged candidates that report no verdict to compare with. */
  withoutVerdict: number
  changed: number
  /** By reported, then by computed verdict. */
  transitions: Transition[]
  /** By verdict. */
  verdicts: { verdict: Verdict; candidates: number }[]
}

/** Counts what the rules make of the candidates, by reported and computed verdict. One statement. */
export async function countRescored(db: Db, rescoring: Rescoring): Promise<RescoreCounts> {
  const { rows } = await sql<{ from: Verdict | null; to: Verdict | null; candidates: number }>`
    select j.reported as "from", j.computed as "to", count(*)::float8 as candidates
    from (${judged(rescoring)}) as j
    group by j.reported, j.computed
    order by j.reported, j.computed`.execute(db)
  const sum = (found: { candidates: number }[]) => found.reduce((total, { candidates }) => total + candidates, 0)
  const transitions = rows.flatMap(({ from, to, candidates }) =>
    from !== null && to !== null && from !== to ? [{ from, to, candidates }] : [],
  )
  const computed = (['GO', 'PASS', 'RESEARCH'] as const).map((verdict) => ({
    verdict,
    candidates: sum(rows.filter(({ to }) => to === verdict)),
  }))
  return {
    candidates: sum(rows),
    incomplete: sum(rows.filter(({ to }) => to === null)),
    withoutVerdict: sum(rows.filter(({ from, to }) => from === null && to !== null)),
    changed: sum(transitions),
    transitions,
    verdicts: computed.filter(({ candidates }) => candidates > 0),
  }
}

export type VerdictMismatch = {
  candidateId: string
  reported: Verdict
  computed: Verdict
  /** Decimal text. */
  overallScore: string
}

/**
 * Candidates whose reported verdict is not the one that the rules give, by their ids in the artifacts. One statement.
 * @param after the id, in the artifacts, of the candidate to continue after
 */
export async function verdictMismatches(
  db: Db,
  rescoring: Rescoring,
  limit: number,
  after: string | null,
): Promise<VerdictMismatch[]> {
  const { rows } = await sql<VerdictMismatch>`
    select j.id as "candidateId", j.reported, j.computed, j.overall as "overallScore"
    from (${judged(rescoring)}) as j
    where j.reported <> j.computed and ${after === null ? sql`true` : sql`j.external_id > ${after}::text`}
    order by j.external_id limit ${limit}`.execute(db)
  return rows
}

const COLUMNS: Record<Dimension, string> = {
  MARKET: 'market_score',
  COMPETITION: 'competition_score',
  EMOTIONAL: 'emotional_score',
  FEASIBILITY: 'feasibility_score',
  SIGNAL_QUALITY: 'signal_quality_score',
}

/** Each candidate with its reported and its computed verdict, as `judge` in model/scoring.ts has it, in numeric. */
function judged({ scope, where, rules }: Rescoring): RawBuilder<unknown> {
  const candidate = rowOf('c')
  const { emotional, go, research } = rules.thresholds
  const number = (value: { toFixed(): string }) => sql`${value.toFixed()}::text::numeric`
  // A score that is missing makes the sum null; one that weighs nothing is not asked for.
  const sum = sql.join(
    neededDimensions(rules).map(
      (dimension) => sql`${candidate.column(COLUMNS[dimension])} * ${number(rules.weights[dimension])}`,
    ),
    sql` + `,
  )
  return sql`
    select o.id, o.external_id, o.reported, o.overall,
           case when o.overall is null then null
                when o.overall >= ${number(go)} and o.emotional_score >= ${number(emotional)} then 'GO'::"Verdict"
                when o.overall >= ${number(research)} then 'RESEARCH'::"Verdict"
                else 'PASS'::"Verdict" end as computed
    from (
      select c.id, c.external_id, c.verdict as reported, c.emotional_score, floor((${sum}) * 100 + 0.5) / 100 as overall
      from candidates as c
      where ${all([ofOrganization(candidate, scope), compileWhere(entities.candidate, where, candidate, scope)])}
    ) as o`
}
