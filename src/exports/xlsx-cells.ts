import { unfit } from './exact-number.ts'
import type { ExportColumn } from './table.ts'
import { STYLE, type Styles } from './xlsx-styles.ts'
import { cut, escaped, LONGEST_TEXT } from './xlsx-text.ts'

/** Counts texts that were too long for a cell. */
export type CountCut = () => void

/** A cell but for its address: attributes, `>`, and what it holds. */
export type CellOf = (text: string) => string

/**
 * How a column's values become cells. What Excel would round, or take for another day, is text; so is whatever looks like
 * a formula.
 */
export function cellOf(column: ExportColumn, styles: Styles, countCut: CountCut): CellOf {
  switch (column.type.kind) {
    case 'text':
      return (text) => {
        if (text.length > LONGEST_TEXT) countCut()
        return textCell(text)
      }
    case 'boolean':
      return (text) => ` t="b"><v>${text === 't' ? 1 : 0}</v></c>`
    case 'integer':
    case 'decimal': {
      const style = styles.ofNumber(column.type)
      return (text) => {
        const short = text.includes('.') ? text.replace(/\.?0+$/, '') : text
        return isKept(short) ? numberCell(short, style) : textCell(short)
      }
    }
    case 'float':
      // A cell is the same binary number, so that all of its digits are kept.
      return (text) => (isWithinExcel(Number(text)) ? numberCell(text, STYLE.general) : textCell(text))
    case 'timestamp':
      return (text) => {
        const day = Number(text) / DAY
        return isDay(day) ? numberCell(day + FIRST_DAY, STYLE.timestamp) : textCell(isoOf(Number(text), text, column))
      }
    case 'date':
      return (text) => {
        const day = Number(text)
        if (isDay(day)) return numberCell(day + FIRST_DAY, STYLE.date)
        return textCell(isoOf(day * DAY, text, column).replace(/T.*/, ''))
      }
  }
}

/** A cell of text, which is never a formula. */
export function textCell(text: string, style: number = /^[=+\-@]/.test(text) ? STYLE.quoted : STYLE.general): string {
  const isAsIs = /^\S+(?: \S+)*$/.test(text)
  return ` s="${style}" t="inlineStr"><is><t${isAsIs ? '' : ' xml:space="preserve"'}>${escaped(cut(text, LONGEST_TEXT))}</t></is></c>`
}

function numberCell(value: string | number, style: number): string {
  return ` s="${style}"><v>${value}</v></c>`
}

/** Digits that Excel keeps, whatever they are. */
const DIGITS = 15

/** Whether a plain number has no more digits than are kept; zeros before and after them do not count. */
function isKept(number: string): boolean {
  if (number.length <= DIGITS) return /^[-\d]/.test(number) && number !== '-Infinity'
  if (!/^-?\d+(?:\.\d+)?$/.test(number)) return false
  return number.replace(/[-.]/g, '').replace(/^0+|0+$/g, '').length <= DIGITS
}

/** Excel knows neither what is no number nor what is nearly nothing. */
function isWithinExcel(value: number): boolean {
  const size = Math.abs(value)
  return size === 0 || (size >= 2.2250738585072014e-308 && size < 1e308)
}

const DAY = 86_400_000
/** 1970-01-01 as Excel counts days. */
const FIRST_DAY = 25_569

/** Excel has a 29th of February 1900, so its days agree with the calendar from the day after; it knows none after 9999. */
function isDay(day: number): boolean {
  return day >= 61 - FIRST_DAY && day < 2_958_466 - FIRST_DAY
}

function isoOf(milliseconds: number, text: string, column: ExportColumn): string {
  const moment = new Date(milliseconds)
  if (Number.isNaN(moment.getTime())) throw unfit(text, column)
  return moment.toISOString()
}
