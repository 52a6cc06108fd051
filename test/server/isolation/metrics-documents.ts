import { getNamedType, isEnumType, isObjectType } from 'graphql'
import { SUBJECTS } from '../../../src/metrics/subjects/index.ts'
import { type Asked, isMetrics, listedBy, rootFields, selectionOf } from './documents.ts'

type Aggregated = { aggregates: readonly string[] }

const camelCase = (name: string) => name.toLowerCase().replace(/_(.)/g, (_, letter: string) => letter.toUpperCase())

/** Every measure of every subject, by every dimension; by hour and in other orders too. */
export function everyMetric(): Asked[] {
  return rootFields.filter(isMetrics).flatMap((field) => {
    const dimensions = getNamedType(field.args.find(({ name }) => name === 'groupBy')!.type)
    const row = listedBy(field.type)
    if (!isEnumType(dimensions) || !isObjectType(row)) return []
    const whole = (getNamedType(field.type) as typeof row).getFields()
    const totals = selectionOf(whole.totals!.type, 0)
    const measures = selectionOf(row, 1).slice(1)
    return dimensions.getValues().map(({ name }) => ({
      name: `${field.name} by ${name}`,
      query: `{
        ${field.name}(first: 500, groupBy: [${name}]) { totalCount source asOf endCursor totals ${totals} nodes { key { ${camelCase(name)} } ${measures} }
        hours: ${field.name}(first: 5, groupBy: [${name}], interval: HOUR, timeZone: "Asia/Kolkata") { totalCount nodes { key { startedAt ${camelCase(name)} } } }
      }`,
    }))
  })
}

/** The same as tables. */
export function everyTable(): Asked[] {
  return SUBJECTS.flatMap(({ name, dimensions, measures }) =>
    Object.keys(dimensions).map((dimension) => ({
      name: `table of ${name} by ${dimension}`,
      query: 'query ($query: MetricsTableQuery!) { metricsTable(query: $query) { columns { name } rows totalCount } }',
      variables: {
        query: {
          subject: name,
          dimensions: [dimension],
          measures: Object.entries(measures).map(([measure, { kind, ...rest }]) =>
            kind === 'number' ? `${measure}.${(rest as Aggregated).aggregates[0]}` : measure,
          ),
        },
      },
    })),
  )
}
