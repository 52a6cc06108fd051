import { defineCommand } from 'citty'
import { decodeGlobalId } from '../filters/global-ids.ts'
import { eraseContact } from '../importers/deletion/erase-contact.ts'
import type { CommandContext } from './context.ts'
import { confirm, noteOfCli, PATIENCE_MS } from './delete.ts'
import { formatDeletion } from './deletion-report.ts'
import { jsonArgument } from './json-argument.ts'
import { organizationArgument, withStore } from './reading.ts'

export function createEraseCommand(context: CommandContext) {
  const contact = defineCommand({
    meta: {
      name: 'contact',
      description:
        "Erase a person's data from rows, texts and stored files; the contact stays, without a name. Example: crossrun erase contact ada@example.com --dry-run",
    },
    args: {
      contact: { type: 'positional', required: true, description: "The contact's email, or the source system's id." },
      organization: organizationArgument,
      'dry-run': { type: 'boolean', description: 'Say what would be erased, and change nothing.' },
      yes: { type: 'boolean', description: 'Do it without asking.' },
      json: jsonArgument,
    },
    run: ({ args }) =>
      withStore(context, args.organization, async (store) => {
        await confirm(context, args, 'what is known of this person', 'yes')
        const global = decodeGlobalId(args.contact)
        const which = global?.typeName === 'Contact' ? { id: global.id } : { text: args.contact }
        const { organizationId } = store
        const report = await store.session((session) =>
          eraseContact(session, which, {
            organizationId,
            dryRun: args['dry-run'] === true,
            patienceMs: PATIENCE_MS,
            note: noteOfCli,
          }),
        )
        if (args.json) return context.stdout(JSON.stringify(report))
        const next = 'Backups that were made before, and the files themselves, hold the person still.'
        for (const line of formatDeletion(report, 'what is known of this person', next, context.columns))
          context.stdout(line)
      }),
  })

  return defineCommand({
    meta: {
      name: 'erase',
      description: "Erase a person's data. Example: crossrun erase contact ada@example.com",
    },
    subCommands: { contact },
  })
}
