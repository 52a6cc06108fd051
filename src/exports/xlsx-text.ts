/** Characters that a cell of Excel holds at most. */
export const LONGEST_TEXT = 32_767

/** What XML cannot hold or would change, and what would be read as the beginning of an escape though it is none. */
const SPECIAL =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the ones that are looked for
  /[&<>"\u0000-\u0008\u000b-\u001f\ufffe\uffff]|_(?=x[0-9A-Fa-f]{4}[_\u0000-\u0008\u000b-\u001f\ufffe\uffff])/g
const NAMED: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }

/** A text as XML, with characters that XML has no way to write as Excel writes them: `_x0000_`. */
export function escaped(text: string): string {
  return text.toWellFormed().replace(SPECIAL, (character) => {
    return NAMED[character] ?? `_x${character.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}_`
  })
}

/** The beginning of a text, with an ellipsis where it goes on; a character outside the basic plane is not cut in two. */
export function cut(text: string, length: number): string {
  if (text.length <= length) return text
  const end = length - 1
  const isWithinPair = /[\ud800-\udbff]/.test(text[end - 1]!)
  return `${text.slice(0, isWithinPair ? end - 1 : end)}…`
}
