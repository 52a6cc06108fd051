import { defineCommand } from 'citty'
import { BadInputError } from '../errors.ts'
import { defaultRules, listRules, type NamedRules, removeRules, setRules } from '../measures/scoring-rules.ts'
import { DIMENSIONS, exact, nameOf, problemOf, type ScoringRules } from '../model/scoring.ts'
import { sendOfRequest } from '../store/send.ts'
import type { CommandContext } from './context.ts'
import { jsonArgument } from './json-argument.ts'
import { noteChange } from './note-change.ts'
import { organizationArgument, withReading, withStore } from './reading.ts'
import { formatTable } from './table.ts'

const nameArgument = { type: 'positional', required: true, description: 'Name of the rules.' } as const
const number = (description: string) => ({ type: 'string', description, valueHint: 'N' }) as const

export function createScoringConfigsCommand(context: CommandContext) {
  const list = defineCommand({
    meta: {
      name: 'list',
      description:
        "List the organization's scoring rules, and those that hold by default. Example: crossrun scoring-configs list",
    },
    args: { organization: organizationArgument, json: jsonArgument },
    async run({ args }) {
      const configs = await withReading(context, args.organization, async ({ db, scope }) => {
        const own = await listRules(db, scope)
        return own.some(({ isDefault }) => isDefault) ? own : [await defaultRules(db, scope), ...own]
      })
      if (args.json) return context.stdout(JSON.stringify({ scoringConfigs: configs }))
      const header = ['name', 'default', ...DIMENSIONS.map(nameOf), 'emotional ≥', 'GO ≥', 'RESEARCH ≥']
      for (const line of formatTable(header, configs.map(rowOf), { width: context.columns })) context.stdout(line)
    },
  })

  const set = defineCommand({
    meta: {
      name: 'set',
      description:
        'Give scoring rules a name; what is left out is as in the default rules. Example: crossrun scoring-configs set strict --go 90 --default',
    },
    args: {
      name: nameArgument,
      weights: {
        type: 'string',
        description: `Shares of the scores, which add up to 1: ${DIMENSIONS.map(nameOf).join(',')}.`,
        valueHint: 'N,N,N,N,N',
      },
      emotional: number('The emotional score that GO needs, 0–100.'),
      go: number('The overall score that GO needs, 0–100.'),
      research: number('The overall score that RESEARCH needs, 0–100.'),
      default: { type: 'boolean', description: 'They hold where a question names none; --no-default takes that back.' },
      organization: organizationArgument,
      json: jsonArgument,
    },
    async run({ args }) {
      const saved = await withStore(context, args.organization, (store) =>
        store.write(async ({ db, scope }) => {
          const rules = readRules(args, await defaultRules(db, scope))
          const set = await setRules(db, store.organizationId, args.name, rules, args.default ?? null)
          const { name, isDefault } = set
          await noteChange(sendOfRequest(db), args.organization, {
            action: 'scoring-config.set',
            target: { type: 'ScoringConfig', id: name! },
            details: { isDefault },
          })
          return set
        }),
      )
      for (const remark of remarksOf(saved)) context.stderr(remark)
      const holds = saved.isDefault ? ' They hold where a question names none.' : ''
      context.stdout(args.json ? JSON.stringify(saved) : `${saved.name} is set.${holds}`)
    },
  })

  const remove = defineCommand({
    meta: { name: 'remove', description: 'Take scoring rules away. Example: crossrun scoring-configs remove strict' },
    args: { name: nameArgument, organization: organizationArgument, json: jsonArgument },
    async run({ args }) {
      await withStore(context, args.organization, (store) =>
        store.write(async ({ db }) => {
          if (!(await removeRules(db, store.organizationId, args.name)))
            throw new BadInputError(`There are no scoring rules ${JSON.stringify(args.name)}.`, {
              hint: 'crossrun scoring-configs list shows which there are.',
            })
          await noteChange(sendOfRequest(db), args.organization, {
            action: 'scoring-config.removed',
            target: { type: 'ScoringConfig', id: args.name.trim() },
          })
        }),
      )
      context.stdout(
        args.json ? JSON.stringify({ name: args.name, removed: true }) : `${args.name} is no scoring config any more.`,
      )
    },
  })

  return defineCommand({
    meta: { name: 'scoring-configs', description: 'Rules that make verdicts of scores: list, set, remove.' },
    subCommands: { list, set, remove },
  })
}

type Given = Partial<Record<'weights' | 'emotional' | 'go' | 'research', string | undefined>>

function readRules({ weights, emotional, go, research }: Given, usual: ScoringRules): ScoringRules {
  const given = weights?.split(',')
  if (given && given.length !== DIMENSIONS.length)
    throw new BadInputError(`--weights takes ${DIMENSIONS.length} numbers: ${DIMENSIONS.map(nameOf).join(',')}.`)
  const rules = {
    weights: given
      ? (Object.fromEntries(
          DIMENSIONS.map((dimension, place) => [dimension, read(given[place]!, 'weights')]),
        ) as ScoringRules['weights'])
      : usual.weights,
    thresholds: {
      emotional: emotional === undefined ? usual.thresholds.emotional : read(emotional, 'emotional'),
      go: go === undefined ? usual.thresholds.go : read(go, 'go'),
      research: research === undefined ? usual.thresholds.research : read(research, 'research'),
    },
  }
  const wrong = problemOf(rules)
  if (wrong) throw new BadInputError(`${wrong.part} ${wrong.problem}.`)
  return rules
}

function read(text: string, argument: string) {
  if (!/^[+-]?(\d{1,9}\.?\d{0,20}|\.\d{1,20})$/.test(text.trim()))
    throw new BadInputError(`--${argument}: ${JSON.stringify(text)} is not a number.`)
  return exact(text.trim())
}

/** Rules may ask more of RESEARCH than of GO, and rarely mean it. */
function remarksOf({ thresholds: { emotional, go, research } }: NamedRules): string[] {
  if (research.lte(go)) return []
  return [
    `RESEARCH needs an overall score of ${research.toFixed()}, GO only ${go.toFixed()}: what is between them is GO, or PASS where the emotional score is below ${emotional.toFixed()}. --research sets it.`,
  ]
}

function rowOf({ name, isDefault, weights, thresholds }: NamedRules): string[] {
  const numbers = [...DIMENSIONS.map((each) => weights[each]), thresholds.emotional, thresholds.go, thresholds.research]
  return [name ?? '(shipped)', isDefault ? 'yes' : '', ...numbers.map((each) => each.toFixed())]
}
