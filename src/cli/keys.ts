import { defineCommand } from 'citty'
import { cliActor } from '../access/audit.ts'
import { createKey, listKeys, revokeKey } from '../access/keys.ts'
import { readKeyText } from '../access/secrets.ts'
import { SCOPES } from '../access/viewer.ts'
import { ensureOrganization } from '../store/organizations.ts'
import { type Send, sendOfSession } from '../store/send.ts'
import type { CommandContext } from './context.ts'
import { jsonArgument } from './json-argument.ts'
import { readMoment } from './moments.ts'
import type { Presence } from './open-store.ts'
import { organizationArgument } from './reading.ts'
import { withSession } from './session.ts'
import { formatTable } from './table.ts'
import { minuteOf, stateOf } from './validity.ts'

const commonArguments = { organization: organizationArgument, json: jsonArgument } as const

export function createKeysCommand(context: CommandContext) {
  /** Works in one transaction of the organization. */
  const within = <T>(organization: string, work: (send: Send) => Promise<T>, presence?: Presence): Promise<T> =>
    withSession(
      context,
      organization,
      (session) => session.transaction((client) => work(sendOfSession(client))),
      presence,
    )

  const create = defineCommand({
    meta: {
      name: 'create',
      description:
        'Make a key; its text is shown this once. Example: crossrun keys create --name dashboard --scopes read --expires 90d',
    },
    args: {
      name: { type: 'string', required: true, description: 'What it is for.', valueHint: 'NAME' },
      scopes: {
        type: 'string',
        required: true,
        description: `What its holder may do, with commas between: ${SCOPES.join(', ').toLowerCase()}.`,
        valueHint: 'read,import',
      },
      expires: {
        type: 'string',
        description: 'Until when it lets in, as a distance from now or a date; without an end unless given.',
        valueHint: '90d|2027-01-01',
      },
      ...commonArguments,
    },
    async run({ args }) {
      const said = {
        name: args.name,
        scopes: args.scopes.split(',').filter((scope) => scope.trim() !== ''),
        expiresAt: args.expires === undefined ? null : readMoment(args.expires, '--expires', 'ahead'),
      }
      const making = async (send: Send) => {
        await ensureOrganization(send, args.organization)
        return createKey(send, said, { actor: cliActor(), scopes: new Set(SCOPES) })
      }
      const made = await within(args.organization, making, 'ANY')
      if (args.json) return context.stdout(JSON.stringify(made))
      context.stdout(made.text)
      context.stdout('Keep it now: it is not shown again. From now on no request is answered without a key.')
      context.stdout('Next: send it with each request, as the header `Authorization: Bearer crossrun_…`.')
    },
  })

  const list = defineCommand({
    meta: { name: 'list', description: 'List the keys, newest first. Example: crossrun keys list' },
    args: commonArguments,
    async run({ args }) {
      const keys = await within(args.organization, listKeys)
      if (args.json) return context.stdout(JSON.stringify({ keys }))
      if (keys.length === 0) return context.stdout('There are none: crossrun keys create --name NAME --scopes read')
      const header = ['id', 'name', 'ends in', 'scopes', 'state', 'last used', 'made', 'by']
      const now = new Date()
      const rows = keys.map((key) => [
        key.id.slice(0, 8),
        key.name,
        key.fragment,
        key.scopes.join(',').toLowerCase(),
        stateOf(key, now),
        key.lastUsedAt ? minuteOf(key.lastUsedAt) : 'never',
        minuteOf(key.createdAt),
        key.createdBy,
      ])
      for (const line of formatTable(header, rows, { width: context.columns })) context.stdout(line)
    },
  })

  const revoke = defineCommand({
    meta: {
      name: 'revoke',
      description: 'Make a key let nobody in any more, within a second. Example: crossrun keys revoke 1f3a90c2',
    },
    args: {
      id: {
        type: 'positional',
        required: true,
        description: 'Its id, or as much of its beginning as tells it from others.',
      },
      ...commonArguments,
    },
    async run({ args }) {
      // Who has the key at hand and not its id may give the key.
      const named = readKeyText(args.id)?.id ?? args.id
      const key = await within(args.organization, (send) => revokeKey(send, named, { actor: cliActor() }))
      if (args.json) return context.stdout(JSON.stringify({ key }))
      context.stdout(`Revoked the key '${key.name}' (${key.id}).`)
    },
  })

  return defineCommand({
    meta: {
      name: 'keys',
      description: 'Who may ask the API: create, list and revoke its keys. Example: crossrun keys list',
    },
    // Said here too, so that their values are not taken for the name of a command.
    args: commonArguments,
    subCommands: { create, list, revoke },
    default: 'list',
  })
}
