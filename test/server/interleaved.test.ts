import { pino } from 'pino'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { readEnvironment } from '../../src/environment.ts'
import { organizationIdOf } from '../../src/model/identifiers.ts'
import { createServer, type Server } from '../../src/server/index.ts'
import { type Client, openClient } from '../../src/store/client.ts'
import { testDatabase } from '../database.ts'
import { makeKey, NO_LIMITS } from './isolation/asking.ts'

const REQUESTS = Number(process.env.CROSSRUN_TEST_INTERLEAVED ?? 10_000)
const CONNECTIONS = 2
const AT_ONCE = 24

type Organization = { name: string; agents: number; key: string }

/** What is asked, and what of the answer is known beforehand. */
type Kind = {
  query: string
  is?(answer: { data?: unknown; errors?: unknown[] }, organization: Organization): boolean
  isAborted?: boolean
}

const database = testDatabase({ isOwn: true })
const organizations: Organization[] = []
let client: Client
let server: Server
let url: URL

const agentsOf = ({ name, agents }: Organization) =>
  Array.from({ length: agents }, (_, place) => ({ name: `${name} ${place}` }))
const failed = ({ errors }: { errors?: unknown[] }) => errors?.length === 1

const KINDS: Record<string, Kind> = {
  read: {
    query: '{ modelPrices { pattern } }',
    is: ({ data }, { name }) => JSON.stringify(data) === JSON.stringify({ modelPrices: [{ pattern: name }] }),
  },
  page: {
    query: '{ agents(first: 9) { totalCount nodes { name } } }',
    is: ({ data }, own) =>
      JSON.stringify(data) === JSON.stringify({ agents: { totalCount: own.agents, nodes: agentsOf(own) } }),
  },
  view: {
    query: 'mutation ($name: String!) { saveView(name: $name, query: { subject: RUNS, measures: ["runs"] }) { name } }',
    is: ({ data }, { name }) => JSON.stringify(data) === JSON.stringify({ saveView: { name } }),
  },
  views: {
    query: '{ savedViews { name } }',
    is: ({ data }, { name }) =>
      ['{"savedViews":[]}', JSON.stringify({ savedViews: [{ name }] })].includes(JSON.stringify(data)),
  },
  failing: { query: '{ synonyms { term } agents { nodes { name } } }', is: failed },
  refused: {
    query: 'mutation { saveView(name: "refused", query: { subject: RUNS, measures: ["runs"] }) { name } }',
    is: failed,
  },
  wrong: { query: '{ agents(where: { id: { equals: "wrong" } }) { totalCount } }', is: failed },
  aborted: { query: '{ modelPrices { pattern } agents(first: 9) { nodes { name } } }', isAborted: true },
}

/** How often each is asked, in twenty. */
const MIX = ['read', 'page', 'aborted', 'read', 'view', 'read', 'failing', 'read', 'views', 'read']
MIX.push('read', 'refused', 'read', 'page', 'read', 'wrong', 'read', 'views', 'read', 'read')

beforeAll(async () => {
  for (const [name, agents] of [
    ['acme', 3],
    ['globex', 5],
  ] as const) {
    const organizationId = organizationIdOf(name)
    const organization = { name, agents, key: (await makeKey(database, organizationId, name)).text }
    organizations.push(organization)
    await database.sql(
      `insert into model_prices (id, organization_id, pattern, input_usd_per_million, output_usd_per_million)
       values (gen_random_uuid(), $1, $2, 1, 1)`,
      [organizationId, name],
    )
    await database.sql(
      `insert into agents (id, organization_id, name) select gen_random_uuid(), $1, n from unnest($2::text[]) as n`,
      [organizationId, agentsOf(organization).map((agent) => agent.name)],
    )
  }
  // What fails in the middle of SQL, in a query and in a mutation.
  await database.sql(
    `create policy failing on synonyms as restrictive for select to crossrun_app using (1 / (length(term) - length(term)) = 0)`,
  )
  await database.sql(
    `insert into synonyms (organization_id, id, key, term, synonyms) select o, gen_random_uuid(), 'a', 'a', '{}' from unnest($1::uuid[]) as o`,
    [organizations.map(({ name }) => organizationIdOf(name))],
  )
  await database.sql(
    `create function refuse() returns trigger language plpgsql as $$ begin raise exception 'refused'; end $$`,
  )
  await database.sql(
    `create trigger refuse before insert on saved_views for each row when (new.name = 'refused') execute function refuse()`,
  )
  const environment = readEnvironment({ ...NO_LIMITS, CROSSRUN_POOL_SIZE: String(CONNECTIONS) })
  client = openClient(database.url, environment)
  server = createServer({
    prisma: client.prisma,
    organizationId: organizationIdOf('nobody'),
    openness: 'never',
    environment,
    logger: pino({ level: 'silent' }),
    // Nothing but the transaction's own setting keeps them apart.
    organizationCondition: false,
  })
  url = new URL('/graphql', (await server.listen({ host: '127.0.0.1', port: 0 })).url)
})
afterAll(() => server?.close())

