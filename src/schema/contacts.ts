import { throughConversations } from '../filters/account-links.ts'
import { entities } from '../filters/entities/index.ts'
import { activeConversationsOf } from '../measures/active-conversations.ts'
import { builder } from './builder.ts'
import { columnsOf, described, nodeOf } from './columns.ts'
import { Conversation } from './conversations.ts'
import { addList, nestedListField } from './list-fields.ts'
import { question } from './loaders.ts'
import { addLookup } from './lookups.ts'
import { loadNode } from './nodes.ts'
import { Touchpoint } from './touchpoints.ts'

const { contact, conversation, touchpoint } = entities

const activeConversationOf = question<void, string | null>(
  ({ db, scope }, ids) => activeConversationsOf(db, scope, ids),
  null,
)

export const Contact = builder.prismaNode('Contact', {
  ...nodeOf(contact),
  fields: (t) => ({
    ...columnsOf(t, contact),
    company: t.relation('company', { nullable: true, ...described(contact, 'company') }),
    conversations: nestedListField(
      t,
      conversation,
      Conversation,
      ['contact_id'],
      described(contact, 'conversations').description,
    ),
    touchpoints: nestedListField(
      t,
      touchpoint,
      Touchpoint,
      throughConversations,
      'The messages, calls and meetings of all conversations with the contact.',
    ),
    activeConversation: t.field({
      type: Conversation,
      nullable: true,
      description: 'The ACTIVE conversation with the latest touchpoint (the latest start where there was none).',
      select: { id: true },
      async resolve({ id }, _args, context, info) {
        const active = await activeConversationOf(context, id)
        return active === null ? null : (loadNode(conversation, active, context, info) as never)
      },
    }),
  }),
})

addList('contacts', contact, Contact, 'The people at all companies.')

addLookup('contact', {
  entity: contact,
  node: Contact,
  description: 'One contact.',
  keys: {
    email: {
      description: 'The email address, in any case.',
      where: (email) => ({ emailKey: email.trim().toLowerCase() }),
    },
    sourceId: { description: "The accounts data's id of the contact.", where: (sourceId) => ({ sourceId }) },
  },
})
