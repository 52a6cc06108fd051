import type { Environment } from '../../environment.ts'
import { DatabaseError } from '../../errors.ts'
import { notCreated } from './backup.ts'
import { locateBinaries } from './binaries.ts'
import { type Client, peekClients } from './clients.ts'
import { clusterVersion } from './cluster.ts'
import { findPlaces } from './places.ts'
import { runName, runningPostmaster } from './postmaster.ts'
import { databaseUrl, readState } from './state.ts'

/** What `crossrun db status --json` prints for the embedded database. */
export type EmbeddedStatus = {
  embedded: true
  state: 'running' | 'starting' | 'stopping' | 'stopped' | 'not created'
  /** Major version of the data; null when there is none. */
  version: string | null
  pid: number | null
  port: number | null
  startedAt: string | null
  /** True after `crossrun db start`: it runs until `crossrun db stop`. */
  stays: boolean
  clients: Pick<Client, 'pid' | 'command' | 'since'>[]
  dataDirectory: string
  cluster: string
  logs: string
  binaries: string | null
  /** True when the data is not under the data directory because the account cannot reach it. */
  relocated: boolean
  binariesCopied: boolean
  /** The operating-system user the server runs as; null when it is the current one. */
  account: string | null
}

/** Looks without changing, starting or waiting for anything. */
export async function embeddedStatus(environment: Environment): Promise<EmbeddedStatus> {
  const places = await findPlaces(environment.CROSSRUN_DATA_DIR)
  const [version, binaries] = await Promise.all([
    clusterVersion(places.cluster),
    locateBinaries(places).catch(() => undefined),
  ])
  const postmaster = runningPostmaster(places.cluster)
  const state = readState(places)
  const stopped = version === undefined ? 'not created' : 'stopped'
  return {
    embedded: true,
    state: postmaster ? (postmaster.status === 'ready' ? 'running' : postmaster.status) : stopped,
    version: version ?? null,
    pid: postmaster?.pid ?? null,
    port: postmaster?.port ?? state?.port ?? null,
    startedAt: postmaster ? new Date(postmaster.startedAt * 1000).toISOString() : null,
    stays: postmaster !== undefined && state?.keptServer === runName(postmaster),
    clients: peekClients(places.clients).map(({ pid, command, since }) => ({ pid, command, since })),
    dataDirectory: places.dataDirectory,
    cluster: places.cluster,
    logs: places.logs,
    binaries: binaries?.directory ?? null,
    relocated: places.relocated,
    binariesCopied: binaries?.copied ?? false,
    account: places.account?.name ?? null,
  }
}

/**
 * The address of the embedded database, whether it runs or not.
 * @throws DatabaseError `DATABASE_NOT_CREATED`, `DATABASE_STATE_LOST`.
 */
export async function embeddedUrl(environment: Environment): Promise<string> {
  const places = await findPlaces(environment.CROSSRUN_DATA_DIR)
  const state = readState(places)
  if (state) return databaseUrl(state)
  if ((await clusterVersion(places.cluster)) === undefined) throw notCreated(places.dataDirectory)
  throw new DatabaseError(
    'DATABASE_STATE_LOST',
    `${places.stateFile}, which holds the port and password, is missing or damaged.`,
    {
      hint: '`crossrun db start` writes it anew.',
    },
  )
}
