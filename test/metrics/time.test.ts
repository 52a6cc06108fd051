import { beforeAll, describe, expect, it } from 'vitest'
import { identifiersOf } from '../../src/model/identifiers.ts'
import { isTimeZone } from '../../src/model/time.ts'
import { testDatabase } from '../database.ts'

const database = testDatabase()

/** Moments around the ends of months, around both clock changes in Berlin, and around a Monday; and none. */
const STARTS = [
  '2024-12-31T22:59:59.999Z',
  '2024-12-31T23:00:00.000Z',
  '2025-01-01T00:00:00.000Z',
  '2025-01-05T23:30:00.000Z',
  '2025-01-06T00:00:00.000Z',
  '2025-03-30T00:30:00.000Z',
  '2025-03-30T01:30:00.000Z',
  '2025-03-31T21:59:59.000Z',
  '2025-03-31T22:00:00.000Z',
  '2025-10-25T22:30:00.000Z',
  '2025-10-26T00:30:00.000Z',
  '2025-10-26T01:30:00.000Z',
  '2025-10-31T22:59:00.000Z',
  '2025-10-31T23:00:00.000Z',
  null,
]

beforeAll(async () => {
  const organization_id = database.organizationId
  const ids = identifiersOf(organization_id)
  await database.insert(
    'alerts',
    STARTS.map((raised_at, place) => ({
      id: ids.of('alert', place),
      organization_id,
      level: 'INFO',
      raised_at,
      record_sha256: '',
    })),
  )
})

const counted = async (interval: string, timeZone?: string) => {
  const { alertMetrics } = await database.data(
    'query ($interval: MetricsInterval!, $timeZone: TimeZone) { alertMetrics(interval: $interval, timeZone: $timeZone) { nodes { key { startedAt } alerts } } }',
    { interval, timeZone },
  )
  return alertMetrics.nodes.map(({ key, alerts }: { key: { startedAt: string }; alerts: number }) => [
    key.startedAt,
    alerts,
  ])
}

const KEPT_BY_ICU = (
  'ACT AET AGT ART AST BET BST CAT CNT CST CTT EAT ECT IET IST JST MIT NET NST PLT PNT PRT PST SST VST ' +
  'US/Pacific-New Canada/East-Saskatchewan SystemV/AST4 SystemV/EST5EDT SystemV/PST8 SystemV/YST9YDT'
).split(' ')

/** Seconds that clocks in the zone are ahead of UTC. */
function offsetOf(at: number, timeZone: string): number {
  const format = new Intl.DateTimeFormat('en-US', { timeZone, timeZoneName: 'longOffset' })
  const [, sign, hours, minutes] = /GMT([+-])(\d\d):(\d\d)/.exec(format.format(at)) ?? []
  return hours ? Number(`${sign}1`) * (Number(hours) * 3600 + Number(minutes) * 60) : 0
}

