import { comparePromptVersions } from '../comparison/compare-prompt-versions.ts'
import { compareRuns } from '../comparison/compare-runs.ts'
import type { Comparison } from '../comparison/comparison.ts'
import type { MetricComparison } from '../comparison/judge.ts'
import { METRIC_NAMES, metricOf } from '../comparison/metrics.ts'
import type { PromptVersionRef } from '../comparison/prompt-version-ref.ts'
import { formatPValue, formatValue, signed } from '../comparison/reason.ts'
import type { Cohort } from '../comparison/samples.ts'
import { BadInputError } from '../errors.ts'
import { UNKNOWN } from './amounts.ts'
import type { CommandContext } from './context.ts'
import { withReading } from './reading.ts'
import { formatTable } from './table.ts'

const isVersion = 'an id, NAME@VERSION of a campaign or an agent, or JSON such as {"campaign":"…","version":"…"}'

export const cohortArguments = {
  baseline: {
    type: 'string',
    description: "Which runs to compare against: a filter as JSON, as the API's `runs(where:)` takes it.",
    valueHint: 'WHERE',
  },
  candidate: { type: 'string', description: 'Which runs might be better: such a filter.', valueHint: 'WHERE' },
  'baseline-version': {
    type: 'string',
    description: `The prompt version to compare against: ${isVersion}.`,
    valueHint: 'VERSION',
  },
  'candidate-version': {
    type: 'string',
    description: 'The prompt version that might be better.',
    valueHint: 'VERSION',
  },
  primary: {
    type: 'string',
    description: 'The metric that decides who wins; the first of the metrics unless given.',
    valueHint: 'METRIC',
  },
  metrics: {
    type: 'string',
    description: `What to compare, separated by commas: ${METRIC_NAMES.join(', ')}. Unless given, the usual ones.`,
    valueHint: 'METRICS',
  },
} as const

type Given = { [name in keyof typeof cohortArguments]?: string | undefined }

/** Two filters of runs, or two prompt versions. */
export type Cohorts =
  | { of: 'runs'; baseline: unknown; candidate: unknown }
  | { of: 'versions'; baseline: PromptVersionRef; candidate: PromptVersionRef }

/**
 * The cohorts that the arguments name; null when they name none.
 * @throws BadInputError when one of a pair is missing, or one is not JSON
 */
export function readCohorts(given: Given & { a?: string; b?: string }): Cohorts | null {
  const filters = pairOf(given, 'baseline', 'candidate')
  const versions = pairOf(given, 'baseline-version', 'candidate-version')
  const pairs = [given.a ?? given.b, filters, versions].filter((pair) => pair !== null && pair !== undefined)
  if (pairs.length > 1)
    throw new BadInputError('compare takes two runs, two filters or two prompt versions, and only one of these.')
  if (filters)
    return {
      of: 'runs',
      baseline: readJson('--baseline', filters.baseline),
      candidate: readJson('--candidate', filters.candidate),
    }
  if (versions)
    return {
      of: 'versions',
      baseline: readVersion('--baseline-version', versions.baseline),
      candidate: readVersion('--candidate-version', versions.candidate),
    }
  return null
}

/** Compares the cohorts and prints who wins, and by what. */
export async function compareCohorts(
  context: CommandContext,
  cohorts: Cohorts,
  args: {
    organization: string
    json?: boolean | undefined
    primary?: string | undefined
    metrics?: string | undefined
  },
): Promise<void> {
  const question = {
    primary: named(args.primary),
    metrics: args.metrics?.split(',').flatMap((each) => named(each) ?? []),
  }
  const { comparison, ranks } = await withReading(context, args.organization, async ({ db, scope }) => {
    const comparison =
      cohorts.of === 'runs'
        ? await compareRuns(db, scope, cohorts, question)
        : await comparePromptVersions(db, scope, cohorts, question)
    return { comparison, ranks: await comparison.rankPValues() }
  })
  const metrics = comparison.metrics.map((metric) => ({ ...metric, rankPValue: ranks.get(metric.metric) ?? null }))
  if (args.json) {
    const { rankPValues: _, ...shown } = comparison
    return context.stdout(JSON.stringify({ ...shown, metrics }))
  }
  const described = (side: 'baseline' | 'candidate') => describe(cohorts, side)
  context.stdout(`baseline   ${sizeOf(comparison.baseline)}  ${described('baseline')}`)
  context.stdout(`candidate  ${sizeOf(comparison.candidate)}  ${described('candidate')}`)
  for (const line of formatComparison(comparison, metrics, context.columns)) context.stdout(line)
}

