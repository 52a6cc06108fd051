import { Readable } from 'node:stream'
import type { ZipFile } from 'yazl'
import type { Batch, ExportColumn, WriteFile } from './table.ts'
import { type CellOf, cellOf } from './xlsx-cells.ts'
import { sheetPath, workbookParts } from './xlsx-parts.ts'
import { sheetFoot, sheetHead, sheetRows } from './xlsx-sheet.ts'
import { Styles } from './xlsx-styles.ts'

/** Rows of a sheet of Excel, without its header. */
const ROWS_OF_A_SHEET = 1_048_575
/** Rows that become XML at once. */
const ROWS_AT_ONCE = 500
/** Much faster than the usual 6, and a tenth larger; and one time for all, so that the same rows make the same file. */
const ZIP = { compressionLevel: 1, forceDosTimestamp: true, mtime: new Date(1980, 0, 1) }

/** A workbook of Excel. Where one sheet has no room for more rows, another goes on. */
export const writeXlsx: WriteFile = xlsxWriter(ROWS_OF_A_SHEET)

/** @param rowsOfASheet how many rows a sheet has at most, beside its header */
export function xlsxWriter(rowsOfASheet: number): WriteFile {
  return async function* (columns, batches) {
    const { ZipFile } = await import('yazl')
    const zip = new ZipFile()
    const rows = new Rows(batches)
    const filling = new Filling(zip, columns, rows, rowsOfASheet)
    try {
      filling.begin()
      yield* zip.outputStream as AsyncIterable<Buffer>
    } finally {
      await rows.close()
    }
  }
}

/** Puts sheet after sheet into a ZIP file as it is read, and the files that list them last. */
class Filling {
  readonly #zip: ZipFile
  readonly #columns: readonly ExportColumn[]
  readonly #rows: Rows
  readonly #rowsOfASheet: number
  readonly #styles: Styles
  readonly #cells: readonly CellOf[]
  #sheets = 0
  #cutTexts = 0

  constructor(zip: ZipFile, columns: readonly ExportColumn[], rows: Rows, rowsOfASheet: number) {
    this.#zip = zip
    this.#columns = columns
    this.#rows = rows
    this.#rowsOfASheet = rowsOfASheet
    this.#styles = new Styles(columns)
    this.#cells = columns.map((column) =>
      cellOf(column, this.#styles, () => {
        this.#cutTexts += 1
      }),
    )
  }

  begin(): void {
    // Whoever reads the file is told; when nobody does any more, it must not end the process.
    this.#zip.outputStream.on('error', () => undefined)
    this.#zip.on('error', (error) => this.#fail(error))
    this.#addSheet()
  }

  #addSheet(): void {
    this.#sheets += 1
    const sheet = Readable.from(this.#sheet())
    sheet.on('error', (error) => this.#fail(error))
    sheet.on('end', () => {
      this.#rows.isAtEnd().then(
        (isAtEnd) => (isAtEnd ? this.#finish() : this.#addSheet()),
        (error) => this.#fail(error),
      )
    })
    this.#zip.addReadStream(sheet, sheetPath(this.#sheets), ZIP)
  }

  async *#sheet(): AsyncGenerator<Buffer> {
    yield Buffer.from(sheetHead(this.#columns))
    for (let written = 0; written < this.#rowsOfASheet; ) {
      const rows = await this.#rows.take(Math.min(ROWS_AT_ONCE, this.#rowsOfASheet - written))
      if (rows.length === 0) break
      // The header is the first row.
      yield Buffer.from(sheetRows(rows, written + 2, this.#cells))
      written += rows.length
    }
    yield Buffer.from(sheetFoot(this.#columns))
  }

  #finish(): void {
    const parts = { ...workbookParts(this.#sheets, this.#cutTexts), 'xl/styles.xml': this.#styles.xml() }
    for (const [path, xml] of Object.entries(parts)) this.#zip.addBuffer(Buffer.from(xml), path, ZIP)
    this.#zip.end()
  }

  #fail(error: unknown): void {
    const { outputStream } = this.#zip as unknown as { outputStream: Readable }
    outputStream.destroy(error as Error)
  }
}

/** Rows, some at a time, as many as are wanted. */
class Rows {
  readonly #batches: AsyncIterator<Batch>
  #batch: Batch = []
  #place = 0

  constructor(batches: AsyncIterable<Batch>) {
    this.#batches = batches[Symbol.asyncIterator]()
  }

  /** At most so many rows; none when there are no more. */
  async take(most: number): Promise<Batch> {
    if (await this.isAtEnd()) return []
    const taken = this.#batch.slice(this.#place, this.#place + most)
    this.#place += taken.length
    return taken
  }

  async isAtEnd(): Promise<boolean> {
    while (this.#place >= this.#batch.length) {
      const { value, done } = await this.#batches.next()
      if (done) return true
      this.#batch = value
      this.#place = 0
    }
    return false
  }

  async close(): Promise<void> {
    await this.#batches.return?.()
  }
}
