import { entities } from '../filters/entities/index.ts'
import { builder } from './builder.ts'
import { columnsOf, nodeOf } from './columns.ts'
import { connectionOf } from './connection.ts'
import { listArguments, MOST_AT_TOP } from './list-arguments.ts'
import { topList } from './lists.ts'

const { auditEvent } = entities

const AuditEvent = builder.prismaNode('AuditEvent', {
  ...nodeOf(auditEvent),
  // Also where an id leads to it.
  authScopes: { admin: true },
  fields: (t) => columnsOf(t, auditEvent),
})

builder.queryField('auditEvents', (t) =>
  t.field({
    type: connectionOf(auditEvent.name, AuditEvent as never),
    authScopes: { admin: true },
    args: listArguments(auditEvent, MOST_AT_TOP),
    description: 'Who did what, or was not allowed to: keys, mutations, imports, denials. For administrators.',
    resolve: (_root, args, context, info) => topList(auditEvent, args, context, info),
  }),
)
