import { randomUUID } from 'node:crypto'
import type { Viewer } from '../access/viewer.ts'
import type { Context } from '../schema/context.ts'
import type { StatementLog } from '../store/statements.ts'

/** What the server itself keeps of a request, beside what resolvers see. */
export type ServerContext = {
  /** The client's `X-Request-Id`, else a new one; it stands in the log and in masked errors. */
  requestId: string
  statements: StatementLog
  viewer: Viewer
} & Partial<Context>

export function newContext(request: Request, viewer: Viewer): ServerContext {
  return { requestId: requestIdOf(request), statements: { statements: 0, rows: 0, failure: undefined }, viewer }
}

const known = new WeakMap<Request, string>()

/** The same for one request whoever asks. */
export function requestIdOf(request: Request): string {
  const given = request.headers.get('x-request-id')
  const id = known.get(request) ?? (given && /^[\w.:-]{1,128}$/.test(given) ? given : randomUUID())
  known.set(request, id)
  return id
}
