import type { PrismaClient } from '../store/client.ts'
import { APP_ROLE } from '../store/tenant-session.ts'
import { isSecret, readKeyText } from './secrets.ts'
import type { ApiScope, Viewer } from './viewer.ts'

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

/**
 * Who comes with a key. One that is not known, is another's or has a wrong secret is `unknown`: which of them is not told.
 * @param text of the key, as it was shown when it was made
 */
export async function viewerOfKey(prisma: PrismaClient, text: string, now = new Date()): Promise<Viewer | BadKey> {
  const read = readKeyText(text)
  const key = read && (await findKey(prisma, read.id))
  if (!key || !isSecret(read.secret, key as never)) return 'unknown'
  if (key.revokedAt) return 'revoked'
  if (key.expiresAt && key.expiresAt <= now) return 'expired'
  return {
    organizationId: key.organizationId,
    scopes: new Set(key.scopes as ApiScope[]),
    actor: { kind: 'API_KEY', id: key.id, name: key.name },
  }
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
