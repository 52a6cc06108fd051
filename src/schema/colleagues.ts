import { entities } from '../filters/entities/index.ts'
import {
  type Colleague as ColleagueValue,
  colleaguesOf,
  type ExpansionTarget as ExpansionTargetValue,
  expansionTargetsOf,
  type Strength,
} from '../measures/colleagues.ts'
import { builder } from './builder.ts'
import { Contact } from './contacts.ts'
import { enumOf } from './enums.ts'
import { question } from './loaders.ts'
import { loadNode } from './nodes.ts'

const { contact } = entities

const colleaguesIn = question<void, ColleagueValue[]>(({ db, scope }, ids) => colleaguesOf(db, scope, ids), [])

const targetsIn = question<Strength | null, ExpansionTargetValue[]>(
  ({ db, scope }, ids, minStrength) => expansionTargetsOf(db, scope, minStrength, ids),
  [],
)

const Colleague = builder.objectRef<ColleagueValue>('Colleague').implement({
  description: 'A contact that another works with.',
  fields: (t) => ({
    contact: t.field({
      type: Contact,
      description: 'The colleague.',
      resolve: ({ contactId }, _args, context, info) => loadNode(contact, contactId, context, info) as never,
    }),
    strength: t.field({
      type: enumOf('RelationshipStrength'),
      nullable: true,
      description: 'How strong the tie is.',
      resolve: ({ strength }) => strength,
    }),
  }),
})

const ExpansionTarget = builder.objectRef<ExpansionTargetValue>('ExpansionTarget').implement({
  description: 'A colleague of a contact, as somebody to turn to next.',
  fields: (t) => ({
    contact: t.field({
      type: Contact,
      description: 'The colleague.',
      resolve: ({ contactId }, _args, context, info) => loadNode(contact, contactId, context, info) as never,
    }),
    strength: t.field({
      type: enumOf('RelationshipStrength'),
      nullable: true,
      description: 'How strong the tie is.',
      resolve: ({ strength }) => strength,
    }),
    hasActiveConversation: t.exposeBoolean('hasActiveConversation', {
      description: 'Whether there is an ACTIVE conversation with the colleague.',
    }),
    hasTouchpoint: t.exposeBoolean('hasTouchpoint', {
      description: 'Whether there was ever a touchpoint with the colleague.',
    }),
    priorityScore: t.exposeFloat('priorityScore', {
      description:
        'How promising it is to turn to the colleague, 0–100: by strength of the tie (up to 30), standing as decision maker (25) or champion (20), seniority (up to 20) and engagement (up to 15); half of it when there is an active conversation; 10 more when there was never a touchpoint.',
    }),
  }),
})

builder.prismaObjectField(Contact, 'colleagues', (t) =>
  t.field({
    type: [Colleague],
    description:
      'Contacts at the same company tied to this one by a `colleagues` relationship, the strongest tie first, then by email.',
    select: { id: true },
    resolve: ({ id }, _args, context) => colleaguesIn(context, id),
  }),
)

builder.prismaObjectField(Contact, 'expansionTargets', (t) =>
  t.field({
    type: [ExpansionTarget],
    description: 'The colleagues to turn to next, the highest priority first, then by email.',
    args: {
      minStrength: t.arg({
        type: enumOf('RelationshipStrength'),
        defaultValue: 'MEDIUM',
        description: 'How strong the tie must be at least; null for any, known or not.',
      }),
    },
    select: { id: true },
    resolve: ({ id }, { minStrength }, context) => targetsIn(context, id, (minStrength ?? null) as Strength | null),
  }),
)
