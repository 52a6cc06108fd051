import { createRequire } from 'node:module'
import pg from 'pg'
import type { Logger } from 'pino'
import {
  type RateLimiterAbstract,
  RateLimiterMemory,
  RateLimiterPostgres,
  RateLimiterRedis,
} from 'rate-limiter-flexible'
import type { Environment } from '../environment.ts'
import { CrossrunError } from '../errors.ts'

/** What is counted in a minute; null is not limited. */
export type RateLimits = {
  /** Operations, by who asks. */
  operations: RateLimiterAbstract | null
  /** Keys that were refused, by address. */
  failures: RateLimiterAbstract | null
  close(): Promise<void>
}

const SECONDS = 60
/** Written by a migration; only the server's own login may read it. */
const TABLE = 'x_rate_limits'

type Make = (options: { keyPrefix: string; points: number }) => RateLimiterAbstract

/**
 * Counters in memory, or shared by several servers. When a shared store is away each server counts by itself.
 * @param url of the database, for the store `postgres`
 * @throws CrossrunError `REDIS_CLIENT_MISSING` or `BAD_ENVIRONMENT`
 */
export function openRateLimits(environment: Environment, url: string | undefined, logger: Logger): RateLimits {
  const { make, close } = openStore(environment.CROSSRUN_RATE_LIMIT_STORE, url, logger)
  const limiter = (keyPrefix: string, points: number) => (points === 0 ? null : make({ keyPrefix, points }))
  return {
    operations: limiter('operations', environment.CROSSRUN_RATE_LIMIT),
    failures: limiter('failures', environment.CROSSRUN_FAILED_KEYS_LIMIT),
    close,
  }
}

function openStore(store: string, url: string | undefined, logger: Logger): { make: Make; close(): Promise<void> } {
  if (store === 'memory') {
    return { make: (own) => new RateLimiterMemory({ ...own, duration: SECONDS }), close: async () => undefined }
  }
  const common = (own: { keyPrefix: string; points: number }) => ({
    ...own,
    duration: SECONDS,
    // Who is over the limit is refused without asking the store again.
    inMemoryBlockOnConsumed: own.points + 1,
    insuranceLimiter: new RateLimiterMemory({ ...own, duration: SECONDS }),
  })
  if (store === 'postgres') {
    if (!url)
      throw new CrossrunError('BAD_ENVIRONMENT', 'CROSSRUN_RATE_LIMIT_STORE=postgres needs a database of its own.')
    const pool = new pg.Pool({
      connectionString: url,
      application_name: 'crossrun limits',
      max: 2,
      connectionTimeoutMillis: 1_000,
      query_timeout: 1_000,
      allowExitOnIdle: true,
    })
    pool.on('error', (error) => logger.warn({ err: error }, 'the store of rate limits broke off'))
    const place = { storeClient: pool, storeType: 'pool', tableName: TABLE, tableCreated: true }
    return { make: (own) => new RateLimiterPostgres({ ...common(own), ...place }), close: () => pool.end() }
  }
  const client = openRedis(store, logger)
  return {
    make: (own) =>
      new RateLimiterRedis({ ...common(own), storeClient: client, keyPrefix: `crossrun:${own.keyPrefix}` }),
    close: async () => client.disconnect(),
  }
}

/** The client is an optional dependency, loaded by those who need it. */
function openRedis(url: string, logger: Logger) {
  let Redis: typeof import('ioredis').Redis
  try {
    ;({ Redis } = createRequire(import.meta.url)('ioredis') as typeof import('ioredis'))
  } catch (cause) {
    throw new CrossrunError('REDIS_CLIENT_MISSING', 'The package ioredis is not installed.', {
      hint: '`npm install ioredis` adds it.',
      cause,
    })
  }
  const client = new Redis(url, { enableOfflineQueue: false, maxRetriesPerRequest: 1 })
  client.on('error', (error) => logger.warn({ err: error }, 'the store of rate limits cannot be reached'))
  return client
}
