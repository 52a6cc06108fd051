const ISO = /^(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:[.,](\d{1,9}))?)?\s*(Z|z|[+-]\d\d(?::?\d\d)?)?)?$/
const COMPACT = /^(\d{4})(\d\d)(\d\d)_(\d\d)(\d\d)(\d\d)$/

/**
 * Reads a timestamp of an artifact: ISO 8601 with `Z`, with an offset, or naive, and the compact form of names
 * (`20251030_175101`). Kept to milliseconds (rounded down). A naive one that its zone moves out of the years 1 to 9999 is
 * the first or the last moment of these.
 * @param timeZone IANA zone of naive timestamps; UTC unless given
 * @returns null when the text is not a timestamp of the years 1 to 9999
 */
export function parseTimestamp(text: string, timeZone = 'UTC'): Date | null {
  const trimmed = text.trim()
  const compact = COMPACT.exec(trimmed)
  const match = compact ?? ISO.exec(trimmed)
  if (!match) return null
  const [year, month, day, hour, minute, second] = match.slice(1, 7).map((part) => Number(part ?? 0)) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ]
  const millisecond = compact ? 0 : Number((match[7] ?? '').padEnd(3, '0').slice(0, 3))
  const utc = utcOf(year, month, day, hour, minute, second, millisecond)
  if (year < 1 || !isReal(utc, month, day, hour, minute, second)) return null
  const zone = compact ? undefined : match[8]
  if (zone) return momentOf(utc - offsetMinutes(zone) * 60_000)
  const time = timeZone === 'UTC' ? utc : utc - zoneOffset(utc, timeZone)
  return new Date(Math.min(Math.max(time, EARLIEST), LATEST))
}

const EARLIEST = Date.parse('0001-01-01T00:00:00.000Z')
const LATEST = Date.UTC(9999, 11, 31, 23, 59, 59, 999)

/** A moment so many milliseconds later (or earlier, below 0); null when it is outside the years 1 to 9999. */
export function laterBy(at: Date, milliseconds: number): Date | null {
  return momentOf(at.getTime() + Math.round(milliseconds))
}

/** The moment of a time in milliseconds; null when it is outside the years 1 to 9999, which all of PostgreSQL, JSON and files can hold. */
export function momentOf(time: number): Date | null {
  return time >= EARLIEST && time <= LATEST ? new Date(time) : null
}

/** Of the names without a slash, those that mean the same wherever they are read. */
const NAMES_WITHOUT_PLACE = new Set(
  (
    'UTC UCT Universal Zulu GMT GMT0 GMT+0 GMT-0 Greenwich EST MST HST EST5EDT CST6CDT MST7MDT PST8PDT ' +
    'Cuba Egypt Eire GB GB-Eire Hongkong Iceland Iran Israel Jamaica Japan Kwajalein Libya Navajo NZ NZ-CHAT ' +
    'Poland Portugal PRC ROC ROK Singapore Turkey W-SU'
  )
    .toUpperCase()
    .split(' '),
)

/** Names that ICU kept when IANA took them back. */
const TAKEN_BACK = /^(SystemV\/.*|US\/Pacific-New|Canada\/East-Saskatchewan)$/i

/**
 * Whether this is an IANA time zone that we and PostgreSQL know and read alike. Most abbreviations are none, whether
 * IANA has them or not: IST is India's time to ICU and Israel's to PostgreSQL, CET has a summer time to the one only.
 */
export function isTimeZone(timeZone: string): boolean {
  const isSameEverywhere = timeZone.includes('/')
    ? !TAKEN_BACK.test(timeZone)
    : NAMES_WITHOUT_PLACE.has(timeZone.toUpperCase())
  return isSameEverywhere && isHostTimeZone(timeZone)
}

/** Whether we know this time zone, whoever else does; an offset such as +02:00 is none. */
export function isHostTimeZone(timeZone: string): boolean {
  if (!/^[A-Za-z]/.test(timeZone)) return false
  try {
    formatterOf(timeZone)
    return true
  } catch (error) {
    if (error instanceof RangeError) return false
    throw error
  }
}

const DAY = 86_400_000
/** After which the calendar repeats itself. */
const CYCLE = { years: 400, days: 146_097 }

/** As Date.UTC, which takes the years 0 to 99 for those of the 20th century. */
function utcOf(year: number, month: number, day: number, ...timeOfDay: [number, number, number, number?]): number {
  return Date.UTC(year + CYCLE.years, month - 1, day, ...timeOfDay) - CYCLE.days * DAY
}

function isReal(utc: number, month: number, day: number, hour: number, minute: number, second: number): boolean {
  const date = new Date(utc)
  return date.getUTCMonth() === month - 1 && date.getUTCDate() === day && hour <= 23 && minute <= 59 && second <= 59
}

function offsetMinutes(zone: string): number {
  if (zone === 'Z' || zone === 'z') return 0
  const digits = zone.slice(1).replace(':', '').padEnd(4, '0')
  const minutes = Number(digits.slice(0, 2)) * 60 + Number(digits.slice(2, 4))
  return zone[0] === '-' ? -minutes : minutes
}

/** By their names in lower case, so that there are no more of them than zones. */
const formatters = new Map<string, Intl.DateTimeFormat>()

function formatterOf(timeZone: string): Intl.DateTimeFormat {
  const name = timeZone.toLowerCase()
  const known = formatters.get(name)
  if (known) return known
  const made = new Intl.DateTimeFormat('en-US', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  })
  formatters.set(name, made)
  return made
}

/** Milliseconds that local time in the zone is ahead of UTC when its clocks show `local` (a wall time read as UTC). */
function zoneOffset(local: number, timeZone: string): number {
  // The offset at the wall time read as UTC may be that of the other side of a clock change: look once more from there.
  const first = offsetAt(local, timeZone)
  return offsetAt(local - first, timeZone)
}

function offsetAt(instant: number, timeZone: string): number {
  // Before the year 1, years are counted the other way.
  const at = Math.max(instant, EARLIEST + DAY)
  const parts = Object.fromEntries(
    formatterOf(timeZone)
      .formatToParts(at)
      .map(({ type, value }) => [type, Number(value)]),
  ) as Record<'year' | 'month' | 'day' | 'hour' | 'minute' | 'second', number>
  const shown = utcOf(parts.year, parts.month, parts.day, parts.hour, parts.minute, parts.second)
  return shown - Math.floor(at / 1000) * 1000
}
