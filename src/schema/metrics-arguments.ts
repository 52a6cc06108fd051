import type { GraphQLResolveInfo, SelectionNode } from 'graphql'
import { BadInputError } from '../errors.ts'
import type { Direction } from '../filters/declaration.ts'
import { readOrderKey } from '../filters/order.ts'
import type { Scope } from '../filters/scope.ts'
import type { Where } from '../filters/where.ts'
import { decodePlace, signOf } from '../metrics/cursor.ts'
import type { Subject } from '../metrics/declaration.ts'
import { constantCase } from '../metrics/document.ts'
import {
  COMPARISONS,
  type Comparison,
  INTERVALS,
  type Interval,
  type MetricsQuery,
  orderNames,
  readConditions,
  type Term,
  TIME,
  termsOf,
} from '../metrics/query.ts'
import { builder } from './builder.ts'
import { SortDirection } from './order-inputs.ts'
import { fieldsIn } from './selections.ts'
import { whereOf } from './where-inputs.ts'

const USUAL_GROUPS = 100
const MOST_GROUPS = 10_000

export const IntervalEnum = builder.enumType('MetricsInterval', {
  description: 'How time is divided; intervals start at local midnight of the time zone, weeks on Monday.',
  values: Object.fromEntries(
    INTERVALS.map((name) => [name, { value: name, description: `By ${name.toLowerCase()}.` }]),
  ) as Record<Interval, { value: Interval; description: string }>,
})

export const COMPARISON_IS: Record<Comparison, string> = {
  equals: 'Equal to this.',
  gt: 'Greater than this.',
  gte: 'Greater than or equal to this.',
  lt: 'Less than this.',
  lte: 'Less than or equal to this.',
}

export const NumberCondition = builder.inputType('MetricsCondition', {
  description: "Conditions on a group's value; all of them must hold. A group without a value meets none.",
  fields: (t) =>
    Object.fromEntries(
      Object.keys(COMPARISONS).map((name) => [
        name,
        t.field({ type: 'Decimal', description: COMPARISON_IS[name as Comparison] }),
      ]),
    ),
})

/** The arguments of a metrics field, as GraphQL has read them. */
export type MetricsArguments = {
  where?: Where | null
  search?: string | null
  groupBy?: string[] | null
  interval?: Interval | null
  timeZone?: string | null
  having?: Record<string, Partial<Record<Comparison, string>> | null> | null
  orderBy?: Record<string, Direction | null>[] | null
  first?: number | null
  after?: string | null
}

/**
 * The arguments of a subject's metrics fields, with types of its own made from its declaration.
 * @param name the beginning of the types' names: `UsageMetrics`
 */
export function metricsArguments(subject: Subject, name: string) {
  const GroupBy = builder.enumType(`${name}Dimension`, {
    description: `What ${subject.name} can be grouped by.`,
    values: Object.fromEntries(
      Object.entries(subject.dimensions).map(([dimension, { description }]) => [
        constantCase(dimension),
        { value: dimension, description },
      ]),
    ),
  })
  const Having = builder.inputType(`${name}Having`, {
    description: 'Which groups to take, by their values; all conditions must hold.',
    fields: (t) => valueFields(subject, (description) => t.field({ type: NumberCondition, description })) as never,
  })
  const OrderBy = builder.inputType(`${name}OrderBy`, {
    description: 'One thing to sort groups by; a list of them sorts by several. Groups without a value come last.',
    fields: (t) => {
      const by = (description: string) => t.field({ type: SortDirection, description })
      return {
        [TIME]: by(`By time; needs an interval. ${subject.time.description}`),
        ...Object.fromEntries(
          Object.entries(subject.dimensions).map(([dimension, { description }]) => [
            dimension,
            by(`By the key; must be grouped by. ${description}`),
          ]),
        ),
        ...valueFields(subject, by),
      } as never
    },
  })
  return builder.args((t) => ({
    where: t.field({ type: whereOf(subject.entity), description: 'Which rows to count; all unless given.' }),
    ...(subject.search && { search: t.string({ description: 'Only rows that these words find.' }) }),
    groupBy: t.field({ type: [GroupBy], description: 'What to group by; everything is one group unless given.' }),
    interval: t.field({ type: IntervalEnum, description: `Also groups by time: ${subject.time.description}` }),
    timeZone: t.field({ type: 'TimeZone', description: 'Where days, weeks and months begin; UTC unless given.' }),
    having: t.field({ type: Having, description: 'Which groups to take; all unless given.' }),
    orderBy: t.field({
      type: [OrderBy],
      description: 'How to sort; by the key unless given. The key decides between equals.',
    }),
    first: t.int({
      description: `How many groups to take: ${USUAL_GROUPS} unless given, at most ${MOST_GROUPS}.`,
      extensions: { size: { usual: USUAL_GROUPS, most: MOST_GROUPS } },
    }),
    after: t.string({ description: 'Take groups after this place, an `endCursor` of this question.' }),
  }))
}

