import { Cron } from 'croner'
import { isHostTimeZone } from './time.ts'

/** What is wrong with a schedule, as a sentence for whoever wrote it; null when nothing is. */
export function scheduleError(expression: string, timeZone: string): string | null {
  if (!isHostTimeZone(timeZone)) return `${JSON.stringify(timeZone)} is not an IANA time zone.`
  try {
    cronOf(expression, timeZone)
    return null
  } catch (error) {
    const reason = error instanceof Error ? error.message.replace(/^\w+: /, '') : String(error)
    return `${JSON.stringify(expression)} is not a cron expression: ${reason}`
  }
}

/**
 * The first moment after `after` that a cron expression names in its time zone. A time that the clocks leap over counts
 * when they have leapt; one that they show twice counts once, unless every hour is meant.
 * @returns null when the schedule is not valid, or never comes
 */
export function nextTime(expression: string, timeZone: string, after: Date): Date | null {
  if (scheduleError(expression, timeZone) !== null) return null
  return cronOf(expression, timeZone).nextRun(after)
}

function cronOf(expression: string, timeZone: string): Cron {
  return new Cron(expression, { timezone: timeZone, paused: true })
}
