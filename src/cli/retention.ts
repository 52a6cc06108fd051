import { defineCommand } from 'citty'
import { BadInputError } from '../errors.ts'
import { type RetentionReport, retain } from '../importers/retention/retain.ts'
import {
  ANY_PIPELINE,
  DEFAULT_LIMITS,
  listRules,
  type RetentionLimits,
  removeRule,
  setRule,
} from '../importers/retention/rules.ts'
import { organizationIdOf } from '../model/identifiers.ts'
import { sendOfSession } from '../store/send.ts'
import type { CommandContext } from './context.ts'
import { CommandExit } from './exit.ts'
import { formatBytes } from './import-summary.ts'
import { jsonArgument } from './json-argument.ts'
import { noteChange } from './note-change.ts'
import { openStore } from './open-store.ts'
import { organizationArgument } from './reading.ts'
import { createRetentionStatusCommand } from './retention-status.ts'
import { withSession } from './session.ts'
import { formatTable } from './table.ts'
import { wholeNumber } from './whole-number.ts'

const applyArguments = {
  'dry-run': { type: 'boolean', description: 'Say what would be done, and change nothing.' },
  pipeline: { type: 'string', description: 'Only stored files of the runs of this pipeline.', valueHint: 'NAME' },
  organization: organizationArgument,
  json: jsonArgument,
} as const

const ruleArgument = {
  type: 'positional',
  required: true,
  description: `The name of a pipeline, or '${ANY_PIPELINE}' for those without a rule of their own.`,
} as const

export function createRetentionCommand(context: CommandContext) {
  const apply = defineCommand({
    meta: {
      name: 'apply',
      description: 'Pack and drop stored files by the rules. Example: crossrun retention apply --dry-run',
    },
    args: applyArguments,
    run: ({ args }) => applyRules(context, args),
  })

  const rules = defineCommand({
    meta: { name: 'rules', description: 'List the rules. Example: crossrun retention rules' },
    args: { organization: organizationArgument, json: jsonArgument },
    async run({ args }) {
      const set = await withSession(context, args.organization, listRules)
      if (args.json) return context.stdout(JSON.stringify({ rules: set, default: DEFAULT_LIMITS }))
      const hasAny = set.some(({ pipeline }) => pipeline === ANY_PIPELINE)
      const shown = hasAny ? set : [{ pipeline: `${ANY_PIPELINE} (default)`, ...DEFAULT_LIMITS }, ...set]
      const rows = shown.map((rule) => [rule.pipeline, rule.keepWhole, rule.compressUntil, dropAfter(rule)])
      const header = ['pipeline', 'keep whole', 'compress until', 'drop after']
      for (const line of formatTable(header, rows, { width: context.columns })) context.stdout(line)
    },
  })

  const set = defineCommand({
    meta: {
      name: 'set',
      description:
        'Set the rule of a pipeline; what is not said stays. Example: crossrun retention set briefing --keep-whole 10 --compress-until 100 --drop-after-days 90',
    },
    args: {
      pipeline: ruleArgument,
      'keep-whole': {
        type: 'string',
        description: 'Runs that stay as they were stored, the newest first.',
        valueHint: 'N',
      },
      'compress-until': {
        type: 'string',
        description: 'Last rank whose runs are never dropped, only packed.',
        valueHint: 'N',
      },
      'drop-after-days': {
        type: 'string',
        description: 'Age at which runs behind that rank lose their stored files, in days, or never.',
        valueHint: 'N',
      },
      organization: organizationArgument,
      json: jsonArgument,
    },
    async run({ args }) {
      const said = limitsFrom(args)
      const organizationId = organizationIdOf(args.organization)
      const rule = await withSession(context, args.organization, (session) =>
        session.transaction(async (client) => {
          const set = await setRule(client, organizationId, args.pipeline, said)
          const { pipeline, ...limits } = set
          await noteChange(sendOfSession(client), args.organization, {
            action: 'retention-rule.set',
            target: { type: 'RetentionRule', id: pipeline },
            details: limits,
          })
          return set
        }),
      )
      if (args.json) return context.stdout(JSON.stringify(rule))
      context.stdout(
        `${rule.pipeline}: the newest ${rule.keepWhole} runs stay whole, those up to rank ${rule.compressUntil} are packed, ` +
          (rule.dropAfterDays === null
            ? 'nothing is dropped.'
            : `those behind it lose their stored files when they are older than ${rule.dropAfterDays} days.`),
      )
      context.stdout('Next: `crossrun retention --dry-run` says what that does.')
    },
  })

  const unset = defineCommand({
    meta: {
      name: 'unset',
      description: 'Take the rule of a pipeline away. Example: crossrun retention unset briefing',
    },
    args: { pipeline: ruleArgument, organization: organizationArgument, json: jsonArgument },
    async run({ args }) {
      const { pipeline } = args
      await withSession(context, args.organization, (session) =>
        session.transaction(async (client) => {
          if (!(await removeRule(client, pipeline)))
            throw new BadInputError(`${pipeline} has no rule.`, {
              hint: 'crossrun retention rules shows which there are.',
            })
          await noteChange(sendOfSession(client), args.organization, {
            action: 'retention-rule.removed',
            target: { type: 'RetentionRule', id: pipeline },
          })
        }),
      )
      if (args.json) context.stdout(JSON.stringify({ pipeline, removed: true }))
      else context.stdout(`Took the rule of ${pipeline} away.`)
    },
  })

  return defineCommand({
    meta: {
      name: 'retention',
      description:
        'Pack and drop stored files of older runs, never what is known of the runs. Example: crossrun retention --dry-run',
    },
    // Said here too, so that their values are not taken for the name of a command.
    args: applyArguments,
    subCommands: { apply, status: createRetentionStatusCommand(context), rules, set, unset },
    default: 'apply',
  })
}

