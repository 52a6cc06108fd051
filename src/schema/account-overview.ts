import { type AccountOverview as AccountCounts, accountCountsOf, EMPTY_ACCOUNT } from '../measures/account-counts.ts'
import { type AccountTouchpoints, accountTouchpointsOf, NO_TOUCHPOINTS } from '../measures/account-touchpoints.ts'
import { builder } from './builder.ts'
import { Company } from './companies.ts'
import type { Context } from './context.ts'
import { question } from './loaders.ts'

export const countsOf = question<void, AccountCounts>(
  ({ db, scope }, ids) => accountCountsOf(db, scope, ids),
  EMPTY_ACCOUNT,
)

const touchpointsOf = question<void, AccountTouchpoints>(
  ({ db, scope }, ids) => accountTouchpointsOf(db, scope, ids),
  NO_TOUCHPOINTS,
)

type Of = { companyId: string }
type CountName = Exclude<keyof AccountCounts, 'averageEngagement'>

const count =
  (name: CountName) =>
  async ({ companyId }: Of, _args: object, context: Context): Promise<number> =>
    (await countsOf(context, companyId))[name]

const AccountOverview = builder.objectRef<Of>('AccountOverview').implement({
  description: 'How many of everything an account has, counted from the rows.',
  fields: (t) => ({
    contacts: t.int({ description: 'Number of contacts.', resolve: count('contacts') }),
    primaryContacts: t.int({ description: 'Number of primary contacts.', resolve: count('primaryContacts') }),
    decisionMakers: t.int({ description: 'Number of decision makers.', resolve: count('decisionMakers') }),
    averageEngagementScore: t.float({
      nullable: true,
      description: 'Mean engagement score of the contacts that have one, 0–100; null when none has.',
      async resolve({ companyId }, _args, context) {
        const { averageEngagement } = await countsOf(context, companyId)
        return averageEngagement === null ? null : Number(averageEngagement)
      },
    }),
    relationships: t.int({
      description: 'Number of relationships between two of its contacts.',
      resolve: count('relationships'),
    }),
    conversations: t.int({ description: 'Number of conversations.', resolve: count('conversations') }),
    activeConversations: t.int({
      description: 'Number of ACTIVE conversations.',
      resolve: count('activeConversations'),
    }),
    wonConversations: t.int({ description: 'Number of WON conversations.', resolve: count('wonConversations') }),
    touchpoints: t.int({
      description: 'Number of touchpoints of all its conversations.',
      resolve: async ({ companyId }, _args, context) => (await touchpointsOf(context, companyId)).touchpoints,
    }),
    replies: t.int({
      description: 'Number of touchpoints that were answered.',
      resolve: async ({ companyId }, _args, context) => (await touchpointsOf(context, companyId)).replies,
    }),
    lastTouchpointAt: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'When the latest touchpoint was sent.',
      resolve: async ({ companyId }, _args, context) => (await touchpointsOf(context, companyId)).lastTouchpointAt,
    }),
  }),
})

builder.prismaObjectField(Company, 'overview', (t) =>
  t.field({
    type: AccountOverview,
    description: 'How many contacts, relationships, conversations and touchpoints it has.',
    select: { id: true },
    resolve: ({ id }) => ({ companyId: id }),
  }),
)
