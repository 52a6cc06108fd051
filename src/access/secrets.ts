import { createHash, randomBytes, randomUUID, timingSafeEqual } from 'node:crypto'

/** 256 bits. */
const SECRET_BYTES = 32
const SALT_BYTES = 16
const FRAGMENT = 4
const PATTERN = /^crossrun_([0-9a-f]{32})_([0-9a-f]{64})$/

/** What is kept of a key, besides what it is for. */
export type KeptSecret = { salt: Uint8Array<ArrayBuffer>; secretSha256: Uint8Array<ArrayBuffer>; fragment: string }

/** A key that was just made; its text is shown once and never kept. */
export type NewKey = KeptSecret & { id: string; text: string }

/** The secret is random and long, so that one round of SHA-256 is enough: there is nothing to guess from a list. */
export function newKey(): NewKey {
  const id = randomUUID()
  const secret = randomBytes(SECRET_BYTES).toString('hex')
  const salt = new Uint8Array(randomBytes(SALT_BYTES))
  return {
    id,
    text: `crossrun_${id.replaceAll('-', '')}_${secret}`,
    salt,
    secretSha256: hashOf(salt, secret),
    fragment: secret.slice(-FRAGMENT),
  }
}

/** The id and the secret of a key's text; null when it is no key. */
export function readKeyText(text: string): { id: string; secret: string } | null {
  const [, id, secret] = PATTERN.exec(text) ?? []
  if (!id || !secret) return null
  return { id: id.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5'), secret }
}

export function isSecret(secret: string, { salt, secretSha256 }: Pick<KeptSecret, 'salt' | 'secretSha256'>): boolean {
  return timingSafeEqual(hashOf(salt, secret), secretSha256)
}

function hashOf(salt: Uint8Array, secret: string): Uint8Array<ArrayBuffer> {
  return new Uint8Array(createHash('sha256').update(salt).update(secret).digest())
}
