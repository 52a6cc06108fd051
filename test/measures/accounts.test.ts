import { beforeAll, describe, expect, it } from 'vitest'
import { testDatabase } from '../database.ts'
import { importFiles } from '../imported.ts'

const database = testDatabase()

const contact = (id: string, company_id: string | null, more: object = {}) => ({
  id,
  company_id,
  first_name: id.toUpperCase(),
  last_name: 'Test',
  email: `${id}@${company_id ?? 'nowhere'}.example`,
  ...more,
})
const colleagues = (contact_id_1: string, contact_id_2: string, strength: string | null, type = 'colleagues') => ({
  contact_id_1,
  contact_id_2,
  strength,
  relationship_type: type,
})
const at = (day: number, hour = 0) => new Date(Date.UTC(2026, 0, day, hour)).toISOString()

type Target = {
  contact: { sourceId: string }
  priorityScore: number
  hasActiveConversation: boolean
  hasTouchpoint: boolean
}

beforeAll(async () => {
  await importFiles(database, {
    'accounts.json': {
      companies: [
        { id: 'big', name: 'Big', domain: 'big.example' },
        { id: 'small', name: 'Small', domain: 'small.example' },
        { id: 'empty', name: 'Empty', domain: 'empty.example' },
      ],
      contacts: [
        contact('a', 'big', { is_primary_contact: true, is_decision_maker: true, engagement_score: 60 }),
        contact('b', 'big', { seniority_level: 'vp', engagement_score: 40 }),
        contact('c', 'big', { is_champion: true }),
        contact('d', 'big', { engagement_score: 20, email: null }),
        contact('e', 'big', { engagement_score: 20 }),
        contact('s', 'small', { engagement_score: 10 }),
        contact('n', null),
        contact('m', null),
        // Their company has no record.
        contact('x', 'ghost'),
        contact('y', 'ghost'),
      ],
      relationships: [
        colleagues('a', 'b', 'strong'),
        colleagues('c', 'a', 'weak'),
        colleagues('d', 'a', 'medium'),
        colleagues('a', 'e', 'medium'),
        colleagues('b', 'c', null),
        // Not at the same company; not as colleagues; of no company; to a contact that is not there.
        colleagues('a', 's', 'strong'),
        colleagues('a', 'b', 'strong', 'reports_to'),
        colleagues('n', 'm', 'strong'),
        colleagues('a', 'gone', 'strong'),
        colleagues('x', 'y', 'strong'),
      ],
      conversations: [
        {
          id: 'a-old',
          contact_id: 'a',
          company_id: 'big',
          status: 'active',
          last_touchpoint_at: at(5),
          started_at: at(1),
        },
        // No touchpoint yet, but it started after the last of the other.
        { id: 'a-new', contact_id: 'a', company_id: 'big', status: 'active', started_at: at(6) },
        { id: 'a-won', contact_id: 'a', company_id: 'big', status: 'won', last_touchpoint_at: at(20) },
        { id: 'b-active', contact_id: 'b', company_id: 'big', status: 'active', next_touchpoint_at: at(10, 6) },
        { id: 'c-lost', contact_id: 'c', company_id: 'big', status: 'lost', next_touchpoint_at: at(1) },
        { id: 's-late', contact_id: 's', company_id: 'small', status: 'active', next_touchpoint_at: at(9) },
        { id: 's-due', contact_id: 's', company_id: 'small', status: 'active', next_touchpoint_at: at(10) },
        { id: 's-open', contact_id: 's', company_id: 'small', status: 'active' },
      ],
      touchpoints: [
        {
          id: '1',
          conversation_id: 'a-old',
          channel: 'email',
          direction: 'outbound',
          sent_at: at(2),
          opened_at: at(2),
          clicked_at: at(2),
        },
        {
          id: '2',
          conversation_id: 'a-old',
          channel: 'email',
          direction: 'outbound',
          sent_at: at(3),
          opened_at: at(3),
          replied_at: at(4),
        },
        { id: '3', conversation_id: 'a-old', channel: 'email', direction: 'inbound', sent_at: at(4) },
        { id: '4', conversation_id: 'a-old', channel: 'sms', direction: 'outbound', sent_at: at(5), replied_at: at(5) },
        { id: '5', conversation_id: 'a-old', channel: 'email', direction: 'outbound', sent_at: null },
        { id: '6', conversation_id: 'c-lost', channel: 'call', direction: 'outbound', sent_at: at(1) },
        {
          id: '7',
          conversation_id: 's-late',
          channel: 'email',
          direction: 'inbound',
          sent_at: at(8),
          opened_at: at(8),
        },
      ],
    },
  })
})

