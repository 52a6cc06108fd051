import { z } from 'zod'
import { BadInputError } from '../errors.ts'
import type { Scope } from '../filters/scope.ts'
import { rowOf } from '../filters/scope.ts'
import { bad, type Path } from '../filters/values.ts'
import { compileWhere } from '../filters/where.ts'
import { isTimeZone } from '../model/time.ts'
import type { Db } from '../store/transaction-kysely.ts'
import { findMetrics, metricsSource, uniqueTerms } from './compile.ts'
import type { Subject } from './declaration.ts'
import {
  INTERVALS,
  type MetricsQuery,
  readConditions,
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

const SUBJECT_NAMES = SUBJECTS.map(({ name }) => name).join(', ')
const ZONE = 'must be an IANA time zone such as Europe/Berlin'
const LIMIT = `must be a whole number from 0 to ${MOST_ROWS}`
const OFFSET = 'must be a whole number, 0 or more'
/** Read with its measure. */
const amount = z.unknown().optional()

const tableInput = objectOf('{"subject": "USAGE", "measures": ["calls"]}', {
  subject: z.string(`must be a subject: ${SUBJECT_NAMES}`),
  measures: namesOf('measure', '["calls", "costUsd.sum"]'),
  dimensions: namesOf('dimension', '["agent", "model"]').nullish(),
  where: z.unknown().optional(),
  search: z
    .string('must be a text')
    .refine((text) => !text.includes('\u0000'), 'holds a NUL character')
    .nullish(),
  interval: z.enum(INTERVALS, `must be one of ${INTERVALS.join(', ')}`).nullish(),
  timeZone: z.string(ZONE).refine(isTimeZone, ZONE).nullish(),
  having: listOf('{"name": "calls", "gt": 10}', {
    name: z.string('must be the name of a measure'),
    equals: amount,
    gt: amount,
    gte: amount,
    lt: amount,
    lte: amount,
  }).nullish(),
  orderBy: listOf('{"name": "calls", "direction": "DESC"}', {
    name: z.string('must be the name of a column of the table, or of a measure'),
    direction: z.enum(['ASC', 'DESC'], 'must be ASC or DESC').nullish(),
  }).nullish(),
  limit: z.int(LIMIT).min(0, LIMIT).max(MOST_ROWS, LIMIT).nullish(),
  offset: z.int(OFFSET).min(0, OFFSET).nullish(),
})

function namesOf(what: string, example: string) {
  return z.array(z.string(`must be the name of a ${what}`), `must be a list of names of ${what}s, such as ${example}`)
}

function listOf<Shape extends z.ZodRawShape>(example: string, shape: Shape) {
  return z.array(objectOf(example, shape), `must be a list, such as [${example}]`)
}

function objectOf<Shape extends z.ZodRawShape>(example: string, shape: Shape) {
  return z.strictObject(shape, {
    error: (issue) =>
      issue.code === 'unrecognized_keys'
        ? `does not take ${issue.keys.map((key) => JSON.stringify(key)).join(', ')}; it takes ${Object.keys(shape).join(', ')}`
        : `must be an object, such as ${example}`,
  })
}

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
  const terms = uniqueTerms(asked.measures.map((name) => readTerm(subject, name, `${argument}.measures`)))
  if (terms.length === 0 && groupBy.length === 0 && !asked.interval) {
    throw new BadInputError(`${argument}.measures is empty, and nothing is grouped by: the table has no columns.`, {
      argument: `${argument}.measures`,
      hint: 'Name a measure, a dimension or an interval.',
    })
  }
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
      having: (asked.having ?? []).flatMap(({ name, ...conditions }, place) =>
        readConditions(readTerm(subject, name, `${argument}.having`), conditions, `${argument}.having[${place}]`),
      ),
      orderBy: (asked.orderBy ?? []).map(({ name, direction }) => ({
        by: isKey(name) ? name : readOrderTerm(subject, name, `${argument}.orderBy`),
        direction: direction ?? 'ASC',
      })),
      terms,
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
  const place = path.map((part): Path => (typeof part === 'number' ? `[${part}]` : `.${String(part)}`)).join('')
  throw bad(argument + place, message)
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
