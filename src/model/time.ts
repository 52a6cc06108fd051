const ISO = /^(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:[.,](\d{1,9}))?)?\s*(Z|z|[+-]\d\d(?::?\d\d)?)?)?$/
const COMPACT = /^(\d{4})(\d\d)(\d\d)_(\d\d)(\d\d)(\d\d)$/

/**
 * Reads a timestamp of an artifact: ISO 8601 with `Z`, with an offset, or naive, and the compact form of names
 * (`20251030_175101`). Kept to milliseconds (rounded down).
 * @param timeZone IANA zone of naive timestamps; UTC unless given
 * @returns null when the text is not a timestamp
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
  const utc = Date.UTC(year, month - 1, day, hour, minute, second, millisecond)
  if (!isReal(utc, month, day, hour, minute, second)) return null
  const zone = compact ? undefined : match[8]
  if (zone) return new Date(utc - offsetMinutes(zone) * 60_000)
  return new Date(timeZone === 'UTC' ? utc : utc - zoneOffset(utc, timeZone))
}

const EARLIEST = Date.parse('0001-01-01T00:00:00.000Z')
const LATEST = Date.UTC(9999, 11, 31, 23, 59, 59, 999)

/** A moment so many milliseconds later (or earlier, below 0); null when it is outside the years 1 to 9999. */
export function laterBy(at: Date, milliseconds: number): Date | null {
  const time = at.getTime() + Math.round(milliseconds)
  return time >= EARLIEST && time <= LATEST ? new Date(time) : null
}

/** Whether the host knows this IANA time zone; an offset such as +02:00 is none, and PostgreSQL would read it the other way round. */
export function isTimeZone(timeZone: string): boolean {
  if (!/^[A-Za-z]/.test(timeZone)) return false
  try {
    formatterOf(timeZone)
    return true
  } catch (error) {
    if (error instanceof RangeError) return false
    throw error
  }
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

const formatters = new Map<string, Intl.DateTimeFormat>()

function formatterOf(timeZone: string): Intl.DateTimeFormat {
  const known = formatters.get(timeZone)
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
  formatters.set(timeZone, made)
  return made
}

/** Milliseconds that local time in the zone is ahead of UTC when its clocks show `local` (a wall time read as UTC). */
function zoneOffset(local: number, timeZone: string): number {
  // The offset at the wall time read as UTC may be that of the other side of a clock change: look once more from there.
  const first = offsetAt(local, timeZone)
  return offsetAt(local - first, timeZone)
}

function offsetAt(instant: number, timeZone: string): number {
  const parts = Object.fromEntries(
    formatterOf(timeZone)
      .formatToParts(instant)
      .map(({ type, value }) => [type, Number(value)]),
  ) as Record<'year' | 'month' | 'day' | 'hour' | 'minute' | 'second', number>
  const shown = Date.UTC(parts.year, parts.month - 1, parts.day, parts.hour, parts.minute, parts.second)
  return shown - Math.floor(instant / 1000) * 1000
}
