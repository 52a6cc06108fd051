import {
  type AccountHealth as AccountHealthValue,
  accountHealth,
  type HealthFactor,
  type HealthStatus,
  type Recommendation,
} from '../model/account-health.ts'
import { countsOf } from './account-overview.ts'
import { builder } from './builder.ts'
import { Company } from './companies.ts'

const STATUSES: Record<HealthStatus, string> = {
  CRITICAL: 'A score below 20.',
  EXCELLENT: 'A score of 80 or more.',
  FAIR: 'A score of 40 or more, below 60.',
  GOOD: 'A score of 60 or more, below 80.',
  POOR: 'A score of 20 or more, below 40.',
}

const RECOMMENDATIONS: Record<Recommendation, string> = {
  ENGAGE_DECISION_MAKERS: 'No contact is a decision maker.',
  INCREASE_ENGAGEMENT: 'The mean engagement score is below 30.',
  MAP_RELATIONSHIPS: 'There are fewer relationships than contacts.',
  START_CONVERSATIONS: 'No conversation is active.',
}

const AccountHealthStatus = builder.enumType('AccountHealthStatus', {
  description: 'How healthy an account is.',
  values: valuesOf(STATUSES),
})

const AccountRecommendation = builder.enumType('AccountRecommendation', {
  description: 'What would make an account healthier, by what is wrong with it.',
  values: valuesOf(RECOMMENDATIONS),
})

const AccountHealthFactor = builder.objectRef<HealthFactor>('AccountHealthFactor').implement({
  description: "One part of an account's health.",
  fields: (t) => ({
    factor: t.exposeString('factor', {
      description: 'Its name: engagement, conversations, relationships or decision_makers.',
    }),
    points: t.exposeFloat('points', { description: 'The points that the account gets for it, to two decimals.' }),
    of: t.exposeInt('of', { description: 'The points that there are for it.' }),
  }),
})

const AccountHealth = builder.objectRef<AccountHealthValue>('AccountHealth').implement({
  description: 'How well an account is looked after, by its contacts, relationships and conversations.',
  fields: (t) => ({
    score: t.exposeFloat('score', { description: 'The sum of the points, 0–100, to two decimals.' }),
    status: t.expose('status', { type: AccountHealthStatus, description: 'What the score means.' }),
    factors: t.expose('factors', { type: [AccountHealthFactor], description: 'What the score is made of.' }),
    recommendations: t.expose('recommendations', {
      type: [AccountRecommendation],
      description: 'What would make it healthier, the most important first.',
    }),
  }),
})

builder.prismaObjectField(Company, 'health', (t) =>
  t.field({
    type: AccountHealth,
    description: 'How well the account is looked after; an account without contacts has a score of 0.',
    select: { id: true },
    resolve: async ({ id }, _args, context) => accountHealth(await countsOf(context, id)),
  }),
)

function valuesOf<Name extends string>(descriptions: Record<Name, string>) {
  const values = Object.entries<string>(descriptions).map(([value, description]) => [value, { value, description }])
  return Object.fromEntries(values) as Record<Name, { value: Name; description: string }>
}
