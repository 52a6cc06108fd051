/** A small seeded generator (mulberry32, public domain): the same seed makes the same data on every machine. */
export class Random {
  #state: number

  constructor(seed: number) {
    this.#state = seed >>> 0
  }

  /** A generator of its own for each thing: what is made of one does not move what is made of the next. */
  static of(seed: number, ...thing: (string | number)[]): Random {
    let hash = 0x811c9dc5 ^ seed
    for (const character of thing.join('/')) hash = Math.imul(hash ^ character.charCodeAt(0), 0x01000193)
    const random = new Random(hash)
    // Neighbouring names have neighbouring hashes; the first number of each would look like the other's.
    random.next()
    return random
  }

  /** In [0, 1). */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0
    let t = this.#state
    t = Math.imul(t ^ (t >>> 15), t | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }

  /** A whole number from `least` to `most`, both included. */
  integer(least: number, most: number): number {
    return least + Math.floor(this.next() * (most - least + 1))
  }

  /** A number from `least` to `most` with so many decimals. */
  decimal(least: number, most: number, decimals: number): number {
    const unit = 10 ** decimals
    return this.integer(Math.round(least * unit), Math.round(most * unit)) / unit
  }

  /** True this often, 0–1. */
  chance(share: number): boolean {
    return this.next() < share
  }

  pick<T>(values: readonly T[]): T {
    return values[this.integer(0, values.length - 1)]!
  }

  words(count: number): string {
    return Array.from({ length: count }, () => this.pick(WORDS)).join(' ')
  }

  hex(length: number): string {
    return Array.from({ length }, () => this.integer(0, 15).toString(16)).join('')
  }

  uuid(): string {
    const hex = this.hex(32)
    return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`
  }
}

const WORDS = (
  'account buyer budget channel compare content customer cycle data deal decision demo email evidence field forecast growth handoff ' +
  'insight intent journey launch lead margin market meeting message metric model motion onboarding outreach pilot pipeline plan price ' +
  'process product proof quarter quota ramp renewal report research response review revenue risk roadmap sales segment signal stage ' +
  'team territory time tool training trial value vendor win workflow with for across without before after during “quoted” naïve'
).split(' ')
