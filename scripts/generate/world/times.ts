import type { Random } from '../random.ts'

export const SECOND = 1000
export const MINUTE = 60 * SECOND
export const HOUR = 60 * MINUTE
export const DAY = 24 * HOUR

const OFFSETS = [
  ['+01:00', 60],
  ['+02:00', 120],
  ['-05:00', -300],
] as const

/** An instant as one of many programs writes it: mostly with `Z`, at times naive (and meant as UTC) or with an offset. */
export function written(random: Random, at: number): string {
  const kind = random.integer(0, 9)
  if (kind === 0) return naive(at)
  if (kind > 2) return utc(at)
  const [suffix, minutes] = random.pick(OFFSETS)
  return naive(at + minutes * MINUTE) + suffix
}

export function utc(at: number): string {
  return new Date(at).toISOString()
}

/** As Python's `datetime.now().isoformat()`, by a clock that runs in UTC. */
export function naive(at: number): string {
  return utc(at).slice(0, -1)
}

/** As in names of runs and records: `20251030_175101`. */
export function compact(at: number): string {
  return utc(at).slice(0, 19).replaceAll('-', '').replaceAll(':', '').replace('T', '_')
}
