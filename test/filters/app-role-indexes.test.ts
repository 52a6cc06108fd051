import pg from 'pg'
import { beforeAll, describe, expect, it } from 'vitest'
import type { Entity, Field, Kind } from '../../src/filters/declaration.ts'
import { entities } from '../../src/filters/entities/index.ts'
import { countRows, findPage } from '../../src/filters/page.ts'
import type { Where } from '../../src/filters/where.ts'
import { organizationIdOf } from '../../src/model/identifiers.ts'
import { type Db, kyselyOn } from '../../src/store/transaction-kysely.ts'
import { testDatabase } from '../database.ts'
import { type TenantTable, tenantTables } from '../store/isolation/tenant-tables.ts'

/**
 * Under row-level security an index takes only conditions whose operators are leakproof: others might tell of the rows of
 * somebody else what they were called with, so they are asked only of rows that the policy has let through. Such a filter
 * reads the rows of its own organization, from an index by the organization. The functions of those operators:
 */
const CANNOT: Partial<Record<Kind, string>> = { enum: 'enum_eq', decimal: 'numeric_eq', textList: 'arraycontains' }
const CONTAINS = 'texticlike'

/** What runs as its owner instead, and names the organization itself: its SQL, the table, and the index it reads. */
const SEARCHES = [
  [`select id from crossrun_similar_issues('1212')`, 'issue_resolutions', 'x_issue_resolutions_english'],
  [
    `select id from crossrun_search_pain_points('[{"words": "1212", "phrase": "1212", "stems": "1212", "meant": "1212", "looked": "1212", "wanted": "1212", "likes": []}]')`,
    'pain_points',
    'x_pain_points_stems',
  ],
] as const

type Plan = {
  'Node Type': string
  'Relation Name'?: string
  'Actual Rows': number
  'Actual Loops': number
  'Rows Removed by Filter'?: number
  'Rows Removed by Index Recheck'?: number
  Plans?: Plan[]
}

const database = testDatabase({ isOwn: true })
const scope = { organizationId: database.organizationId }
const ORGANIZATIONS = 12
const OWN = 500
/** As many as a page and what is filtered out on the way to it may be. */
const FEW = 60

/** The lists that grow with use. */
const LISTED: Entity[] = [
  entities.run,
  entities.agentCall,
  entities.company,
  entities.contact,
  entities.conversation,
  entities.touchpoint,
  entities.task,
  entities.attempt,
  entities.signal,
  entities.candidate,
  entities.painPoint,
  entities.healthCheck,
  entities.issueResolution,
]

beforeAll(async () => {
  const client = new pg.Client({ connectionString: database.url })
  await client.connect()
  const tables = (await tenantTables(client)).filter(({ name }) => LISTED.some(({ table }) => table === name))
  for (const table of tables) await fill(client, table)
  await client.query('vacuum analyze')
  await client.end()
}, 120_000)

/** Rows of many organizations by turns; in a column of ours hardly a value is there twice, but for enums, flags and tags. */
async function fill(client: pg.Client, { name, columns }: TenantTable) {
  const others = Array.from({ length: ORGANIZATIONS - 1 }, (_, place) => organizationIdOf(`other ${place}`))
  const values = columns.map(({ name: column, type, isEnum }) => {
    if (column === 'organization_id') return `($1::uuid[])[1 + i % ${ORGANIZATIONS}]`
    if (isEnum) return `(enum_range(null::${type}))[1 + i / ${ORGANIZATIONS} % cardinality(enum_range(null::${type}))]`
    if (type === 'uuid') return `md5('${column}' || i)::uuid`
    if (type === 'text') return `'${column} ' || i`
    if (type === 'text[]') return `array['tag ' || i / ${ORGANIZATIONS} % 100]`
    if (type === 'real[]') return `null`
    if (type === 'jsonb') return `'{}'`
    if (type.startsWith('timestamp') || type === 'date') return `timestamptz '2025-01-01' + i * interval '1 minute'`
    if (type === 'boolean') return `i / ${ORGANIZATIONS} % 2 = 0`
    if (type === 'bytea') return `'\\x00'`
    return `i % 9000`
  })
  await client.query(`alter table ${name} disable trigger user`)
  await client.query(
    `insert into ${name} (${columns.map((column) => `"${column.name}"`).join(', ')})
     select ${values.join(', ')} from generate_series(0, ${OWN * ORGANIZATIONS - 1}) as i`,
    [[database.organizationId, ...others]],
  )
}