/**
 * What is asked of a subject, checked, without what is to be computed; and the sign that its cursors have.
 * @param askedOf the type whose field is asked
 */
export function readArguments(
  subject: Subject,
  scope: Scope,
  args: MetricsArguments,
  askedOf: string,
): { query: MetricsQuery; sign: string } {
  const size = args.first ?? USUAL_GROUPS
  if (size < 0 || size > MOST_GROUPS)
    throw new BadInputError(`first must be between 0 and ${MOST_GROUPS}.`, { argument: 'first' })
  const question = {
    subject,
    where: args.where ?? null,
    groupBy: [...new Set(args.groupBy ?? [])],
    interval: args.interval ?? null,
    timeZone: args.timeZone ?? 'UTC',
    having: readHaving(subject, args.having),
    orderBy: readOrder(subject, args),
  }
  const sign = signOf({ ...question, search: args.search ?? null, askedOf })
  const offset = typeof args.after === 'string' ? decodePlace(sign, args.after, 'after') : 0
  return { query: { ...question, scope, terms: [], size, offset }, sign }
}

/**
 * That a document asks of keys only what it groups by: checked once and before any SQL, and also where no group is found.
 * @param selections those below the groups
 * @throws BadInputError naming the key that is not grouped by
 */
export function checkKeys(query: MetricsQuery, info: GraphQLResolveInfo, selections: readonly SelectionNode[]): void {
  const { dimensions } = query.subject
  for (const name of fieldsIn(info, fieldsIn(info, selections).get('key') ?? []).keys()) {
    const isGroupedBy = name === TIME ? query.interval !== null : query.groupBy.includes(name)
    if (isGroupedBy || (name !== TIME && !Object.hasOwn(dimensions, name))) continue
    throw new BadInputError(`key.${name} is not grouped by.`, {
      argument: name === TIME ? 'interval' : 'groupBy',
      hint:
        name === TIME
          ? 'Give an interval.'
          : `Add ${constantCase(name)} to groupBy (now: ${query.groupBy.map(constantCase).join(', ') || 'nothing'}).`,
    })
  }
}

function readHaving(subject: Subject, having: MetricsArguments['having']): MetricsQuery['having'] {
  const terms = termsByName(subject)
  return Object.entries(having ?? {}).flatMap(([name, conditions]) =>
    readConditions(terms.get(name)!, conditions ?? {}, `having.${name}`),
  )
}

function readOrder(subject: Subject, { orderBy, groupBy, interval }: MetricsArguments): MetricsQuery['orderBy'] {
  const terms = termsByName(subject)
  return (orderBy ?? []).map((entry, place): MetricsQuery['orderBy'][number] => {
    const { field: name, direction } = readOrderKey(entry, `orderBy[${place}]`)
    const term = terms.get(name)
    if (term) return { by: term, direction }
    const isKey = name === TIME ? interval : groupBy?.includes(name)
    if (!isKey) {
      throw new BadInputError(`orderBy: ${name} is not grouped by.`, {
        argument: `orderBy.${name}`,
        hint: name === TIME ? 'Give an interval.' : `Add ${constantCase(name)} to groupBy.`,
      })
    }
    return { by: name, direction }
  })
}

function termsByName(subject: Subject): Map<string, Term> {
  return new Map(termsOf(subject).flatMap((term) => orderNames(subject, term).map((name) => [name, term] as const)))
}

/** An input field for each value that groups have, under each of its names. */
function valueFields<T>(subject: Subject, make: (description: string) => T): Record<string, T> {
  return Object.fromEntries(
    termsOf(subject).flatMap((term) =>
      orderNames(subject, term).map((name) => [name, make(subject.measures[term.name]!.description)]),
    ),
  )
}
