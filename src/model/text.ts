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

/** The theme of a pain point: case-folded, every run of characters that are not letters or digits made one space, trimmed. */
export function themeOf(description: string): string {
  return foldCase(description)
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim()
}

/** Full case folding, as far as the language has it: `ß` and `ẞ` fold to `ss`, final sigma to sigma. */
export function foldCase(text: string): string {
  return text.toUpperCase().toLowerCase().replaceAll('ς', 'σ')
}
