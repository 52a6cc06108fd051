const readable = /\.(?:jsonl?|ndjson|txt|csv|md)(?:\.(?:gz|zst))?$/i

/** Whether a walk reads a file of this name; a file that is named directly is read whatever its name. */
export function isReadableName(name: string): boolean {
  return readable.test(name)
}

/** Folders that never hold artifacts: our own data, packages, version control. */
const passedOver = new Set(['.crossrun', 'node_modules', '.git'])

/** Whether a walk goes into a folder of this name. */
export function isWalkedFolder(name: string): boolean {
  return !passedOver.has(name)
}

/** Orders strings by code point; `<` orders by UTF-16 unit, which differs past U+FFFF. */
export function byCodePoint(a: string, b: string): number {
  const length = Math.min(a.length, b.length)
  for (let i = 0; i < length; i++) {
    const x = a.charCodeAt(i)
    const y = b.charCodeAt(i)
    if (x !== y) return rank(x) - rank(y)
  }
  return a.length - b.length
}

/** Surrogates stand for code points above every other unit. */
function rank(unit: number): number {
  return unit >= 0xd800 && unit <= 0xdfff ? unit + 0x10000 : unit
}
