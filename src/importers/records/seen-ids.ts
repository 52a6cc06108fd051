/** Remembers which ids a file has had: 52 bits of each, so that a million of them are some 40 MB. */
export class SeenIds {
  readonly #seen = new Set<number>()

  /** @returns whether the id was there before */
  add(uuid: string): boolean {
    // Without the version's digit, which all have in common.
    const key = Number.parseInt(uuid.slice(0, 8) + uuid.slice(9, 13) + uuid[15], 16)
    if (this.#seen.has(key)) return true
    this.#seen.add(key)
    return false
  }
}
