import type { ColumnType, ExportColumn } from './table.ts'

/** Places of the styles that every workbook has. */
export const STYLE = { general: 0, header: 1, timestamp: 2, date: 3, quoted: 4 } as const

/** Excel's number of the format `0`. */
const WHOLE_NUMBER = 1
/** The first number that formats of one's own may have. */
const OWN_FORMATS = 164
const TIMESTAMP = 'yyyy\\-mm\\-dd\\ hh:mm:ss.000" UTC"'
const DATE = 'yyyy\\-mm\\-dd'

/** How cells look: a style for each number of places that the columns have. */
export class Styles {
  /** Places after the point, in the order of their styles. */
  readonly #scales: number[]

  constructor(columns: readonly ExportColumn[]) {
    this.#scales = [...new Set(columns.flatMap(({ type }) => scaleOf(type) ?? []))]
  }

  /** The style of a column of whole or exact numbers. */
  ofNumber(type: ColumnType): number {
    return Object.keys(STYLE).length + this.#scales.indexOf(scaleOf(type)!)
  }

  /** The part `xl/styles.xml`. */
  xml(): string {
    const formats = [TIMESTAMP, DATE, ...this.#scales.map(decimalFormat)]
    const numberFormats = formats.map(
      (format, place) => `<numFmt numFmtId="${OWN_FORMATS + place}" formatCode="${format.replaceAll('"', '&quot;')}"/>`,
    )
    const styles = [
      '<xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>',
      '<xf numFmtId="0" fontId="1" fillId="0" borderId="0" xfId="0" applyFont="1"/>',
      numberStyle(OWN_FORMATS),
      numberStyle(OWN_FORMATS + 1),
      '<xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0" quotePrefix="1"/>',
      ...this.#scales.map((scale, place) => numberStyle(scale === 0 ? WHOLE_NUMBER : OWN_FORMATS + 2 + place)),
    ]
    const font = (inner: string) => `<font>${inner}<sz val="11"/><name val="Calibri"/><family val="2"/></font>`
    const fill = (kind: string) => `<fill><patternFill patternType="${kind}"/></fill>`
    return [
      '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n',
      '<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">',
      `<numFmts count="${numberFormats.length}">${numberFormats.join('')}</numFmts>`,
      `<fonts count="2">${font('')}${font('<b/>')}</fonts>`,
      `<fills count="2">${fill('none')}${fill('gray125')}</fills>`,
      '<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>',
      '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>',
      `<cellXfs count="${styles.length}">${styles.join('')}</cellXfs>`,
      '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles>',
      '</styleSheet>',
    ].join('')
  }
}

function numberStyle(format: number): string {
  return `<xf numFmtId="${format}" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>`
}

function scaleOf(type: ColumnType): number | undefined {
  if (type.kind === 'integer') return 0
  return type.kind === 'decimal' ? type.scale : undefined
}

/** At least two places, as money has them, and as many as there are up to Excel's thirty. */
function decimalFormat(scale: number): string {
  const fixed = Math.min(scale, 2)
  return `0.${'0'.repeat(fixed)}${'#'.repeat(Math.min(scale, 30) - fixed)}`
}
