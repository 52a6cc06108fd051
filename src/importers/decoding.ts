import type { ZodType } from 'zod'
import type { Identifiers } from '../model/identifiers.ts'
import type { Usd } from '../model/money.ts'
import { parseTimestamp } from '../model/time.ts'
import type { PriceList } from '../pricing/price-list.ts'
import { RowBatch } from '../store/bulk/row-batch.ts'
import type { Issue, RejectCode, WarningCode } from './read/issue.ts'

/** The rows that one artifact becomes, and what was wrong with it on the way. */
export class Decoding {
  rows = new RowBatch()
  readonly issues: Issue[] = []
  readonly ids: Identifiers
  readonly prices: PriceList
  readonly #timeZone: string

  /**
   * @param timeZone IANA zone of naive timestamps
   * @param prices by which calls are priced that report no cost
   */
  constructor(ids: Identifiers, timeZone: string, prices: PriceList) {
    this.ids = ids
    this.prices = prices
    this.#timeZone = timeZone
  }

  /** Reads a part by its wire schema; a part that does not fit becomes a SCHEMA reject at the pointer, and null. */
  read<T>(schema: ZodType<T>, value: unknown, pointer: string): T | null {
    const result = schema.safeParse(value)
    if (result.success) return result.data
    for (const issue of result.error.issues) {
      const place = issue.path.map((step) => `/${escapePointer(String(step))}`).join('')
      const name = issue.path.at(-1)
      const message = name === undefined ? issue.message : `${String(name)} ${issue.message}`
      this.reject('SCHEMA', message, pointer + place, value)
    }
    return null
  }

  reject(code: RejectCode, message: string, pointer: string, value?: unknown): void {
    this.issues.push({
      severity: 'REJECT',
      code,
      message,
      line: null,
      byteOffset: null,
      pointer,
      snippet: snippetOf(value),
    })
  }

  warn(code: WarningCode, message: string, pointer: string): void {
    this.issues.push({ severity: 'WARNING', code, message, line: null, byteOffset: null, pointer, snippet: null })
  }

  /** Hands over the rows so far; the next ones are gathered anew. */
  takeRows(): RowBatch {
    const { rows } = this
    this.rows = new RowBatch()
    return rows
  }

  /** The instant of a timestamp that the wire schema has let through. */
  time(text: string | null | undefined): Date | null {
    return text ? parseTimestamp(text, this.#timeZone) : null
  }
}

const SNIPPET_CHARACTERS = 160

function snippetOf(value: unknown): string | null {
  if (value === undefined) return null
  const text = JSON.stringify(value)
  return text.length > SNIPPET_CHARACTERS ? `${text.slice(0, SNIPPET_CHARACTERS - 1)}…` : text
}

/** A JSON pointer's step (RFC 6901). */
export function escapePointer(step: string): string {
  return step.replaceAll('~', '~0').replaceAll('/', '~1')
}

export function unescapePointer(step: string): string {
  return step.replaceAll('~1', '/').replaceAll('~0', '~')
}

/** A count or an amount of tokens, as the database's wide columns take it. */
export function wide(value: number | null | undefined): string | null {
  return value === null || value === undefined ? null : String(value)
}

/** An amount, as the database's money columns take it. */
export function money(amount: Usd | null | undefined): string | null {
  return amount ? amount.toFixed() : null
}