describe('an account', () => {
  const overviewOf = async (domain: string) =>
    (
      await database.data(
        `{ company(by: { domain: "${domain}" }) {
            overview { contacts primaryContacts decisionMakers averageEngagementScore relationships conversations activeConversations
                       wonConversations touchpoints replies lastTouchpointAt }
            health { score status factors { factor points of } recommendations }
            relationships { totalCount }
        } }`,
      )
    ).company

  it('is counted from its rows, relationships only between its own contacts', async () => {
    const { overview, relationships } = await overviewOf('big.example')
    expect(overview).toEqual({
      contacts: 5,
      primaryContacts: 1,
      decisionMakers: 1,
      // (60 + 40 + 20 + 20) / 4: one contact has no score.
      averageEngagementScore: 35,
      // a–b twice (two types), c–a, d–a, a–e, b–c.
      relationships: 6,
      conversations: 5,
      activeConversations: 3,
      wonConversations: 1,
      touchpoints: 6,
      replies: 2,
      lastTouchpointAt: at(5),
    })
    expect(relationships.totalCount).toBe(6)
  })

  it('is as healthy as its rows say', async () => {
    const { health } = await overviewOf('big.example')
    // 35 / 100 × 40 + 3 / 5 × 30 + min(6 / 5, 1) × 20 + 10
    expect(health).toEqual({
      score: 62,
      status: 'GOOD',
      factors: [
        { factor: 'engagement', points: 14, of: 40 },
        { factor: 'conversations', points: 18, of: 30 },
        { factor: 'relationships', points: 20, of: 20 },
        { factor: 'decision_makers', points: 10, of: 10 },
      ],
      recommendations: [],
    })
  })

  it('without contacts has counts of 0 and no times', async () => {
    const { overview, health, relationships } = await overviewOf('empty.example')
    const { averageEngagementScore, lastTouchpointAt, ...counts } = overview
    expect([averageEngagementScore, lastTouchpointAt]).toEqual([null, null])
    expect(Object.values(counts)).toEqual(Array.from({ length: 9 }, () => 0))
    expect(health).toMatchObject({ score: 0, status: 'CRITICAL' })
    expect(relationships.totalCount).toBe(0)
  })
})

describe('a contact', () => {
  const contactOf = async (id: string, fields: string) =>
    (await database.data(`{ contact(by: { sourceId: "${id}" }) { ${fields} } }`)).contact

  it('has the colleagues of both ends at the same company, the strongest first, then by email', async () => {
    const names = async (id: string) =>
      (await contactOf(id, 'colleagues { contact { sourceId } strength }')).colleagues.map(
        (each: { contact: { sourceId: string }; strength: string }) => [each.contact.sourceId, each.strength],
      )
    // d has no email and comes after e.
    expect(await names('a')).toEqual([
      ['b', 'STRONG'],
      ['e', 'MEDIUM'],
      ['d', 'MEDIUM'],
      ['c', 'WEAK'],
    ])
    expect(await names('c')).toEqual([
      ['a', 'WEAK'],
      ['b', null],
    ])
    expect(await names('n')).toEqual([])
    expect(await names('x')).toEqual([['y', 'STRONG']])
  })

  it('has expansion targets by priority, then by email', async () => {
    const targets = async (id: string, args = '') =>
      (
        await contactOf(
          id,
          `expansionTargets${args} { contact { sourceId } strength hasActiveConversation hasTouchpoint priorityScore }`,
        )
      ).expansionTargets.map((each: Target) => [
        each.contact.sourceId,
        each.priorityScore,
        each.hasActiveConversation,
        each.hasTouchpoint,
      ])
    expect(await targets('a')).toEqual([
      // d and e: 20 + 5 + 20/100 × 15 + 10 = 38, never touched; e has an email.
      ['e', 38, false, false],
      ['d', 38, false, false],
      // (30 + 15 + 40/100 × 15) × 0.5 + 10 = 35.5
      ['b', 35.5, true, false],
    ])
    expect(await targets('a', '(minStrength: WEAK)')).toEqual([
      ['e', 38, false, false],
      ['d', 38, false, false],
      ['b', 35.5, true, false],
      // 10 + 20 (champion) + 5: touched by a call in a conversation that was lost.
      ['c', 35, false, true],
    ])
    expect(await targets('a', '(minStrength: STRONG)')).toEqual([['b', 35.5, true, false]])
    // A tie of unknown strength is not medium, and not weak either.
    expect(await targets('c', '(minStrength: WEAK)')).toHaveLength(1)
    expect(await targets('c', '(minStrength: null)')).toHaveLength(2)
  })

  it('is in the active conversation with the latest touchpoint, or start', async () => {
    const active = async (id: string) => (await contactOf(id, 'activeConversation { sourceId }')).activeConversation
    expect(await active('a')).toEqual({ sourceId: 'a-new' })
    expect(await active('b')).toEqual({ sourceId: 'b-active' })
    expect(await active('c')).toBe(null)
  })

  it('has the touchpoints of all conversations, and the relationships of both ends', async () => {
    const { touchpoints, relationships } = await contactOf(
      'a',
      'touchpoints(orderBy: [{ sourceId: ASC }]) { totalCount nodes { sourceId } } relationships { totalCount }',
    )
    expect(touchpoints).toEqual({ totalCount: 5, nodes: ['1', '2', '3', '4', '5'].map((sourceId) => ({ sourceId })) })
    // All but b–c, n–m and x–y.
    expect(relationships.totalCount).toBe(7)
  })
})

