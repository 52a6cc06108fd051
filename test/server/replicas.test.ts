import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeAll, describe, expect, inject, it, vi } from 'vitest'
import { readDocuments } from '../../scripts/bench/documents.ts'
import type { Questions } from '../../scripts/generate/world/questions.ts'
import { writeWorld } from '../../scripts/generate/world/write-world.ts'
import { readEnvironment } from '../../src/environment.ts'
import { DEFAULT_IMPORT_OPTIONS } from '../../src/importers/options.ts'
import { runImport } from '../../src/importers/run-import.ts'
import { organizationIdOf } from '../../src/model/identifiers.ts'
import { createServer, type Server, type ServerOptions } from '../../src/server/index.ts'
import { createLogger } from '../../src/server/logger.ts'
import { openReplicas } from '../../src/server/open-replicas.ts'
import { openClient } from '../../src/store/client.ts'
import { Replicas } from '../../src/store/replicas.ts'
import { replicatedServer } from '../store/replica.ts'
import { rows } from '../store/scratch-server.ts'

const replicated = replicatedServer(2)
const documents = readDocuments(fileURLToPath(new URL('../questions', import.meta.url)))

/** A server on the primary that has these replicas, and what it logged. */
function serve(
  replicaUrls: string[],
  variables: Record<string, string> = {},
  { openness = 'always' as Openness } = {},
) {
  const { url } = replicated.primary
  const environment = readEnvironment({
    CROSSRUN_RATE_LIMIT: '0',
    DATABASE_REPLICA_URLS: replicaUrls.join(','),
    ...variables,
  })
  const lines: string[] = []
  const logger = createLogger(environment, { urls: [url], destination: { write: (line) => void lines.push(line) } })
  const { prisma } = openClient(url, environment)
  const replicas = openReplicas(url, environment, logger)
  const organizationId = organizationIdOf('default')
  const server = createServer({ prisma, url, replicas, organizationId, openness, environment, logger })
  served.push(server)
  const ask = async (query: string, values: object = {}, headers: Record<string, string> = {}) => {
    const response = await server.fetch('http://test/graphql', {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify({ query, variables: values }),
    })
    return (await response.json()) as { data: Json; errors?: { extensions: { code: string } }[] }
  }
  return {
    server,
    replicas,
    lines: () => lines.map((line) => JSON.parse(line) as Json),
    ask,
    /** How many queries each replica answered. */
    used: () => replicas.status().map(({ used }) => used),
    states: () => replicas.status().map(({ state }) => state),
    /** Waits until each replica is in its state; it is looked at twice a second. */
    until: (...states: string[]) =>
      vi.waitFor(() => expect(replicas.status().map(({ state }) => state)).toEqual(states), WAIT),
    /** The answer of a replica; a replica may be a little late at any time, and asked again. */
    askReplica: (query: string, values: object = {}) =>
      vi.waitFor(async () => {
        const before = total(replicas)
        const answer = await ask(query, values)
        expect(total(replicas)).toBe(before + 1)
        return answer
      }, WAIT),
  }
}

// biome-ignore lint/suspicious/noExplicitAny: answers are compared, not computed with.
type Json = any
const WAIT = { timeout: 20_000, interval: 20 }
type Openness = NonNullable<ServerOptions['openness']>
const served: Server[] = []
const total = (replicas: Replicas) => replicas.status().reduce((sum, { used }) => sum + used, 0)
const urls = () => replicated.replicas.map(({ url }) => url)

