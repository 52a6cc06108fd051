import { defineCommand } from 'citty'
import { BadInputError } from '../errors.ts'
import {
  compareItems,
  comparePhases,
  type ItemComparison,
  type PhaseComparison,
  type RankChange,
  rankChangesOf,
} from '../measures/compare-two-runs.ts'
import type { RunSummary } from '../measures/run-summaries.ts'
import { exactly, formatCost, formatCostDifference, formatCount, formatDuration, UNKNOWN } from './amounts.ts'
import { cohortArguments, compareCohorts, readCohorts } from './compare-cohorts.ts'
import type { CommandContext } from './context.ts'
import { findRun, pipelineArgument } from './find-run.ts'
import { jsonArgument } from './json-argument.ts'
import { organizationArgument, withReading } from './reading.ts'
import { formatTable } from './table.ts'
import { wholeNumber } from './whole-number.ts'

export function createCompareCommand(context: CommandContext) {
  return defineCommand({
    meta: {
      name: 'compare',
      description:
        'Compare two runs: phases, items, ranks. Example: crossrun compare run_20251013_060512 run_20251020_060230. ' +
        'Or two cohorts of runs, or two versions of a prompt, with tests of significance. Example: ' +
        `crossrun compare --baseline '{"tags":{"has":"prompt-A"}}' --candidate '{"tags":{"has":"prompt-B"}}'`,
    },
    args: {
      a: { type: 'positional', required: false, description: 'The first run: its name in the artifacts, or its id.' },
      b: { type: 'positional', required: false, description: 'The second run; differences are from the first to it.' },
      ...cohortArguments,
      changes: { type: 'string', default: '10', description: 'How many rank changes to list.', valueHint: 'N' },
      pipeline: pipelineArgument,
      organization: organizationArgument,
      json: jsonArgument,
    },
    async run({ args }) {
      const cohorts = readCohorts(args)
      if (cohorts) return compareCohorts(context, cohorts, args)
      const [nameOfA, nameOfB] = [args.a, args.b]
      if (!nameOfA || !nameOfB)
        throw new BadInputError('compare needs two runs, or two cohorts.', {
          hint: 'crossrun compare A B, or crossrun compare --baseline WHERE --candidate WHERE; --help says more.',
        })
      const changes = wholeNumber('changes', args.changes, 0)
      const { a, b, ...compared } = await withReading(context, args.organization, async (reading) => {
        const { db, scope } = reading
        const a = await findRun(reading, nameOfA, args.pipeline)
        const b = await findRun(reading, nameOfB, args.pipeline)
        const pair = { a: a.id, b: b.id }
        return {
          a,
          b,
          phases: (await comparePhases(db, scope, pair)).map(withExactCosts),
          items: await compareItems(db, scope, pair),
          rankChanges: await rankChangesOf(db, scope, pair, changes),
        }
      })
      if (args.json) return context.stdout(JSON.stringify({ a: named(a), b: named(b), ...compared }))
      context.stdout(
        `a  ${a.externalId}  ${a.pipeline}  ${a.status}  ${formatDuration(a.durationSeconds)}  ${formatCost(a.costUsd)}`,
      )
      context.stdout(
        `b  ${b.externalId}  ${b.pipeline}  ${b.status}  ${formatDuration(b.durationSeconds)}  ${formatCost(b.costUsd)}`,
      )
      context.stdout('')
      for (const line of formatPhases(compared.phases, context.columns)) context.stdout(line)
      for (const line of formatItems(compared.items, compared.rankChanges, context.columns)) context.stdout(line)
    },
  })
}

function named({ id, externalId, pipeline, status }: RunSummary) {
  return { id, externalId, pipeline, status }
}

function withExactCosts({ a, b, costUsdDifference, ...phase }: PhaseComparison): PhaseComparison {
  return {
    ...phase,
    a: a && { ...a, costUsd: exactly(a.costUsd) },
    b: b && { ...b, costUsd: exactly(b.costUsd) },
    costUsdDifference: exactly(costUsdDifference),
  }
}

function formatPhases(phases: PhaseComparison[], width: number | null): string[] {
  if (phases.length === 0) return ['Neither has phases.']
  const header = ['', 'phase', 'out a', 'out b', 'change', 'duration a', 'duration b', 'cost a', 'cost b', 'change']
  const rows = phases.map(({ number, name, a, b, outputCountDifference, costUsdDifference }) => [
    number,
    name,
    ...[a, b].map((side) => (side ? formatCount(side.outputCount) : 'not run')),
    signed(outputCountDifference),
    ...[a, b].map((side) => formatDuration(side?.durationSeconds ?? null)),
    ...[a, b].map((side) => formatCost(side?.costUsd ?? null)),
    formatCostDifference(costUsdDifference),
  ])
  return formatTable(header, rows, { right: [2, 3, 4, 5, 6, 7, 8, 9], width })
}

function formatItems({ phase, inBoth, onlyInA, onlyInB }: ItemComparison, changes: RankChange[], width: number | null) {
  if (phase === null) return ['', 'No phase lists items in both.']
  const lines = ['', `Items of phase ${phase}: ${inBoth} in both, ${onlyInA} only in a, ${onlyInB} only in b.`]
  if (changes.length === 0) return [...lines, 'No rank differs.']
  const rows = changes.map(({ url, title, rankA, rankB }) => [rankA, rankB, signed(rankB - rankA), title ?? '', url])
  return [...lines, '', ...formatTable(['rank a', 'rank b', 'change', 'title', 'item'], rows, { right: [2], width })]
}

function signed(difference: number | null): string {
  if (difference === null) return UNKNOWN
  return difference > 0 ? `+${difference}` : String(difference)
}
