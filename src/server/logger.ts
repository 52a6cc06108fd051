import { type Logger, pino } from 'pino'
import type { Environment } from '../environment.ts'

/** Lines of JSON on standard error, so that standard output stays free for what was asked for. */
export function createLogger({ LOG_LEVEL }: Environment): Logger {
  return pino(
    { level: LOG_LEVEL, base: null, timestamp: pino.stdTimeFunctions.isoTime },
    pino.destination({ dest: 2, sync: true }),
  )
}
