import { defineCommand } from 'citty'
import { cliActor } from '../access/audit.ts'
import { BadInputError } from '../errors.ts'
import { extractionResults } from '../exports/extraction-results.ts'
import type { ResultsOf } from '../exports/find-results.ts'
import { FORMATS } from '../exports/formats.ts'
import { createSnapshot, listSnapshots, revokeSnapshot } from '../exports/result-snapshots.ts'
import { sendOfSession } from '../store/send.ts'
import type { CommandContext } from './context.ts'
import { jsonArgument } from './json-argument.ts'
import { readMoment } from './moments.ts'
import { organizationArgument, withStore } from './reading.ts'
import { withSession } from './session.ts'
import { formatTable } from './table.ts'
import { minuteOf, stateOf } from './validity.ts'
import { readFormat, writeExport, writingArguments, writtenJsonArgument } from './write-export.ts'

const commonArguments = { organization: organizationArgument, json: jsonArgument } as const

const ofArguments = {
  run: {
    type: 'string',
    description: 'An extraction run, by its name in its source system or its id.',
    valueHint: 'RUN',
  },
  instruction: { type: 'string', description: 'All runs of a version of an instruction, by its id.', valueHint: 'ID' },
  dataset: { type: 'string', description: 'All tasks on a dataset, by its id.', valueHint: 'ID' },
  fields: {
    type: 'string',
    description: 'Fields in their order, with commas between; all unless given.',
    valueHint: 'A,B',
  },
} as const

export function createResultsCommand(context: CommandContext) {
  const exportCommand = defineCommand({
    meta: {
      name: 'export',
      description:
        'Write what an extraction run extracted beside its ground truth, a row a task. Example: crossrun results export --run run-7 --format csv',
    },
    args: {
      ...ofArguments,
      ...writingArguments,
      organization: organizationArgument,
      json: writtenJsonArgument,
    },
    async run({ args }) {
      const [of, fields] = [readOf(args), readFields(args.fields)]
      const chosen = readFormat(args)
      await withStore(context, args.organization, async (store) => {
        const results = await store.read(({ db, scope }) => extractionResults(db, scope, of, fields))
        await writeExport(context, store, results, { ...args, format: chosen })
      })
    },
  })

  const snapshot = defineCommand({
    meta: {
      name: 'snapshot',
      description:
        'Keep results as they are now, and print an address under which they can be read without a key. Example: crossrun results snapshot --run run-7 --expires 30d',
    },
    args: {
      ...ofArguments,
      name: { type: 'string', description: "What to call it; the run's name unless given.", valueHint: 'NAME' },
      expires: {
        type: 'string',
        description:
          'Until when the address leads there, as a distance from now or a date; without an end unless given.',
        valueHint: '30d|2027-01-01',
      },
      ...commonArguments,
    },
    async run({ args }) {
      const said = {
        of: readOf(args),
        fields: readFields(args.fields),
        name: args.name ?? null,
        expiresAt: args.expires === undefined ? null : readMoment(args.expires, '--expires', 'ahead'),
      }
      const made = await withStore(context, args.organization, (store) =>
        store.write(({ db, scope }) => createSnapshot(db, scope, said, { actor: cliActor() })),
      )
      const url = `/r/${made.token}`
      if (args.json) return context.stdout(JSON.stringify({ ...made, url }))
      const { PORT } = context.environment()
      context.stdout(url)
      context.stdout(
        `It holds ${made.snapshot.rowCount} rows. Keep it now: it is not shown again, and who has it needs no key.`,
      )
      context.stdout(
        `Next: end it in ${FORMATS.map(({ name }) => `.${name}`).join(', ')} after the address of the server,`,
      )
      context.stdout(`such as http://localhost:${PORT}${url}.csv`)
    },
  })

  const list = defineCommand({
    meta: { name: 'list', description: 'List the snapshots of results, newest first. Example: crossrun results list' },
    args: commonArguments,
    async run({ args }) {
      const snapshots = await withSession(context, args.organization, (session) =>
        session.transaction((client) => listSnapshots(sendOfSession(client))),
      )
      if (args.json) return context.stdout(JSON.stringify({ snapshots }))
      if (snapshots.length === 0) return context.stdout('There are none: crossrun results snapshot --run RUN')
      const header = ['id', 'name', 'rows', 'ends in', 'state', 'last used', 'made', 'by']
      const now = new Date()
      const rows = snapshots.map((each) => [
        each.id.slice(0, 8),
        each.name,
        each.rowCount,
        each.fragment,
        stateOf(each, now),
        each.lastUsedAt ? minuteOf(each.lastUsedAt) : 'never',
        minuteOf(each.createdAt),
        each.createdBy,
      ])
      for (const line of formatTable(header, rows, { width: context.columns })) context.stdout(line)
    },
  })

  const revoke = defineCommand({
    meta: {
      name: 'revoke',
      description:
        "Make a snapshot's address lead nowhere any more, within a second. Example: crossrun results revoke 1f3a90c2",
    },
    args: {
      id: {
        type: 'positional',
        required: true,
        description: "The snapshot's id, or as much of its beginning as tells it from others.",
      },
      ...commonArguments,
    },
    async run({ args }) {
      const revoked = await withSession(context, args.organization, (session) =>
        session.transaction((client) => revokeSnapshot(sendOfSession(client), args.id, { actor: cliActor() })),
      )
      if (args.json) return context.stdout(JSON.stringify({ snapshot: revoked }))
      context.stdout(`Revoked the address of '${revoked.name}' (${revoked.id}).`)
    },
  })

  return defineCommand({
    meta: {
      name: 'results',
      description:
        'What extraction runs extracted, beside what they should have. Example: crossrun results export --run run-7',
    },
    subCommands: { export: exportCommand, snapshot, list, revoke },
  })
}

type Named = { run?: string | undefined; instruction?: string | undefined; dataset?: string | undefined }

/** @throws BadInputError unless it is one of them */
function readOf({ run, instruction, dataset }: Named): ResultsOf {
  const given = [
    ...(run === undefined ? [] : [{ run }]),
    ...(instruction === undefined ? [] : [{ instruction }]),
    ...(dataset === undefined ? [] : [{ dataset }]),
  ]
  if (given.length === 1) return given[0]!
  throw new BadInputError('Say whose results: one of --run, --instruction and --dataset.', { argument: 'run' })
}

function readFields(text: string | undefined): string[] | null {
  return text === undefined ? null : text.split(',').map((field) => field.trim())
}
