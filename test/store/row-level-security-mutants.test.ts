import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { organizationIdOf } from '../../src/model/identifiers.ts'
import { isolationBreaches } from './isolation/breaches.ts'
import { hostedDatabase } from './isolation/hosted-database.ts'
import { fillTables, type TenantTable, tenantTables } from './isolation/tenant-tables.ts'

type Policy = { table: string; name: string; command: string; reads: string; writes: string | null }

const [acme, globex] = [organizationIdOf('acme'), organizationIdOf('globex')]
const database = hostedDatabase()
let client: pg.Client
let tables: TenantTable[]
let policies: Policy[]

beforeAll(async () => {
  client = new pg.Client({ connectionString: database.url })
  await client.connect()
  tables = await tenantTables(client)
  for (const organization of [acme, globex]) await fillTables(client, tables, organization)
  policies = (
    await client.query<Policy>(`
      select tablename as table, policyname as name, cmd as command, qual as reads, with_check as writes
      from pg_policies where schemaname = 'public' and 'crossrun_app' = any (roles) order by 1, 2`)
  ).rows
})
afterAll(() => client.end())

const breachesOf = (table: string, change = '') =>
  isolationBreaches(client, { ours: acme, theirs: globex, tables: tables.filter(({ name }) => name === table), change })

const again = ({ table, name, command }: Policy, conditions: string) =>
  `drop policy ${name} on ${table}; create policy ${name} on ${table} for ${command} to crossrun_app ${conditions}`

/** What could go wrong with a policy, as the SQL that does it; null where it cannot be. */
const MUTANTS: Record<string, (policy: Policy) => string | null> = {
  'is dropped': ({ table, name }) => `drop policy ${name} on ${table}`,
  'is true': (policy) => again(policy, `using (true) ${policy.writes ? 'with check (true)' : ''}`),
  'shows everything': (policy) => policy.writes && again(policy, `using (true) with check (${policy.writes})`),
  'lets everything be written': (policy) => policy.writes && again(policy, `using (${policy.reads}) with check (true)`),
  'has another beside it that is true': ({ table }) => `create policy besides on ${table} to crossrun_app using (true)`,
  'is not looked at': ({ table }) => `alter table ${table} disable row level security`,
}

describe('the check of isolation', () => {
  it('finds nothing as things are', async () => {
    expect(policies.length).toBeGreaterThan(tables.length)
    for (const { name } of tables) expect(await breachesOf(name)).toEqual([])
  })

  it.each(Object.keys(MUTANTS))('fails for each table whose policy %s', async (mutant) => {
    const survivors: string[] = []
    let tried = 0
    for (const policy of policies) {
      const change = MUTANTS[mutant]!(policy)
      if (change === null) continue
      tried += 1
      if ((await breachesOf(policy.table, change)).length === 0) survivors.push(`${policy.table}.${policy.name}`)
    }
    expect(tried).toBeGreaterThanOrEqual(tables.length)
    expect(survivors).toEqual([])
  })

  it('finds nothing once everything is put back', async () => {
    expect(await isolationBreaches(client, { ours: acme, theirs: globex })).toEqual([])
  })
})

it('whoever owns a table sees all of it as soon as its policy is not forced', async () => {
  for (const { name } of tables) {
    const count = async () => (await client.query(`select count(*)::int as rows from ${name}`)).rows[0].rows
    expect([name, await count()]).toEqual([name, 0])
    await client.query(`begin; alter table ${name} no force row level security`)
    expect([name, await count()]).toEqual([name, expect.toSatisfy((rows: number) => rows >= 2)])
    await client.query('rollback')
  }
})
