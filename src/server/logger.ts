import { type DestinationStream, type Logger, pino } from 'pino'
import type { Environment } from '../environment.ts'

type Options = {
  /** Addresses whose passwords no line shows. */
  urls?: readonly string[]
  /** Standard error unless given. */
  destination?: DestinationStream
}

/** Lines of JSON on standard error, so that standard output stays free for what was asked for. No line holds a secret. */
export function createLogger(
  environment: Environment,
  { urls = [], destination = standardError() }: Options = {},
): Logger {
  const { LOG_LEVEL, CROSSRUN_METRICS_TOKEN, DATABASE_URL, DATABASE_REPLICA_URLS } = environment
  const secrets = [...urls, DATABASE_URL, ...DATABASE_REPLICA_URLS].flatMap((url) => passwordsOf(url))
  const conceal = concealer([...secrets, ...(CROSSRUN_METRICS_TOKEN ? [CROSSRUN_METRICS_TOKEN] : [])])
  return pino(
    { level: LOG_LEVEL, base: null, timestamp: pino.stdTimeFunctions.isoTime, hooks: { streamWrite: conceal } },
    destination,
  )
}

function standardError(): DestinationStream {
  const stream = pino.destination({ dest: 2, sync: true })
  // A log that cannot be written (a full disk, a closed pipe) must not end the server.
  stream.on('error', () => undefined)
  return stream
}

const HIDDEN = '[hidden]'
/** A password shorter than this is not looked for by itself: it would be found within ordinary words. */
const SHORTEST_SECRET = 6

/** What looks like a secret in whatever an error says, and those that are known. */
function concealer(secrets: readonly string[]): (line: string) => string {
  const known = secrets.filter((secret) => secret.length >= SHORTEST_SECRET)
  return (line) => {
    const bare = line
      .replace(/crossrun_([0-9a-f]{32})_[0-9a-f]{64}/g, `crossrun_$1_${HIDDEN}`)
      .replace(/\b(Bearer|Basic)(\s+)[\w.~+/=-]+/gi, `$1$2${HIDDEN}`)
      .replace(/\b([a-z][a-z+]*:\/\/[^\s:/@"\\]*):[^\s@"\\]+@/gi, `$1:${HIDDEN}@`)
    return known.reduce((text, secret) => text.replaceAll(secret, HIDDEN), bare)
  }
}

/** The password of an address as it stands there, and what it means, as both stand in JSON. */
function passwordsOf(url: string | undefined): string[] {
  if (!url || !URL.canParse(url)) return []
  const { password } = new URL(url)
  return [password, decoded(password)].map((text) => JSON.stringify(text).slice(1, -1))
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