async function applyRules(
  context: CommandContext,
  args: { 'dry-run'?: boolean; pipeline?: string; organization: string; json?: boolean },
): Promise<void> {
  const database = await openStore(context.environment(), args.organization)
  let interrupted = false
  const stopListening = context.onInterrupt(() => {
    if (!interrupted) context.stderr('Finishing the batch at hand.')
    interrupted = true
  })
  try {
    const report = await retain(
      database.url,
      { organization: args.organization, pipeline: args.pipeline ?? null, dryRun: args['dry-run'] === true },
      { isInterrupted: () => interrupted },
    )
    if (args.json) context.stdout(JSON.stringify(report))
    else for (const line of formatReport(report, context.columns)) context.stdout(line)
    if (report.isInterrupted) throw new CommandExit(1)
    if (report.damaged.length > 0) throw new CommandExit(2)
  } finally {
    stopListening()
    await database.close()
  }
}

/** As many damaged files as are named to a person; `--json` has all. */
const NAMED = 20

function formatReport(report: RetentionReport, width: number | null): string[] {
  const { dryRun, pipelines, records, orphans, bytesFreed, damaged } = report
  const lines: string[] = []
  if (pipelines.length === 0) lines.push('There are no runs.')
  else {
    const header = [
      'pipeline',
      'runs',
      'whole',
      'packed',
      'dropped',
      'files kept',
      'packed',
      'dropped',
      'stored',
      'frees',
    ]
    const rows = pipelines.map(({ pipeline, runs, payloads, bytes, estimate }) => [
      pipeline,
      runs.whole + runs.compressed + runs.dropped,
      runs.whole,
      runs.compressed,
      runs.dropped,
      payloads.kept,
      payloads.compressed,
      payloads.dropped,
      formatBytes(bytes.before),
      `${estimate ? 'about ' : ''}${formatBytes(bytes.freedByCompressing + bytes.freedByDropping)}`,
    ])
    lines.push(...formatTable(header, rows, { right: [8, 9], width }))
  }
  if (orphans.payloads > 0)
    lines.push(
      `Superseded: ${files(orphans.payloads)}, ${formatBytes(orphans.bytes)}, ${dryRun ? 'would be' : 'were'} dropped; newer versions are stored.`,
    )
  if (records.payloads > 0)
    lines.push(`Not of runs: ${files(records.payloads)}, ${formatBytes(records.bytes)}, always kept.`)
  for (const { payloadId, reason } of damaged.slice(0, NAMED))
    lines.push(`Damaged, and left as it is: payload ${payloadId}, ${reason}`)
  if (damaged.length > NAMED) lines.push(`… and ${damaged.length - NAMED} more damaged ones.`)
  const sampled = pipelines.flatMap(({ estimate }) => (estimate ? [estimate] : []))
  lines.push(`${dryRun ? 'Would free' : 'Freed'} ${sampled.length > 0 ? 'about ' : ''}${formatBytes(bytesFreed)}.`)
  if (sampled.length > 0) {
    const packed = sampled.reduce((sum, { sampledPayloads }) => sum + sampledPayloads, 0)
    const all = sampled.reduce((sum, { payloads }) => sum + payloads, 0)
    lines.push(`An estimate: ${packed} of ${files(all)} were packed to see what it gains; nothing was changed.`)
  } else if (dryRun) lines.push('Measured: everything was tried, nothing was changed.')
  if (report.isInterrupted) lines.push('Interrupted. What was done is kept; the same command goes on from there.')
  return lines
}

function files(count: number): string {
  return count === 1 ? '1 file' : `${count.toLocaleString('en-US')} files`
}

function dropAfter({ dropAfterDays }: RetentionLimits): string {
  return dropAfterDays === null ? 'never' : `${dropAfterDays} days`
}

/** @throws BadInputError naming the argument */
function limitsFrom(args: {
  'keep-whole'?: string
  'compress-until'?: string
  'drop-after-days'?: string
}): Partial<RetentionLimits> {
  const said: Partial<RetentionLimits> = {}
  if (args['keep-whole'] !== undefined) said.keepWhole = small('keep-whole', args['keep-whole'])
  if (args['compress-until'] !== undefined) said.compressUntil = small('compress-until', args['compress-until'])
  const days = args['drop-after-days']
  if (days !== undefined) said.dropAfterDays = days === 'never' ? null : small('drop-after-days', days)
  if (Object.keys(said).length > 0) return said
  throw new BadInputError('Nothing is said: give --keep-whole, --compress-until or --drop-after-days.')
}

/** Ranks and days are kept as 32-bit numbers; more than a million of either is a mistake. */
function small(argument: string, text: string): number {
  return wholeNumber(argument, text, 0, 1_000_000)
}