/** Imports a company of this name; no replica needs to have it when it is done. */
async function importCompany(name: string): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'crossrun-artifacts-'))
  try {
    const company = { id: name, name, domain: `${name}.example` }
    await writeFile(join(folder, 'accounts.json'), JSON.stringify({ companies: [company] }))
    const imported = await runImport(replicated.primary.url, [folder], { ...DEFAULT_IMPORT_OPTIONS })
    expect(imported).toMatchObject({ status: 'COMPLETED', rejects: [] })
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

const COMPANY = 'query ($domain: String) { companies(where: { domain: { equals: $domain } }) { nodes { name } } }'
const namesIn = ({ data, errors }: { data: Json; errors?: unknown }) =>
  errors ?? data.companies.nodes.map(({ name }: Json) => name)
const SAVE = `mutation ($name: String!) { saveView(name: $name, query: { subject: USAGE, measures: ["calls"] }) { name } }`
const VIEWS = '{ savedViews { name } }'

let questions: Questions
beforeAll(async () => {
  const folder = await mkdtemp(join(tmpdir(), 'crossrun-world-'))
  try {
    questions = writeWorld(folder)
    await runImport(replicated.primary.url, [join(folder, 'data')], { ...DEFAULT_IMPORT_OPTIONS })
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
  await importCompany('steady')
}, 60_000)

afterEach(async () => {
  for (const server of served.splice(0)) await server.close()
})

describe('fresh replicas', () => {
  it('answer every question as the primary does, each in its turn, and leave it alone', async () => {
    const { askReplica, used, until } = serve(urls())
    await until('serving', 'serving')
    const answers = []
    for (const { name, text } of documents) answers.push(await askReplica(text, questions[name]!.variables))
    const byPrimary = serve([])
    for (const [place, { name, text }] of documents.entries())
      expect(answers[place], name).toEqual(await byPrimary.ask(text, questions[name]!.variables))
    expect(Math.min(...used())).toBeGreaterThan(5)
    for (const replica of replicated.replicas) expect(await replica.connections()).toBeGreaterThan(0)
  })
})

describe('a replica that is late', () => {
  it('never lacks an import that was finished: the primary answers until it has caught up', async () => {
    const { ask, askReplica, used, until, replicas } = serve(urls())
    await until('serving', 'serving')
    for (const replica of replicated.replicas) await replica.pause()
    await importCompany('paused')
    const before = used()
    for (let n = 0; n < 5; n++) expect(namesIn(await ask(COMPANY, { domain: 'paused.example' }))).toEqual(['paused'])
    expect(used()).toEqual(before)
    expect(replicas.fallbacks.get('behind')).toBeGreaterThan(0)
    // One is enough.
    await replicated.replicas[1]!.resume()
    expect(namesIn(await askReplica(COMPANY, { domain: 'paused.example' }))).toEqual(['paused'])
    expect(used()[0]).toBe(before[0])
    await until('behind', 'serving')
    expect(replicas.status()[0]!.lagSeconds).toBeGreaterThan(1)
    await replicated.replicas[0]!.resume()
    await until('serving', 'serving')
  })

  it('never lacks what somebody has just changed', async () => {
    const { ask, askReplica, used, until } = serve(urls())
    await until('serving', 'serving')
    const delayed = replicated.replicas[0]!
    await delayed.set({ recovery_min_apply_delay: '30ms' })
    await replicated.replicas[1]!.pause()
    try {
      for (let n = 0; n < 25; n++) {
        const name = `view-${n}`
        expect((await ask(SAVE, { name })).errors).toBe(undefined)
        const { data } = await ask(VIEWS)
        expect(data.savedViews.map((each: Json) => each.name)).toContain(name)
      }
      await askReplica(VIEWS)
    } finally {
      await delayed.set({ recovery_min_apply_delay: '0' })
      await replicated.replicas[1]!.resume()
    }
    expect(used()[0]).toBeGreaterThan(0)
  })

  it('lets no key in that was revoked: who asks is told by the primary', async () => {
    const admin = serve([])
    const { data } = await admin.ask('mutation { createApiKey(name: "k", scopes: [READ]) { text key { id } } }')
    const key = { authorization: `Bearer ${data.createApiKey.text}` }
    const { ask, until } = serve(urls(), {}, { openness: 'never' })
    await until('serving', 'serving')
    expect((await ask(VIEWS, {}, key)).errors).toBe(undefined)
    for (const replica of replicated.replicas) await replica.pause()
    try {
      await admin.ask('mutation ($id: ID!) { revokeApiKey(id: $id) { id } }', { id: data.createApiKey.key.id })
      await vi.waitFor(async () => {
        expect((await ask(VIEWS, {}, key)).errors).toMatchObject([{ extensions: { code: 'UNAUTHENTICATED' } }])
      }, WAIT)
      // That somebody was not let in is written down meanwhile.
      const [denied] = await rows(
        replicated.primary.url,
        `select count(*)::int as n from audit_events where outcome = 'DENIED'`,
      )
      expect(denied!.n).toBe(1)
    } finally {
      for (const replica of replicated.replicas) await replica.resume()
    }
  })
})

describe('a replica that fails', () => {
  it('fails no request: what it breaks off is asked of the primary', async () => {
    const { ask, used, until, lines } = serve(urls())
    await until('serving', 'serving')
    let isOver = false
    const answers: unknown[] = []
    const people = Array.from({ length: 4 }, async () => {
      while (!isOver) answers.push(namesIn(await ask(COMPANY, { domain: 'steady.example' })))
    })
    const [first, second] = replicated.replicas
    const before = used()
    await vi.waitFor(() => expect(Math.min(used()[0]! - before[0]!, used()[1]! - before[1]!)).toBeGreaterThan(5), WAIT)
    await first!.kill()
    await until('down', 'serving')
    await second!.kill()
    await until('down', 'down')
    const enough = answers.length + 10
    await vi.waitFor(() => expect(answers.length).toBeGreaterThan(enough), WAIT)
    await first!.start()
    await second!.start()
    await until('serving', 'serving')
    const back = used()
    await vi.waitFor(() => expect(Math.min(used()[0]! - back[0]!, used()[1]! - back[1]!)).toBeGreaterThan(5), WAIT)
    isOver = true
    await Promise.all(people)
    expect(new Set(answers.map((answer) => JSON.stringify(answer)))).toEqual(new Set(['["steady"]']))
    const told = lines().filter(({ msg, replica }) => /replica/.test(msg) && first!.url.includes(replica))
    expect([told[0], told.at(-1)].map(({ msg }) => msg)).toEqual(['a replica serves', 'a replica serves'])
    expect(told.map(({ state }) => state)).toContain('down')
  })

  it('because it replays away what a query reads, leaves that to the primary', async () => {
    const [only] = replicated.replicas
    await only!.set({ max_standby_streaming_delay: '0' })
    const sql = (...statements: string[]) => replicated.primary.sql(...statements)
    // A query that lasts long enough for what it can see to be removed.
    await sql('create policy x_slow on saved_views as restrictive to crossrun_app using (pg_sleep(1) is not null)')
    try {
      await sql('delete from saved_views')
      const { ask, replicas, until } = serve([only!.url])
      for (const name of ['one', 'two']) await ask(SAVE, { name })
      await until('serving')
      const conflicts = () => replicas.fallbacks.get('conflict') ?? 0
      await vi.waitFor(async () => {
        const before = conflicts()
        const answer = ask(VIEWS)
        await vi.waitFor(
          async () => {
            const [row] = await only!.sql(
              `select count(*)::int as n from pg_stat_activity where wait_event = 'PgSleep'`,
            )
            expect(row!.n).toBe(1)
          },
          { timeout: 3_000, interval: 10 },
        )
        await sql(`update saved_views set updated_at = now() where name = 'two'`, 'vacuum saved_views')
        const { data, errors } = await answer
        expect(errors).toBe(undefined)
        expect(data.savedViews).toEqual([{ name: 'one' }, { name: 'two' }])
        expect(conflicts()).toBe(before + 1)
      }, WAIT)
    } finally {
      await sql('drop policy x_slow on saved_views')
      await only!.set({ max_standby_streaming_delay: '30s' })
    }
  })
})

describe('what reads over a connection of its own', () => {
  const isReplicaAt = async (url: string) => (await rows(url, 'select pg_is_in_recovery() as yes'))[0]!.yes

  it('is sent to a replica that is fresh, else to the primary', async () => {
    const { replicas, until } = serve([urls()[0]!])
    await until('serving')
    await vi.waitFor(async () => expect((await replicas.readUrl()).isReplica).toBe(true), WAIT)
    const { url } = await replicas.readUrl()
    expect(await isReplicaAt(url)).toBe(true)
    await replicated.replicas[0]!.pause()
    await importCompany('exported')
    expect(await replicas.readUrl()).toEqual({ url: replicated.primary.url, isReplica: false })
    await replicated.replicas[0]!.resume()
    await until('serving')
    await vi.waitFor(async () => expect((await replicas.readUrl()).isReplica).toBe(true), WAIT)
  })

  it('is an export: the same file as from the primary', async () => {
    const { server, replicas, until } = serve([urls()[0]!])
    await until('serving')
    const fileOf = async (from: Server) => {
      const response = await from.fetch('http://test/export/companies.csv')
      expect(response.status).toBe(200)
      return response.text()
    }
    const file = await vi.waitFor(async () => {
      const before = total(replicas)
      const text = await fileOf(server)
      expect(total(replicas)).toBe(before + 1)
      return text
    }, WAIT)
    expect(file).toContain('steady.example')
    expect(file).toBe(await fileOf(serve([]).server))
  })

  it('is opened at the primary when a replica cannot open it', async () => {
    const { replicas, until } = serve([urls()[0]!])
    await until('serving')
    const places: boolean[] = []
    await vi.waitFor(async () => {
      places.length = 0
      const opened = await replicas.openAt(async ({ isReplica }) => {
        places.push(isReplica)
        if (isReplica) throw new Error('It broke.')
        return 'opened'
      })
      expect([opened, places]).toEqual(['opened', [true, false]])
    }, WAIT)
    expect(replicas.fallbacks.get('failed')).toBe(1)
  })

  it('needs no replicas', async () => {
    const environment = readEnvironment({})
    const replicas = new Replicas({ url: replicated.primary.url, environment })
    expect(await replicas.readUrl()).toEqual({ url: replicated.primary.url, isReplica: false })
    await replicas.close()
  })
})

describe('addresses', () => {
  it('that are wrong stop nothing, and the log says what is wrong with each', async () => {
    const gone = new URL(urls()[0]!)
    gone.port = '1'
    const guessed = new URL(urls()[0]!)
    guessed.password = 'guessed-password'
    const other = new URL(urls()[0]!)
    other.pathname = '/postgres'
    const addresses = [gone.href, guessed.href, other.href, inject('server'), replicated.primary.url]
    const { ask, lines, server, states, until, replicas } = serve(addresses)
    await until('down', 'down', 'refused', 'refused', 'refused')
    expect(namesIn(await ask(COMPANY, { domain: 'steady.example' }))).toEqual(['steady'])
    expect(replicas.fallbacks.get('down')).toBe(1)
    const reasons = [...lines()].filter(({ msg }) => msg === 'a replica does not serve')
    expect(reasons.map(({ replica, why }) => [replica, why]).sort()).toEqual(
      [
        [gone, /ECONNREFUSED/],
        [guessed, /password authentication failed/],
        [other, /another database/],
        [new URL(inject('server')), /made apart/],
        [new URL(replicated.primary.url), /not a replica/],
      ]
        .map(([url, why]) => [`${(url as URL).host}${(url as URL).pathname}`, expect.stringMatching(why as RegExp)])
        .sort(),
    )
    expect(JSON.stringify(lines())).not.toContain('guessed-password')
    const ready = await server.fetch('http://test/ready')
    expect([ready.status, await ready.json()]).toEqual([
      200,
      { status: 'ready', replicas: states().map((state, place) => ({ replica: place + 1, state, lagSeconds: null })) },
    ])
  })

  it('that are none are told before anything starts', () => {
    expect(() => readEnvironment({ DATABASE_REPLICA_URLS: 'postgres://one/x, mysql://two/x' })).toThrow(
      expect.objectContaining({ code: 'BAD_ENVIRONMENT', message: expect.stringContaining('DATABASE_REPLICA_URLS') }),
    )
  })
})

describe('those who watch', () => {
  it('see how late replicas are and what they answered', async () => {
    const { server, askReplica, until, replicas } = serve([urls()[0]!], { CROSSRUN_METRICS: 'on' })
    await until('serving')
    await askReplica(VIEWS)
    const ready = (await (await server.fetch('http://test/ready')).json()) as Json
    expect(ready).toEqual({
      status: 'ready',
      replicas: [{ replica: 1, state: 'serving', lagSeconds: expect.any(Number) }],
    })
    const text = await (await server.fetch('http://test/metrics')).text()
    const { host, pathname } = new URL(urls()[0]!)
    const label = `\\{replica="${host}${pathname}"\\}`
    expect(text).toMatch(new RegExp(`^crossrun_replica_lag_seconds${label} [0-9.]+$`, 'm'))
    expect(text).toMatch(new RegExp(`^crossrun_replica_serving${label} 1$`, 'm'))
    expect(text).toMatch(new RegExp(`^crossrun_replica_used_total${label} 1$`, 'm'))
    for (const [reason, times] of replicas.fallbacks)
      expect(text).toContain(`crossrun_replica_fallbacks_total{reason="${reason}"} ${times}`)
  })
})

describe('without the primary', () => {
  it('a replica that was made one of its own no longer serves', async () => {
    const { until } = serve([urls()[1]!])
    await until('serving')
    await replicated.replicas[1]!.sql('select pg_promote()')
    await until('refused')
  })

  it('nothing is answered: nobody can tell what a replica lacks', async () => {
    const { ask, replicas, until } = serve([urls()[0]!])
    await until('serving')
    await replicated.primary.kill()
    expect((await ask(VIEWS)).errors).toMatchObject([{ extensions: { code: 'DATABASE_UNAVAILABLE' } }])
    expect(replicas.fallbacks.get('primary_away')).toBe(1)
  })
})
