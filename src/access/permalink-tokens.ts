import { type KeptSecret, newKey, readKeyText } from './secrets.ts'

const PATTERN = /^[A-Za-z0-9_-]{64}$/
const ID_DIGITS = 32
const FRAGMENT = 4

/** A token that was just made; its text is shown once and never kept. */
export type NewPermalink = KeptSecret & { id: string; token: string }

/** The id of its row and 256 random bits, as characters that an address may have. */
export function newPermalink(): NewPermalink {
  const { id, text, salt, secretSha256 } = newKey()
  const token = Buffer.from(text.replace('crossrun_', '').replace('_', ''), 'hex').toString('base64url')
  return { id, token, salt, secretSha256, fragment: token.slice(-FRAGMENT) }
}

/** The id and the secret of a token; null when it is none. */
export function readPermalink(token: string): { id: string; secret: string } | null {
  if (!PATTERN.test(token)) return null
  const digits = Buffer.from(token, 'base64url').toString('hex')
  return readKeyText(`crossrun_${digits.slice(0, ID_DIGITS)}_${digits.slice(ID_DIGITS)}`)
}
