import { defineCommand } from 'citty'
import { reimport } from '../importers/reimport.ts'
import type { CommandContext } from './context.ts'
import { CommandExit } from './exit.ts'
import { exitCodeOf, importArguments, optionsFrom } from './import.ts'
import { formatSummary, reportOf } from './import-summary.ts'
import { openStore } from './open-store.ts'
import { watchImport } from './progress.ts'

export function createReimportCommand(context: CommandContext) {
  return defineCommand({
    meta: {
      name: 'reimport',
      description:
        'Build rows anew from the stored payloads; the files may be gone. Example: crossrun reimport --dry-run',
    },
    args: importArguments,
    async run({ args }) {
      const options = optionsFrom(context, args)
      const database = await openStore(context.environment(), args.organization)
      const watcher = watchImport(context)
      try {
        const summaries = await reimport(database.url, options, watcher)
        watcher.end()
        if (args.json) context.stdout(JSON.stringify({ imports: summaries.map(reportOf) }))
        else if (summaries.length === 0) context.stdout('No payload is stored: nothing to import again.')
        else for (const summary of summaries) for (const line of formatSummary(summary, options)) context.stdout(line)
        const exitCode = Math.max(0, ...summaries.map(exitCodeOf))
        if (exitCode !== 0) throw new CommandExit(exitCode)
      } finally {
        watcher.end()
        await database.close()
      }
    },
  })
}
