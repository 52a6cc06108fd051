export type Shape = 'json-object' | 'json-array' | 'json-lines' | 'csv' | 'markdown' | 'text' | 'empty'

const shapes: Record<string, Shape> = {
  jsonl: 'json-lines',
  ndjson: 'json-lines',
  csv: 'csv',
  md: 'markdown',
  json: 'json-object',
}

/**
 * What a file holds, by its first bytes; the name decides only what they leave open.
 * A text that is no JSON counts as JSON when its name says so: that it is not is for the parser to say.
 * @param head the first bytes, unpacked; some 64 KB tell a long first line from a file of one line
 */
export function sniffShape(head: Buffer, name: string): Shape {
  const extension = /\.([^.]+?)(?:\.(?:gz|zst))?$/.exec(name.toLowerCase())?.[1] ?? ''
  const text = head.toString('utf8').replace(/^\uFEFF/, '')
  const start = text.search(/\S/)
  if (start === -1) return 'empty'
  const byName = shapes[extension]
  if (byName === 'markdown') return 'markdown'

  const first = text[start]
  if (first !== '{' && first !== '[') return byName ?? (looksTabular(text.slice(start)) ? 'csv' : 'text')
  const whole: Shape = first === '{' ? 'json-object' : 'json-array'
  const lineEnd = text.indexOf('\n', start)
  const firstLine = text.slice(start, lineEnd === -1 ? undefined : lineEnd).trimEnd()
  const rest = lineEnd === -1 ? '' : text.slice(lineEnd + 1).trimStart()
  if (rest === '') return byName === 'json-lines' ? 'json-lines' : whole
  if (isClosed(firstLine)) return 'json-lines'
  // A first line may be broken, or cut short, and lines follow that start anew.
  const continues = /[[{,:]$/.test(firstLine) || !/^[{[]/.test(rest)
  return byName === 'json-lines' && !continues ? 'json-lines' : whole
}

/** Whether every bracket of the line is closed at its end, so that what follows is another value. */
function isClosed(line: string): boolean {
  let depth = 0
  for (const [token] of line.matchAll(/"(?:[^"\\]|\\.)*(?:"|$)|[{}[\]]/g)) {
    if (token === '{' || token === '[') depth++
    else if (token === '}' || token === ']') depth--
  }
  return depth <= 0
}

/** Two lines or more, each with as many commas: a table without a name that says so. */
function looksTabular(text: string): boolean {
  const lines = text.split('\n').slice(0, 5)
  if (lines.length < 2 || lines.at(-1) === '') lines.pop()
  const commas = lines.map((line) => line.replace(/"[^"]*"/g, '').split(',').length - 1)
  return lines.length > 1 && commas[0]! > 0 && commas.every((count) => count === commas[0])
}
