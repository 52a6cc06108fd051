import pg from 'pg'
import { afterEach, describe, expect, it } from 'vitest'
import { eventually } from '../store/embedded/workspace.ts'
import { biAccess, RUNS } from './bi-access.ts'

const CONNECTIONS = 3
const bi = biAccess({ connections: CONNECTIONS })
const pools: pg.Pool[] = []

function pool(max = CONNECTIONS): pg.Pool {
  const made = new pg.Pool({ connectionString: bi.url, max })
  pools.push(made)
  return made
}

afterEach(async () => {
  for (const each of pools.splice(0)) await each.end()
})

describe('node-postgres', () => {
  it('asks as much at once as the login has connections', async () => {
    const own = pool()
    const answers = await Promise.all(
      Array.from({ length: 30 }, (_, n) => own.query('select $1::int as n, count(*)::int as runs from runs', [n])),
    )
    expect(answers.map(({ rows }) => rows[0])).toEqual(answers.map((_, n) => ({ n, runs: RUNS.length })))
    expect(own.totalCount).toBe(CONNECTIONS)
  })

  it('is refused a connection more, until one is given back', async () => {
    const own = pool()
    // The sessions of the test before may not have ended yet.
    const held: pg.PoolClient[] = []
    await eventually('all connections are free', async () => {
      while (held.length < CONNECTIONS) {
        const client = await own.connect().catch(() => null)
        if (!client) return false
        held.push(client)
      }
      return true
    })
    const other = pool(1)
    await expect(other.query('select 1')).rejects.toMatchObject({
      code: '53300',
      message: expect.stringContaining(`too many connections for role "${bi.user}"`),
    })
    expect((await held[0]!.query('select 1 as alive')).rows).toEqual([{ alive: 1 }])
    held.pop()!.release(true)
    await eventually('there is room again', () =>
      other.query('select 1').then(
        () => true,
        () => false,
      ),
    )
    for (const client of held) client.release()
  })

  it('reads by a cursor, part by part, on one snapshot', async () => {
    const client = await connected()
    await client.query('begin')
    await client.query(
      'declare parts no scroll cursor for select n from runs, generate_series(1, 1000) as n order by n',
    )
    const sizes: number[] = []
    for (;;) {
      const { rowCount } = await client.query('fetch 700 from parts')
      if (!rowCount) break
      sizes.push(rowCount)
    }
    await client.query('commit')
    client.release()
    expect(sizes).toEqual([700, 700, 700, 700, 200])
  })

  it('prepares a statement once, and asks it with other values', async () => {
    const client = await connected()
    const found: unknown[] = []
    for (const { external_id } of RUNS) {
      const statement = { name: 'by-name', text: 'select external_id, cost_usd from runs where external_id = $1' }
      found.push(...(await client.query({ ...statement, values: [external_id] })).rows)
    }
    expect(found).toEqual(RUNS.map(({ external_id, cost_usd }) => ({ external_id, cost_usd })))
    const { rows } = await client.query('select name from pg_prepared_statements')
    expect(rows).toEqual([{ name: 'by-name' }])
    client.release()
  })

  it('gives numbers, times and text as they are', async () => {
    const client = await connected()
    const { rows } = await client.query('select external_id, cost_usd, total_tokens, started_at from runs order by 1')
    client.release()
    expect(rows).toEqual(RUNS.map((run) => ({ ...run, started_at: run.started_at ? new Date(run.started_at) : null })))
  })

  it('goes on after a statement that failed', async () => {
    const own = pool(1)
    await eventually('it connects', () => own.query('select').then(Boolean, () => false))
    await expect(own.query('select 1 / 0')).rejects.toMatchObject({ code: '22012' })
    await expect(own.query('create table analytics.mine ()')).rejects.toMatchObject({ code: '25006' })
    expect((await own.query('select count(*)::int as runs from runs')).rows).toEqual([{ runs: RUNS.length }])
  })
})

/** A connection of a new pool; sessions that were closed a moment ago may still count. */
async function connected(): Promise<pg.PoolClient> {
  const own = pool(1)
  let client: pg.PoolClient | undefined
  await eventually('it connects', async () => {
    client = await own.connect().catch(() => undefined)
    return client !== undefined
  })
  return client!
}
