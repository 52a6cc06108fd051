import { beforeAll, describe, expect, it } from 'vitest'
import { amongContacts, throughConversations } from '../../src/filters/account-links.ts'
import { entities } from '../../src/filters/entities/index.ts'
import { countRows, findPage, findPages, type Link, type Selection } from '../../src/filters/page.ts'
import { accountCountsOf } from '../../src/measures/account-counts.ts'
import { colleaguesOf } from '../../src/measures/colleagues.ts'
import { needsFollowUp } from '../../src/measures/follow-ups.ts'
import { type Db, kyselyOn } from '../../src/store/transaction-kysely.ts'
import { testDatabase } from '../database.ts'

type Plan = {
  'Node Type': string
  'Relation Name'?: string
  'Index Name'?: string
  'Actual Rows': number
  'Actual Loops': number
  'Rows Removed by Filter'?: number
  Plans?: Plan[]
}

const database = testDatabase({ isOwn: true })
const scope = { organizationId: database.organizationId }
const CONVERSATIONS = 60_000
const CONTACTS = 10_000
const COMPANIES = 1_000
const RELATIONSHIPS = 60_000

beforeAll(async () => {
  const { organizationId } = database
  await database.sql(
    `insert into companies (id, organization_id, key) select md5('company' || i)::uuid, $1, i::text from generate_series(0, ${COMPANIES - 1}) as i`,
    [organizationId],
  )
  await database.sql(
    `insert into contacts (id, organization_id, source_id, company_id, record_sha256)
     select md5('contact' || i)::uuid, $1, i::text, md5('company' || i % ${COMPANIES})::uuid, '' from generate_series(0, ${CONTACTS - 1}) as i`,
    [organizationId],
  )
  await database.sql(
    `insert into relationships (id, organization_id, pair_key, source_contact_a_id, source_contact_b_id, contact_a_id, contact_b_id, type, strength_rank, record_sha256)
     select md5('tie' || i)::uuid, $1, i::text, '', '', md5('contact' || i % ${CONTACTS})::uuid, md5('contact' || (i + ${COMPANIES}) % ${CONTACTS})::uuid, 'colleagues', 1, ''
     from generate_series(1, ${RELATIONSHIPS}) as i`,
    [organizationId],
  )
  // One conversation in twenty is active; nearly all were due once.
  await database.sql(
    `insert into conversations (id, organization_id, source_id, status, contact_id, company_id, next_touchpoint_at, record_sha256)
     select md5('talk' || i)::uuid, $1, i::text, (case when i % 20 = 0 then 'ACTIVE' else 'LOST' end)::"ConversationStatus",
            md5('contact' || i % ${CONTACTS})::uuid, md5('company' || i % ${COMPANIES})::uuid, timestamptz '2025-01-01' + i * interval '1 minute', ''
     from generate_series(1, ${CONVERSATIONS}) as i`,
    [organizationId],
  )
  await database.sql(
    `insert into touchpoints (id, organization_id, source_id, conversation_id, channel, sent_at, record_sha256)
     select md5('touch' || i)::uuid, $1, i::text, md5('talk' || i)::uuid, 'EMAIL', timestamptz '2025-01-01' + i * interval '1 minute', ''
     from generate_series(1, ${CONVERSATIONS}) as i`,
    [organizationId],
  )
  await database.sql('vacuum analyze')
})

/** Runs the work as the app role and gives the nodes of its statements' plans. */
async function nodesOf(work: (db: Db) => Promise<unknown>): Promise<Plan[]> {
  const plans: Plan[] = []
  await database.transaction(async ({ tx }) => {
    const explaining = {
      async $queryRawUnsafe(sql: string, ...values: unknown[]) {
        const [row] = await tx.$queryRawUnsafe<[{ 'QUERY PLAN': [{ Plan: Plan }] }]>(
          `explain (analyze, format json) ${sql}`,
          ...values,
        )
        plans.push(row['QUERY PLAN'][0].Plan)
        return [{ count: 0 }]
      },
    }
    await work(kyselyOn(explaining as never)).catch(() => undefined)
  })
  expect(plans).not.toEqual([])
  const flat = (plan: Plan): Plan[] => [plan, ...(plan.Plans ?? []).flatMap(flat)]
  return plans.flatMap(flat)
}

const touched = (nodes: Plan[]) =>
  nodes
    .filter((node) => node['Relation Name'])
    .reduce(
      (sum, node) => sum + (node['Actual Rows'] + (node['Rows Removed by Filter'] ?? 0)) * node['Actual Loops'],
      0,
    )
const scanned = (nodes: Plan[]) =>
  nodes.flatMap((node) => (node['Node Type'] === 'Seq Scan' ? [node['Relation Name']] : []))

const followUps: Selection = {
  entity: entities.conversation,
  scope,
  only: needsFollowUp(new Date('2025-06-01T00:00:00Z')),
}

describe(`among ${CONVERSATIONS} conversations`, () => {
  it('those that need a follow-up are read from the index of the active ones, at most a row beyond the page', async () => {
    const nodes = await nodesOf((db) => findPage(db, followUps, { orderBy: [{ nextTouchpointAt: 'ASC' }], size: 50 }))
    expect(nodes.map((node) => node['Index Name'])).toContain('x_conversations_follow_up')
    expect(touched(nodes)).toBeLessThanOrEqual(51)
  })

  it('they are counted in that index, without a look at the others', async () => {
    const nodes = await nodesOf((db) => countRows(db, followUps))
    expect(nodes.map((node) => node['Index Name'])).toContain('x_conversations_follow_up')
    expect(touched(nodes)).toBeLessThanOrEqual(CONVERSATIONS / 20)
  })
})

describe('what is asked of twenty companies or contacts reads no table whole', () => {
  const ids = async (table: string) =>
    (await database.sql(`select id from ${table} order by id limit 20`)).map(({ id }) => id as string)

  it.each<[string, (db: Db) => Promise<unknown>]>([
    ['counts of companies', async (db) => accountCountsOf(db, scope, await ids('companies'))],
    ['colleagues', async (db) => colleaguesOf(db, scope, await ids('contacts'))],
    [
      'relationships among the contacts of companies',
      async (db) => pagesOf(db, { entity: entities.relationship, scope }, amongContacts, await ids('companies')),
    ],
    [
      'touchpoints of contacts',
      async (db) => pagesOf(db, { entity: entities.touchpoint, scope }, throughConversations, await ids('contacts')),
    ],
  ])('%s', async (_what, work) => {
    expect(scanned(await nodesOf(work))).toEqual([])
  })
})

function pagesOf(db: Db, selection: Selection, link: Link, parents: string[]) {
  return findPages(db, [{ selection, paging: { size: 5 }, link, parents }])
}
