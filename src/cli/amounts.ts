import { Decimal } from 'decimal.js'

/** What stands where nothing is known. */
export const UNKNOWN = '–'

/** Money as the API writes it: all that is known of it, without zeros behind. */
export function exactly(usd: string | null): string | null {
  return usd === null ? null : new Decimal(usd).toFixed()
}

/** Such as `0.4 s`, `61.5 s`, `12 min 05 s`, `2 h 03 min`. */
export function formatDuration(seconds: number | null): string {
  if (seconds === null) return UNKNOWN
  if (seconds < 119.95) return `${seconds.toFixed(1)} s`
  const whole = Math.round(seconds)
  const two = (value: number) => String(value).padStart(2, '0')
  if (whole < 7200) return `${Math.floor(whole / 60)} min ${two(whole % 60)} s`
  return `${Math.floor(whole / 3600)} h ${two(Math.floor((whole % 3600) / 60))} min`
}

/** US dollars to the hundredth of a cent; `--json` has them exactly. */
export function formatCost(usd: string | null): string {
  return usd === null ? UNKNOWN : `$${new Decimal(usd).toFixed(4)}`
}

/** A difference, with its sign. */
export function formatCostDifference(usd: string | null): string {
  if (usd === null) return UNKNOWN
  const value = new Decimal(usd)
  return `${value.isNegative() ? '-' : '+'}$${value.abs().toFixed(4)}`
}

export function formatCount(count: number | null): string {
  return count === null ? UNKNOWN : count.toLocaleString('en-US')
}

export function formatTime(time: Date | null): string {
  return time === null ? UNKNOWN : time.toISOString()
}
