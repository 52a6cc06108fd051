import { defineCommand } from 'citty'
import { cliActor, record } from '../access/audit.ts'
import { BadInputError, CrossrunError } from '../errors.ts'
import { decodeGlobalId, isUuid } from '../filters/global-ids.ts'
import { deleteImport } from '../importers/deletion/delete-import.ts'
import { deleteOrganization } from '../importers/deletion/delete-organization.ts'
import { deleteRun } from '../importers/deletion/delete-run.ts'
import type { Note } from '../importers/deletion/report.ts'
import type { CommandContext } from './context.ts'
import { formatDeletion } from './deletion-report.ts'
import { findRun, pipelineArgument, runArgument } from './find-run.ts'
import { jsonArgument } from './json-argument.ts'
import { noOrganization } from './known-organization.ts'
import { organizationArgument, type Store, withStore } from './reading.ts'

/** An import of one huge file is one transaction, and may take minutes. */
export const PATIENCE_MS = 10 * 60_000

/** Writes down that somebody at this machine did it. */
export const noteOfCli: Note = (send, event) => record(send, { ...event, actor: cliActor(), outcome: 'SUCCEEDED' })

const confirmed = {
  'dry-run': { type: 'boolean', description: 'Say what would be deleted, and change nothing.' },
  yes: { type: 'boolean', description: 'Do it without asking.' },
  json: jsonArgument,
} as const

export function createDeleteCommand(context: CommandContext) {
  const run = defineCommand({
    meta: {
      name: 'run',
      description:
        'Delete a run with all that hangs on it, and its stored files. Example: crossrun delete run 20251208_060009 --dry-run',
    },
    args: { run: runArgument, pipeline: pipelineArgument, organization: organizationArgument, ...confirmed },
    run: ({ args }) =>
      withStore(context, args.organization, async (store) => {
        const { pipeline, name } = named(args.run, args.pipeline)
        const found = await store.read((reading) => findRun(reading, name, pipeline))
        const what = `the run ${found.pipeline}/${found.externalId}`
        await confirm(context, args, what, 'yes')
        const report = await store.session((session) => deleteRun(session, found.id, optionsOf(store, args)))
        print(context, args, report, what, 'Importing its files again brings it back.')
      }),
  })

  const importCommand = defineCommand({
    meta: {
      name: 'import',
      description:
        'Delete what only one import brought in, and forget its files. Example: crossrun delete import 5f0c… --dry-run',
    },
    args: {
      id: { type: 'positional', required: true, description: 'The id of the import; `crossrun imports` lists them.' },
      organization: organizationArgument,
      ...confirmed,
    },
    run: ({ args }) =>
      withStore(context, args.organization, async (store) => {
        const id = importIdOf(args.id)
        const what = `the import ${id}`
        await confirm(context, args, what, 'yes')
        const report = await store.session((session) => deleteImport(session, id, optionsOf(store, args)))
        const next = 'Importing its files again brings it back; `crossrun check` says what now names nothing.'
        print(context, args, report, what, next)
      }),
  })

  const organization = defineCommand({
    meta: {
      name: 'organization',
      description:
        'Delete an organization with all its rows and keys; its audit events stay. Example: crossrun delete organization acme --yes',
    },
    args: {
      slug: { type: 'positional', required: true, description: 'Its slug.' },
      ...confirmed,
    },
    run({ args }) {
      const deletion = async (store: Store) => {
        const slug = args.slug.trim().toLowerCase()
        const what = `the organization ${slug}`
        // Asked before anybody types its name.
        await foresee(store, args)
        await confirm(context, args, what, slug)
        const report = await store.session((session) => deleteOrganization(session, optionsOf(store, args)))
        print(
          context,
          args,
          report,
          what,
          `Its audit events stay: \`crossrun audit --organization ${slug}\` lists them.`,
        )
      }
      // Its own row may be gone while others are left.
      return withStore(context, args.slug, deletion, 'ANY')
    },
  })

  return defineCommand({
    meta: {
      name: 'delete',
      description: 'Delete a run, an import or an organization. Example: crossrun delete run 20251208_060009 --dry-run',
    },
    subCommands: { run, import: importCommand, organization },
  })
}

/** @throws CrossrunError `NOT_FOUND` when there is nothing of the organization */
async function foresee(store: Store, args: Asked & { slug: string }): Promise<void> {
  try {
    await store.session((session) => deleteOrganization(session, { ...optionsOf(store, args), dryRun: true }))
  } catch (error) {
    if (error instanceof CrossrunError && error.code === 'NOT_FOUND') throw await noOrganization(store.url, args.slug)
    throw error
  }
}

type Asked = { 'dry-run'?: boolean; yes?: boolean; json?: boolean }

function optionsOf({ organizationId }: Store, args: Asked) {
  return { organizationId, dryRun: args['dry-run'] === true, patienceMs: PATIENCE_MS, note: noteOfCli }
}

/**
 * Goes on when it is wanted: `--yes`, or the word typed at the terminal.
 * @throws BadInputError when nobody can be asked
 * @throws CrossrunError `NOT_CONFIRMED` when something else was typed
 */
export async function confirm(context: CommandContext, args: Asked, what: string, word: string): Promise<void> {
  if (args.yes || args['dry-run']) return
  if (!context.ask)
    throw new BadInputError(`This would delete ${what}, and there is no terminal to ask at.`, {
      hint: 'Add --yes to do it, or --dry-run to see what it deletes.',
    })
  const typed = await context.ask(`This deletes ${what} and cannot be undone. Type '${word}' to go on: `)
  if (typed.trim() !== word) throw new CrossrunError('NOT_CONFIRMED', `That is not '${word}': nothing was deleted.`)
}

function print(
  context: CommandContext,
  args: Asked,
  report: Awaited<ReturnType<typeof deleteRun>>,
  what: string,
  next: string,
): void {
  if (args.json) context.stdout(JSON.stringify(report))
  else for (const line of formatDeletion(report, what, next, context.columns)) context.stdout(line)
}

/** `briefing/20251208_060009` names the pipeline too. */
function named(text: string, pipeline: string | undefined): { pipeline: string | undefined; name: string } {
  const slash = text.indexOf('/')
  if (pipeline || slash === -1) return { pipeline, name: text }
  return { pipeline: text.slice(0, slash), name: text.slice(slash + 1) }
}

/** @throws BadInputError when it is no id */
function importIdOf(text: string): string {
  const global = decodeGlobalId(text)
  if (global?.typeName === 'Import') return global.id
  if (isUuid(text)) return text.toLowerCase()
  throw new BadInputError(`'${text}' is no id of an import.`, { hint: '`crossrun imports` lists them.' })
}
