import type { Environment } from '../environment.ts'
import { RetryableError } from '../errors.ts'
import type { Exporting } from '../exports/export-stream.ts'

/** How many files are being made at once; each has a connection of its own. */
export class ExportSlots {
  readonly #all: number
  #taken = 0

  constructor({ CROSSRUN_MAX_EXPORTS }: Environment) {
    this.#all = CROSSRUN_MAX_EXPORTS
  }

  /**
   * Begins a file when there is room for one more until it is over.
   * @throws RetryableError `SERVICE_BUSY`, or what `open` throws
   */
  async begin(open: () => Promise<Exporting>): Promise<Exporting> {
    if (this.#taken >= this.#all) {
      throw new RetryableError('SERVICE_BUSY', `${this.#all} files are under way. Ask again in a moment.`, {
        hint: 'CROSSRUN_MAX_EXPORTS says how many there may be at once.',
      })
    }
    this.#taken += 1
    try {
      const exporting = await open()
      exporting.stream.once('close', () => this.#release())
      return exporting
    } catch (error) {
      this.#release()
      throw error
    }
  }

  #release(): void {
    this.#taken -= 1
  }
}
