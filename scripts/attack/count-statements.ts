import pg from 'pg'

/**
 * Counts every statement that this process sends to any PostgreSQL, at the driver: BEGIN and COMMIT too, and whatever is
 * sent past the server's own log of statements.
 */
export class StatementCount {
  readonly texts: string[] = []
  readonly #query = pg.Client.prototype.query

  start(): void {
    const { texts } = this
    const query = this.#query
    pg.Client.prototype.query = function (this: pg.Client, ...args: unknown[]) {
      const [asked] = args as [string | { text?: string }]
      texts.push(typeof asked === 'string' ? asked : (asked?.text ?? 'a stream'))
      return (query as (...all: unknown[]) => unknown).apply(this, args)
    } as never
  }

  stop(): void {
    pg.Client.prototype.query = this.#query
  }
}
