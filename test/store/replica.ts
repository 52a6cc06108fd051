import { chmod, cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll } from 'vitest'
import { readEnvironment } from '../../src/environment.ts'
import { type DatabaseHandle, openDatabase } from '../../src/store/database.ts'
import { giveTreeTo } from '../../src/store/embedded/account.ts'
import { findBinaries } from '../../src/store/embedded/binaries.ts'
import { findPlaces, preparePlaces } from '../../src/store/embedded/places.ts'
import { choosePort } from '../../src/store/embedded/ports.ts'
import { runningPostmaster, waitUntilGone } from '../../src/store/embedded/postmaster.ts'
import { runAsSuperuser } from '../../src/store/embedded/single-user.ts'
import { readState, writeState } from '../../src/store/embedded/state.ts'
import { migrate } from '../../src/store/migrator.ts'
import { makeQuick } from '../quick-settings.ts'
import { rows } from './scratch-server.ts'

const PASSWORD = 'a-password-of-the-tests'

/** One PostgreSQL for one test file, which can be killed and started again. */
export class TestServer {
  readonly #directory: string
  /** One for each start: a server ends with the last that uses it. */
  readonly #handles: DatabaseHandle[] = []

  /** @param directory as CROSSRUN_DATA_DIR */
  constructor(directory: string) {
    this.#directory = directory
  }

  get url(): string {
    return this.#handles.at(-1)!.url
  }

  async start(): Promise<void> {
    this.#handles.push(await openDatabase(readEnvironment({ CROSSRUN_DATA_DIR: this.#directory })))
  }

  async stop(): Promise<void> {
    for (const handle of this.#handles.splice(0)) await handle.close()
  }

  /** As a power cut would. */
  async kill(): Promise<void> {
    const postmaster = runningPostmaster((await findPlaces(this.#directory)).cluster)!
    process.kill(postmaster.pid, 'SIGKILL')
    await waitUntilGone(postmaster, 10_000)
  }

  /** SQL as a superuser, each statement by itself. */
  async sql(...statements: string[]): Promise<Record<string, unknown>[]> {
    const url = new URL(this.url)
    url.username = 'watcher'
    url.password = PASSWORD
    let last: Record<string, unknown>[] = []
    for (const statement of statements) last = await rows(url.href, statement)
    return last
  }

  /** What it writes, or replays, is not replayed until `resume`; what arrives is kept. */
  async pause(): Promise<void> {
    await this.sql('select pg_wal_replay_pause()')
    while ((await this.sql('select pg_get_wal_replay_pause_state() as state'))[0]!.state !== 'paused');
  }

  async resume(): Promise<void> {
    await this.sql('select pg_wal_replay_resume()')
  }

  /** Changes settings while it runs; a replica's too. */
  async set(settings: Record<string, string>): Promise<void> {
    const changes = Object.entries(settings).map(([name, value]) => `alter system set ${name} = '${value}'`)
    await this.sql(...changes, 'select pg_reload_conf()')
  }

  /** The connections of a server of Crossrun to this server. */
  async connections(): Promise<number> {
    const [row] = await this.sql(
      `select count(*)::int as number from pg_stat_activity where application_name = 'crossrun serve'`,
    )
    return row!.number as number
  }
}

/** A migrated, empty database on one server, and servers that replay it by streaming replication. */
export type Replicated = { directory: string; primary: TestServer; replicas: TestServer[] }

/** Starts them before the tests of the file, and stops them afterwards. */
export function replicatedServer(number: number): Replicated {
  const replicated: Replicated = { directory: '', primary: new TestServer(''), replicas: [] }

  beforeAll(async () => {
    const directory = await mkdtemp(join(tmpdir(), 'crossrun-replicated-'))
    // When root runs the tests, the servers are another user, who must be able to enter.
    await chmod(directory, 0o755)
    const home = join(directory, 'primary')
    const primary = new TestServer(home)
    Object.assign(replicated, { directory, primary })
    await makeQuick(home)
    await letReplicasIn(directory, home)
    await primary.start()
    await migrate(primary.url)
    await primary.stop()
    const places = await findPlaces(home)
    await runAsSuperuser(await findBinaries(places), places, places.cluster, [
      `CREATE ROLE replicator LOGIN REPLICATION PASSWORD '${PASSWORD}'`,
      `CREATE ROLE watcher LOGIN SUPERUSER PASSWORD '${PASSWORD}'`,
    ])
    for (let n = 1; n <= number; n++) replicated.replicas.push(await copyOf(home, join(directory, `replica-${n}`)))
    await primary.start()
    for (const replica of replicated.replicas) await replica.start()
  }, 60_000)

  afterAll(async () => {
    for (const server of [...replicated.replicas, replicated.primary]) await server.stop()
    await rm(replicated.directory, { recursive: true, force: true })
  }, 60_000)

  return replicated
}

/** A role that replicates needs a line of its own. */
async function letReplicasIn(directory: string, home: string): Promise<void> {
  const rules = join(directory, 'rules.conf')
  await writeFile(
    rules,
    ['host replication replicator', 'host all all'].map((rule) => `${rule} 127.0.0.1/32 scram-sha-256\n`),
  )
  const settings = join(home, 'postgres', 'local.conf')
  await writeFile(settings, `${await readFile(settings, 'utf8')}hba_file = '${rules}'\n`)
}

/** A copy of a server that is stopped, which follows it from now on. */
async function copyOf(home: string, copy: string): Promise<TestServer> {
  const [from, to] = [await findPlaces(home), await preparePlaces(copy)]
  await cp(from.cluster, to.cluster, { recursive: true })
  await writeFile(join(to.cluster, 'standby.signal'), '')
  await giveTreeTo(to.account, to.cluster)
  const state = readState(from)!
  const primary = `host=127.0.0.1 port=${state.port} user=replicator password=${PASSWORD}`
  await writeFile(to.ownSettings, `${await readFile(from.ownSettings, 'utf8')}primary_conninfo = '${primary}'\n`)
  writeState(to, { ...state, port: await choosePort() })
  return new TestServer(copy)
}
