import { defineCommand } from 'citty'
import { countSetAside } from '../importers/ledger-queries.ts'
import { type Dangling, danglingReferences } from '../importers/resolve-references.ts'
import type { CommandContext } from './context.ts'
import { CommandExit } from './exit.ts'
import { jsonArgument } from './json-argument.ts'
import { withSession } from './session.ts'
import { formatTable } from './table.ts'

/** What a program gets when there is something to mend. */
const FOUND = 2

export function createCheckCommand(context: CommandContext) {
  return defineCommand({
    meta: {
      name: 'check',
      description:
        'List what is missing: references to records that were never imported, and files of which something was set aside. Example: crossrun check',
    },
    args: {
      organization: { type: 'string', default: 'default', description: 'Slug of the organization.', valueHint: 'slug' },
      json: jsonArgument,
    },
    async run({ args }) {
      const { dangling, setAside } = await withSession(context, args.organization, (session) =>
        session.transaction(async (client) => ({
          dangling: await danglingReferences(client),
          setAside: await countSetAside(client),
        })),
      )
      if (args.json) context.stdout(JSON.stringify({ dangling, setAside }))
      else {
        for (const line of formatDangling(dangling)) context.stdout(line)
        const records = setAside.records === 1 ? '1 record is' : `${setAside.records} records are`
        if (setAside.files > 0) context.stdout(`${records} set aside: \`crossrun rejects\` says where and why.`)
      }
      if (dangling.length > 0 || setAside.files > 0) throw new CommandExit(FOUND)
    },
  })
}

function formatDangling(dangling: Dangling[]): string[] {
  if (dangling.length === 0) return ['Every reference names a record that is here.']
  const rows = dangling.map(({ table, column, parent, rows: count, examples }) => [
    `${table}.${column}`,
    count,
    parent,
    examples.join(', '),
  ])
  return [
    ...formatTable(['reference', 'rows', 'names what is not in', 'such as'], rows),
    'Import the files that hold these records: the references are resolved then.',
  ]
}
