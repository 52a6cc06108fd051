import { GraphQLObjectType } from 'graphql'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { decodeGlobalId, encodeGlobalId } from '../../src/filters/global-ids.ts'
import { organizationIdOf } from '../../src/model/identifiers.ts'
import { schema } from '../../src/schema/index.ts'
import { testDatabase } from '../database.ts'
import { isolationBreaches } from '../store/isolation/breaches.ts'
import { fillTables, tenantTables } from '../store/isolation/tenant-tables.ts'
import { makeKey, readHidden, type Served, serve } from './isolation/asking.ts'
import {
  BY_ID,
  BY_NAME,
  keepResults,
  MAKING,
  makeCatalogs,
  refusalOf,
  refusalOfOrganization,
  removeCatalogs,
} from './isolation/catalogs.ts'
import {
  type Asked,
  argumentsOf,
  everyField,
  everyFilter,
  everyOrder,
  isEntityList,
  rootFields,
} from './isolation/documents.ts'
import { documentOf, everyLookup } from './isolation/lookups.ts'
import { everyMetric, everyTable } from './isolation/metrics-documents.ts'
import { everySearch, NAMED } from './isolation/searches.ts'
import { digestsOf, importEverything, MARKER, markEverything } from './isolation/two-organizations.ts'

const database = testDatabase({ isOwn: true })
const [acme, globex] = [organizationIdOf('acme'), organizationIdOf('globex')]

/** What only the other has is a text in every filter that takes one. */
const filtersByText = everyFilter(MARKER).filter(({ isOfOthers }) => isOfOthers)

/** Every other one of what is much alike. */
const half = <T>(documents: T[]): T[] => documents.filter((_, place) => place % 2 === 0)
const orders = half(everyOrder())

/** What changes by being asked for: it is looked through for what is another's, but need not be as it was. */
const CHANGES = new Set(['auditEvents', 'apiKeys'])

let both: Served
let policiesAlone: Served
let acmeKey: string
let globexKey: { id: string; text: string }
let documents: Asked[]
/** What acme was answered before there was a globex. */
let before: Map<string, string>
/** What globex is answered. */
let theirs: Map<string, string>
let theirIds: Set<string>
/** Lookups by what is a key of globex and none of acme. */
let theirKeys: Asked[]
let asked = 0

beforeAll(async () => {
  both = await serve(database, true)
  policiesAlone = await serve(database, false)
  acmeKey = (await makeKey(database, acme, 'key')).text
  await importEverything(database, 'acme', 'a note')
  await makeCatalogs(both.as(acmeKey), 'of acme', 'ours', 70)
  expect(await keepResults(both.as(acmeKey), 'run-1', 'ours')).toBeNull()
  const keys = (await everyLookup(both.as(acmeKey))).map(documentOf)
  const filters = [...filtersByText, ...half(everyFilter(MARKER).filter(({ isOfOthers }) => !isOfOthers))]
  documents = [...everyField(), ...everyTable(), ...everySearch(), ...keys, ...everyMetric(), ...orders, ...filters]
  before = await both.as(acmeKey).askAll(documents)

  globexKey = await makeKey(database, globex, `${MARKER} key`)
  await importEverything(database, 'globex', MARKER)
  await makeCatalogs(both.as(globexKey.text), 'of acme', MARKER, 71)
  await makeCatalogs(both.as(globexKey.text), `${MARKER} own`, MARKER, 72)
  expect(await keepResults(both.as(globexKey.text), 'run-1', MARKER)).toBeNull()
  await markEverything(database, globex)
  const ids = await database.sql(`select id::text from (${await idsQuery()}) as t`, [globex])
  theirIds = new Set([globex, ...ids.map(({ id }) => id)])
  const known = new Set(keys.map(({ name }) => name))
  theirKeys = (await everyLookup(both.as(globexKey.text))).map(documentOf).filter(({ name }) => !known.has(name))
  theirs = await both.as(globexKey.text).askAll([...everyField(), ...orders, ...filtersByText])
}, 240_000)

afterAll(async () => {
  await both.close()
  await policiesAlone.close()
})