/** One in ten over a socket, which closes when it is aborted; the others without. */
async function send(place: number, { key, name }: Organization, { query, isAborted }: Kind): Promise<string | null> {
  const aborting = new AbortController()
  const init = {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${key}` },
    body: JSON.stringify({ query, variables: { name } }),
    signal: isAborted ? aborting.signal : null,
  }
  if (isAborted) setTimeout(() => aborting.abort(), place % 30)
  try {
    const response = place % 10 === 2 ? await fetch(url, init) : await server.fetch(url.href, init as RequestInit)
    return await response.text()
  } catch (error) {
    if (isAborted && aborting.signal.aborted) return null
    throw error
  }
}

/** What a connection of the pool is between requests. */
async function leftOver(): Promise<string> {
  const [row] = await client.prisma.$queryRaw<Record<string, string>[]>`
    select current_user::text = session_user::text as "isItself", coalesce(current_setting('app.organization_id', true), '') as organization,
           coalesce(current_setting('app.api_key_id', true), '') as key, current_setting('transaction_read_only') as "readOnly"`
  return JSON.stringify(row)
}

it(`${REQUESTS} requests of two organizations over ${CONNECTIONS} connections are each answered with their own`, async () => {
  const counts: Record<string, number> = {}
  const leaks: string[] = []
  const wrong: string[] = []
  let next = 0
  const work = async () => {
    for (let place = next++; place < REQUESTS; place = next++) {
      const name = MIX[Math.floor(place / 2) % MIX.length]!
      const [own, other] = place % 2 ? [organizations[1]!, organizations[0]!] : [organizations[0]!, organizations[1]!]
      const kind = KINDS[name]!
      const answer = await send(place, own, kind)
      const what = answer === null ? 'gone' : name
      counts[what] = (counts[what] ?? 0) + 1
      if (answer?.includes(other.name)) leaks.push(`${place} ${name}: ${answer}`)
      else if (answer !== null && kind.is && !kind.is(JSON.parse(answer), own))
        wrong.push(`${place} ${name}: ${answer}`)
      if (place % 50 === 0) {
        const state = await leftOver()
        if (state !== '{"isItself":true,"organization":"","key":"","readOnly":"off"}') leaks.push(`${place}: ${state}`)
      }
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, work))
  expect(leaks).toEqual([])
  expect(wrong.slice(0, 5)).toEqual([])
  expect(Object.values(counts).reduce((sum, count) => sum + count)).toBe(REQUESTS)
  for (const kind of ['gone', ...Object.keys(KINDS).filter((name) => name !== 'aborted')])
    expect([kind, counts[kind]]).toEqual([kind, expect.toSatisfy((count?: number) => (count ?? 0) > 0)])
}, 300_000)

it('afterwards the app role on the same connections sees no row without an organization', async () => {
  const looks = Array.from({ length: CONNECTIONS * 5 }, () =>
    client.prisma.$transaction([
      client.prisma.$queryRaw`select set_config('role', 'crossrun_app', true), pg_sleep(0.02)::text`,
      client.prisma
        .$queryRaw`select pg_backend_pid() as pid, (select count(*)::int from agents) + (select count(*)::int from saved_views) as rows`,
    ]),
  )
  const seen = (await Promise.all(looks)).map(([, rows]) => (rows as { pid: number; rows: number }[])[0]!)
  expect(new Set(seen.map(({ pid }) => pid)).size).toBeLessThanOrEqual(CONNECTIONS)
  expect(seen.map(({ rows }) => rows)).toEqual(seen.map(() => 0))
  expect(await database.sql('select name, count(*)::int as views from saved_views group by name order by 1')).toEqual([
    { name: 'acme', views: 1 },
    { name: 'globex', views: 1 },
  ])
})
