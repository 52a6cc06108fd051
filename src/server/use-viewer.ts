import type { Plugin } from 'graphql-yoga'
import type { Logger } from 'pino'
import type { Viewer } from '../access/viewer.ts'
import type { Authentication } from './authentication.ts'
import { requestIdOf } from './context.ts'
import type { Doorman } from './doorman.ts'
import { Refusal } from './refusal.ts'
import { shownError } from './use-errors.ts'

const viewers = new WeakMap<Request, Viewer>()

/** Who asks, once `useViewer` has told. */
export function viewerOf(request: Request): Viewer {
  const viewer = viewers.get(request)
  if (!viewer) throw new Error('Nobody has told who asks.')
  return viewer
}

/** Remembers who asks by another way than an operation, so that their key is known to be in use. */
export function rememberViewer(request: Request, viewer: Viewer): void {
  viewers.set(request, viewer)
}

/** Who asks; undefined when they were not let in. */
export function knownViewerOf(request: Request): Viewer | undefined {
  return viewers.get(request)
}

/** Lets in who may come in, before anything of what they ask is looked at. */
export function useViewer(doorman: Doorman, authentication: Authentication, logger: Logger): Plugin {
  return {
    async onParams({ request, context, setResult }) {
      try {
        viewers.set(request, await doorman.letIn(request, context))
      } catch (error) {
        if (error instanceof Refusal) throw error
        setResult({ errors: [shownError(error, requestIdOf(request), logger)] })
      }
    },
    onResponse({ request }) {
      const viewer = viewers.get(request)
      if (viewer) authentication.noteUse(viewer)
    },
  }
}
