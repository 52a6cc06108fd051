import type { Issue } from './issue.ts'
const esc = (s: string) => s.replaceAll('~', '~0').replaceAll('/', '~1')
export function partsOf(value: unknown, patterns: string[]): { parts: { pointer: string; value: unknown }[]; rest: unknown } {
  const parts: { pointer: string; value: unknown }[] = []
  const holders = new Set(patterns.map((p) => p.slice(0, -2)))
  const visit = (v: unknown, pointer: string): unknown => {
    if (typeof v !== 'object' || v === null) return v
    if (holders.has(pointer)) {
      for (const [k, x] of Object.entries(v)) parts.push({ pointer: `${pointer}/${esc(k)}`, value: x })
      return Array.isArray(v) ? [] : {}
    }
    if (![...holders].some((h) => h.startsWith(`${pointer}/`))) return v
    return Array.isArray(v) ? v : Object.fromEntries(Object.entries(v).map(([k, x]) => [k, visit(x, `${pointer}/${esc(k)}`)]))
  }
  const rest = visit(value, '')
  return { parts, rest }
}
export async function* readParts(_source: AsyncIterable<Buffer>, _patterns: string[]): AsyncGenerator<{ pointer: string; value: unknown } | { rest: unknown } | { issue: Issue }> {}
