import { entities } from '../filters/entities/index.ts'
import { type ConversationEngagement, engagementOf, NO_ENGAGEMENT } from '../measures/conversation-engagement.ts'
import { builder } from './builder.ts'
import { columnsOf, described, nodeOf } from './columns.ts'
import { addList, nestedListField } from './list-fields.ts'
import { question } from './loaders.ts'
import { addLookup } from './lookups.ts'
import { painPointsField } from './pain-point-search.ts'
import { Touchpoint } from './touchpoints.ts'

const { conversation, touchpoint } = entities

const engagementIn = question<void, ConversationEngagement>(
  ({ db, scope }, ids) => engagementOf(db, scope, ids),
  NO_ENGAGEMENT,
)

/** A share of the emails sent, 0–1; 0 when none was. */
const rate =
  (count: keyof ConversationEngagement) =>
  (engagement: ConversationEngagement): number =>
    engagement.emailsSent === 0 ? 0 : engagement[count] / engagement.emailsSent

const Engagement = builder.objectRef<ConversationEngagement>('ConversationEngagement').implement({
  description: 'How the contact took part in a conversation, counted from its touchpoints.',
  fields: (t) => ({
    touchpoints: t.exposeInt('touchpoints', { description: 'Number of touchpoints, of all channels and directions.' }),
    emailsSent: t.exposeInt('emailsSent', { description: 'Number of outbound emails.' }),
    emailsOpened: t.exposeInt('emailsOpened', { description: 'Number of emails that were opened.' }),
    emailsClicked: t.exposeInt('emailsClicked', { description: 'Number of emails with a link that was followed.' }),
    emailsReplied: t.exposeInt('emailsReplied', { description: 'Number of emails that were answered.' }),
    openRate: t.float({
      description: 'Emails opened by emails sent, 0–1; 0 when none was sent.',
      resolve: rate('emailsOpened'),
    }),
    clickRate: t.float({
      description: 'Emails with a followed link by emails sent, 0–1; 0 when none was sent.',
      resolve: rate('emailsClicked'),
    }),
    replyRate: t.float({
      description: 'Emails answered by emails sent, 0–1; 0 when none was sent.',
      resolve: rate('emailsReplied'),
    }),
  }),
})

export const Conversation = builder.prismaNode('Conversation', {
  ...nodeOf(conversation),
  fields: (t) => ({
    ...columnsOf(t, conversation),
    contact: t.relation('contact', { nullable: true, ...described(conversation, 'contact') }),
    company: t.relation('company', { nullable: true, ...described(conversation, 'company') }),
    touchpoints: nestedListField(
      t,
      touchpoint,
      Touchpoint,
      ['conversation_id'],
      described(conversation, 'touchpoints').description,
    ),
    painPoints: painPointsField(t, ['conversation_id'], described(conversation, 'painPoints').description),
    engagement: t.field({
      type: Engagement,
      description: 'How the contact took part in it.',
      select: { id: true },
      resolve: ({ id }, _args, context) => engagementIn(context, id),
    }),
  }),
})

addList('conversations', conversation, Conversation, 'The conversations with all contacts.')

addLookup('conversation', {
  entity: conversation,
  node: Conversation,
  description: 'One conversation.',
  keys: { sourceId: { description: "The accounts data's id of it.", where: (sourceId) => ({ sourceId }) } },
})
