import type { GraphQLResolveInfo } from 'graphql'
import { BadInputError } from '../errors.ts'
import { entities } from '../filters/entities/index.ts'
import type { MetricsRow } from '../metrics/compile.ts'
import { AGGREGATES, type Measure, type NumberType, type Subject, unitInWords } from '../metrics/declaration.ts'
import { type MetricsQuery, type Term, TIME } from '../metrics/query.ts'
import { inGroup, runsOfGroups } from '../metrics/runs-of-groups.ts'
import { builder, type Types } from './builder.ts'
import { connectionOf } from './connection.ts'
import { enumOf } from './enums.ts'
import { listArguments, MOST_NESTED } from './list-arguments.ts'
import { nestedList } from './lists.ts'
import { Run } from './runs.ts'
import { fieldsIn, type selectionOf } from './selections.ts'

/** A group of an answer. */
export type Group = {
  row: MetricsRow
  query: MetricsQuery
  /** Tells it from the other groups at its place in the answer; a UUID. */
  id: string
  /** The id of the object whose metrics these are, when they are of one. */
  objectId?: string
  /** All groups at its place in the answer, itself among them. */
  siblings: readonly Group[]
}

/** The groups of an answer. */
export function groupsOf(query: MetricsQuery, rows: readonly MetricsRow[]): Group[] {
  const groups: Group[] = []
  for (const row of rows) groups.push({ row, query, id: placeId(groups.length), siblings: groups })
  return groups
}

/** The id of a place among groups. */
export function placeId(place: number): string {
  return `00000000-0000-0000-0000-${place.toString(16).padStart(12, '0')}`
}

/** Each is a list of its own, in one statement. */
const MOST_WITH_RUNS = 500

type Values = Record<string, unknown>

const AGGREGATE_IS: Record<(typeof AGGREGATES)[number], string> = {
  sum: 'The sum; null when no value is known.',
  avg: 'The mean over the rows that have a value.',
  min: 'The smallest value.',
  max: 'The greatest value.',
  p50: 'The median, interpolated.',
  p90: 'The 90th percentile, interpolated.',
  p95: 'The 95th percentile, interpolated.',
  p99: 'The 99th percentile, interpolated.',
}

const scalarsOf = {
  decimal: () => 'Decimal' as const,
  float: () => 'Float' as const,
  integer: (aggregate: string) =>
    ['sum', 'min', 'max'].includes(aggregate) ? ('SafeInt' as const) : ('Float' as const),
}

const KINDS: Record<NumberType, [string, string]> = {
  decimal: ['Decimal', 'exact decimal numbers'],
  integer: ['Integer', 'whole numbers'],
  float: ['Float', 'numbers'],
}

const statistics = new Map<string, ReturnType<typeof newStatistics>>()

/** The type of a measure's statistics; scores and the like have no sum. */
function statisticsOf({ type, aggregates }: Extract<Measure, { kind: 'number' }>) {
  const hasSum = aggregates.includes('sum')
  const name = `${KINDS[type][0]}${hasSum ? 'Statistics' : 'Distribution'}`
  const known = statistics.get(name) ?? newStatistics(name, type, hasSum)
  statistics.set(name, known)
  return known
}

function newStatistics(name: string, type: NumberType, hasSum: boolean) {
  const title = hasSum ? 'Statistics' : 'The distribution'
  return builder.objectRef<Values>(name).implement({
    description: `${title} of ${KINDS[type][1]}. Each over the rows that have a value; null when none has.`,
    fields: (t) =>
      Object.fromEntries(
        AGGREGATES.filter((aggregate) => hasSum || aggregate !== 'sum').map((aggregate) => [
          aggregate,
          t.field({
            type: scalarsOf[type](aggregate),
            nullable: true,
            description: AGGREGATE_IS[aggregate],
            resolve: (values) => (values[aggregate] ?? null) as never,
          }),
        ]),
      ),
  })
}

