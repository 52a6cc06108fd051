import type { PrismaClient } from '../store/client.ts'
import { APP_ROLE } from '../store/tenant-session.ts'
import type { BadKey } from './find-key.ts'
import { readPermalink } from './permalink-tokens.ts'
import { isSecret } from './secrets.ts'

/** What a permalink leads to. */
export type Permalink = { id: string; organizationId: string; snapshotId: string }

/** One that leads nowhere, and whose it is when its id is known: for the audit, not for whoever came with it. */
export type RefusedPermalink = { why: BadKey; of: Permalink | null }

type Kept = Permalink & { salt: Uint8Array; secretSha256: Uint8Array; expiresAt: Date | null; revokedAt: Date | null }

/**
 * What the token of a permalink leads to at this moment. Two statements of one transaction.
 * @param token as it was shown when it was made
 */
export async function findPermalink(
  prisma: PrismaClient,
  token: string,
  now = new Date(),
): Promise<Permalink | RefusedPermalink> {
  const read = readPermalink(token)
  const kept = read && (await keptOf(prisma, read.id))
  if (!kept) return { why: 'unknown', of: null }
  const { id, organizationId, snapshotId } = kept
  const of = { id, organizationId, snapshotId }
  if (!isSecret(read.secret, kept as never)) return { why: 'unknown', of }
  if (kept.revokedAt) return { why: 'revoked', of }
  return kept.expiresAt && kept.expiresAt <= now ? { why: 'expired', of } : of
}

async function keptOf(prisma: PrismaClient, id: string): Promise<Kept | null> {
  const [, rows] = await prisma.$transaction([
    prisma.$queryRaw`select set_config('app.permalink_id', ${id}, true), set_config('role', ${APP_ROLE}, true)`,
    prisma.$queryRaw<Kept[]>`
      select id::text, organization_id::text as "organizationId", snapshot_id::text as "snapshotId", salt,
             secret_sha256 as "secretSha256", expires_at as "expiresAt", revoked_at as "revokedAt"
      from x_result_permalinks where id = ${id}::uuid`,
  ])
  return rows[0] ?? null
}
