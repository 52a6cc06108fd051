import type { Plugin } from 'graphql-yoga'
import type { Logger } from 'pino'
import type { Viewer } from '../access/viewer.ts'
import { CrossrunError, RetryableError } from '../errors.ts'
import type { Authentication } from './authentication.ts'
import { requestIdOf } from './context.ts'
import { shownError } from './use-errors.ts'

const viewers = new WeakMap<Request, Viewer>()

/** Who asks, once `useViewer` has told. */
export function viewerOf(request: Request): Viewer {
  const viewer = viewers.get(request)
  if (!viewer) throw new Error('Nobody has told who asks.')
  return viewer
}

/** Lets in who may come in, before anything of what they ask is looked at. */
export function useViewer(authentication: Authentication, logger: Logger): Plugin {
  return {
    async onParams({ request, setResult }) {
      try {
        viewers.set(request, await authentication.viewerOf(request))
      } catch (error) {
        const known = error instanceof CrossrunError ? error : unavailable(error)
        const { message, extensions } = shownError(known, requestIdOf(request), logger)
        setResult({ errors: [{ message, extensions }] } as never)
      }
    },
  }
}

function unavailable(cause: unknown): RetryableError {
  return new RetryableError('DATABASE_UNAVAILABLE', 'The database cannot be reached. Ask again in a moment.', { cause })
}