/** The type of a subject's groups: key, measures, and the runs behind them. */
export function groupType(subject: Subject, name: string) {
  const Key = builder.objectRef<Group>(`${name}Key`).implement({
    description:
      'What the rows of a group have in common. Asking for what is not grouped by is an error; null is the group of the rows without it.',
    fields: (t) => ({
      [TIME]: t.field({
        type: 'DateTime',
        nullable: true,
        description: `The moment the interval begins. ${subject.time.description}`,
        resolve: ({ row }) => (row.key[TIME] ?? null) as Date | null,
      }),
      ...Object.fromEntries(
        Object.entries(subject.dimensions).map(([dimension, { type, enumName, description }]) => [
          dimension,
          t.field({
            type: (type === 'enum' ? enumOf(enumName!) : type === 'boolean' ? 'Boolean' : 'String') as 'String',
            nullable: true,
            description,
            resolve: ({ row }) => (row.key[dimension] ?? null) as string | null,
          }),
        ]),
      ),
    }),
  })
  return builder.objectRef<Group>(name).implement({
    description: `A group of ${subject.name}.`,
    fields: (t) => ({
      key: t.field({ type: Key, description: 'What its rows have in common.', resolve: (group) => group }),
      ...(measureFields(subject, t as never, (group: Group) => group.row.values) as object),
      ...(subject.ofRun && { matchingRuns: matchingRuns(t) }),
    }),
  })
}

/** The runs behind a group, read together with those of the other groups. */
function matchingRuns(t: unknown) {
  return (t as PothosSchemaTypes.ObjectFieldBuilder<Types, Group>).field({
    type: connectionOf('Run', Run as never),
    args: listArguments(entities.run, MOST_NESTED),
    description: 'The runs behind the group: those with a row in it.',
    resolve: ({ id, query, siblings }, args, context, info) => {
      if (siblings.length > MOST_WITH_RUNS) {
        throw new BadInputError(`matchingRuns can be asked of at most ${MOST_WITH_RUNS} groups at once.`, {
          argument: 'first',
          hint: `Take fewer groups: first: ${MOST_WITH_RUNS}.`,
        })
      }
      const find = async () => runsOfGroups(query, siblings)
      return nestedList(entities.run, inGroup, id, args, context, info, { find })
    },
  })
}

/** The type of a subject's measures over everything. */
export function totalsType(subject: Subject, name: string) {
  return builder.objectRef<Values>(`${name}Totals`).implement({
    description: `Measures over all matching ${subject.name}.`,
    fields: (t) => measureFields(subject, t as never, (values: Values) => values) as never,
  })
}

/** The measures that the selections below a field of the answer ask for. */
export function readTerms(
  subject: Subject,
  info: GraphQLResolveInfo,
  selections: ReturnType<typeof selectionOf>,
): Term[] {
  return [...fieldsIn(info, selections)].flatMap(([name, below]): Term[] => {
    const measure = Object.hasOwn(subject.measures, name) ? subject.measures[name]! : null
    if (!measure) return []
    if (measure.kind !== 'number') return [{ name, aggregate: null }]
    const chosen = fieldsIn(info, below)
    return measure.aggregates.filter((aggregate) => chosen.has(aggregate)).map((aggregate) => ({ name, aggregate }))
  })
}

function measureFields<Parent>(
  subject: Subject,
  t: PothosSchemaTypes.ObjectFieldBuilder<never, never>,
  valuesOf: (parent: Parent) => Values,
) {
  const builderOf = t as unknown as { field(options: object): unknown }
  return Object.fromEntries(
    Object.entries(subject.measures).map(([name, measure]) => {
      const description = `${measure.description}${unitInWords(measure)}`
      if (measure.kind === 'number') {
        return [
          name,
          builderOf.field({
            type: statisticsOf(measure),
            description,
            resolve: (parent: Parent) =>
              Object.fromEntries(AGGREGATES.map((aggregate) => [aggregate, valuesOf(parent)[`${name}.${aggregate}`]])),
          }),
        ]
      }
      return [
        name,
        builderOf.field({
          type: measure.kind === 'ratio' ? 'Float' : 'SafeInt',
          nullable: measure.kind === 'ratio',
          description,
          resolve: (parent: Parent) => valuesOf(parent)[name] ?? null,
        }),
      ]
    }),
  )
}
