import type { IncomingMessage } from 'node:http'
import type { Plugin } from 'graphql-yoga'
import type { Viewer } from '../access/viewer.ts'
import { CrossrunError } from '../errors.ts'
import { isLoopback } from './loopback.ts'
import { refusal } from './refusal.ts'
import { knownViewerOf } from './use-viewer.ts'

/**
 * Who asks without a key over this machine's own address must call the server by a name of this machine: another site
 * may let its name point here, and its pages would then be of the same origin (DNS rebinding).
 * @param hosts names the server listens at, which are right too
 */
export function useKnownHost(hosts: ReadonlySet<string>): Plugin {
  return {
    onParams({ request, context }) {
      const viewer = knownViewerOf(request)
      if (viewer) checkHost(viewer, request, context, hosts)
    },
  }
}

/** @throws Refusal with the status 421 */
export function checkHost(viewer: Viewer, request: Request, context: unknown, hosts: ReadonlySet<string>): void {
  if (viewer.actor.kind !== 'OPEN') return
  const address = (context as { req?: IncomingMessage }).req?.socket.localAddress
  if (address === undefined || !isLoopback(address.replace(/^::ffff:/, ''))) return
  const host = nameOf(request.headers.get('host') ?? '')
  if (isLoopback(host) || /(^|\.)localhost$/.test(host) || hosts.has(host)) return
  throw refusal(
    new CrossrunError('MISDIRECTED', `This server is not ${JSON.stringify(host.slice(0, 100))}.`, {
      hint: 'Call it localhost, or make a key: with one, any name will do.',
    }),
    421,
  )
}

/** A Host header without its port. */
function nameOf(host: string): string {
  return host
    .toLowerCase()
    .replace(/:\d+$/, '')
    .replace(/^\[(.*)\]$/, '$1')
}
