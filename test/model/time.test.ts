import { describe, expect, it } from 'vitest'
import { isTimeZone, parseTimestamp } from '../../src/model/time.ts'

const iso = (text: string, zone?: string) => parseTimestamp(text, zone)?.toISOString() ?? null

describe('timestamps', () => {
  it.each([
    ['2025-10-06T18:14:33+02:00', '2025-10-06T16:14:33.000Z'],
    ['2025-10-06T18:14:33Z', '2025-10-06T18:14:33.000Z'],
    ['2025-10-06T18:14:33.123456', '2025-10-06T18:14:33.123Z'],
    ['2025-10-06 18:14:33', '2025-10-06T18:14:33.000Z'],
    ['2025-10-06', '2025-10-06T00:00:00.000Z'],
    ['20251030_175101', '2025-10-30T17:51:01.000Z'],
    ['2025-10-06T18:14-0530', '2025-10-06T23:44:00.000Z'],
    ['2024-02-29T00:00:00Z', '2024-02-29T00:00:00.000Z'],
    ['2025-02-29T00:00:00Z', null],
    ['2025-13-01', null],
    ['2025-10-06T24:00:00Z', null],
    ['0001-01-01T00:00:00Z', '0001-01-01T00:00:00.000Z'],
    ['0099-05-05', '0099-05-05T00:00:00.000Z'],
    ['0004-02-29', '0004-02-29T00:00:00.000Z'],
    ['0003-02-29', null],
    ['0000-01-01', null],
    ['0001-01-01T00:00:00+01:00', null],
    ['9999-12-31T23:59:59-14:00', null],
    ['yesterday', null],
    ['', null],
  ])('reads %j as %j', (text, expected) => {
    expect(iso(text)).toBe(expected)
  })

  it('reads a naive time in the given zone, across clock changes', () => {
    expect(iso('2025-10-26T01:30:00', 'Europe/Berlin')).toBe('2025-10-25T23:30:00.000Z')
    expect(iso('2025-10-26T03:30:00', 'Europe/Berlin')).toBe('2025-10-26T02:30:00.000Z')
    expect(iso('2025-03-30T01:59:59', 'Europe/Berlin')).toBe('2025-03-30T00:59:59.000Z')
    expect(iso('2025-03-30T03:00:00', 'Europe/Berlin')).toBe('2025-03-30T01:00:00.000Z')
    expect(iso('2025-06-01T12:00:00', 'Asia/Kathmandu')).toBe('2025-06-01T06:15:00.000Z')
  })

  it('keeps a naive time within the years that can be kept, whatever its zone', () => {
    expect(iso('0001-01-01T00:00:00', 'Asia/Tokyo')).toBe('0001-01-01T00:00:00.000Z')
    expect(iso('0001-01-01T00:00:00', 'America/New_York')).toBe('0001-01-01T04:56:02.000Z')
    expect(iso('9999-12-31T23:59:59.9999999', 'America/New_York')).toBe('9999-12-31T23:59:59.999Z')
  })

  it('leaves a time with an offset alone, whatever the zone', () => {
    expect(iso('2025-06-01T12:00:00Z', 'Asia/Kathmandu')).toBe('2025-06-01T12:00:00.000Z')
  })

  it('knows zones from names that are none', () => {
    expect([isTimeZone('Europe/Berlin'), isTimeZone('Mars/Olympus')]).toEqual([true, false])
  })

  it.each(['UTC', 'utc', 'europe/berlin', 'Asia/Calcutta', 'US/Pacific', 'Etc/GMT+3', 'Japan', 'EST5EDT', 'GMT'])(
    'knows %s',
    (zone) => expect(isTimeZone(zone)).toBe(true),
  )

  it.each(['IST', 'BST', 'CST', 'PST', 'CET', 'AET', 'ist', 'US/Pacific-New', 'SystemV/EST5', '+02:00', ''])(
    'does not take %j, which PostgreSQL does not know or takes for another',
    (zone) => expect(isTimeZone(zone)).toBe(false),
  )
})
