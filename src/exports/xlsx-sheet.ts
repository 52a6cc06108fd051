import type { Batch, ExportColumn } from './table.ts'
import { type CellOf, textCell } from './xlsx-cells.ts'
import { STYLE } from './xlsx-styles.ts'
import { cut, escaped } from './xlsx-text.ts'

const NAMESPACE = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main'
/** Characters of the note that Excel shows beside a cell. */
const LONGEST_NOTE = 255
/** Widths in characters, with which a value is shown and not `####`. */
const WIDTH = { boolean: 9, date: 12, timestamp: 29, integer: 14, float: 14, decimal: 18, text: 24 }

/** What a sheet has before its rows: the header, in bold, which stays in sight. */
export function sheetHead(columns: readonly ExportColumn[]): string {
  const widths = columns.map(
    ({ name, type }, place) =>
      `<col min="${place + 1}" max="${place + 1}" width="${Math.min(60, Math.max(name.length + 2, WIDTH[type.kind]))}" customWidth="1"/>`,
  )
  const names = columns.map(({ name }, place) => `<c r="${letters(place)}1"${textCell(name, STYLE.header)}`)
  return [
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n',
    `<worksheet xmlns="${NAMESPACE}"><sheetViews><sheetView workbookViewId="0">`,
    '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/>',
    '</sheetView></sheetViews>',
    `<cols>${widths.join('')}</cols>`,
    `<sheetData><row r="1">${names.join('')}</row>`,
  ].join('')
}

/**
 * Rows as XML.
 * @param first the number of the first row, as Excel counts them
 */
export function sheetRows(rows: Batch, first: number, cells: readonly CellOf[]): string {
  const columns = cells.map((_, place) => letters(place))
  let xml = ''
  for (const [place, row] of rows.entries()) {
    const number = first + place
    xml += `<row r="${number}">`
    for (let at = 0; at < cells.length; at += 1) {
      const text = row[at]!
      if (text !== null) xml += `<c r="${columns[at]}${number}"${cells[at]!(text)}`
    }
    xml += '</row>'
  }
  return xml
}

/** What a sheet has after its rows: what each column means, shown when its name is chosen. */
export function sheetFoot(columns: readonly ExportColumn[]): string {
  const notes = columns.map(
    ({ description }, place) =>
      `<dataValidation allowBlank="1" showInputMessage="1" prompt="${escaped(cut(description, LONGEST_NOTE))}" sqref="${letters(place)}1"/>`,
  )
  return `</sheetData><dataValidations count="${notes.length}">${notes.join('')}</dataValidations></worksheet>`
}

/** The name of a column: A to Z, AA to ZZ, and so on. */
export function letters(place: number): string {
  const last = String.fromCharCode(65 + (place % 26))
  return place < 26 ? last : letters(Math.floor(place / 26) - 1) + last
}
