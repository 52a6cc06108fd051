import { execute, parse } from 'graphql'
import { beforeAll, describe, expect, it } from 'vitest'
import { schema } from '../../src/schema/index.ts'
import { newLog, testDatabase } from '../database.ts'
import { importFiles } from '../imported.ts'
import { accountsDump, wideCompany, wideContact } from '../importers/accounts-fixture.ts'

const database = testDatabase()
const COMPANIES = 8
const CONTACTS = 4

beforeAll(async () => {
  const companies = Array.from({ length: COMPANIES }, (_, c) => c)
  const pairs = companies.flatMap((c) => Array.from({ length: CONTACTS }, (_, p) => [c, p] as const))
  await importFiles(database, {
    'wide.json': accountsDump,
    'many.json': {
      companies: companies.map((c) => ({ id: `c${c}`, name: `Company ${c}`, domain: `c${c}.example` })),
      contacts: pairs.map(([c, p]) => ({ id: `c${c}p${p}`, company_id: `c${c}`, email: `p${p}@c${c}.example` })),
      relationships: pairs.map(([c, p]) => ({
        contact_id_1: `c${c}p${p}`,
        contact_id_2: `c${c}p${(p + 1) % CONTACTS}`,
        relationship_type: 'colleagues',
        strength: 'strong',
      })),
      conversations: pairs.map(([c, p]) => ({
        id: `v${c}p${p}`,
        contact_id: `c${c}p${p}`,
        company_id: `c${c}`,
        status: 'active',
        next_touchpoint_at: '2025-01-01',
      })),
      touchpoints: pairs.map(([c, p]) => ({ id: `t${c}p${p}`, conversation_id: `v${c}p${p}`, channel: 'email' })),
    },
  })
})

async function statementsOf(document: string): Promise<number> {
  const log = newLog()
  const { errors } = await database.transaction(
    async (transaction) =>
      execute({ schema, document: parse(document), contextValue: database.contextOf(transaction) }),
    log,
  )
  expect(errors).toBe(undefined)
  return log.statements - 1
}

describe('a document takes a statement for each thing it asks, however many objects there are', () => {
  it.each<[string, string, number]>([
    ['overviews: counts and touchpoints', '{ companies { nodes { overview { contacts touchpoints replies } } } }', 4],
    ['overviews without touchpoints', '{ companies { nodes { overview { contacts } } } }', 3],
    ['healths', '{ companies { nodes { health { score } } } }', 3],
    ['healths and counts, which are the same', '{ companies { nodes { health { score } overview { contacts } } } }', 3],
    ['relationships of companies', '{ companies { nodes { relationships { totalCount nodes { type } } } } }', 5],
    ['colleagues', '{ contacts { nodes { colleagues { strength contact { fullName company { name } } } } } }', 5],
    ['colleagues without saying who', '{ contacts { nodes { colleagues { strength } } } }', 3],
    ['expansion targets', '{ contacts { nodes { expansionTargets { priorityScore contact { email } } } } }', 4],
    [
      'active conversations with their engagement and touchpoints',
      '{ contacts { nodes { activeConversation { status engagement { openRate } touchpoints { nodes { channel } } } } } }',
      7,
    ],
    ['touchpoints of contacts', '{ contacts { nodes { touchpoints(first: 2) { nodes { channel } } } } }', 4],
    [
      'follow-ups',
      '{ conversationsNeedingFollowUp(asOf: "2026-01-01T00:00:00Z") { totalCount nodes { overdueHours contact { email } company { domain } } } }',
      5,
    ],
    [
      'an account from every side',
      `{ company(by: { domain: "c1.example" }) { overview { contacts touchpoints } contacts { totalCount nodes { conversations { totalCount } } } health { score } } }`,
      7,
    ],
  ])('%s', async (_what, document, statements) => {
    expect(await statementsOf(document)).toBe(statements)
  })
})

