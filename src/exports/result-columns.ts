import { BadInputError } from '../errors.ts'

/** Entries that a SELECT of PostgreSQL has at most. */
export const MOST_COLUMNS = 1_600
/** Bytes of a name in PostgreSQL; it cuts longer ones without a word. */
const LONGEST_NAME = 63
const LONGEST_ENDING = '_truth'.length

/** The three columns of a field. */
export type FieldColumns = { field: string; extracted: string; truth: string; match: string }

/**
 * Names of the columns of these fields, in their order: `price`, `price_truth`, `price_match`. Where one of the three is
 * taken, whether in upper or lower case, the field is called `price_2`, or the next number that is free. Long names are cut.
 * @param taken names of the other columns
 * @throws BadInputError when there are more columns than a SELECT can have
 */
export function columnsOfFields(fields: readonly string[], taken: readonly string[]): FieldColumns[] {
  const columns = taken.length + fields.length * 3
  if (columns > MOST_COLUMNS)
    throw new BadInputError(
      `fields: the results have ${fields.length} fields, which are ${columns} columns; PostgreSQL gives ${MOST_COLUMNS} at most.`,
      {
        argument: 'fields',
        hint: `Choose up to ${Math.floor((MOST_COLUMNS - taken.length) / 3)} of them, or ask for fewer runs at once.`,
      },
    )
  // Tools that read files hold Price and price for the same.
  const used = new Set(taken.map((name) => name.toLowerCase()))
  return fields.map((field) => {
    for (let number = 1; ; number++) {
      const names = namesOf(field, number)
      const all = Object.values(names).map((name) => name.toLowerCase())
      if (all.some((name) => used.has(name))) continue
      for (const name of all) used.add(name)
      return { field, ...names }
    }
  })
}

function namesOf(field: string, number: number): Omit<FieldColumns, 'field'> {
  const suffix = number === 1 ? '' : `_${number}`
  // A column cannot be without a name.
  const base = cut(field || 'field', LONGEST_NAME - LONGEST_ENDING - suffix.length) + suffix
  return { extracted: base, truth: `${base}_truth`, match: `${base}_match` }
}

/** As much of the text as takes so many bytes, in whole characters. */
function cut(text: string, bytes: number): string {
  if (Buffer.byteLength(text) <= bytes) return text
  let taken = ''
  let length = 0
  for (const character of text) {
    length += Buffer.byteLength(character)
    if (length > bytes) break
    taken += character
  }
  return taken
}
