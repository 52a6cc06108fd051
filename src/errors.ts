/** What a person can act on: a stable code for programs, a sentence for people, the next step when there is one. */
export class CrossrunError extends Error {
  readonly code: string
  /** What to do now, as a sentence or a command line. */
  readonly hint: string | undefined

  constructor(code: string, message: string, options: { hint?: string; cause?: unknown } = {}) {
    super(message, { cause: options.cause })
    this.name = new.target.name
    this.code = code
    this.hint = options.hint
  }
}

/** The request or the command line is wrong; the message names the argument. */
export class BadInputError extends CrossrunError {
  /** The argument's path, such as `where.status.in`, when there is one. */
  readonly argument: string | undefined

  constructor(message: string, options: { hint?: string; cause?: unknown; argument?: string } = {}) {
    super('BAD_USER_INPUT', message, options)
    this.argument = options.argument
  }
}

/** What a limit is called, how far it goes, and where that is set. */
export type Limit = { name: string; allowed: number; variable: string }

/** More was asked for than a limit allows; nothing of it was done. */
export class LimitError extends CrossrunError {
  readonly limit: Limit
  /** How much was asked for; `more than …` where counting stopped. */
  readonly found: number | string

  constructor(message: string, limit: Limit, found: number | string) {
    super('LIMIT_EXCEEDED', message, { hint: `Ask for less at once; ${limit.variable} sets the limit.` })
    this.limit = limit
    this.found = found
  }
}

/** Nothing is wrong with the request, yet it cannot be answered now; asking again later may help. */
export class RetryableError extends CrossrunError {}

/** The database (embedded or named by DATABASE_URL) cannot be used. */
export class DatabaseError extends CrossrunError {}
