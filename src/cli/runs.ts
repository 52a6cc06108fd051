import { defineCommand } from 'citty'
import { BadInputError } from '../errors.ts'
import { type FunnelRow, funnelsOf } from '../measures/funnel.ts'
import { eventsOf, type RunEventLine } from '../measures/run-details.ts'
import { listRuns, type RunSummary } from '../measures/run-summaries.ts'
import { exactly, formatCost, formatCount, formatDuration, formatTime } from './amounts.ts'
import type { CommandContext } from './context.ts'
import { findRun, pipelineArgument, runArgument } from './find-run.ts'
import { jsonArgument } from './json-argument.ts'
import { organizationArgument, withReading } from './reading.ts'
import { formatTable } from './table.ts'
import { wholeNumber } from './whole-number.ts'

export const RUN_STATUSES = ['COMPLETED', 'FAILED', 'PARTIAL', 'PAUSED', 'QUEUED', 'RUNNING', 'STOPPED'] as const

export function createRunsCommand(context: CommandContext) {
  const list = defineCommand({
    meta: {
      name: 'list',
      description: 'List runs, newest first. Example: crossrun runs list --pipeline briefing --status FAILED',
    },
    args: {
      pipeline: { type: 'string', description: 'Only runs of this pipeline.', valueHint: 'NAME' },
      status: {
        type: 'string',
        description: `Only runs of this status: ${RUN_STATUSES.join(', ')}.`,
        valueHint: 'STATUS',
      },
      limit: { type: 'string', default: '20', description: 'How many to list.', valueHint: 'N' },
      organization: organizationArgument,
      json: jsonArgument,
    },
    async run({ args }) {
      const filter = {
        pipeline: args.pipeline ?? null,
        status: statusOf(args.status),
        limit: wholeNumber('limit', args.limit, 1),
      }
      const { total, runs } = await withReading(context, args.organization, ({ db, scope }) =>
        listRuns(db, scope, filter),
      )
      if (args.json) return context.stdout(JSON.stringify({ total, runs }))
      if (runs.length === 0) return context.stdout(nothing(filter.pipeline !== null || filter.status !== null))
      for (const line of formatRuns(runs, context.columns)) context.stdout(line)
      if (total > runs.length)
        context.stdout(`${runs.length} of ${total.toLocaleString('en-US')} runs; --limit N lists more.`)
    },
  })

  const show = defineCommand({
    meta: {
      name: 'show',
      description:
        'Show a run phase by phase, with its totals and errors. Example: crossrun runs show run_20251026_005500',
    },
    args: {
      run: runArgument,
      pipeline: pipelineArgument,
      organization: organizationArgument,
      json: jsonArgument,
    },
    async run({ args }) {
      const { run, phases, events } = await withReading(context, args.organization, async (reading) => {
        const found = await findRun(reading, args.run, args.pipeline)
        const { db, scope } = reading
        const funnel = (await funnelsOf(db, scope, [found.id])).get(found.id) ?? []
        const phases = funnel.map((phase) => ({ ...phase, costUsd: exactly(phase.costUsd) }))
        return { run: found, phases, events: await eventsOf(db, scope, found.id) }
      })
      if (args.json) return context.stdout(JSON.stringify({ run, phases, events }))
      for (const line of formatRun(run, phases, events, context.columns)) context.stdout(line)
    },
  })

  return defineCommand({
    meta: { name: 'runs', description: 'List runs, or show one. Example: crossrun runs list' },
    subCommands: { list, show },
  })
}

function formatRuns(runs: RunSummary[], width: number | null): string[] {
  const header = ['run', 'pipeline', 'status', 'started', 'duration', 'phases', 'LLM calls', 'cost', 'for']
  const rows = runs.map((run) => [
    run.isLatest ? `${run.externalId} (latest)` : run.externalId,
    run.pipeline,
    run.status,
    formatTime(run.startedAt),
    formatDuration(run.durationSeconds),
    `${run.phases.completed}/${run.phases.total}`,
    formatCount(run.llmCalls),
    formatCost(run.costUsd),
    [run.vendorDomain, run.prospectDomain].filter((domain) => domain !== null).join(' → '),
  ])
  return formatTable(header, rows, { right: [4, 5, 6, 7], width })
}

const MARKS: Record<string, string> = { COMPLETED: '✓', FAILED: '✗', RUNNING: '…', PARTIAL: '…', SKIPPED: '–' }

function formatRun(run: RunSummary, phases: FunnelRow[], events: RunEventLine[], width: number | null): string[] {
  const about = [run.vendorDomain, run.prospectDomain].filter((domain) => domain !== null).join(' → ')
  const lines = [
    `${run.externalId}  ${run.pipeline}  ${run.status}${run.isLatest ? '  (latest)' : ''}`,
    `started ${formatTime(run.startedAt)}${about ? `, ${about}` : ''}, id ${run.id}`,
    '',
  ]
  if (phases.length === 0) lines.push('It has no phases.')
  else {
    const rows = phases.map((phase) => [
      MARKS[phase.status] ?? '?',
      phase.phase,
      phase.name,
      phase.status,
      formatDuration(phase.durationSeconds),
      `${formatCount(phase.inputCount)} → ${formatCount(phase.outputCount)}`,
      formatCount(phase.llmCalls),
      formatCost(phase.costUsd),
    ])
    const total = [
      '',
      null,
      'in total',
      '',
      formatDuration(run.durationSeconds),
      '',
      formatCount(run.llmCalls),
      formatCost(run.costUsd),
    ]
    const header = ['', '', 'phase', 'status', 'duration', 'in → out', 'LLM calls', 'cost']
    lines.push(...formatTable(header, [...rows, total], { right: [4, 5, 6, 7], width }))
  }
  lines.push('', `Tokens: ${formatCount(run.totalTokens)}`)
  if (events.length > 0) {
    lines.push('', 'What it reports:')
    for (const { level, phase, step, message } of events) {
      const place = [phase, step].filter((each) => each !== null).join(' / ')
      lines.push(`  ${level}  ${place ? `${place}: ` : ''}${message}`)
    }
  }
  const failed = phases.filter(({ status }) => status === 'FAILED')
  if (failed.length > 0) lines.push('', `Next: \`crossrun resume-plan ${run.externalId}\` says where it can go on.`)
  return lines
}

function nothing(isFiltered: boolean): string {
  return isFiltered
    ? 'No run is like that; `crossrun runs list` lists all.'
    : 'There are no runs yet: crossrun import <path>'
}

/** @throws BadInputError naming the argument */
export function statusOf(text: string | undefined): string | null {
  if (text === undefined) return null
  const status = text.toUpperCase()
  if (RUN_STATUSES.includes(status as (typeof RUN_STATUSES)[number])) return status
  throw new BadInputError(`--status: '${text}' is no status.`, { hint: `One of ${RUN_STATUSES.join(', ')}.` })
}
