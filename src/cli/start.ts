import { fileURLToPath } from 'node:url'
import { defineCommand } from 'citty'
import { listImports } from '../importers/ledger-queries.ts'
import { DEFAULT_IMPORT_OPTIONS } from '../importers/options.ts'
import { runImport } from '../importers/run-import.ts'
import { organizationIdOf } from '../model/identifiers.ts'
import { TenantSession } from '../store/tenant-session.ts'
import type { CommandContext } from './context.ts'
import { formatSummary } from './import-summary.ts'
import { openStore } from './open-store.ts'
import { serveArguments, serveUntilInterrupted, whomToServe, withAddress } from './serve.ts'

/** The bundled sample set; it stands beside both the sources and the build. */
const SAMPLES = fileURLToPath(new URL('../../samples', import.meta.url))

export function createStartCommand(context: CommandContext) {
  return defineCommand({
    meta: {
      name: 'start',
      description:
        'Everything at once: migrate, import the bundled samples if nothing was imported yet, serve. Example: crossrun start',
    },
    args: serveArguments,
    async run({ args }) {
      const environment = withAddress(context.environment(), args)
      const served = whomToServe(args)
      const options = { ...DEFAULT_IMPORT_OPTIONS, organization: served.organization }
      const database = await openStore(environment, null)
      try {
        if (await isEmpty(database.url, served.organization)) {
          const summary = await runImport(database.url, [SAMPLES], options)
          for (const line of formatSummary(summary, options)) context.stdout(line)
        }
      } catch (error) {
        await database.close()
        throw error
      }
      await serveUntilInterrupted(context, environment, database, served)
    },
  })
}

async function isEmpty(url: string, organization: string): Promise<boolean> {
  const session = await TenantSession.open(url, organizationIdOf(organization))
  try {
    return (await listImports(session, 1)).length === 0
  } finally {
    await session.close()
  }
}
