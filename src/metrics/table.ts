import { z } from 'zod'
import { BadInputError } from '../errors.ts'
import type { Scope } from '../filters/scope.ts'
import { rowOf } from '../filters/scope.ts'
import { compileWhere } from '../filters/where.ts'
import { isTimeZone } from '../model/time.ts'
import type { Db } from '../store/transaction-kysely.ts'
import { findMetrics, metricsSource } from './compile.ts'
import type { Subject } from './declaration.ts'
import {
  COMPARISONS,
  type Comparison,
  INTERVALS,
  type MetricsQuery,
  readDimension,
  readTerm,
  type Term,
  TIME,
  termKey,
  unitOf,
} from './query.ts'
import { SUBJECTS } from './subjects/index.ts'

export const USUAL_ROWS = 100
export const MOST_ROWS = 10_000

const amount = z.union([z.string().regex(/^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,3})?$/), z.number()])

const tableInput = z.strictObject({
  subject: z.string(),
  measures: z.array(z.string()),
  dimensions: z.array(z.string()).nullish(),
  where: z.unknown().optional(),
  search: z.string().nullish(),
  interval: z.enum(INTERVALS).nullish(),
  timeZone: z.string().refine(isTimeZone, 'is not an IANA time zone such as Europe/Berlin').nullish(),
  having: z
    .array(
      z.strictObject({
        name: z.string(),
        equals: amount.nullish(),
        gt: amount.nullish(),
        gte: amount.nullish(),
        lt: amount.nullish(),
        lte: amount.nullish(),
      }),
    )
    .nullish(),
  orderBy: z.array(z.strictObject({ name: z.string(), direction: z.enum(['ASC', 'DESC']).nullish() })).nullish(),
  limit: z.int().min(0).max(MOST_ROWS).nullish(),
  offset: z.int().min(0).nullish(),
})

/** A question to one subject with its names as texts: what `metricsTable` takes, and what a saved view keeps. */
export type TableInput = z.infer<typeof tableInput>

export type Column = { name: string; type: string; unit: string | null; role: 'DIMENSION' | 'MEASURE' | 'TIME' }

export type Table = { columns: Column[]; rows: unknown[][]; totalCount: number; source: 'FACTS' | 'ROLLUP' }

/** A checked question, and how its words are looked for. */
type TableQuery = { query: MetricsQuery; search: string | null }

/**
 * Checks a question against the declarations: its names, its filter, its numbers.
 * @param argument how the question is called in messages
 * @throws BadInputError naming the part that is wrong, and what would be right
 */
export function readTable(input: unknown, scope: Scope, argument = 'query'): TableQuery {
  const asked = readShape(input, argument)
  const subject = readSubject(asked.subject, argument)
  const dimensions = (asked.dimensions ?? []).map((name) => readDimension(subject, name, `${argument}.dimensions`))
  const groupBy = [...new Set(dimensions)]
  if (typeof asked.search === 'string' && !subject.search) {
    throw new BadInputError(`${argument}.search: ${subject.name} cannot be searched.`, {
      argument: `${argument}.search`,
      hint: `Can be searched: ${SUBJECTS.flatMap(({ name, search }) => (search ? [name] : [])).join(', ')}.`,
    })
  }
  // Compiled for its checks: a view that cannot be run is not saved.
  compileWhere(subject.entity, asked.where, rowOf('f'), scope, `${argument}.where`)
  const isKey = (name: string) => groupBy.includes(name) || (name === TIME && Boolean(asked.interval))
  return {
    search: asked.search ?? null,
    query: {
      subject,
      scope,
      where: (asked.where ?? null) as MetricsQuery['where'],
      groupBy,
      interval: asked.interval ?? null,
      timeZone: asked.timeZone ?? 'UTC',
      having: (asked.having ?? []).flatMap(({ name, ...conditions }) => {
        const term = readTerm(subject, name, `${argument}.having`)
        return Object.keys(COMPARISONS).flatMap((comparison) => {
          const value = conditions[comparison as Comparison]
          return value === null || value === undefined
            ? []
            : [{ term, comparison: comparison as Comparison, value: String(value) }]
        })
      }),
      orderBy: (asked.orderBy ?? []).map(({ name, direction }) => ({
        by: isKey(name) ? name : readOrderTerm(subject, name, `${argument}.orderBy`),
        direction: direction ?? 'ASC',
      })),
      terms: asked.measures.map((name) => readTerm(subject, name, `${argument}.measures`)),
      size: asked.limit ?? USUAL_ROWS,
      offset: asked.offset ?? 0,
    },
  }
}

/** The answer as a table. One statement, and one for the words of a search. */
export async function findTable(db: Db, { query, search }: TableQuery): Promise<Table> {
  const found = search === null ? null : await query.subject.search!(db, search)
  const { rows, totalCount } = await findMetrics(db, { ...query, found })
  const columns = columnsOf(query)
  return {
    columns,
    totalCount,
    source: metricsSource({ ...query, found }),
    rows: rows.map(({ key, values }) =>
      columns.map(({ name, role }) => plain(role === 'MEASURE' ? values[name] : key[name])),
    ),
  }
}

function readShape(input: unknown, argument: string): TableInput {
  const { success, data, error } = tableInput.safeParse(input)
  if (success) return data
  const { path, message } = error.issues[0]!
  const place = [argument, ...path].join('.')
  throw new BadInputError(`${place}: ${message}.`, { argument: place })
}

function readSubject(name: string, argument: string): Subject {
  const subject = SUBJECTS.find((each) => each.name === name)
  if (subject) return subject
  throw new BadInputError(`${argument}.subject: ${JSON.stringify(name)} is not a subject.`, {
    argument: `${argument}.subject`,
    hint: `Subjects: ${SUBJECTS.map((each) => each.name).join(', ')}.`,
  })
}

function readOrderTerm(subject: Subject, name: string, argument: string): Term {
  if (name === TIME || Object.hasOwn(subject.dimensions, name)) {
    throw new BadInputError(`${argument}: ${name} is not grouped by.`, {
      argument,
      hint: name === TIME ? 'Give an interval.' : `Add ${JSON.stringify(name)} to dimensions.`,
    })
  }
  return readTerm(subject, name, argument)
}

function columnsOf({ subject, groupBy, interval, terms }: MetricsQuery): Column[] {
  const time: Column[] = interval ? [{ name: TIME, type: 'time', unit: null, role: 'TIME' }] : []
  return [
    ...time,
    ...groupBy.map((name): Column => ({ name, type: subject.dimensions[name]!.type, unit: null, role: 'DIMENSION' })),
    ...terms.map((term): Column => ({ name: termKey(term), ...unitOf(subject, term), role: 'MEASURE' })),
  ]
}

/** A value as JSON has it: whole numbers as numbers, times as text, exact decimals as they are. */
function plain(value: unknown): unknown {
  if (typeof value === 'bigint') return Number(value)
  if (value instanceof Date) return value.toISOString()
  return value ?? null
}
