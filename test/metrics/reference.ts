/** Metrics computed again, the long way: what the tests hold the answers to. */

const isKnown = (value: number | null): value is number => value !== null

export function sum(values: (number | null)[]): number | null {
  const known = values.filter(isKnown)
  return known.length === 0 ? null : known.reduce((total, value) => total + value, 0)
}

export function mean(values: (number | null)[]): number | null {
  const known = values.filter(isKnown)
  return known.length === 0 ? null : sum(known)! / known.length
}

/** The percentile between the two nearest ranks, as SQL's percentile_cont defines it. */
export function percentile(share: number, values: (number | null)[]): number | null {
  const known = values.filter(isKnown).sort((a, b) => a - b)
  if (known.length === 0) return null
  const place = share * (known.length - 1)
  const [low, high] = [known[Math.floor(place)]!, known[Math.ceil(place)]!]
  return low + (high - low) * (place - Math.floor(place))
}

/** Rows by key, in the order of the keys by code point, null last. */
export function grouped<T>(rows: readonly T[], keyOf: (row: T) => string | null): [string | null, T[]][] {
  const groups = new Map<string | null, T[]>()
  for (const row of rows) groups.set(keyOf(row), [...(groups.get(keyOf(row)) ?? []), row])
  return [...groups].sort(([a], [b]) => (a === null ? 1 : b === null ? -1 : a < b ? -1 : 1))
}

export const count = <T>(rows: readonly T[], holds: (row: T) => boolean): number => rows.filter(holds).length
