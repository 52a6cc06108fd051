import { createRemoteJWKSet, errors, type JWTPayload, jwtVerify } from 'jose'
import { RetryableError } from '../errors.ts'
import { organizationIdOf } from '../model/identifiers.ts'
import { type ApiScope, SCOPES, type Viewer } from './viewer.ts'

/** Which tokens of an identity provider are good, and which of their claims say what. */
export type TokenSettings = {
  /** Where the provider publishes its keys. */
  jwksUrl: string
  issuer: string
  audience: string
  /** The claim that holds the organization's slug. */
  organizationClaim: string
  /** The claim that holds scopes: words in a text, or a list. */
  scopeClaim: string
  /** How soon after its keys were read a key that is not among them makes them be read again, in milliseconds. */
  rereadAfterMs?: number
}

/** Asymmetric ones only: whoever can check a token must not be able to make one. */
const ALGORITHMS = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512', 'EdDSA', 'Ed25519']
const CLOCK_TOLERANCE_SECONDS = 5
const JWKS_TIMEOUT_MS = 3_000
const REREAD_AFTER_MS = 10_000
const LONGEST_CLAIM = 255

/**
 * Reads JSON Web Tokens.
 * @returns who comes with a token; null when it is not good, whatever is wrong with it
 * @throws RetryableError `IDENTITY_PROVIDER_UNAVAILABLE`
 */
export function tokenReader(settings: TokenSettings): (token: string) => Promise<Viewer | null> {
  const keys = createRemoteJWKSet(new URL(settings.jwksUrl), {
    timeoutDuration: JWKS_TIMEOUT_MS,
    cooldownDuration: settings.rereadAfterMs ?? REREAD_AFTER_MS,
  })
  const options = {
    issuer: settings.issuer,
    audience: settings.audience,
    algorithms: ALGORITHMS,
    requiredClaims: ['exp', 'sub'],
    clockTolerance: CLOCK_TOLERANCE_SECONDS,
  }
  return async (token) => {
    try {
      const { payload } = await jwtVerify(token, keys, options)
      return viewerOf(payload, settings)
    } catch (error) {
      if (isOfToken(error)) return null
      throw new RetryableError(
        'IDENTITY_PROVIDER_UNAVAILABLE',
        'The keys of the identity provider cannot be read. Ask again in a moment.',
        { cause: error },
      )
    }
  }
}

/** Null when a claim is missing that must be there. */
function viewerOf(payload: JWTPayload, { organizationClaim, scopeClaim }: TokenSettings): Viewer | null {
  const slug = readClaim(payload[organizationClaim])
  const subject = readClaim(payload.sub)
  if (slug === null || subject === null) return null
  return {
    organizationId: organizationIdOf(slug),
    scopes: scopesOf(payload[scopeClaim]),
    actor: { kind: 'JWT', id: subject, name: subject },
  }
}

function readClaim(claim: unknown): string | null {
  if (typeof claim !== 'string' || claim.trim() === '' || claim.length > LONGEST_CLAIM) return null
  return claim.includes('\u0000') ? null : claim
}

/** `read` or `crossrun:read`; a provider's other scopes are for other programs. */
function scopesOf(claim: unknown): Set<ApiScope> {
  const words = typeof claim === 'string' ? claim.split(/\s+/) : Array.isArray(claim) ? claim : []
  const named = new Set(
    words.map((word) =>
      String(word)
        .toUpperCase()
        .replace(/^CROSSRUN:/, ''),
    ),
  )
  return new Set(SCOPES.filter((scope) => named.has(scope)))
}

/** Whether the token is at fault, and not the way to the provider's keys or what is found there. */
function isOfToken(error: unknown): boolean {
  return (
    error instanceof errors.JOSEError &&
    error.code !== errors.JOSEError.code &&
    !(error instanceof errors.JWKSTimeout) &&
    !(error instanceof errors.JWKSInvalid)
  )
}
