/** What Grafana knows when it asks for a panel. */
export type TimeRange = { from: string; to: string; interval: string }

const SECONDS: Record<string, number> = { s: 1, m: 60, h: 3_600, d: 86_400, w: 604_800 }

/**
 * The SQL that Grafana's PostgreSQL data source sends for a query: arguments of macros end at the first closing bracket, and
 * a time group that a comma follows is named.
 * @throws Error when there is no such macro
 */
export function expandMacros(sql: string, { from, to, interval }: TimeRange): string {
  return sql
    .replace(/\$__interval(?!_)/g, interval)
    .replace(/\$([a-zA-Z0-9_]+)\(([^)]*)\)/g, (call, name: string, text: string, place: number, whole: string) => {
      const values = text.split(',').map((value) => value.trim())
      const isNamed = whole[place + call.length] === ','
      switch (name) {
        case '__timeFilter':
          return `${values[0]} BETWEEN '${from}' AND '${to}'`
        case '__timeFrom':
          return `'${from}'`
        case '__timeTo':
          return `'${to}'`
        case '__timeGroup':
          return timeGroup(values) + (isNamed ? ' AS "time"' : '')
        case '__timeGroupAlias':
          return `${timeGroup(values)} AS "time"`
        default:
          throw new Error(`Grafana knows no macro $${name}.`)
      }
    })
}

function timeGroup([column, interval]: string[]): string {
  const [, count, unit] = /^'?(\d+)([smhdw])'?$/.exec(interval ?? '') ?? []
  if (!column || !count) throw new Error(`A time group needs a column and an interval, found '${column}, ${interval}'.`)
  const seconds = Number(count) * SECONDS[unit!]!
  return `floor(extract(epoch from ${column})/${seconds})*${seconds}`
}

/** What the Infinity plugin makes of its macros for the beginning and end of the time range. */
export function expandTimes(text: string, { from, to }: TimeRange): string {
  return text.replace(/\$\{__time(From|To):date:iso\}/g, (_, end: string) => (end === 'From' ? from : to))
}
