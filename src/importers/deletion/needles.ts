/** What a person is called in texts. */
export type Needles = {
  /** Texts that mean nobody else: emails, addresses of profiles, whole names. */
  telling: string[]
  /** Further texts whose mention makes a stored file one that holds the person, such as a telephone number. */
  further: string[]
}

export type Person = {
  sourceId: string
  firstName: string | null
  lastName: string | null
  fullName: string | null
  email: string | null
  phone: string | null
  pages: (string | null)[]
}

const SHORTEST = 5
const SHORTEST_PAGE = 12

/** What to look for, of these people together. A first or a last name alone may mean somebody else, and is not looked for. */
export function needlesOf(people: readonly Person[]): Needles {
  const telling = people.flatMap(({ firstName, lastName, fullName, email, pages }) => {
    const [first, last] = [firstName?.trim(), lastName?.trim()]
    const names = first && last ? [`${first} ${last}`, `${last}, ${first}`, `${last} ${first}`, fullName] : []
    return [...names, email?.trim(), ...pages.filter((page) => page && page.length >= SHORTEST_PAGE)]
  })
  const further = people.flatMap(({ sourceId, phone }) => [phone?.trim(), sourceId.includes('@') ? sourceId : null])
  return { telling: distinct(telling), further: distinct(further) }
}

function distinct(texts: readonly (string | null | undefined)[]): string[] {
  return [...new Set(texts.filter((text): text is string => !!text && text.length >= SHORTEST))]
}

/** Nothing before that a word could be made of; in JSON, `\\n` and its like end with a letter and are no part of a word. */
const BEFORE = '(?:(?<![A-Za-z0-9_])|(?<=\\\\[bfnrt])|(?<=\\\\u[0-9A-Fa-f]{4}))'
const AFTER = '(?![A-Za-z0-9_])'

/**
 * A regular expression of PostgreSQL that finds any of these texts, where they stand as words, in whatever case and
 * whether accents are written as one character or two. It says itself what is upper and lower case: the columns'
 * collation knows that of ASCII alone.
 */
export function patternOf(texts: readonly string[]): string {
  return distinct(texts.flatMap((text) => [text.normalize('NFC'), text.normalize('NFD')]))
    .map(
      (text) =>
        `${isWord(text[0]!) ? BEFORE : ''}${[...text].map(inAnyCase).join('')}${isWord(text.at(-1)!) ? AFTER : ''}`,
    )
    .join('|')
}

function inAnyCase(character: string): string {
  const forms = [...new Set([character, character.toLowerCase(), character.toUpperCase()])].map((form) =>
    form.replace(/[\\^$.|?*+()[\]{}]/g, '\\$&'),
  )
  return forms.length === 1 ? forms[0]! : `(?:${forms.join('|')})`
}

function isWord(character: string): boolean {
  return /[\p{L}\p{M}\p{N}_]/u.test(character)
}

/** The text as JSON writes it within quotes. */
export function inJson(text: string): string {
  return JSON.stringify(text).slice(1, -1)
}
