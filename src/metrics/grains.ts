import type { Grain } from './declaration.ts'
import type { Interval } from './query.ts'

const HOUR = 3_600_000
const DAY = 24 * HOUR

/** How far a time zone's clocks are from UTC: never, always by whole hours, or by other parts of them. */
type Distance = 'none' | 'hours' | 'parts'

const distances = new Map<string, Distance>()

/**
 * Judged twice a month from the year 2000 on: some zones had other clocks before, yet runs of AI pipelines were none.
 * @param timeZone IANA
 */
function distanceOf(timeZone: string): Distance {
  const known = distances.get(timeZone)
  if (known) return known
  let distance: Distance = 'none'
  const format = new Intl.DateTimeFormat('en-US', { timeZone, timeZoneName: 'longOffset' })
  for (let at = Date.UTC(2000, 0, 1); at < Date.UTC(2040, 0, 1) && distance !== 'parts'; at += 15 * DAY) {
    const name = format.formatToParts(at).find(({ type }) => type === 'timeZoneName')?.value ?? ''
    const [, hours, minutes] = /^GMT(?:[+-](\d\d):(\d\d)(?::\d\d)?)?$/.exec(name) ?? [null, '00', '01']
    if (minutes !== undefined && minutes !== '00') distance = 'parts'
    else if (hours !== undefined && hours !== '00') distance = 'hours'
  }
  distances.set(timeZone, distance)
  return distance
}

/** Whether no cell lies in two intervals. */
export function fitsInterval(grain: Grain, interval: Interval | null, timeZone: string): boolean {
  if (interval === null) return true
  const isLong = interval === 'MONTH' || interval === 'QUARTER' || interval === 'YEAR'
  const distance = distanceOf(timeZone)
  if (grain === 'hour') return distance !== 'parts'
  if (grain === 'month') return isLong && distance !== 'parts'
  if (grain === 'yearOfUtc') return interval === 'YEAR' && distance === 'none'
  if (grain === 'monthOfUtc') return isLong && distance === 'none'
  return interval !== 'HOUR' && distance === 'none'
}

/** Whether no cell has facts both before this time and at or after it. */
export function isBetweenCells(grain: Grain, at: Date): boolean {
  const time = at.getTime()
  if (grain === 'day') return time % DAY === 0
  if (time % HOUR !== 0) return false
  if (grain === 'hour') return true
  if (grain === 'yearOfUtc') return time === Date.UTC(at.getUTCFullYear(), 0, 1)
  if (grain === 'monthOfUtc') return time === startOfMonth(time)
  // The hours from 14 before a month to 12 after its beginning are cells of their own (crossrun_month_cell).
  return startOfMonth(time - 12 * HOUR - 1) !== startOfMonth(time + 14 * HOUR)
}

function startOfMonth(time: number): number {
  const date = new Date(time)
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), 1)
}
