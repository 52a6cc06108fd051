import { describe, expect, it } from 'vitest'
import { nextTime, scheduleError } from '../../src/model/schedule.ts'

const next = (expression: string, timeZone: string, after: string) =>
  nextTime(expression, timeZone, new Date(after))?.toISOString() ?? null

describe('the next time of a schedule', () => {
  it('is by the clocks of its time zone', () => {
    // 7:15 in Berlin is 6:15 UTC in winter, 5:15 in summer.
    expect(next('15 7 * * 2', 'Europe/Berlin', '2026-02-20T00:00:00Z')).toBe('2026-02-24T06:15:00.000Z')
    expect(next('15 7 * * 2', 'Europe/Berlin', '2026-06-20T00:00:00Z')).toBe('2026-06-23T05:15:00.000Z')
    expect(next('15 7 * * TUE', 'UTC', '2026-02-24T07:15:00Z')).toBe('2026-03-03T07:15:00.000Z')
  })

  it('comes when the clocks have leapt over it', () => {
    // On 29 March 2026 there is no 2:30 in Berlin: at 2:00 it is 3:00.
    expect(next('30 2 * * *', 'Europe/Berlin', '2026-03-28T12:00:00Z')).toBe('2026-03-29T01:00:00.000Z')
    expect(next('30 2 * * *', 'Europe/Berlin', '2026-03-29T01:00:00Z')).toBe('2026-03-30T00:30:00.000Z')
  })

  it('comes once when the clocks show it twice, and every hour when every hour is meant', () => {
    // On 25 October 2026 it is 2:30 in Berlin at 0:30 and at 1:30 UTC.
    expect(next('30 2 * * *', 'Europe/Berlin', '2026-10-24T12:00:00Z')).toBe('2026-10-25T00:30:00.000Z')
    expect(next('30 2 * * *', 'Europe/Berlin', '2026-10-25T00:30:00Z')).toBe('2026-10-26T01:30:00.000Z')
    expect(next('0 * * * *', 'Europe/Berlin', '2026-10-25T00:30:00Z')).toBe('2026-10-25T01:00:00.000Z')
    expect(next('0 * * * *', 'Europe/Berlin', '2026-10-25T01:00:00Z')).toBe('2026-10-25T02:00:00.000Z')
  })

  it('is none for a day that never comes, and for what is no schedule', () => {
    expect(next('0 0 30 2 *', 'UTC', '2026-01-01T00:00:00Z')).toBe(null)
    expect(next('every tuesday', 'UTC', '2026-01-01T00:00:00Z')).toBe(null)
  })

  it('says what is wrong with one', () => {
    expect(scheduleError('15 7 * * 2', 'Europe/Berlin')).toBe(null)
    expect(scheduleError('61 * * * *', 'UTC')).toMatch(/^"61 \* \* \* \*" is not a cron expression: .*61/)
    expect(scheduleError('* * * * *', 'Mars/Olympus')).toBe('"Mars/Olympus" is not an IANA time zone.')
  })
})