describe('intervals', () => {
  it('are of UTC unless asked otherwise; what has no time comes last', async () => {
    expect(await counted('MONTH')).toEqual([
      ['2024-12-01T00:00:00.000Z', 2],
      ['2025-01-01T00:00:00.000Z', 3],
      ['2025-03-01T00:00:00.000Z', 4],
      ['2025-10-01T00:00:00.000Z', 5],
      [null, 1],
    ])
  })

  it('begin at local midnight, whose instant moves with the clocks', async () => {
    expect(await counted('MONTH', 'Europe/Berlin')).toEqual([
      // 23:00 UTC in winter, 22:00 UTC in summer.
      ['2024-11-30T23:00:00.000Z', 1],
      ['2024-12-31T23:00:00.000Z', 4],
      ['2025-02-28T23:00:00.000Z', 3],
      ['2025-03-31T22:00:00.000Z', 1],
      ['2025-09-30T22:00:00.000Z', 4],
      ['2025-10-31T23:00:00.000Z', 1],
      [null, 1],
    ])
  })

  it('of a day are 23 or 25 hours long where the clocks change', async () => {
    const days = await counted('DAY', 'Europe/Berlin')
    // 30 March 2025 begins in winter time, 26 October 2025 in summer time.
    expect(days).toContainEqual(['2025-03-29T23:00:00.000Z', 2])
    expect(days).toContainEqual(['2025-10-25T22:00:00.000Z', 3])
  })

  it('of an hour are two where the clocks show it twice', async () => {
    const hours = await counted('HOUR', 'Europe/Berlin')
    expect(hours).toContainEqual(['2025-10-26T00:00:00.000Z', 1])
    expect(hours).toContainEqual(['2025-10-26T01:00:00.000Z', 1])
  })

  it('of a week begin on Monday', async () => {
    const weeks = await counted('WEEK')
    // 30 December 2024 and 6 January 2025 are Mondays; 5 January, 23:30, is a Sunday in UTC and a Monday in Berlin.
    expect(weeks.slice(0, 2)).toEqual([
      ['2024-12-30T00:00:00.000Z', 4],
      ['2025-01-06T00:00:00.000Z', 1],
    ])
    expect((await counted('WEEK', 'Europe/Berlin')).slice(0, 2)).toEqual([
      ['2024-12-29T23:00:00.000Z', 3],
      ['2025-01-05T23:00:00.000Z', 2],
    ])
  })

  it('of quarters and years begin with them', async () => {
    expect(await counted('QUARTER', 'Europe/Berlin')).toEqual([
      ['2024-09-30T22:00:00.000Z', 1],
      ['2024-12-31T23:00:00.000Z', 7],
      ['2025-03-31T22:00:00.000Z', 1],
      ['2025-09-30T22:00:00.000Z', 5],
      [null, 1],
    ])
    expect(await counted('YEAR')).toEqual([
      ['2024-01-01T00:00:00.000Z', 2],
      ['2025-01-01T00:00:00.000Z', 12],
      [null, 1],
    ])
  })

  it('of half-hour zones begin at their hours', async () => {
    // 05:30 ahead of UTC: 00:30 UTC is 06:00 there.
    expect(await counted('HOUR', 'Asia/Kolkata')).toContainEqual(['2025-03-30T00:30:00.000Z', 1])
  })

  it.each(['UTC', 'America/New_York', 'Asia/Tokyo'])(
    'of the first year begin with it at the earliest: %s',
    async (zone) => {
      const { organizationId } = database
      const id = identifiersOf(organizationId).of('alert', 'first')
      const raised_at = '0001-01-01T00:00:00Z'
      await database.insert('alerts', [
        { id, organization_id: organizationId, level: 'INFO', raised_at, record_sha256: '' },
      ])
      for (const interval of ['HOUR', 'DAY', 'WEEK', 'YEAR'])
        expect((await counted(interval, zone))[0]).toEqual(['0001-01-01T00:00:00.000Z', 1])
      await database.sql('delete from alerts where id = $1', [id])
    },
  )

  it('are of zones that PostgreSQL reads as we do, abbreviations included', async () => {
    const known = (await database.sql('select lower(name) as name from pg_timezone_names')).map(({ name }) => name)
    const abbreviations = (await database.sql('select abbrev from pg_timezone_abbrevs')).map(({ abbrev }) => abbrev)
    // What ICU knows is not listed anywhere: what it takes of PostgreSQL's, of its own, and of what it kept of old.
    const asked = [...known, ...abbreviations, ...Intl.supportedValuesOf('timeZone'), ...KEPT_BY_ICU]
    const taken = [...new Set(asked.map((name) => name.toLowerCase()))].filter(isTimeZone)
    expect(taken.length).toBeGreaterThan(570)
    expect(taken.filter((name) => !known.includes(name))).toEqual([])
    expect(Intl.supportedValuesOf('timeZone').filter((name) => !isTimeZone(name))).toEqual([])
    const moments = Array.from({ length: 50 }, (_, half) => Date.UTC(2000 + half / 2, (half % 2) * 6, 15))
    const offsets = await database.sql(
      `select name, array_agg(extract(epoch from (at at time zone name) - (at at time zone 'UTC'))::int order by at) as offsets
       from unnest($1::text[]) as name, unnest($2::timestamptz[]) as at group by name`,
      [taken, moments.map((moment) => new Date(moment).toISOString())],
    )
    expect(
      offsets.filter(({ name, offsets }) => moments.some((at, place) => offsetOf(at, name) !== offsets[place])),
    ).toEqual([])
  })

  it.each(['+02:00', 'Berlin', '', 'IST', 'AET', 'CET', 'US/Pacific-New'])(
    'are not of %j, which is no IANA zone',
    async (timeZone) => {
      const { errors } = await database.ask(
        'query ($timeZone: TimeZone) { alertMetrics(interval: DAY, timeZone: $timeZone) { totalCount } }',
        { timeZone },
      )
      expect(errors![0]!.extensions.code).toBe('BAD_USER_INPUT')
    },
  )
})
