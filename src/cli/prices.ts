import { defineCommand } from 'citty'
import type { Decimal } from 'decimal.js'
import { BadInputError } from '../errors.ts'
import { organizationIdOf } from '../model/identifiers.ts'
import { listModelPrices, readModelPrice, removeModelPrice, setModelPrices } from '../pricing/model-prices.ts'
import { type ModelPrice, shortDate } from '../pricing/price-list.ts'
import { SNAPSHOT } from '../pricing/public-prices.ts'
import { sendOfSession } from '../store/send.ts'
import type { CommandContext } from './context.ts'
import { jsonArgument } from './json-argument.ts'
import { type Change, noteChange } from './note-change.ts'
import { readDate, readPrices } from './read-prices.ts'
import { organizationArgument } from './reading.ts'
import { withSession } from './session.ts'
import { formatTable } from './table.ts'

const listArguments = { organization: organizationArgument, json: jsonArgument } as const
const patternArgument = {
  type: 'positional',
  required: true,
  description: "A model, or models: '*' stands for any characters, '?' for one; case does not matter.",
} as const
const NEXT = 'Next: `crossrun reprice --dry-run` says what that changes of what was imported.'

export function createPricesCommand(context: CommandContext) {
  const list = defineCommand({
    meta: { name: 'list', description: "List the organization's own prices. Example: crossrun prices list" },
    args: listArguments,
    async run({ args }) {
      const prices = await withSession(context, args.organization, (session) =>
        session.transaction((client) => listModelPrices(sendOfSession(client))),
      )
      if (args.json) return context.stdout(JSON.stringify({ prices: prices.map(exactly), publicPrices: SNAPSHOT }))
      if (prices.length === 0) context.stdout('No own prices: crossrun prices set PATTERN --input USD --output USD')
      else {
        const header = ['pattern', 'from', 'input', 'cached input', 'output']
        const rows = prices.map((price) => [
          price.pattern,
          price.effectiveFrom ? shortDate(price.effectiveFrom) : 'always',
          price.inputUsdPerMillion.toFixed(),
          price.cachedInputUsdPerMillion?.toFixed() ?? 'as input',
          price.outputUsdPerMillion.toFixed(),
        ])
        for (const line of formatTable(header, rows, { right: [2, 3, 4], width: context.columns })) context.stdout(line)
        context.stdout('In US dollars per million tokens.')
      }
      const { version, date } = SNAPSHOT
      context.stdout(`Other models: public prices of genai-prices ${version}${date === null ? '' : ` of ${date}`}.`)
    },
  })

  const set = defineCommand({
    meta: {
      name: 'set',
      description:
        "Set a price, in US dollars per million tokens. Example: crossrun prices set 'gpt-4o*' --input 2.50 --cached-input 1.25 --output 10 --from 2026-01-01",
    },
    args: {
      pattern: patternArgument,
      input: { type: 'string', required: true, description: 'Of prompt tokens.', valueHint: 'USD' },
      'cached-input': {
        type: 'string',
        description: 'Of prompt tokens read from a cache; as --input unless given.',
        valueHint: 'USD',
      },
      output: { type: 'string', required: true, description: 'Of completion tokens.', valueHint: 'USD' },
      from: {
        type: 'string',
        description: 'From when on calls are priced by it; all are unless given.',
        valueHint: 'DATE',
      },
      ...listArguments,
    },
    async run({ args }) {
      const price = readModelPrice(
        {
          pattern: args.pattern,
          input: args.input,
          cachedInput: args['cached-input'] ?? null,
          output: args.output,
          effectiveFrom: readDate(args.from, '--from'),
        },
        { input: '--input', cachedInput: '--cached-input', output: '--output' },
      )
      const { pattern, effectiveFrom } = price
      await store(context, args.organization, [price], {
        action: 'model-price.set',
        target: { type: 'ModelPrice', id: pattern },
        details: { effectiveFrom },
      })
      if (args.json) return context.stdout(JSON.stringify(exactly(price)))
      context.stdout(`Set the price of ${named(price)}.`)
      context.stdout(NEXT)
    },
  })

  const remove = defineCommand({
    meta: {
      name: 'remove',
      description: "Take a price away. Example: crossrun prices remove 'gpt-4o*' --from 2026-01-01",
    },
    args: {
      pattern: patternArgument,
      from: { type: 'string', description: 'Its date; that without a date unless given.', valueHint: 'DATE' },
      ...listArguments,
    },
    async run({ args }) {
      const effectiveFrom = readDate(args.from, '--from')
      const { pattern } = args
      const name = named({ pattern, effectiveFrom })
      await withSession(context, args.organization, (session) =>
        session.transaction(async (client) => {
          const send = sendOfSession(client)
          if (!(await removeModelPrice(send, pattern, effectiveFrom)))
            throw new BadInputError(`There is no price of ${name}.`, {
              hint: 'crossrun prices list shows which there are.',
            })
          await noteChange(send, args.organization, {
            action: 'model-price.removed',
            target: { type: 'ModelPrice', id: pattern.trim().toLowerCase() },
            details: { effectiveFrom },
          })
        }),
      )
      if (args.json) return context.stdout(JSON.stringify({ pattern, effectiveFrom, removed: true }))
      context.stdout(`Took the price of ${name} away.`)
      context.stdout(NEXT)
    },
  })

  const importing = defineCommand({
    meta: {
      name: 'import',
      description:
        'Set the prices of a file, all or none: .csv with the columns pattern, input, cached_input, output, effective_from, or .json. Example: crossrun prices import prices.csv',
    },
    args: { file: { type: 'positional', required: true, description: 'The file.' }, ...listArguments },
    async run({ args }) {
      const { prices, remarks } = await readPrices(args.file)
      for (const remark of remarks) context.stderr(remark)
      await store(context, args.organization, prices, {
        action: 'model-price.imported',
        details: { prices: prices.length },
      })
      if (args.json) return context.stdout(JSON.stringify({ prices: prices.map(exactly) }))
      context.stdout(`Set ${prices.length === 1 ? 'one price' : `${prices.length} prices`}.`)
      context.stdout(NEXT)
    },
  })

  return defineCommand({
    meta: {
      name: 'prices',
      description:
        'What the organization pays for tokens of models, before public prices: list, set, remove, import. Example: crossrun prices list',
    },
    // Said here too, so that their values are not taken for the name of a command.
    args: listArguments,
    subCommands: { list, set, remove, import: importing },
    default: 'list',
  })
}

async function store(
  context: CommandContext,
  organization: string,
  prices: ModelPrice[],
  change: Change,
): Promise<void> {
  await withSession(context, organization, (session) =>
    session.transaction(async (client) => {
      const send = sendOfSession(client)
      await setModelPrices(send, organizationIdOf(organization), prices)
      await noteChange(send, organization, change)
    }),
  )
}

function named({ pattern, effectiveFrom }: Pick<ModelPrice, 'pattern' | 'effectiveFrom'>): string {
  return effectiveFrom ? `${pattern} from ${shortDate(effectiveFrom)}` : `${pattern}, always`
}

function exactly({ pattern, effectiveFrom, ...price }: ModelPrice) {
  const text = (usd: Decimal | null) => usd?.toFixed() ?? null
  return {
    pattern,
    inputUsdPerMillion: text(price.inputUsdPerMillion),
    cachedInputUsdPerMillion: text(price.cachedInputUsdPerMillion),
    outputUsdPerMillion: text(price.outputUsdPerMillion),
    effectiveFrom,
  }
}