async function idsQuery(): Promise<string> {
  const tables = await database.sql(
    `select table_name as name from information_schema.columns where table_schema = 'public' and column_name = 'organization_id' and table_name in
       (select table_name from information_schema.columns where table_schema = 'public' and column_name = 'id')`,
  )
  return tables.map(({ name }) => `select id from ${name} where organization_id = $1`).join(' union all ')
}

/** Sums of binary numbers end in digits that depend on the order in which rows are read. */
const rounded = (answer: string) =>
  answer.replaceAll(/\d+\.\d+/g, (number) => String(Number(Number(number).toPrecision(12))))

/** What of the other organization stands in an answer. */
function leaksOf(answer: string, isAskedFor: string[] = []): string[] {
  const { ids, texts } = readHidden(answer)
  const leaked = ids.filter((id) => theirIds.has(id) && !isAskedFor.includes(id))
  return texts.includes(MARKER) ? [...leaked, MARKER] : leaked
}

const globalIdsOf = (answer: string) =>
  [...answer.matchAll(/"([\w-]{40,})"/g)].map(([, id]) => id!).filter(decodeGlobalId)

const nodeTypes = () =>
  Object.values(schema.getTypeMap())
    .filter((type): type is GraphQLObjectType => type instanceof GraphQLObjectType)
    .filter((type) => type.getInterfaces().some(({ name }) => name === 'Node'))
    .map(({ name }) => name)

it('the other organization has everything, under the same keys, and sees it', async () => {
  const lists = rootFields.filter(isEntityList)
  expect(lists.length).toBeGreaterThan(35)
  const unmarked = lists.filter(({ name }) => !theirs.get(name)!.includes(MARKER)).map(({ name }) => name)
  expect(unmarked).toEqual([])
})

