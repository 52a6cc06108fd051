import { BadInputError } from '../errors.ts'
import type { Direction } from '../filters/declaration.ts'
import type { Found } from '../filters/page.ts'
import type { Scope } from '../filters/scope.ts'
import { type Path, readDecimal } from '../filters/values.ts'
import type { Where } from '../filters/where.ts'
import { type Aggregate, isAdditive, type Measure, type ObjectMetrics, type Subject } from './declaration.ts'

export const INTERVALS = ['HOUR', 'DAY', 'WEEK', 'MONTH', 'QUARTER', 'YEAR'] as const
export type Interval = (typeof INTERVALS)[number]

/** The name under which time is a key: the start of the interval. */
export const TIME = 'startedAt'

/** A measure, and which aggregate of it; `calls`, `costUsd.sum`. */
export type Term = { name: string; aggregate: Aggregate | null }

export type Comparison = 'equals' | 'gt' | 'gte' | 'lt' | 'lte'
export const COMPARISONS: Record<Comparison, string> = { equals: '=', gt: '>', gte: '>=', lt: '<', lte: '<=' }

/** A question to a subject, checked. */
export type MetricsQuery = {
  subject: Subject
  scope: Scope
  where?: Where | null
  /** The objects whose facts are counted, when they are counted object by object. */
  object?: ObjectMetrics | null
  /** What a search found: nothing else is counted. */
  found?: Found | null
  /** Names of dimensions. */
  groupBy: readonly string[]
  interval: Interval | null
  /** IANA. */
  timeZone: string
  having: readonly { term: Term; comparison: Comparison; value: string }[]
  /** Keys by their name, measures as terms. */
  orderBy: readonly { by: string | Term; direction: Direction }[]
  /** What is to be computed. */
  terms: readonly Term[]
  size: number
  offset: number
}

export function termKey({ name, aggregate }: Term): string {
  return aggregate ? `${name}.${aggregate}` : name
}

export function measureOf({ measures }: Subject, name: string): Measure | undefined {
  return Object.hasOwn(measures, name) ? measures[name] : undefined
}

/**
 * Reads `costUsd.sum` or `calls`; a count is its own sum.
 * @throws BadInputError naming what the subject has
 */
export function readTerm(subject: Subject, text: string, argument: string): Term {
  const [name, aggregate, ...more] = text.split('.')
  const measure = measureOf(subject, name!)
  if (measure && more.length === 0) {
    if (measure.kind === 'count' && (aggregate === undefined || aggregate === 'sum'))
      return { name: name!, aggregate: null }
    if (measure.kind === 'number' && measure.aggregates.includes(aggregate as Aggregate))
      return { name: name!, aggregate: aggregate as Aggregate }
    if (measure.kind !== 'number' && aggregate === undefined) return { name: name!, aggregate: null }
  }
  throw new BadInputError(`${argument}: ${JSON.stringify(text)} is not a measure of ${subject.name}.`, {
    argument,
    hint: `Measures: ${termsOf(subject).map(termKey).join(', ')}.`,
  })
}

/** Everything that can be computed of a subject. */
export function termsOf({ measures }: Subject): Term[] {
  return Object.entries(measures).flatMap(([name, measure]): Term[] =>
    measure.kind === 'number'
      ? measure.aggregates.map((aggregate) => ({ name, aggregate }))
      : [{ name, aggregate: null }],
  )
}

/**
 * Reads the comparisons of one measure's values; those that are null ask nothing.
 * @throws BadInputError naming the number that is none
 */
export function readConditions(
  term: Term,
  conditions: Partial<Record<Comparison, unknown>>,
  path: Path,
): MetricsQuery['having'][number][] {
  return Object.entries(conditions).flatMap(([comparison, value]) =>
    value === null || value === undefined
      ? []
      : [{ term, comparison: comparison as Comparison, value: readDecimal(value, `${path}.${comparison}`) }],
  )
}

/** The names by which groups are sorted and chosen by a value: `costUsdSum`; a count goes by its own name and with `Sum`. */
export function orderNames({ measures }: Subject, { name, aggregate }: Term): string[] {
  if (aggregate) return [name + aggregate[0]!.toUpperCase() + aggregate.slice(1)]
  return measures[name]!.kind === 'count' ? [name, `${name}Sum`] : [name]
}

/** @throws BadInputError naming what the subject can be grouped by */
export function readDimension(subject: Subject, name: string, argument: string): string {
  if (Object.hasOwn(subject.dimensions, name)) return name
  throw new BadInputError(`${argument}: ${JSON.stringify(name)} is not a dimension of ${subject.name}.`, {
    argument,
    hint: `Dimensions: ${Object.keys(subject.dimensions).join(', ')}.`,
  })
}

/** Whether the values of groups may be added up. */
export function isAdditiveTerm(subject: Subject, { name, aggregate }: Term): boolean {
  return isAdditive(subject.measures[name]!, aggregate)
}

/** The unit of a term's values, and what they are: `decimal` is exact and written as text. */
export function unitOf(subject: Subject, { name, aggregate }: Term): { type: string; unit: string } {
  const measure = subject.measures[name]!
  const { unit } = measure
  if (measure.kind === 'ratio') return { type: 'float', unit }
  if (measure.kind !== 'number') return { type: 'integer', unit }
  const isWhole = aggregate === 'sum' || aggregate === 'min' || aggregate === 'max'
  return { type: measure.type === 'integer' && !isWhole ? 'float' : measure.type, unit }
}