describe('the engagement of a conversation', () => {
  const engagementOf = async (id: string) =>
    (
      await database.data(
        `{ conversation(by: { sourceId: "${id}" }) {
            engagement { touchpoints emailsSent emailsOpened emailsClicked emailsReplied openRate clickRate replyRate } } }`,
      )
    ).conversation.engagement

  it('is that of its emails, by those sent', async () => {
    expect(await engagementOf('a-old')).toEqual({
      touchpoints: 5,
      emailsSent: 3,
      emailsOpened: 2,
      emailsClicked: 1,
      emailsReplied: 1,
      openRate: 2 / 3,
      clickRate: 1 / 3,
      replyRate: 1 / 3,
    })
  })

  it('has rates of 0 when no email was sent', async () => {
    expect(await engagementOf('s-late')).toMatchObject({ touchpoints: 1, emailsSent: 0, emailsOpened: 1, openRate: 0 })
    expect(await engagementOf('a-new')).toMatchObject({ touchpoints: 0, emailsSent: 0, openRate: 0, replyRate: 0 })
  })
})

describe('conversations that need a follow-up', () => {
  const list = async (asOf: string, args = '') =>
    (
      await database.data(
        `{ conversationsNeedingFollowUp(asOf: "${asOf}" ${args}) { totalCount pageInfo { hasNextPage endCursor } nodes { sourceId overdueHours isOverdue } } }`,
      )
    ).conversationsNeedingFollowUp

  it('are the active ones that were due before the moment, the longest overdue first', async () => {
    const { totalCount, nodes } = await list(at(10))
    // s-due is due at that very moment, c-lost is over, s-open is never due.
    expect(totalCount).toBe(1)
    expect(nodes).toEqual([{ sourceId: 's-late', overdueHours: 24, isOverdue: true }])
    expect((await list(at(11))).nodes).toEqual([
      { sourceId: 's-late', overdueHours: 48, isOverdue: true },
      { sourceId: 's-due', overdueHours: 24, isOverdue: true },
      { sourceId: 'b-active', overdueHours: 18, isOverdue: true },
    ])
  })

  it('can be filtered, and read a page at a time', async () => {
    expect((await list(at(11), 'where: { company: { domain: { equals: "big.example" } } }')).nodes).toMatchObject([
      { sourceId: 'b-active' },
    ])
    const first = await list(at(11), 'first: 2')
    expect(first).toMatchObject({ totalCount: 3, pageInfo: { hasNextPage: true } })
    const rest = await list(at(11), `first: 2, after: "${first.pageInfo.endCursor}"`)
    expect(rest).toMatchObject({ totalCount: 3, pageInfo: { hasNextPage: false }, nodes: [{ sourceId: 'b-active' }] })
  })

  it('are as overdue as of the moment that is asked for: of the field, else of the list around it, else now', async () => {
    const { early, late, conversation } = await database.data(`{
      early: conversationsNeedingFollowUp(asOf: "${at(9, 12)}") { nodes { overdueHours later: overdueHours(asOf: "${at(10)}") } }
      late: conversationsNeedingFollowUp(asOf: "${at(11)}", first: 1) {
        nodes { contact { conversations(orderBy: [{ sourceId: ASC }]) { nodes { sourceId overdueHours } } } }
      }
      conversation(by: { sourceId: "s-late" }) { isOverdue overdueHours before: overdueHours(asOf: "${at(1)}") }
    }`)
    expect(early.nodes).toEqual([{ overdueHours: 12, later: 24 }])
    expect(late.nodes[0].contact.conversations.nodes).toEqual([
      { sourceId: 's-due', overdueHours: 24 },
      { sourceId: 's-late', overdueHours: 48 },
      { sourceId: 's-open', overdueHours: null },
    ])
    const hoursUntilNow = (Date.now() - Date.parse(at(9))) / 3_600_000
    expect(conversation).toMatchObject({ isOverdue: hoursUntilNow > 0, before: null })
    expect(conversation.overdueHours ?? 0).toBeCloseTo(Math.max(hoursUntilNow, 0), 1)
  })
})
