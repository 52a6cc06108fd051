import { sql } from 'kysely'
import type { Scope } from '../filters/scope.ts'
import { PERCENTILES } from '../metrics/aggregations.ts'
import { fromOf, Needed } from '../metrics/compile.ts'
import { type Aggregate, type Measure, type Sql, type Subject, unitInWords } from '../metrics/declaration.ts'
import { type MetricsQuery, termKey, termsOf, unitOf } from '../metrics/query.ts'
import { entityColumns } from './entity-columns.ts'
import { textOf } from './sql-text.ts'
import { type Column, type Recipe, snakeCase, type View } from './view.ts'

/** A view of a subject's facts: what they are, what they can be grouped by, and for each measure what it is made of. */
export function subjectView(subject: Subject, name: string, scope: Scope): View {
  const everything: MetricsQuery = {
    subject,
    scope,
    groupBy: [],
    interval: null,
    timeZone: 'UTC',
    having: [],
    orderBy: [],
    terms: [],
    size: 0,
    offset: 0,
  }
  const needed = new Needed(everything)
  const { fact } = needed
  const columns = new Columns(entityColumns(subject.entity, fact.row))
  const time = columns.place('started_at', subject.time.value(fact), subject.time.description)
  for (const [dimension, { value, list, type, description }] of Object.entries(subject.dimensions)) {
    const own = list
      ? sql`(select string_agg(distinct e.value, ', ' order by e.value) from unnest(${list(fact)}) as e (value))`
      : value(fact)
    columns.place(snakeCase(dimension), own, description, type === 'enum' ? 'text' : undefined)
  }
  const recipes = Object.entries(subject.measures).flatMap(([measure, declared]) =>
    recipesOf(subject, measure, declared, (part, value, description, type) =>
      columns.place(snakeCase(measure) + part, value(fact), description, type),
    ),
  )
  return {
    name,
    description: subject.description,
    columns: columns.all(),
    from: (only) => fromOf(everything, needed, [], only),
    entity: subject.entity,
    isSortable: true,
    subject: subject.name,
    time,
    recipes,
  }
}

/** Columns by name; a value that is there already is not there twice. */
class Columns {
  readonly #columns = new Map<string, Column & { text: string }>()

  constructor(columns: readonly Column[]) {
    for (const column of columns) this.#columns.set(column.name, { ...column, text: textOf(column.sql) })
  }

  /** @returns the name of the column that has the value */
  place(wanted: string, value: Sql, description: string, type?: Column['type']): string {
    const text = textOf(value)
    const known = this.#columns.get(wanted)
    const same = known?.text === text ? known : [...this.#columns.values()].find((column) => column.text === text)
    if (same) return same.name
    const name = known ? `${wanted}_measured` : wanted
    if (this.#columns.has(name)) throw new Error(`Two columns of a view want to be ${name}.`)
    this.#columns.set(name, { name, sql: value, description, text, ...(type && { type }) })
    return name
  }

  all(): Column[] {
    return [...this.#columns.values()]
  }
}

type Place = (part: string, value: (fact: Needed['fact']) => Sql, description: string, type?: Column['type']) => string

function recipesOf(subject: Subject, name: string, measure: Measure, place: Place): Recipe[] {
  const description = `${measure.description}${unitInWords(measure)}`
  const expressionOf = expressionsOf(measure, place, description)
  return termsOf(subject)
    .filter((term) => term.name === name)
    .map((term) => ({
      measure: termKey(term),
      expression: expressionOf(term.aggregate),
      description,
      unit: unitOf(subject, term).unit,
    }))
}

function expressionsOf(measure: Measure, place: Place, description: string): (aggregate: Aggregate | null) => string {
  switch (measure.kind) {
    case 'count': {
      const column = place('', measure.value, description, 'int8')
      return () => `coalesce(sum(${column}), 0)::int8`
    }
    case 'distinct': {
      const column = place('_value', measure.value, `Counted once each: ${description}`)
      return () => `count(distinct ${column})`
    }
    case 'ratio': {
      const of = place('_of', measure.of, `The dividend of: ${description}`, 'int8')
      const per = place('_per', measure.per, `The divisor of: ${description}`, 'int8')
      return () => `coalesce(sum(${of}), 0)::float8 / nullif(sum(${per}), 0)::float8`
    }
    case 'number': {
      const column = place('', measure.value, description)
      return (aggregate) => {
        const share = aggregate ? PERCENTILES[aggregate] : undefined
        if (share === undefined) return `${aggregate}(${column})`
        return `percentile_cont(${share}) within group (order by ${column}::float8)`
      }
    }
  }
}
