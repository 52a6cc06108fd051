/** Words, split at white space. */
export function countWords(text: string): number {
  return text.match(/\S+/gu)?.length ?? 0
}

/** Number of `{{…}}` placeholders. */
export function countPlaceholders(text: string): number {
  return text.match(/\{\{.*?\}\}/gsu)?.length ?? 0
}

/** Length in characters (code points), as a reader counts them. */
export function countCharacters(text: string): number {
  let count = 0
  for (const _ of text) count++
  return count
}

/** What makes two spellings of a name one name: trimmed and case-folded. */
export function foldName(text: string): string {
  return foldCase(text.trim())
}

const LONGEST_THEME = 500

/**
 * The theme of a pain point: case-folded, every run of characters that are not letters or digits made one space, trimmed.
 * Of a very long description it is the beginning: themes are sorted by, which the database does for some 2,700 bytes.
 */
export function themeOf(description: string): string {
  const folded = foldCase(description)
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim()
  return folded.length <= LONGEST_THEME ? folded : [...folded].slice(0, LONGEST_THEME).join('').trimEnd()
}

/** Full case folding, as far as the language has it: `ß` and `ẞ` fold to `ss`, final sigma to sigma. */
export function foldCase(text: string): string {
  return text.toUpperCase().toLowerCase().replaceAll('ς', 'σ')
}