type RankedMetric = MetricComparison & { rankPValue: number | null }

function formatComparison(comparison: Comparison, metrics: RankedMetric[], width: number | null): string[] {
  const { paired, tasks, reason } = comparison
  const lines: string[] = []
  if (metrics.length > 0) {
    const header = [
      'metric',
      'n',
      'baseline',
      'candidate',
      'change',
      '95 % interval',
      'adjusted',
      'ranks',
      'effect',
      'verdict',
    ]
    lines.push('', ...formatTable(header, metrics.map(rowOf), { right: [1, 2, 3, 4, 5, 6, 7, 8], width }))
  }
  if (paired && tasks)
    lines.push(
      '',
      `In pairs: ${tasks.improved} tasks improved, ${tasks.regressed} regressed, ${tasks.unchanged} unchanged.`,
    )
  return [...lines, '', reason]
}

function rowOf({ metric, baseline, candidate, confidenceInterval: interval, ...of }: RankedMetric): string[] {
  const { measuredIn } = metricOf(metric)
  const show = <T>(value: T | null, format: (value: T) => string) => (value === null ? UNKNOWN : format(value))
  const value = (of: number) => formatValue(of, measuredIn)
  const change = (of: number) => signed(of, measuredIn)
  return [
    metric,
    baseline.n === candidate.n ? `${baseline.n}` : `${baseline.n} / ${candidate.n}`,
    show(baseline.mean, value),
    show(candidate.mean, value),
    show(of.difference, change),
    show(interval, ({ low, high }) => `${change(low)} to ${change(high)}`),
    show(of.adjustedPValue, formatPValue),
    show(of.rankPValue, formatPValue),
    show(of.effectSize, (g) => g.toFixed(2)),
    of.verdict.toLowerCase().replaceAll('_', ' '),
  ]
}

function sizeOf({ runs, tasks }: Cohort): string {
  const counted = (count: number, what: string) => `${count.toLocaleString('en-US')} ${what}${count === 1 ? '' : 's'}`
  return tasks === null ? counted(runs, 'run') : `${counted(tasks, 'task')} in ${counted(runs, 'run')}`
}

function describe(cohorts: Cohorts, side: 'baseline' | 'candidate'): string {
  if (cohorts.of === 'runs') return JSON.stringify(cohorts[side])
  const { id, campaign, agent, name, version } = cohorts[side]
  return id ?? `${campaign ?? agent ?? name} ${version}`
}

/** Metrics are named in capitals; nobody should have to hold the shift key. */
function named(metric: string | undefined): string | undefined {
  return metric?.trim().toUpperCase().replaceAll('-', '_') || undefined
}

function pairOf<Baseline extends keyof Given, Candidate extends keyof Given>(
  given: Given,
  baseline: Baseline,
  candidate: Candidate,
): { baseline: string; candidate: string } | null {
  const [first, second] = [given[baseline], given[candidate]]
  if (first === undefined && second === undefined) return null
  if (first !== undefined && second !== undefined) return { baseline: first, candidate: second }
  const [is, lacks] = first === undefined ? [candidate, baseline] : [baseline, candidate]
  throw new BadInputError(`--${is} needs --${lacks} beside it.`, { argument: lacks })
}

function readVersion(argument: string, text: string): PromptVersionRef {
  if (text.trimStart().startsWith('{')) return readJson(argument, text) as PromptVersionRef
  const at = text.lastIndexOf('@')
  return at > 0 ? { name: text.slice(0, at), version: text.slice(at + 1) } : { id: text }
}

function readJson(argument: string, text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    throw new BadInputError(`${argument} is not JSON: ${(error as Error).message}`, {
      argument,
      hint: `Quote it for the shell, such as ${argument} '{"tags":{"has":"prompt-A"}}'.`,
      cause: error,
    })
  }
}
