import type { DocumentNode } from 'graphql'

/** Of documents' text together; parsed, they take some hundred times that. */
const MOST_CHARACTERS = 250_000

/** Documents that were parsed, by their text, the newest of them: by their size, since a number of them says little. */
export class DocumentCache {
  readonly #documents = new Map<string, DocumentNode>()
  #characters = 0

  get(text: string): DocumentNode | undefined {
    const document = this.#documents.get(text)
    if (document) {
      this.#documents.delete(text)
      this.#documents.set(text, document)
    }
    return document
  }

  set(text: string, document: DocumentNode): void {
    if (!this.#documents.has(text)) this.#characters += text.length
    this.#documents.set(text, document)
    for (const oldest of this.#documents.keys()) {
      if (this.#characters <= MOST_CHARACTERS) return
      this.#documents.delete(oldest)
      this.#characters -= oldest.length
    }
  }
}

/** Texts that could not be parsed are not worth keeping. */
export const NO_ERRORS = { get: () => undefined, set: () => undefined }
