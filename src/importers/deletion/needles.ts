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

/** A regular expression of PostgreSQL that finds any of these texts, where they stand as words. */
export function patternOf(texts: readonly string[]): string {
  return texts
    .map((text) => {
      const escaped = text.replace(/[\\^$.|?*+()[\]{}]/g, '\\$&')
      return `${isWord(text[0]!) ? '\\m' : ''}${escaped}${isWord(text.at(-1)!) ? '\\M' : ''}`
    })
    .join('|')
}

function isWord(character: string): boolean {
  return /[\p{L}\p{N}_]/u.test(character)
}

/** The text as JSON writes it within quotes. */
export function inJson(text: string): string {
  return JSON.stringify(text).slice(1, -1)
}