describe.each([
  ['row-level security alone', () => policiesAlone],
  ['the condition on the organization too', () => both],
])('with %s, an organization', (_guard, server) => {
  it('is answered everything as if the other were not there', async () => {
    const answers = await server().as(acmeKey).askAll(documents)
    asked += documents.length
    const leaks = [...answers].flatMap(([name, answer]) => leaksOf(answer).map((leak) => `${name}: ${leak}`))
    expect(leaks).toEqual([])
    const others = documents.filter(
      ({ name }) => !CHANGES.has(name.split(/[. ]/)[0]!) && rounded(answers.get(name)!) !== rounded(before.get(name)!),
    )
    expect(others.map(({ name }) => name)).toEqual([])
    // A question that is refused shows nothing.
    expect(documents.filter(({ name }) => answers.get(name)!.startsWith('{"errors"')).map(({ name }) => name)).toEqual(
      [],
    )
  })

  it('finds nothing by a text that only the other has', async () => {
    const counts = (answers: Map<string, string>) =>
      filtersByText.filter(({ name }) => !answers.get(name)!.includes('"totalCount":0')).length
    expect(counts(before)).toBe(0)
    expect(counts(await server().as(acmeKey).askAll(filtersByText))).toBe(0)
    // The other finds nearly everything by it: what is left is null in what was imported.
    expect(counts(theirs)).toBeGreaterThan(filtersByText.length * 0.6)
    asked += filtersByText.length
  })

  it('is shown nothing by ids of the other', async () => {
    const ids = [...new Set([...theirs.values()].flatMap(globalIdsOf))].filter((id) =>
      theirIds.has(decodeGlobalId(id)!.id),
    )
    const types = new Set(ids.map((id) => decodeGlobalId(id)!.typeName))
    expect(nodeTypes().filter((type) => !types.has(type))).toEqual([])
    const one = [...types].map((type) => ids.find((id) => decodeGlobalId(id)!.typeName === type)!)
    const each = one.map((id) => ({
      name: id,
      query: '($id: ID!) { node(id: $id) { __typename id } }',
      variables: { id },
    }))
    const all = Array.from({ length: Math.ceil(ids.length / 100) }, (_, page) => {
      const some = ids.slice(page * 100, page * 100 + 100)
      return {
        name: `nodes ${page}`,
        query: '($ids: [ID!]!) { nodes(ids: $ids) { __typename id } }',
        variables: { ids: some },
      }
    })
    const filters = rootFields.filter(isEntityList).map((field) => ({
      name: field.name,
      query: `($ids: [ID!]!) { ${field.name}${argumentsOf(field, { where: '{ id: { in: $ids } }' })} { totalCount nodes { id } } }`,
      variables: {
        ids: one.filter((id) => field.type.toString().startsWith(`${decodeGlobalId(id)!.typeName}Connection`)),
      },
    }))
    const documents = [...each, ...all, ...filters].map((document) => ({
      ...document,
      query: `query ${document.query}`,
    }))
    const answers = await server().as(acmeKey).askAll(documents)
    asked += documents.length
    expect(each.map(({ name }) => answers.get(name))).toEqual(each.map(() => '{"data":{"node":null}}'))
    for (const { name, variables } of all)
      expect(answers.get(name)).toBe(JSON.stringify({ data: { nodes: variables.ids.map(() => null) } }))
    for (const { name } of filters)
      expect(answers.get(name)).toBe(JSON.stringify({ data: { [name]: { totalCount: 0, nodes: [] } } }))
  })

  it('looks up nothing by keys that only the other has', async () => {
    expect(new Set(theirKeys.map(({ name }) => name.split(' ', 3).join(' '))).size).toBeGreaterThan(20)
    for (const [name, answer] of await server().as(acmeKey).askAll(theirKeys))
      expect([name, answer]).toEqual([name, JSON.stringify({ data: { [name.split(' ')[0]!]: null } })])
    asked += theirKeys.length
  })

  it('gets from a cursor of the other a place in its own list', async () => {
    const documents = orders.map(({ name, query }, place) => {
      const cursor = /"endCursor":"([\w-]+)"/.exec(theirs.get(name)!)?.[1]
      const page = place % 2 ? `first: 50, after: "${cursor}"` : `last: 50, before: "${cursor}"`
      return { name, query: query.replace('first: 3', page) }
    })
    const answers = await server().as(acmeKey).askAll(documents)
    asked += documents.length
    for (const [name, answer] of answers) {
      expect([name, leaksOf(answer)]).toEqual([name, []])
      if (CHANGES.has(name.split(' ')[0]!)) continue
      const [own] = Object.values(JSON.parse(before.get(name)!).data) as [{ totalCount: number }]
      const [{ totalCount, nodes }] = Object.values(JSON.parse(answer).data) as [
        { totalCount: number; nodes: object[] },
      ]
      expect([name, totalCount]).toEqual([name, own.totalCount])
      expect(nodes.length).toBeLessThanOrEqual(totalCount)
    }
  })

  it('is told the same of what only the other has and of what nobody has', async () => {
    const told = async (text: string, id: string) => {
      const documents = NAMED.map((query, place) => ({ name: String(place), query, variables: { text, id } }))
      asked += documents.length
      const answers = await server().as(acmeKey).askAll(documents)
      return [...answers].sort().map(([place, answer]) => [place, answer.replaceAll(text, 'TEXT').replaceAll(id, 'ID')])
    }
    const run = globalIdsOf(theirs.get('runs')!)[0]!
    const nobody = Buffer.from('Run:00000000-0000-5000-8000-00000000000a').toString('base64url')
    const answers = await told(`${MARKER} own`, run)
    expect(answers).toEqual(await told('NOBODYKNOWS own', nobody))
    expect(answers.map(([, answer]) => answer).join('')).not.toContain(MARKER)
  })
})

