import { dateTime, entity, json, oneOf, required, text } from '../declaration.ts'

/** The order of time is the one that an index serves. */
const unsorted = { sortable: false }

export const auditEvent = entity({
  name: 'AuditEvent',
  table: 'audit_events',
  description: 'Something that somebody did, or was not allowed to do.',
  fields: {
    occurredAt: dateTime('When it happened.', required),
    actorKind: oneOf('ActorKind', 'As what somebody came.', { ...required, ...unsorted }),
    actorId: text("Who it was: a key's id, a token's subject; null where there is none.", unsorted),
    actorName: text('Who it was, for people.', { ...required, ...unsorted }),
    action: text('What was done, such as `key.created`, `import.finished` or `mutation.setModelPrice`.', {
      ...required,
      ...unsorted,
    }),
    outcome: oneOf('AuditOutcome', 'How it ended.', { ...required, ...unsorted }),
    targetType: text('The type of what it was done to, where that is one thing.', unsorted),
    targetId: text('The id of what it was done to, as the database has it.', unsorted),
    requestId: text("The id of the API's request; null where there was none.", unsorted),
    details: json('What else is known of it; never a secret.', { ...required, filterable: false }),
  },
  order: { occurredAt: 'DESC' },
})