describe('a contact is found', () => {
  it.each(['ada.lane@prospect.example', 'ADA.LANE@PROSPECT.EXAMPLE', ' Ada.Lane@prospect.example '])(
    'by its email in any case: %s',
    async (email) => {
      const found = await database.data(
        'query ($email: String!) { contact(by: { email: $email }) { fullName email } }',
        {
          email,
        },
      )
      expect(found.contact).toEqual({ fullName: 'Ada Lane', email: 'Ada.Lane@prospect.example' })
    },
  )

  it('by its source id and by its id', async () => {
    const { contact } = await database.data('{ contact(by: { sourceId: "contact-1" }) { id email } }')
    const again = await database.data('query ($id: ID!) { contact(by: { id: $id }) { email } }', { id: contact.id })
    expect(again.contact.email).toBe(wideContact.email)
  })

  it('not by a part of its email, nor by a pattern', async () => {
    for (const email of ['ada', '%', 'Ada_Lane@prospect.example', ''])
      expect(
        (await database.data('query ($email: String!) { contact(by: { email: $email }) { id } }', { email })).contact,
      ).toBe(null)
  })

  it('never when two share the email: the error names both', async () => {
    await importFiles(database, {
      'twins.json': { contacts: ['x', 'y'].map((id) => ({ id, email: 'Twin@x.example' })) },
    })
    const { errors } = await database.ask('{ contact(by: { email: "twin@x.example" }) { id } }')
    expect(errors![0]).toMatchObject({ extensions: { code: 'BAD_USER_INPUT' } })
    expect(errors![0]!.message).toMatch(/several Contact objects: \S+, \S+\.$/)
  })
})

it('every field of the records is shown', async () => {
  const { touchpoints, relationships, company } = await database.data(`{
    touchpoints(where: { sourceId: { equals: "touchpoint-1" } }) { nodes {
      channel direction subject content response sentAt deliveredAt openedAt clickedAt repliedAt bouncedAt outcome reportedOutcome
      outcomeDetails callDurationSeconds callRecordingUrl callTranscript callSentiment emailThreadId emailMessageId metadata
      createdByUserId createdByAutomation sourceCreatedAt sourceUpdatedAt extra
      conversation { averageResponseTimeHours estimatedValue actualValue outreachCampaignName painPoints { nodes { origin conversation { sourceId } } } }
    } }
    relationships(where: { sourceId: { equals: "relationship-1" } }) { nodes {
      type strength strengthRank context metadata isVerified confidenceScore isReversed contactA { sourceId } contactB { sourceId }
    } }
    company(by: { sourceId: "company-1" }) {
      domain researchData contacts { nodes { sourceId } }
      painPoints(orderBy: [{ theme: ASC }]) { nodes { description origin } }
    }
  }`)
  expect(Object.entries(touchpoints.nodes[0]).filter(([, value]) => value === null)).toEqual([])
  expect(touchpoints.nodes[0].conversation).toEqual({
    averageResponseTimeHours: 12.5,
    estimatedValue: '50000.25',
    actualValue: '51192.5',
    outreachCampaignName: 'Spring push',
    painPoints: { nodes: [{ origin: 'CONVERSATION', conversation: { sourceId: 'conversation-1' } }] },
  })
  expect(relationships.nodes).toEqual([
    {
      type: 'colleagues',
      strength: 'STRONG',
      strengthRank: 3,
      context: 'Same practice',
      metadata: { found: 'by hand' },
      isVerified: true,
      confidenceScore: 0.75,
      isReversed: true,
      contactA: { sourceId: 'contact-1' },
      contactB: { sourceId: 'contact-2' },
    },
  ])
  expect(company).toEqual({
    domain: 'prospect.example',
    researchData: wideCompany.research_data,
    contacts: { nodes: [{ sourceId: 'contact-1' }, { sourceId: 'contact-2' }] },
    painPoints: {
      nodes: [
        { description: 'Long queues', origin: 'CONVERSATION' },
        { description: 'No-shows', origin: 'ACCOUNT_RESEARCH' },
        { description: 'Paper forms', origin: 'ACCOUNT_RESEARCH' },
      ],
    },
  })
})
