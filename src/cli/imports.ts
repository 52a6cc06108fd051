import { defineCommand } from 'citty'
import { listImports } from '../importers/ledger-queries.ts'
import type { CommandContext } from './context.ts'
import { withSession } from './session.ts'
import { formatTable } from './table.ts'

export function createImportsCommand(context: CommandContext) {
  return defineCommand({
    meta: { name: 'imports', description: 'List imports, newest first. Example: crossrun imports --limit 5' },
    args: {
      organization: { type: 'string', default: 'default', description: 'Slug of the organization.', valueHint: 'slug' },
      limit: { type: 'string', default: '20', description: 'How many to list.', valueHint: 'N' },
      json: { type: 'boolean', description: 'Print JSON.' },
    },
    async run({ args }) {
      const imports = await withSession(context, args.organization, (session) =>
        listImports(session, Number(args.limit) || 20),
      )
      if (args.json) return context.stdout(JSON.stringify(imports, null, 2))
      if (imports.length === 0) return context.stdout('Nothing was imported yet: crossrun import <path>')
      const rows = imports.map(({ startedAt, status, files, records, roots }) => [
        startedAt.toISOString(),
        status,
        files.read,
        files.unchanged,
        records.read,
        records.inserted,
        records.updated,
        records.unchanged,
        records.quarantined,
        roots.join(' '),
      ])
      const header = [
        'started',
        'status',
        'files',
        'unchanged',
        'records',
        'inserted',
        'updated',
        'same',
        'set aside',
        'from',
      ]
      for (const line of formatTable(header, rows)) context.stdout(line)
    },
  })
}
