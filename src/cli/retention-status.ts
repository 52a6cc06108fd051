import { defineCommand } from 'citty'
import { payloadUsage } from '../importers/retention/budget.ts'
import type { CommandContext } from './context.ts'
import { formatBytes } from './import-summary.ts'
import { jsonArgument } from './json-argument.ts'
import { organizationArgument } from './reading.ts'
import { withSession } from './session.ts'

export function createRetentionStatusCommand(context: CommandContext) {
  return defineCommand({
    meta: {
      name: 'status',
      description: 'Say how much stored files take, and of what budget. Example: crossrun retention status',
    },
    args: { organization: organizationArgument, json: jsonArgument },
    async run({ args }) {
      const budget = context.environment().CROSSRUN_PAYLOAD_BUDGET ?? null
      const { files, bytes } = await withSession(context, args.organization, (session) =>
        session.transaction(payloadUsage),
      )
      if (args.json) return context.stdout(JSON.stringify({ files, bytes, budget }))
      const stored = `${files.toLocaleString('en-US')} stored files take ${formatBytes(bytes)}`
      if (budget === null) return context.stdout(`${stored}; there is no budget (CROSSRUN_PAYLOAD_BUDGET).`)
      context.stdout(`${stored} of ${formatBytes(budget)}, ${Math.round((100 * bytes) / budget)} %.`)
      if (bytes > budget) context.stdout('Next: `crossrun retention --dry-run` says what packing and dropping frees.')
    },
  })
}
