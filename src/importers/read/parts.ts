import type { Issue } from './issue.ts'
import { partEvents } from './part-reader.ts'
import { compilePatterns, type PatternStep, stepTo } from './patterns.ts'
import { pointerTo } from './pointer.ts'

export type Part = { pointer: string; value: unknown }

/** A part of a run, a page or a list, may be long; all that is not a part together may be so long. */
const PART_LIMIT_BYTES = 256 * 1024 * 1024

/**
 * Reads one JSON text of any size: what lies at the patterns (JSON pointers with `*` for any key) comes part by part in
 * the order of the file, everything else as `rest` at the end. Issues come before the part they are about. A part that
 * cannot be read is a reject with its pointer and the others go on; when the text itself is broken, that reject is the
 * last event and there is no `rest`. Memory: the largest part, and `rest`.
 */
export async function* readParts(
  source: AsyncIterable<Buffer> | Iterable<Buffer>,
  patterns: string[],
  limitBytes = PART_LIMIT_BYTES,
): AsyncGenerator<Part | { rest: unknown } | { issue: Issue }> {
  for await (const events of partEvents(source, patterns, limitBytes)) {
    for (const event of events) {
      if (!('part' in event)) {
        yield event
        continue
      }
      for (const issue of event.part.issues) yield { issue }
      yield { pointer: event.part.pointer, value: event.part.value }
    }
  }
}

/** What `readParts` makes of a text, from the value it was parsed to, which is not changed. */
export function partsOf(value: unknown, patterns: string[]): { parts: Part[]; rest: unknown } {
  const parts: Part[] = []
  const rest = divide(value, compilePatterns(patterns), '', parts)
  return { parts, rest }
}

function divide(value: unknown, step: PatternStep, pointer: string, parts: Part[]): unknown {
  if (typeof value !== 'object' || value === null || (step.named.size === 0 && !step.any)) return value
  const kept: [string | number, unknown][] = []
  for (const [key, child] of Object.entries(value)) {
    const next = stepTo(step, key)
    const at = next && pointerTo(pointer, key)
    if (next?.isPart) parts.push({ pointer: at!, value: child })
    else kept.push([key, next ? divide(child, next, at!, parts) : child])
  }
  return Array.isArray(value) ? kept.map(([, child]) => child) : Object.fromEntries(kept)
}
