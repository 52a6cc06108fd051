import type { Plugin } from 'graphql-yoga'
import type { Logger } from 'pino'
import type { PrismaClient } from '../store/client.ts'
import { readMigrations } from '../store/migration-files.ts'

/**
 * `/ready`: the database can be reached and has every migration of this program, and the server is not stopping.
 * (`/health` is Yoga's own.)
 */
export function useReadiness(prisma: PrismaClient, logger: Logger, isStopping: () => boolean): Plugin {
  return {
    async onRequest({ url, request, endResponse, fetchAPI }) {
      if (url.pathname !== '/ready' || request.method !== 'GET') return
      const problem = isStopping()
        ? 'the server is stopping'
        : await problemOf(prisma).catch((error: unknown) => {
            logger.warn({ err: error }, 'not ready')
            return 'the database cannot be reached'
          })
      endResponse(
        problem
          ? fetchAPI.Response.json({ status: problem }, { status: 503 })
          : fetchAPI.Response.json({ status: 'ready' }),
      )
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
