import { BadInputError } from '../errors.ts'
import { laterBy, parseTimestamp } from '../model/time.ts'

const UNITS: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: 86_400_000, w: 7 * 86_400_000 }

/**
 * A moment as a person writes it: a distance from now such as `90d` (m, h, d, w), or a date.
 * @param direction whether distances go forward or back
 * @throws BadInputError naming the argument
 */
export function readMoment(text: string, argument: string, direction: 'ahead' | 'ago', now = new Date()): Date {
  const [, amount, unit] = /^(\d{1,6})([mhdw])$/.exec(text.trim()) ?? []
  const distance = amount && unit ? Number(amount) * UNITS[unit]! : null
  const at = distance === null ? parseTimestamp(text) : laterBy(now, direction === 'ahead' ? distance : -distance)
  if (!at)
    throw new BadInputError(`${argument}: ${JSON.stringify(text)} is no moment.`, {
      argument,
      hint: 'Such as 12h, 90d, or 2027-01-01.',
    })
  return at
}
