import { defineCommand } from 'citty'
import { type ResumePlan, resumePlansOf } from '../measures/resume-plan.ts'
import type { RunSummary } from '../measures/run-summaries.ts'
import { exactly, formatCost, formatDuration } from './amounts.ts'
import type { CommandContext } from './context.ts'
import { findRun, pipelineArgument, runArgument } from './find-run.ts'
import { jsonArgument } from './json-argument.ts'
import { organizationArgument, withReading } from './reading.ts'

export function createResumePlanCommand(context: CommandContext) {
  return defineCommand({
    meta: {
      name: 'resume-plan',
      description:
        'Say where a run that did not complete can go on, and what starting anew would lose. Example: crossrun resume-plan run_20251026_005500',
    },
    args: {
      run: runArgument,
      pipeline: pipelineArgument,
      organization: organizationArgument,
      json: jsonArgument,
    },
    async run({ args }) {
      const { run, plan } = await withReading(context, args.organization, async (reading) => {
        const found = await findRun(reading, args.run, args.pipeline)
        const plans = await resumePlansOf(reading.db, reading.scope, [found.id])
        const known = plans.get(found.id)!
        return { run: found, plan: { ...known, spentUsd: exactly(known.spentUsd) } }
      })
      if (args.json) {
        const { id, externalId, pipeline, status } = run
        return context.stdout(JSON.stringify({ run: { id, externalId, pipeline, status }, ...plan }))
      }
      for (const line of formatPlan(run, plan)) context.stdout(line)
    },
  })
}

function formatPlan({ externalId, status }: RunSummary, plan: ResumePlan): string[] {
  const { resumable, nextPhase, lastArtifact, completedPhases, spentUsd, spentSeconds } = plan
  if (!resumable)
    return [
      status === 'COMPLETED'
        ? `${externalId} is COMPLETED: there is nothing to go on with.`
        : `${externalId} (${status}) completed no phase: it can only start anew.`,
    ]
  const lines = [
    nextPhase
      ? `${externalId} (${status}) can go on with phase ${nextPhase.number}, ${nextPhase.name}.`
      : `${externalId} (${status}) completed every phase that its pipeline is known to have.`,
    `Completed phases: ${completedPhases.join(', ')}.`,
  ]
  if (lastArtifact)
    lines.push(
      `It would read: ${lastArtifact.name} of phase ${lastArtifact.phase}, ${lastArtifact.path}`,
      `  sha256 ${lastArtifact.sha256}`,
    )
  lines.push(`Starting anew would lose ${formatCost(spentUsd)} and ${formatDuration(spentSeconds)}.`)
  if (nextPhase && nextPhase.number > 1)
    lines.push(
      `Next: \`crossrun replay ${externalId} --from-phase ${nextPhase.number} --out DIR\` writes what the phases before it left.`,
    )
  return lines
}
