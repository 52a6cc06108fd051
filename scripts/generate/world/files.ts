import { closeSync, mkdirSync, openSync, writeFileSync, writeSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { gzipSync } from 'node:zlib'

/** A folder that artifacts are written into. */
export class Folder {
  readonly path: string

  constructor(path: string) {
    this.path = path
    mkdirSync(path, { recursive: true })
  }

  in(name: string): Folder {
    return new Folder(join(this.path, name))
  }

  /** Writes text as it is, anything else as JSON; compressed when the name ends in `.gz`. */
  write(name: string, content: unknown): void {
    const path = join(this.path, name)
    mkdirSync(dirname(path), { recursive: true })
    const text = typeof content === 'string' ? content : JSON.stringify(content)
    writeFileSync(path, name.endsWith('.gz') ? gzipSync(text) : text)
  }

  lines(name: string): RecordFile {
    return this.file(name, { before: '', between: '\n', after: '\n' })
  }

  list(name: string): RecordFile {
    return this.file(name, { before: '[\n', between: ',\n', after: '\n]\n' })
  }

  file(name: string, marks: Punctuation): RecordFile {
    return new RecordFile(join(this.path, name), marks)
  }
}

type Punctuation = { before: string; between: string; after: string }

/** A file of records that is written as they are made: no more than a piece of it is in memory. */
export class RecordFile {
  readonly #file: number
  readonly #marks: Punctuation
  #pending: string
  #isFirst = true

  constructor(path: string, marks: Punctuation) {
    mkdirSync(dirname(path), { recursive: true })
    this.#file = openSync(path, 'w')
    this.#marks = marks
    this.#pending = marks.before
  }

  /** Adds a record: text as it is, anything else as JSON. */
  add(record: unknown): void {
    if (!this.#isFirst) this.#pending += this.#marks.between
    this.#isFirst = false
    this.#pending += typeof record === 'string' ? record : JSON.stringify(record)
    if (this.#pending.length > 256 * 1024) this.#flush()
  }

  close(): void {
    this.#pending += this.#marks.after
    this.#flush()
    closeSync(this.#file)
  }

  #flush(): void {
    writeSync(this.#file, this.#pending)
    this.#pending = ''
  }
}

/** A line of CSV; lists and objects are JSON, what is null is empty. */
export function csvLine(values: readonly unknown[]): string {
  return values.map(csvCell).join(',')
}

function csvCell(value: unknown): string {
  if (value === null || value === undefined) return ''
  const text = typeof value === 'object' ? JSON.stringify(value) : String(value)
  return /[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
