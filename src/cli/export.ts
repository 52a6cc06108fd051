import { defineCommand } from 'citty'
import { BadInputError } from '../errors.ts'
import { DATASETS, datasetNamed, datasetSource } from '../exports/datasets.ts'
import { metricsSource } from '../exports/metrics-source.ts'
import type { Source } from '../exports/source.ts'
import { findView } from '../metrics/saved-views.ts'
import type { CommandContext } from './context.ts'
import { organizationArgument, type Reading, withStore } from './reading.ts'
import { formatTable } from './table.ts'
import { readFormat, writeExport, writingArguments } from './write-export.ts'

const exportArguments = {
  dataset: {
    type: 'positional',
    required: false,
    description: 'What to export; without one, what there is is listed.',
  },
  view: { type: 'string', description: 'A saved view to export the answer of.', valueHint: 'NAME' },
  metrics: {
    type: 'string',
    description: 'A question to the metrics as JSON, as metricsTable takes it.',
    valueHint: 'JSON',
  },
  where: { type: 'string', description: "A filter as JSON, as the API's lists take it.", valueHint: 'JSON' },
  columns: {
    type: 'string',
    description: 'Columns in their order, with commas between; all unless given.',
    valueHint: 'A,B',
  },
  'order-by': {
    type: 'string',
    description: 'The order as JSON, as the API\'s lists take it, such as [{"startedAt":"DESC"}].',
    valueHint: 'JSON',
  },
  ...writingArguments,
  organization: organizationArgument,
  json: {
    type: 'boolean',
    description: 'Print one JSON object: about the file that --output names, or of what there is to export.',
  },
} as const

export function createExportCommand(context: CommandContext) {
  return defineCommand({
    meta: {
      name: 'export',
      description:
        'Write rows, or the answer to a question to the metrics, to a file. ' +
        `Example: crossrun export runs --where '{"status":{"in":["FAILED"]}}' --output failed.csv`,
    },
    args: exportArguments,
    async run({ args }) {
      const chosen = [args.dataset, args.view, args.metrics].filter((each) => each !== undefined)
      if (chosen.length === 0) return listDatasets(context, args.json)
      if (chosen.length > 1)
        throw new BadInputError('export takes a dataset, --view or --metrics, and only one of these.')
      if (args.dataset === undefined) refuseWith(args, ['where', 'columns', 'order-by'])
      const format = readFormat(args)
      await withStore(context, args.organization, async (store) => {
        const source = await store.read((reading) => sourceOf(reading, args))
        await writeExport(context, store, source, { ...args, format })
      })
    },
  })
}

type Given = {
  dataset?: string | undefined
  view?: string | undefined
  metrics?: string | undefined
  where?: string | undefined
  columns?: string | undefined
  'order-by'?: string | undefined
}

async function sourceOf({ db, scope }: Reading, given: Given): Promise<Source> {
  const asked = { where: readJson('where', given.where), orderBy: readJson('order-by', given['order-by']) }
  if (given.dataset !== undefined) {
    const columns = given.columns?.split(',').map((column) => column.trim())
    return datasetSource(given.dataset, { ...asked, columns }, scope)
  }
  if (given.metrics !== undefined) {
    const input = readJson('metrics', given.metrics)
    return metricsSource(db, scope, { name: 'metrics', description: 'The answer to a question.', input })
  }
  const view = await findView(db, scope, given.view!)
  if (view) {
    const { name, description, query: input } = view
    return metricsSource(db, scope, { name, description: description ?? '', input })
  }
  throw new BadInputError(`There is no view ${JSON.stringify(given.view)}.`, {
    hint: 'crossrun views list shows which there are.',
  })
}

function refuseWith(given: Given, names: readonly (keyof Given)[]): void {
  const name = names.find((each) => given[each] !== undefined)
  if (name === undefined) return
  throw new BadInputError(`--${name} goes with a dataset; the question itself says which rows it is about.`, {
    argument: name,
  })
}

/** @throws BadInputError when it is no JSON */
function readJson(name: string, text: string | undefined): unknown {
  if (text === undefined) return undefined
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new BadInputError(`--${name} is not JSON: ${(cause as Error).message}.`, { argument: name, cause })
  }
}

function listDatasets(context: CommandContext, json: boolean | undefined): void {
  const datasets = DATASETS.map((name) => datasetNamed(name, { organizationId: null }))
  if (json) {
    const shown = datasets.map(({ name, description, entity, columns }) => ({
      name,
      description,
      where: `${entity}Where`,
      columns: columns.map((column) => ({ name: column.name, description: column.description })),
    }))
    context.stdout(JSON.stringify({ datasets: shown }))
    return
  }
  const rows = datasets.map(({ name, description, entity }) => [name, `${entity}Where`, description])
  for (const line of formatTable(['dataset', 'filter', 'what a row is'], rows, { width: context.columns }))
    context.stdout(line)
}
