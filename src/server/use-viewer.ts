import type { Plugin } from 'graphql-yoga'
import type { Logger } from 'pino'
import type { Viewer } from '../access/viewer.ts'
import { CrossrunError, RetryableError } from '../errors.ts'
import type { AuditTrail } from './audit-trail.ts'
import { type Authentication, RefusedKeyError } from './authentication.ts'
import { requestIdOf } from './context.ts'
import { shownError } from './use-errors.ts'

const viewers = new WeakMap<Request, Viewer>()

/** Who asks, once `useViewer` has told. */
export function viewerOf(request: Request): Viewer {
  const viewer = viewers.get(request)
  if (!viewer) throw new Error('Nobody has told who asks.')
  return viewer
}

/** Who asks; undefined when they were not let in. */
export function knownViewerOf(request: Request): Viewer | undefined {
  return viewers.get(request)
}

/** Lets in who may come in, before anything of what they ask is looked at. */
export function useViewer(authentication: Authentication, trail: AuditTrail, logger: Logger): Plugin {
  return {
    async onParams({ request, setResult }) {
      try {
        viewers.set(request, await authentication.viewerOf(request))
      } catch (error) {
        if (error instanceof RefusedKeyError) await noteRefusal(error, trail, requestIdOf(request), logger)
        const known = error instanceof CrossrunError ? error : unavailable(error)
        setResult({ errors: [shownError(known, requestIdOf(request), logger)] })
      }
    },
    onResponse({ request }) {
      const viewer = viewers.get(request)
      if (viewer) authentication.noteUse(viewer)
    },
  }
}

async function noteRefusal(
  { refused: { why, of } }: RefusedKeyError,
  trail: AuditTrail,
  requestId: string,
  logger: Logger,
) {
  logger.warn({ requestId, why, key: of?.actor.id ?? null }, 'a key was refused')
  if (!of?.actor.id) return
  const { actor, organizationId } = of
  const target = { type: 'ApiKey', id: of.actor.id }
  await trail.writeDenial(organizationId, { actor, action: 'key.refused', target, requestId, details: { why } })
}

function unavailable(cause: unknown): RetryableError {
  return new RetryableError('DATABASE_UNAVAILABLE', 'The database cannot be reached. Ask again in a moment.', { cause })
}
