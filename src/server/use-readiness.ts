import type { Plugin } from 'graphql-yoga'
import type { Logger } from 'pino'
import type { PrismaClient } from '../store/client.ts'
import { readMigrations } from '../store/migration-files.ts'
import type { Replicas } from '../store/replicas.ts'

type Options = {
  prisma: PrismaClient
  replicas?: Replicas | undefined
  logger: Logger
  isStopping: () => boolean
}

/**
 * `/ready`: the database can be reached and has every migration of this program, and the server is not stopping.
 * It tells of replicas, by their places in DATABASE_REPLICA_URLS, but does without them. (`/health` is Yoga's own.)
 */
export function useReadiness({ prisma, replicas, logger, isStopping }: Options): Plugin {
  return {
    async onRequest({ url, request, endResponse, fetchAPI }) {
      if (url.pathname !== '/ready' || request.method !== 'GET') return
      const problem = isStopping()
        ? 'the server is stopping'
        : await problemOf(prisma).catch((error: unknown) => {
            logger.warn({ err: error }, 'not ready')
            return 'the database cannot be reached'
          })
      const shown = replicas?.status().map(({ number, state, lagSeconds }) => ({ replica: number, state, lagSeconds }))
      const body = { status: problem ?? 'ready', ...(shown?.length ? { replicas: shown } : {}) }
      endResponse(fetchAPI.Response.json(body, { status: problem ? 503 : 200 }))
    },
  }
}

async function problemOf(prisma: PrismaClient): Promise<string | null> {
  const known = await readMigrations()
  const applied = await prisma.$queryRaw<{ name: string }[]>`
    select migration_name as name from _prisma_migrations where finished_at is not null and rolled_back_at is null`
  const names = new Set(applied.map(({ name }) => name))
  return known.every(({ name }) => names.has(name)) ? null : 'the database is not migrated'
}
