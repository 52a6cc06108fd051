import type { Environment } from '../environment.ts'
import { RetryableError } from '../errors.ts'
import type { Exporting } from '../exports/export-stream.ts'

/** How many files are being made at once; each has a connection of its own. Nobody may have more than half of them. */
export class ExportSlots {
  readonly #all: number
  readonly #each: number
  readonly #taken: string[] = []

  constructor({ CROSSRUN_MAX_EXPORTS }: Environment) {
    this.#all = CROSSRUN_MAX_EXPORTS
    this.#each = Math.ceil(CROSSRUN_MAX_EXPORTS / 2)
  }

  /**
   * Begins a file when there is room for one more until it is over.
   * @param who asks for it: a key, an address
   * @throws RetryableError `SERVICE_BUSY`, or what `open` throws
   */
  async begin(who: string, open: () => Promise<Exporting>): Promise<Exporting> {
    const own = this.#taken.filter((each) => each === who).length
    if (this.#taken.length >= this.#all || own >= this.#each) {
      const whose = own >= this.#each ? `${own} files of yours` : `${this.#all} files`
      throw new RetryableError('SERVICE_BUSY', `${whose} are under way. Ask again in a moment.`, {
        hint: 'CROSSRUN_MAX_EXPORTS says how many there may be at once; one key may have half of them.',
      })
    }
    this.#taken.push(who)
    try {
      const exporting = await open()
      exporting.stream.once('close', () => this.#release(who))
      return exporting
    } catch (error) {
      this.#release(who)
      throw error
    }
  }

  #release(who: string): void {
    this.#taken.splice(this.#taken.indexOf(who), 1)
  }
}
