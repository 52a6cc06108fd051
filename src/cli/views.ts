import { readFile } from 'node:fs/promises'
import { defineCommand } from 'citty'
import { BadInputError } from '../errors.ts'
import { findView, listViews, removeView, saveView } from '../metrics/saved-views.ts'
import { findTable, readTable } from '../metrics/table.ts'
import { sendOfRequest } from '../store/send.ts'
import type { CommandContext } from './context.ts'
import { jsonArgument } from './json-argument.ts'
import { noteChange } from './note-change.ts'
import { organizationArgument, withReading, withStore } from './reading.ts'
import { formatTable } from './table.ts'

const nameArgument = { type: 'positional', required: true, description: 'Name of the view.' } as const

export function createViewsCommand(context: CommandContext) {
  const list = defineCommand({
    meta: { name: 'list', description: 'List the saved views. Example: crossrun views list' },
    args: { organization: organizationArgument, json: jsonArgument },
    async run({ args }) {
      const views = await withReading(context, args.organization, ({ db, scope }) => listViews(db, scope))
      if (args.json) return context.stdout(JSON.stringify({ views }))
      if (views.length === 0) return context.stdout('There are none. Save one with: crossrun views save NAME --query …')
      const rows = views.map(({ name, query, description }) => [
        name,
        query.subject,
        [...(query.dimensions ?? []), ...query.measures].join(', '),
        description ?? '',
      ])
      const header = ['name', 'subject', 'columns', 'description']
      for (const line of formatTable(header, rows, { width: context.columns })) context.stdout(line)
    },
  })

  const run = defineCommand({
    meta: { name: 'run', description: 'Show the answer of a saved view. Example: crossrun views run monthly-cost' },
    args: { name: nameArgument, organization: organizationArgument, json: jsonArgument },
    async run({ args }) {
      const table = await withReading(context, args.organization, async ({ db, scope }) => {
        const view = await findView(db, scope, args.name)
        if (!view) throw noView(args.name)
        return findTable(db, readTable(view.query, scope))
      })
      if (args.json) return context.stdout(JSON.stringify(table))
      const header = table.columns.map(({ name, unit }) => (unit && unit !== 'count' ? `${name} (${unit})` : name))
      const rows = table.rows.map((row) =>
        row.map((cell) => (typeof cell === 'number' ? cell : cell === null ? null : String(cell))),
      )
      const right = table.columns.flatMap(({ role }, place) => (role === 'MEASURE' ? [place] : []))
      for (const line of formatTable(header, rows, { right, width: context.columns })) context.stdout(line)
      if (table.totalCount > rows.length) context.stdout(`${rows.length} of ${table.totalCount} rows.`)
    },
  })

  const save = defineCommand({
    meta: {
      name: 'save',
      description:
        'Give a question to the metrics a name. Example: crossrun views save cost-by-agent --query \'{"subject":"USAGE","measures":["costUsd.sum"],"dimensions":["agent"]}\'',
    },
    args: {
      name: nameArgument,
      query: { type: 'string', description: 'The question as JSON, as metricsTable takes it.', valueHint: 'JSON' },
      file: { type: 'string', description: 'A file that holds the question.', valueHint: 'PATH' },
      description: { type: 'string', description: 'What it is for.', valueHint: 'TEXT' },
      organization: organizationArgument,
      json: jsonArgument,
    },
    async run({ args }) {
      const query = await readQuery(args)
      const view = await withStore(context, args.organization, (store) =>
        store.write(async ({ db }) => {
          const description = args.description ?? null
          const saved = await saveView(db, store.organizationId, { name: args.name, description, query })
          await noteChange(sendOfRequest(db), args.organization, {
            action: 'saved-view.saved',
            target: { type: 'SavedView', id: saved.name },
          })
          return saved
        }),
      )
      context.stdout(
        args.json ? JSON.stringify(view) : `Saved. crossrun views run ${JSON.stringify(view.name)} shows its answer.`,
      )
    },
  })

  const remove = defineCommand({
    meta: { name: 'remove', description: 'Take a saved view away. Example: crossrun views remove cost-by-agent' },
    args: { name: nameArgument, organization: organizationArgument, json: jsonArgument },
    async run({ args }) {
      await withStore(context, args.organization, (store) =>
        store.write(async ({ db }) => {
          if (!(await removeView(db, store.organizationId, args.name))) throw noView(args.name)
          await noteChange(sendOfRequest(db), args.organization, {
            action: 'saved-view.removed',
            target: { type: 'SavedView', id: args.name.trim() },
          })
        }),
      )
      context.stdout(
        args.json ? JSON.stringify({ name: args.name, removed: true }) : `${args.name} is no view any more.`,
      )
    },
  })

  return defineCommand({
    meta: { name: 'views', description: 'Questions to the metrics that have a name: list, run, save, remove.' },
    subCommands: { list, run, save, remove },
  })
}

async function readQuery({ query, file }: { query?: string | undefined; file?: string | undefined }): Promise<unknown> {
  if ((query === undefined) === (file === undefined))
    throw new BadInputError('Give the question by --query or by --file.', { argument: 'query' })
  const text =
    query ??
    (await readFile(file!, 'utf8').catch((cause: Error) => {
      throw new BadInputError(`--file cannot be read: ${cause.message}`, { argument: 'file', cause })
    }))
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new BadInputError(`The question is not JSON: ${(cause as Error).message}`, { argument: 'query', cause })
  }
}

function noView(name: string): BadInputError {
  return new BadInputError(`There is no view ${JSON.stringify(name)}.`, {
    hint: 'crossrun views list shows which there are.',
  })
}