it('an organization can change, take away or bar nothing of another, by the names that both use', async () => {
  const digests = await digestsOf(database, globex)
  const asker = both.as(acmeKey)
  const removed = { removeView: true, removeScoringConfig: true, removeSynonyms: true, removeModelPrice: true }
  const none = { removeView: false, removeScoringConfig: false, removeSynonyms: false, removeModelPrice: false }
  expect(await removeCatalogs(asker, `${MARKER} own`)).toEqual(none)
  await makeCatalogs(asker, 'of acme', 'changed', 73)
  await makeCatalogs(asker, `${MARKER} own`, 'mine', 74)
  expect(await removeCatalogs(asker, 'of acme')).toEqual(removed)
  expect(await refusalOfOrganization(asker, 'globex')).toBe(await refusalOfOrganization(asker, 'nobody'))
  for (const [mutation, type] of Object.entries(BY_ID)) {
    const id =
      type === 'ApiKey'
        ? globexKey.id
        : type === 'ResultSnapshot'
          ? JSON.parse(theirs.get('resultSnapshots')!).data.resultSnapshots[0].id
          : [...theirs.values()].flatMap(globalIdsOf).find((each) => decodeGlobalId(each)!.typeName === type)!
    const nobody = '00000000-0000-5000-8000-00000000000a'
    const unknown = ['ApiKey', 'ResultSnapshot'].includes(type) ? nobody : encodeGlobalId(type, nobody)
    const refusal = await refusalOf(asker, mutation, id)
    expect([mutation, refusal]).toEqual([mutation, await refusalOf(asker, mutation, unknown)])
    expect(refusal).toContain('NOT_FOUND')
  }
  const [{ id: run }] = (await database.sql('select id::text from extraction_runs where organization_id = $1', [
    globex,
  ])) as [{ id: string }]
  const kept = await keepResults(asker, encodeGlobalId('Run', run), 'taken')
  expect(kept).toMatch(/^NOT_FOUND/)
  expect(kept).toBe(await keepResults(asker, 'nothing', 'taken'))
  expect(await digestsOf(database, globex)).toEqual(digests)
  expect(
    await both.as(globexKey.text).ask({ name: 'still', query: '{ savedView(name: "of acme") { description } }' }),
  ).toBe(JSON.stringify({ data: { savedView: { description: MARKER } } }))
})

it('every mutation there is has been tried on what is another’s', () => {
  const mutations = Object.keys(schema.getMutationType()!.getFields()).sort()
  expect(mutations).toEqual([...Object.keys(BY_ID), ...BY_NAME, ...MAKING].sort())
})

it('the check of the policies holds for what was imported', async () => {
  const client = new pg.Client({ connectionString: database.url })
  await client.connect()
  const tables = await tenantTables(client)
  for (const organization of [acme, globex]) {
    const empty = new Set<string>()
    for (const { name, owner } of tables) {
      const rows = await database.sql(`select from ${name} where ${owner} = $1 limit 1`, [organization])
      if (rows.length === 0) empty.add(name)
    }
    // What no artifact fills is filled by hand.
    await fillTables(
      client,
      tables.filter(({ name }) => empty.has(name)),
      organization,
    )
  }
  expect(await isolationBreaches(client, { ours: acme, theirs: globex, tables })).toEqual([])
  await client.end()
})

// The last of all: it takes the policies away.
it('the condition on the organization alone keeps an id from leading to an object of another', async () => {
  const tables = await database.sql(
    `select c.oid::regclass::text as name from pg_class as c where c.relnamespace = 'public'::regnamespace and c.relrowsecurity`,
  )
  for (const { name } of tables) await database.sql(`alter table ${name} disable row level security`)
  const ids = [...new Set([...theirs.values()].flatMap(globalIdsOf))].filter((id) =>
    theirIds.has(decodeGlobalId(id)!.id),
  )
  const one = nodeTypes().map((type) => ids.find((id) => decodeGlobalId(id)!.typeName === type)!)
  const documents = [
    ...one.map((id) => ({
      name: id,
      query: 'query ($id: ID!) { node(id: $id) { __typename id } }',
      variables: { id },
    })),
    { name: 'nodes', query: 'query ($ids: [ID!]!) { nodes(ids: $ids) { __typename id } }', variables: { ids: one } },
  ]
  const answers = await both.as(acmeKey).askAll(documents)
  expect(one.map((id) => answers.get(id))).toEqual(one.map(() => '{"data":{"node":null}}'))
  expect(answers.get('nodes')).toBe(JSON.stringify({ data: { nodes: one.map(() => null) } }))
  // Its own are there, and without the condition the other's would be.
  const shown = await both.as(globexKey.text).askAll(documents)
  const open = await policiesAlone.as(acmeKey).askAll(documents)
  for (const found of [shown, open]) expect(leaksOf(found.get('nodes')!)).toHaveLength(one.length)
})

it('all of this asked thousands of documents', () => {
  console.log(`${asked} documents were asked for what is another's.`)
  expect(asked).toBeGreaterThan(3_000)
})
