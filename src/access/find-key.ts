import type { PrismaClient } from '../store/client.ts'
import { APP_ROLE } from '../store/tenant-session.ts'
import { isSecret, readKeyText } from './secrets.ts'
import type { Actor, ApiScope, Viewer } from './viewer.ts'

type KeptKey = {
  id: string
  organizationId: string
  name: string
  salt: Uint8Array
  secretSha256: Uint8Array
  scopes: string[]
  expiresAt: Date | null
  revokedAt: Date | null
}

/** Why a key lets nobody in. */
export type BadKey = 'unknown' | 'expired' | 'revoked'

/** A key that lets nobody in, and whose it is when its id is known: for the audit, not for whoever came with it. */
export type RefusedKey = { why: BadKey; of: { organizationId: string; actor: Actor } | null }

/**
 * Who comes with a key. One that is not known, is another's or has a wrong secret is `unknown`: which of them is not told.
 * @param text of the key, as it was shown when it was made
 */
export async function viewerOfKey(prisma: PrismaClient, text: string, now = new Date()): Promise<Viewer | RefusedKey> {
  const read = readKeyText(text)
  const key = read && (await findKey(prisma, read.id))
  if (!key) return { why: 'unknown', of: null }
  const { organizationId } = key
  const actor: Actor = { kind: 'API_KEY', id: key.id, name: key.name }
  const why = whyRefused(key, read.secret, now)
  if (why) return { why, of: { organizationId, actor } }
  return { organizationId, scopes: new Set(key.scopes as ApiScope[]), actor }
}

function whyRefused(key: KeptKey, secret: string, now: Date): BadKey | null {
  if (!isSecret(secret, key as never)) return 'unknown'
  if (key.revokedAt) return 'revoked'
  return key.expiresAt && key.expiresAt <= now ? 'expired' : null
}

async function findKey(prisma: PrismaClient, id: string): Promise<KeptKey | null> {
  const [, rows] = await prisma.$transaction([
    prisma.$queryRaw`select set_config('app.api_key_id', ${id}, true), set_config('role', ${APP_ROLE}, true)`,
    prisma.$queryRaw<KeptKey[]>`
      select id::text, organization_id::text as "organizationId", name, salt, secret_sha256 as "secretSha256",
             scopes, expires_at as "expiresAt", revoked_at as "revokedAt"
      from api_keys where id = ${id}::uuid`,
  ])
  return rows[0] ?? null
}

/** Whether a key was ever made, in whatever organization. */
export async function isAnyKeyMade(prisma: PrismaClient): Promise<boolean> {
  const [{ made }] = await prisma.$queryRaw<[{ made: boolean }]>`select exists (select from x_first_key) as made`
  return made
}
