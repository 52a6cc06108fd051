import type { ActorKind } from '../store/generated/enums.ts'

/** What somebody may do, in code-point order. */
export const SCOPES = ['ADMIN', 'IMPORT', 'READ', 'WRITE'] as const
export type ApiScope = (typeof SCOPES)[number]

/** As whom somebody came. */
export type Actor = {
  kind: ActorKind
  /** A key's id, a token's subject; null where there is none. */
  id: string | null
  /** For people: a key's name, a subject, the user of the machine. */
  name: string
}

/** Who asks: whose rows they see, what they may do, and who they are. */
export type Viewer = {
  organizationId: string
  scopes: ReadonlySet<ApiScope>
  actor: Actor
}

/** Whether they may do what the scope stands for; ADMIN stands for all of it. */
export function may(viewer: Viewer, scope: ApiScope): boolean {
  return viewer.scopes.has(scope) || viewer.scopes.has('ADMIN')
}

/** Somebody who came without a key to a server that asks for none. */
export function openViewer(organizationId: string): Viewer {
  return { organizationId, scopes: new Set(SCOPES), actor: { kind: 'OPEN', id: null, name: 'without a key' } }
}
