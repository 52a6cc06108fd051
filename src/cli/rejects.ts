import { defineCommand } from 'citty'
import { listRejects } from '../importers/ledger-queries.ts'
import type { CommandContext } from './context.ts'
import { formatIssue } from './import-summary.ts'
import { withSession } from './session.ts'

export function createRejectsCommand(context: CommandContext) {
  return defineCommand({
    meta: {
      name: 'rejects',
      description:
        'List what is set aside, with file, line or byte, JSON pointer, code and snippet. Example: crossrun rejects --json',
    },
    args: {
      organization: { type: 'string', default: 'default', description: 'Slug of the organization.', valueHint: 'slug' },
      warnings: { type: 'boolean', description: 'Also list what was kept with a remark.' },
      limit: { type: 'string', default: '1000', description: 'How many to list.', valueHint: 'N' },
      json: { type: 'boolean', description: 'Print JSON.' },
    },
    async run({ args }) {
      const rejects = await withSession(context, args.organization, (session) =>
        listRejects(session, { warnings: args.warnings === true, limit: Number(args.limit) || 1000 }),
      )
      if (args.json) return context.stdout(JSON.stringify(rejects, null, 2))
      if (rejects.length === 0) return context.stdout('Nothing is set aside.')
      for (const reject of rejects) {
        context.stdout(formatIssue(reject))
        if (reject.byteOffset !== null) context.stdout(`      at byte ${reject.byteOffset}`)
        if (reject.snippet) context.stdout(`      ${reject.snippet}`)
      }
      context.stdout(`${rejects.length} listed. Mend the files and import them again.`)
    },
  })
}
