import { type CommandDef, defineCommand, renderUsage, runCommand } from 'citty'
import { CrossrunError } from '../errors.ts'
import { version } from '../version.ts'
import { createArtifactsCommand } from './artifacts.ts'
import { createAuditCommand } from './audit.ts'
import { createCheckCommand } from './check.ts'
import { type CommandContext, terminal } from './context.ts'
import { createDbCommand } from './db.ts'
import { createDeleteCommand } from './delete.ts'
import { createEraseCommand } from './erase.ts'
import { CommandExit } from './exit.ts'
import { createImportCommand } from './import.ts'
import { createImportsCommand } from './imports.ts'
import { createKeysCommand } from './keys.ts'
import { createPricesCommand } from './prices.ts'
import { createReimportCommand } from './reimport.ts'
import { createRejectsCommand } from './rejects.ts'
import { createReplayCommand } from './replay.ts'
import { createRepriceCommand } from './reprice.ts'
import { createResumePlanCommand } from './resume-plan.ts'
import { createRetentionCommand } from './retention.ts'
import { createRollupsCommand } from './rollups.ts'
import { createRunsCommand } from './runs.ts'
import { createScoringConfigsCommand } from './scoring-configs.ts'
import { createSynonymsCommand } from './synonyms.ts'
import { checkOptions } from './unknown-options.ts'

export function createCli(context: CommandContext = terminal) {
  return defineCommand({
    meta: { name: 'crossrun', version, description: 'One GraphQL graph over every AI-pipeline run a team has.' },
    subCommands: {
      // Loaded when they are asked for: the server with its schema, and statistics, take longer than most other commands do.
      start: async () => (await import('./start.ts')).createStartCommand(context),
      serve: async () => (await import('./serve.ts')).createServeCommand(context),
      import: createImportCommand(context),
      imports: createImportsCommand(context),
      rejects: createRejectsCommand(context),
      reimport: createReimportCommand(context),
      check: createCheckCommand(context),
      runs: createRunsCommand(context),
      artifacts: createArtifactsCommand(context),
      compare: async () => (await import('./compare.ts')).createCompareCommand(context),
      'resume-plan': createResumePlanCommand(context),
      results: async () => (await import('./results.ts')).createResultsCommand(context),
      replay: createReplayCommand(context),
      prices: createPricesCommand(context),
      reprice: createRepriceCommand(context),
      retention: createRetentionCommand(context),
      delete: createDeleteCommand(context),
      erase: createEraseCommand(context),
      rollups: createRollupsCommand(context),
      synonyms: createSynonymsCommand(context),
      views: async () => (await import('./views.ts')).createViewsCommand(context),
      'scoring-configs': createScoringConfigsCommand(context),
      keys: createKeysCommand(context),
      audit: createAuditCommand(context),
      'trusted-documents': async () => (await import('./trusted-documents.ts')).createTrustedDocumentsCommand(context),
      export: async () => (await import('./export.ts')).createExportCommand(context),
      bi: async () => (await import('./bi.ts')).createBiCommand(context),
      db: createDbCommand(context),
    },
  })
}

/**
 * Runs one command line.
 * @returns the exit code: 0 all good, 1 it could not be done, 2 some records were set aside
 */
export async function runCli(argv: string[], context: CommandContext = terminal): Promise<number> {
  const cli = createCli(context)
  if (argv.length === 0 || argv.includes('--help') || argv.includes('-h')) {
    context.stdout(await usageOf(cli, argv))
    return argv.length === 0 ? 1 : 0
  }
  if (argv[0] === '--version' || argv[0] === '-v') {
    context.stdout(version)
    return 0
  }
  try {
    const { command, words } = await innermost(cli, argv)
    checkOptions((await resolved(command.args)) ?? {}, words)
    await runCommand(cli, { rawArgs: argv })
    return 0
  } catch (error) {
    if (error instanceof CommandExit) return error.exitCode
    if (error instanceof CrossrunError) {
      context.stderr(`${error.code}: ${error.message}`)
      if (error.hint) context.stderr(error.hint)
    } else if (error instanceof Error && error.name === 'CLIError') {
      context.stderr(error.message)
      context.stderr(await usageOf(cli, argv))
    } else context.stderr(error instanceof Error ? (error.stack ?? error.message) : String(error))
    return 1
  }
}

type Innermost = { command: CommandDef; parent: CommandDef | undefined; words: string[] }

/** The innermost command that the words name, and the words after its name. */
async function innermost(cli: CommandDef<never> | ReturnType<typeof createCli>, argv: string[]): Promise<Innermost> {
  let command = cli as CommandDef
  let parent: CommandDef | undefined
  let named = 0
  for (const word of argv) {
    const next = (await resolved(command.subCommands))?.[word]
    if (!next) break
    parent = command
    command = (await resolved(next)) as CommandDef
    named += 1
  }
  return { command, parent, words: argv.slice(named) }
}

async function usageOf(cli: CommandDef<never> | ReturnType<typeof createCli>, argv: string[]): Promise<string> {
  const { command, parent } = await innermost(cli, argv)
  return renderUsage(command, parent)
}

async function resolved<T>(value: T | Promise<T> | (() => T | Promise<T>)): Promise<T> {
  return typeof value === 'function' ? (value as () => T | Promise<T>)() : value
}
