import { defineCommand } from 'citty'
import { type RepriceReport, reprice } from '../importers/reprice/reprice.ts'
import { formatCost, formatCount } from './amounts.ts'
import type { CommandContext } from './context.ts'
import { CommandExit } from './exit.ts'
import { jsonArgument } from './json-argument.ts'
import { openStore } from './open-store.ts'
import { readDate } from './read-prices.ts'
import { organizationArgument } from './reading.ts'

export function createRepriceCommand(context: CommandContext) {
  return defineCommand({
    meta: {
      name: 'reprice',
      description:
        'Price calls anew by the prices of now (crossrun prices), those that report no cost of their own. Example: crossrun reprice --since 2026-01-01 --dry-run',
    },
    args: {
      since: { type: 'string', description: 'Only calls made from then on; all unless given.', valueHint: 'DATE' },
      'dry-run': { type: 'boolean', description: 'Say what would change, and change nothing.' },
      organization: organizationArgument,
      json: jsonArgument,
    },
    async run({ args }) {
      const since = readDate(args.since, '--since')
      const database = await openStore(context.environment(), args.organization)
      let interrupted = false
      const stopListening = context.onInterrupt(() => {
        if (!interrupted) context.stderr('Finishing the batch at hand.')
        interrupted = true
      })
      try {
        const report = await reprice(
          database.url,
          { organization: args.organization, since, dryRun: args['dry-run'] === true },
          { isInterrupted: () => interrupted },
        )
        if (args.json) context.stdout(JSON.stringify(report))
        else for (const line of formatReport(report)) context.stdout(line)
        if (report.isInterrupted) throw new CommandExit(1)
      } finally {
        stopListening()
        await database.close()
      }
    },
  })
}

function formatReport({ dryRun, isInterrupted, runs, calls, sources, costUsd, attemptsWithoutRun }: RepriceReport) {
  const change = dryRun ? 'would change' : 'changed'
  const lines = [
    `Calls without a cost of their own: ${formatCount(calls.checked)} in ${formatCount(runs.checked)} runs; ${formatCount(calls.changed)} in ${formatCount(runs.changed)} ${change}.`,
    `Priced ${formatCount(sources.priced)}, allocated ${formatCount(sources.allocated)}, unknown ${formatCount(sources.unknown)}.`,
    `They cost ${formatCost(costUsd.before)} before, ${formatCost(costUsd.after)} ${dryRun ? 'then' : 'now'}.`,
  ]
  if (attemptsWithoutRun.changed > 0)
    lines.push(`Attempts whose run is not imported: ${formatCount(attemptsWithoutRun.changed)} ${change}.`)
  if (isInterrupted) lines.push('Interrupted: `crossrun reprice` again does the rest.')
  else if (dryRun) lines.push('Nothing was written.')
  return lines
}
