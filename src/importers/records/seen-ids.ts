/**
 * Remembers the last version that a file has had of each id: 52 bits of the id and as many of the version's SHA-256, so
 * that a million of them are some 60 MB.
 */
export class SeenIds {
  readonly #versions = new Map<number, number>()

  /** @returns the start of the SHA-256 of the version before, in hexadecimal; null when there was none */
  set(uuid: string, sha256: string): string | null {
    // Without the version's digit, which all ids have in common.
    const key = Number.parseInt(uuid.slice(0, 8) + uuid.slice(9, 13) + uuid[15], 16)
    const before = this.#versions.get(key)
    this.#versions.set(key, Number.parseInt(sha256.slice(0, DIGITS), 16))
    return before === undefined ? null : before.toString(16).padStart(DIGITS, '0')
  }
}

const DIGITS = 13
