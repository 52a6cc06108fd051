import { type AskedMetrics, type Question, readQuestion } from './asked.ts'
import { judge, type MetricComparison, type Winner, winnerOf } from './judge.ts'
import { type ComparisonUnit, type MetricName, metricValueOf } from './metrics.ts'
import { reasonOf } from './reason.ts'
import type { Cohort, Differences, MeasuredMetric, Sample, Side } from './samples.ts'

/** Two cohorts, judged metric by metric. */
export type Comparison = {
  unit: ComparisonUnit
  /** Whether tasks on the same rows of a dataset are compared with each other. */
  paired: boolean
  baseline: Cohort
  candidate: Cohort
  /** The metric that decides; null when there is none that both sides have. */
  primary: MetricName | null
  metrics: MetricComparison[]
  /** Pairs of tasks by what became of their field accuracy; null when nothing is paired. */
  tasks: { improved: number; regressed: number; unchanged: number } | null
  winner: Winner
  reason: string
  /** P values of the rank tests, by metric; read when they are first asked for, in one statement. */
  rankPValues(): Promise<ReadonlyMap<MetricName, number | null>>
}

/** What was read of two cohorts. */
export type Reading = {
  cohorts: Record<Side, Cohort>
  metrics: readonly { baseline: Sample; candidate: Sample; differences?: Differences }[]
  tasks: Comparison['tasks']
}

/** The metrics to read, and how to judge what was read of them. */
export type Plan = { asked: AskedMetrics; unit: ComparisonUnit; measured: MeasuredMetric[] }

/**
 * @param beside metrics that are read although they are not judged
 * @throws BadInputError naming the metric that is unknown or has no meaning for what is compared
 */
export function planOf(question: Question, unit: ComparisonUnit, beside: readonly MetricName[] = []): Plan {
  const asked = readQuestion(question, unit)
  const names = [...new Set([...asked.names, ...beside])]
  return { asked, unit, measured: names.map((name) => ({ name, kind: metricValueOf(name, unit)!.kind })) }
}

/**
 * Judges what was read.
 * @param ranks the p values of the rank tests of the columns with these numbers
 */
export function comparisonOf(
  { asked, unit, measured }: Plan,
  { cohorts, metrics, tasks }: Reading,
  ranks: (indexes: number[]) => Promise<(number | null)[]>,
): Comparison {
  const indexes = asked.names.flatMap((name) => {
    const index = measured.findIndex((each) => each.name === name)
    const { baseline, candidate } = metrics[index]!
    const isLeftOut = !asked.isExplicit && name !== asked.primary && Math.min(baseline.n, candidate.n) === 0
    return isLeftOut ? [] : [index]
  })
  const judged = judge(
    indexes.map((index) => measured[index]!),
    indexes.map((index) => metrics[index]!),
  )
  const primary = asked.primary ?? judged[0]?.metric ?? null
  const winner = winnerOf(judged, primary)
  const ranked = indexes.filter((index) => measured[index]!.kind === 'NUMBER')
  let read: Promise<ReadonlyMap<MetricName, number | null>> | undefined
  return {
    unit,
    paired: tasks !== null,
    ...cohorts,
    primary,
    metrics: judged,
    tasks,
    winner,
    reason: reasonOf(winner, judged, primary),
    rankPValues() {
      read ??= ranks(ranked).then(
        (pValues) => new Map(ranked.map((index, place) => [measured[index]!.name, pValues[place]!])),
      )
      return read
    },
  }
}
