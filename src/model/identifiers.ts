import { hash } from 'node:crypto'

/** The namespace of all Crossrun identifiers; a constant, so that every process computes the same ids. */
const CROSSRUN_NAMESPACE = '6f1f4a4e-9d0c-5b7e-8a53-2d1c0e6f7a91'
const VARIANT = '89ab'

/** Computes the identifiers of one organization; made once and handed to whatever makes rows. */
export type Identifiers = {
  readonly organizationId: string
  /**
   * UUIDv5 (RFC 9562) of (organization, kind, natural key).
   * @param kind the singular name of the thing, such as `run`
   * @param parts what makes the thing itself within its organization, in a fixed order
   */
  of(kind: string, ...parts: (string | number)[]): string
}

/** The id of an organization, from its slug (trimmed, lower case). */
export function organizationIdOf(slug: string): string {
  return identifiersOf(CROSSRUN_NAMESPACE).of('organization', slug.trim().toLowerCase())
}

/** @param organizationId a UUID, usually of `organizationIdOf` */
export function identifiersOf(organizationId: string): Identifiers {
  const namespace = Buffer.from(organizationId.replaceAll('-', ''), 'hex')
  let scratch = Buffer.concat([namespace, Buffer.alloc(1024)])
  return {
    organizationId,
    // NUL cannot be part of a key that PostgreSQL stores, so no two lists of parts share a name.
    of(kind, ...parts) {
      const name = `${kind}\u0000${parts.join('\u0000')}`
      if (name.length * 3 > scratch.length - 16) scratch = Buffer.concat([namespace, Buffer.alloc(name.length * 4)])
      const length = scratch.write(name, 16)
      return uuidFrom(hash('sha1', scratch.subarray(0, 16 + length), 'hex'))
    },
  }
}

// A one-shot hash takes a third of the time of the usual libraries' v5, and an import makes hundreds of ids a file.
function uuidFrom(sha1: string): string {
  const variant = VARIANT[Number.parseInt(sha1[16]!, 16) & 3]
  return `${sha1.slice(0, 8)}-${sha1.slice(8, 12)}-5${sha1.slice(13, 16)}-${variant}${sha1.slice(17, 20)}-${sha1.slice(20, 32)}`
}
