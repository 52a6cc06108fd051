import { defineCommand } from 'citty'
import { type EventChoice, listEvents, type RecordedEvent } from '../access/audit.ts'
import { sendOfSession } from '../store/send.ts'
import type { CommandContext } from './context.ts'
import { jsonArgument } from './json-argument.ts'
import { requireOrganization } from './known-organization.ts'
import { readMoment } from './moments.ts'
import { organizationArgument } from './reading.ts'
import { withSession } from './session.ts'
import { formatTable } from './table.ts'
import { wholeNumber } from './whole-number.ts'

export function createAuditCommand(context: CommandContext) {
  return defineCommand({
    meta: {
      name: 'audit',
      description: 'Who did what, or was not allowed to, newest first. Example: crossrun audit --since 7d --action key',
    },
    args: {
      since: {
        type: 'string',
        description: 'From when on, as a distance from now or a date.',
        valueHint: '7d|2026-01-31',
      },
      action: {
        type: 'string',
        description: 'One action such as key.created, or all of a kind, such as key, import, mutation.',
        valueHint: 'ACTION',
      },
      limit: { type: 'string', default: '100', description: 'How many to print.', valueHint: 'N' },
      organization: organizationArgument,
      json: jsonArgument,
    },
    async run({ args }) {
      const choice = {
        since: args.since === undefined ? null : readMoment(args.since, '--since', 'ago'),
        action: args.action?.trim() || null,
        limit: Math.min(wholeNumber('limit', args.limit, 1), 1_000_000),
      }
      const events = await withSession(
        context,
        args.organization,
        async (session, url) => {
          const chosen = (choice: EventChoice) =>
            session.transaction((client) => listEvents(sendOfSession(client), choice))
          // The events of an organization stay when it is deleted.
          if ((await chosen({ since: null, action: null, limit: 1 })).length === 0)
            await requireOrganization(url, args.organization)
          return chosen(choice)
        },
        'ANY',
      )
      if (args.json) return context.stdout(JSON.stringify({ events }))
      if (events.length === 0) return context.stdout('Nothing was written down.')
      const header = ['when', 'who', 'action', 'outcome', 'on', 'details']
      for (const line of formatTable(header, events.map(rowOf), { width: context.columns })) context.stdout(line)
    },
  })
}

function rowOf({ occurredAt, actorKind, actorName, action, outcome, targetType, targetId, details }: RecordedEvent) {
  return [
    occurredAt.toISOString(),
    `${actorName} (${actorKind})`,
    action,
    outcome,
    targetType ? `${targetType} ${targetId}` : '',
    Object.keys(details).length > 0 ? JSON.stringify(details) : '',
  ]
}
