import { BadInputError } from '../errors.ts'

/** One part of a search: words that are looked for, words that must stand together, or what must not be there. */
export type SearchPart = {
  kind: 'words' | 'phrase' | 'notWords' | 'notPhrase'
  text: string
}

/** What a search asks: one of these alternatives, with all parts of it. */
export type Search = readonly (readonly SearchPart[])[]

const LONGEST_SEARCH = 1000
const QUOTES = '"“”„«»'
const PART = new RegExp(`(-*)[${QUOTES}]([^${QUOTES}]*)[${QUOTES}]?|(-*)(\\S+)`, 'gu')

/**
 * Reads a search as web searches do: all words; `"a phrase"`; `-word` and `-"a phrase"` for what must not be there; `or`
 * between alternatives, which binds less than standing side by side. A quotation mark that is not closed holds to the end.
 * @param argument how the argument is called in messages
 * @throws BadInputError when it asks for nothing, only excludes, is longer than 1,000 characters or holds a NUL
 */
export function parseSearch(text: string, argument = 'search'): Search {
  if (text.includes('\u0000')) throw new BadInputError(`${argument} holds a NUL character.`, { argument })
  if (text.length > LONGEST_SEARCH)
    throw new BadInputError(`${argument} is longer than ${LONGEST_SEARCH} characters.`, { argument })
  const alternatives = [...split(text)].filter((parts) => parts.length > 0)
  if (alternatives.length === 0)
    throw new BadInputError(`${argument} has no word to look for.`, {
      argument,
      hint: 'Leave it out to list everything.',
    })
  if (!alternatives.every((parts) => parts.some(isLookedFor)))
    throw new BadInputError(`${argument} only says what must not be there.`, {
      argument,
      hint: 'Say in each alternative what to look for too, as in: roi -proof',
    })
  return alternatives
}

export function isLookedFor({ kind }: SearchPart): boolean {
  return kind === 'words' || kind === 'phrase'
}

function* split(text: string): Generator<SearchPart[]> {
  let parts: SearchPart[] = []
  for (const [, minusOfPhrase, phrase, minus, words] of text.matchAll(PART)) {
    if (words?.toLowerCase() === 'or' && !minus) {
      yield parts
      parts = []
      continue
    }
    const part: SearchPart =
      phrase === undefined
        ? { kind: minus ? 'notWords' : 'words', text: words! }
        : { kind: minusOfPhrase ? 'notPhrase' : 'phrase', text: phrase }
    // A sign alone says nothing.
    if (/[\p{L}\p{N}]/u.test(part.text)) parts.push(part)
  }
  yield parts
}
