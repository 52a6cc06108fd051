import { listModelPrices, readModelPrice, removeModelPrice, setModelPrices } from '../pricing/model-prices.ts'
import type { ModelPrice as ModelPriceValue } from '../pricing/price-list.ts'
import { sendOfRequest } from '../store/send.ts'
import { builder } from './builder.ts'
import { organizationOf } from './context.ts'

const ModelPrice = builder.objectRef<ModelPriceValue>('ModelPrice').implement({
  description:
    "What the organization pays for a model's tokens, instead of the public price. Of the prices that match a call's model and are in force when it is made, the one with the most specific pattern counts, and of that the latest.",
  fields: (t) => ({
    pattern: t.exposeString('pattern', {
      description: "The models' name in lower case; `*` stands for any characters, `?` for one.",
    }),
    inputUsdPerMillion: t.expose('inputUsdPerMillion', {
      type: 'Decimal',
      description: 'Of prompt tokens, in US dollars per million.',
    }),
    cachedInputUsdPerMillion: t.expose('cachedInputUsdPerMillion', {
      type: 'Decimal',
      nullable: true,
      description: 'Of prompt tokens read from a cache, in US dollars per million; null when they cost what others do.',
    }),
    outputUsdPerMillion: t.expose('outputUsdPerMillion', {
      type: 'Decimal',
      description: 'Of completion tokens, in US dollars per million.',
    }),
    effectiveFrom: t.expose('effectiveFrom', {
      type: 'DateTime',
      nullable: true,
      description: 'It counts for calls made from this moment on; null for all.',
    }),
  }),
})

builder.queryField('modelPrices', (t) =>
  t.field({
    type: [ModelPrice],
    description: "The organization's own prices by pattern, then by date; public prices are not listed.",
    resolve: (_root, _args, context) => listModelPrices(sendOfRequest(context.db)),
  }),
)

builder.mutationFields((t) => ({
  setModelPrice: t.field({
    type: ModelPrice,
    description:
      'Sets a price, in place of that of the same pattern and date. Imports use it from now on; `crossrun reprice` brings what was imported up to date.',
    args: {
      pattern: t.arg.string({
        required: true,
        description: 'A model, or models: `*` stands for any characters, `?` for one; case does not matter.',
      }),
      inputUsdPerMillion: t.arg({
        type: 'Decimal',
        required: true,
        description: 'Of prompt tokens, in US dollars per million.',
      }),
      cachedInputUsdPerMillion: t.arg({
        type: 'Decimal',
        description:
          'Of prompt tokens read from a cache, in US dollars per million; they cost what others do unless given.',
      }),
      outputUsdPerMillion: t.arg({
        type: 'Decimal',
        required: true,
        description: 'Of completion tokens, in US dollars per million.',
      }),
      effectiveFrom: t.arg({
        type: 'DateTime',
        description: 'From when on calls are priced by it; all are unless given.',
      }),
    },
    async resolve(_root, args, context) {
      const price = readModelPrice(
        {
          pattern: args.pattern,
          input: args.inputUsdPerMillion,
          cachedInput: args.cachedInputUsdPerMillion ?? null,
          output: args.outputUsdPerMillion,
          effectiveFrom: args.effectiveFrom ?? null,
        },
        { input: 'inputUsdPerMillion', cachedInput: 'cachedInputUsdPerMillion', output: 'outputUsdPerMillion' },
      )
      await setModelPrices(sendOfRequest(context.db), organizationOf(context), [price])
      return price
    },
  }),
  removeModelPrice: t.field({
    type: 'Boolean',
    description:
      'Takes a price away; says whether there was one. `crossrun reprice` brings what was imported up to date.',
    args: {
      pattern: t.arg.string({ required: true, description: 'Its pattern.' }),
      effectiveFrom: t.arg({
        type: 'DateTime',
        description: 'From when on it counts; that without a date unless given.',
      }),
    },
    resolve: (_root, { pattern, effectiveFrom }, context) =>
      removeModelPrice(sendOfRequest(context.db), pattern, effectiveFrom ?? null),
  }),
}))
