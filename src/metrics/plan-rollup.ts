import { isObject } from '../filters/values.ts'
import type { Where } from '../filters/where.ts'
import { AGGREGATES, type Rollup } from './declaration.ts'
import { fitsInterval, isBetweenCells } from './grains.ts'
import type { MetricsQuery, Term } from './query.ts'

/** A question that cells answer: from which table, with the filter as it is on cells. */
export type RollupPlan = {
  rollup: Rollup
  where: Where
  /** Where percentiles come from, when they are asked for. */
  histogram: { rollup: Rollup; where: Where } | null
}

/** The first of the subject's rollups that answers the whole question; null when it takes the facts. */
export function planRollup(query: MetricsQuery, terms: readonly Term[]): RollupPlan | null {
  if (query.found || query.object) return null
  for (const rollup of query.subject.rollups ?? []) {
    const where = coveredBy(rollup, query)
    if (!where) continue
    const percentiles = terms.filter(isPercentile)
    const others = terms.filter((term) => !isPercentile(term))
    if (!others.every((term) => givesTerm(rollup, term))) continue
    if (percentiles.length === 0) return { rollup, where, histogram: null }
    const [first] = percentiles
    if (percentiles.some(({ name }) => name !== first!.name)) continue
    for (const histogram of rollup.histograms?.[first!.name] ?? []) {
      const whereOfHistogram = coveredBy(histogram, query)
      if (whereOfHistogram) return { rollup, where, histogram: { rollup: histogram, where: whereOfHistogram } }
    }
  }
  return null
}

export function isPercentile({ aggregate }: Term): boolean {
  return aggregate !== null && AGGREGATES.indexOf(aggregate) >= AGGREGATES.indexOf('p50')
}

function givesTerm({ measures }: Rollup, { name, aggregate }: Term): boolean {
  return Object.hasOwn(measures, name) && (aggregate === null || aggregate === 'sum' || aggregate === 'avg')
}

/** The filter on cells, when they tell apart what the question does. */
function coveredBy(rollup: Rollup, { groupBy, interval, timeZone, where }: MetricsQuery): Where | null {
  if (!groupBy.every((name) => rollup.dimensions.includes(name))) return null
  if (!fitsInterval(rollup.grain, interval, timeZone)) return null
  return onCells(where ?? {}, rollup)
}

/**
 * The same filter on cells: what holds of a fact holds of all facts of its cell. Null when it asks for more than cells
 * keep, and for what is wrong, which is told where facts are read.
 */
function onCells(where: unknown, rollup: Rollup): Where | null {
  if (!isObject(where)) return null
  const conditions: Record<string, unknown> = {}
  for (const [name, argument] of Object.entries(where)) {
    if (argument === null || argument === undefined) continue
    const condition = conditionOnCells(name, argument, rollup)
    // Two conditions of one name, after one was renamed, are left to the facts.
    if (!condition || Object.hasOwn(conditions, condition[0])) return null
    conditions[condition[0]] = condition[1]
  }
  return conditions
}

function conditionOnCells(name: string, argument: unknown, rollup: Rollup): [string, unknown] | null {
  const { entity, renamed } = rollup
  if (name === 'AND' || name === 'OR') {
    const list = (Array.isArray(argument) ? argument : [argument]).map((each) => onCells(each, rollup))
    return list.includes(null) ? null : [name, list]
  }
  if (name === 'NOT') {
    const inner = onCells(argument, rollup)
    return inner && [name, inner]
  }
  if (!isObject(argument)) return null
  if (name === 'startedAt') {
    const times = timesOnCells(argument, rollup)
    return times && [name, times]
  }
  if (Object.hasOwn(entity.fields, name)) return [name, argument]
  if (Object.hasOwn(entity.relations, name)) return isOnFields(argument, rollup, name) ? [name, argument] : null
  const [[inner, condition] = [], ...more] = Object.entries(argument)
  const other = more.length === 0 && inner !== undefined ? renamed[`${name}.${inner}`] : undefined
  if (other === undefined || !isObject(condition)) return null
  if (Object.hasOwn(entity.relations, other)) return isOnFields(condition, rollup, other) ? [other, condition] : null
  if (!Object.hasOwn(entity.fields, other)) return null
  // Of the conditions on another row's column, those that also fail without the row.
  return Object.keys(condition).every((operator) => KEEP_NO_NULLS.includes(operator)) ? [other, condition] : null
}

const KEEP_NO_NULLS = ['equals', 'in', 'contains', 'startsWith']

/** Whether a condition on a related row asks for nothing but its own columns, so that it never comes to the facts. */
function isOnFields(argument: Record<string, unknown>, { entity }: Rollup, relation: string): boolean {
  const { fields } = entity.relations[relation]!.entity()
  const isIn = (where: unknown): boolean =>
    isObject(where) &&
    Object.entries(where).every(([name, condition]) =>
      ['AND', 'OR', 'NOT'].includes(name)
        ? (Array.isArray(condition) ? condition : [condition]).every(isIn)
        : Object.hasOwn(fields, name),
    )
  const { isNull: _isNull, ...conditions } = argument
  return isIn(conditions)
}

/** Limits of time between cells; times have whole milliseconds, so that one at most is one less than the next. */
function timesOnCells(argument: Record<string, unknown>, { grain }: Rollup): Record<string, unknown> | null {
  const times: Record<string, unknown> = {}
  for (const [operator, value] of Object.entries(argument)) {
    if (operator === 'isNull') times.isNull = value
    const limit = LIMITS[operator]
    const at = timeOf(value)
    if (operator === 'isNull') continue
    if (!limit || !at) return null
    const moved = new Date(at.getTime() + limit.later)
    if (Object.hasOwn(times, limit.operator) || !isBetweenCells(grain, moved)) return null
    times[limit.operator] = moved.toISOString()
  }
  return times
}

const LIMITS: Record<string, { operator: 'gte' | 'lt'; later: 0 | 1 }> = {
  gte: { operator: 'gte', later: 0 },
  gt: { operator: 'gte', later: 1 },
  lt: { operator: 'lt', later: 0 },
  lte: { operator: 'lt', later: 1 },
}

function timeOf(value: unknown): Date | null {
  const at =
    value instanceof Date
      ? value
      : typeof value === 'string' && /^\d{4}-\d\d-\d\dT/.test(value)
        ? new Date(value)
        : null
  return at && !Number.isNaN(at.getTime()) ? at : null
}