/** The nodes of the plans of what the work sends, as the app role, or as the owner, whom row-level security does not bind. */
async function nodesOf(work: (db: Db) => Promise<unknown>, role = 'crossrun_app'): Promise<Plan[]> {
  const plans: Plan[] = []
  await database.transaction(async ({ tx }) => {
    await tx.$queryRaw`select set_config('role', ${role}, true)`
    const explaining = {
      async $queryRawUnsafe(sql: string, ...values: unknown[]) {
        const [row] = await tx.$queryRawUnsafe<[{ 'QUERY PLAN': [{ Plan: Plan }] }]>(
          `explain (analyze, timing off, format json) ${sql}`,
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

/** Rows that a plan took from tables, whether it kept them or not; null when it read one from end to end. */
function touched(nodes: Plan[]): number | null {
  if (nodes.some((node) => node['Node Type'] === 'Seq Scan')) return null
  const read = nodes.filter((node) => node['Relation Name'])
  return read.reduce(
    (sum, node) =>
      sum +
      (node['Actual Rows'] + (node['Rows Removed by Filter'] ?? 0) + (node['Rows Removed by Index Recheck'] ?? 0)) *
        node['Actual Loops'],
    0,
  )
}

type Filter = { name: string; entity: Entity; field: Field; where: Where }

/** Every filter of these lists by a value that a row of ours has. */
async function everyFilter(): Promise<Filter[]> {
  const filters: Filter[] = []
  for (const entity of LISTED) {
    const [row] = await database.sql(
      `select to_jsonb(t) as row from ${entity.table} as t where organization_id = $1 limit 1 offset 100`,
      [database.organizationId],
    )
    for (const [name, field] of Object.entries(entity.fields)) {
      if (!field.filterable || field.computed || ['json', 'uuid'].includes(field.kind)) continue
      const value = row!.row[field.column]
      const given =
        field.kind === 'dateTime' ? new Date(value).toISOString() : field.kind === 'decimal' ? String(value) : value
      const where = { [name]: field.kind === 'textList' ? { has: value[0] } : { equals: given } }
      filters.push({ name: `${entity.name}.${name}`, entity, field, where })
    }
  }
  return filters
}

const countedBy = async ({ entity, where }: Pick<Filter, 'entity' | 'where'>, role?: string) =>
  touched(await nodesOf((db) => countRows(db, { entity, scope, where }), role))

/** Columns that come right after the organization in an index of the whole table. */
async function indexed(): Promise<Set<string>> {
  const rows = await database.sql(`
    select c.relname || '.' || a.attname as name from pg_index i join pg_class c on c.oid = i.indrelid
      join pg_attribute o on o.attrelid = c.oid and o.attnum = i.indkey[0] and o.attname = 'organization_id'
      join pg_attribute a on a.attrelid = c.oid and a.attnum = i.indkey[1]
    where i.indpred is null`)
  return new Set(rows.map(({ name }) => name))
}

describe(`among ${OWN * ORGANIZATIONS} rows of ${ORGANIZATIONS} organizations, as the app role`, () => {
  it('the first page of every list reads a row more than itself', async () => {
    for (const entity of LISTED)
      expect([entity.name, touched(await nodesOf((db) => findPage(db, { entity, scope }, { size: 20 })))]).toEqual([
        entity.name,
        21,
      ])
  })

  it('no filter reads a table from end to end, or rows of others', async () => {
    const filters = await everyFilter()
    expect(filters.length).toBeGreaterThan(200)
    for (const filter of filters) {
      const rows = await countedBy(filter)
      expect([filter.name, rows]).toEqual([filter.name, expect.toSatisfy((count) => count !== null && count <= OWN)])
    }
  })

  it('a filter by a text, a time or a number that has an index reads what it finds', async () => {
    const columns = await indexed()
    const filters = (await everyFilter()).filter(
      ({ entity, field }) =>
        columns.has(`${entity.table}.${field.column}`) && !CANNOT[field.kind] && field.kind !== 'boolean',
    )
    expect(filters.length).toBeGreaterThan(40)
    for (const filter of filters)
      expect([filter.name, await countedBy(filter)]).toEqual([
        filter.name,
        expect.toSatisfy((count) => count !== null && count <= FEW),
      ])
  })

  it('a filter whose operator might tell what it was given reads the rows of its organization instead', async () => {
    const filters = (await everyFilter()).filter(({ field }) => CANNOT[field.kind])
    // Once PostgreSQL calls one of them leakproof, it is no exception any more.
    const operators = [...Object.values(CANNOT), CONTAINS].sort()
    expect(
      await database.sql(
        'select proname::text as name from pg_proc where not proleakproof and proname = any ($1) order by 1',
        [operators],
      ),
    ).toEqual(operators.map((name) => ({ name })))
    for (const filter of filters) expect([filter.name, await countedBy(filter)]).toEqual([filter.name, OWN])
    const contains = { entity: entities.company, where: { domain: { contains: 'domain 1212' } } }
    expect(await countedBy(contains)).toBe(OWN)
  })

  it('it is row-level security that keeps those from their indexes', async () => {
    const tagged = { entity: entities.run, where: { tags: { has: 'tag 7' } } }
    expect([await countedBy(tagged), await countedBy(tagged, 'none')]).toEqual([
      OWN,
      expect.toSatisfy((count) => count <= FEW),
    ])
  })

  it('searches read indexes all the same', async () => {
    for (const [sql, table, index] of SEARCHES) {
      const scans = await database.transaction(async ({ tx }) => {
        const found = await tx.$queryRawUnsafe<unknown[]>(sql)
        expect(found.length).toBe(1)
        return tx.$queryRaw<{ name: string }[]>`
          select relname::text as name from pg_class where pg_stat_get_xact_numscans(oid) > 0 and (relname = ${table} or relname = ${index})`
      })
      expect([sql, scans]).toEqual([sql, [{ name: index }]])
    }
  })
})
