import { keysOf } from './pointer.ts'

/** Patterns of JSON pointers, where `*` stands for any key, as a tree of steps. */
export type PatternStep = { isPart: boolean; named: Map<string, PatternStep>; any: PatternStep | null }

/** Makes the tree of patterns such as `/tasks/*`; the shorter of two that match decides. */
export function compilePatterns(patterns: string[]): PatternStep {
  return stepOf(patterns.map(keysOf))
}

/** The next step down; null when no pattern goes there. */
export function stepTo(step: PatternStep, key: string): PatternStep | null {
  return step.named.get(key) ?? step.any
}

function stepOf(patterns: string[][]): PatternStep {
  const longer = patterns.filter((keys) => keys.length > 0)
  const below = (name: string) => longer.filter(([head]) => head === name || head === '*').map((keys) => keys.slice(1))
  const names = new Set(longer.map(([head]) => head!))
  const any = names.delete('*') ? stepOf(below('*')) : null
  return {
    isPart: longer.length < patterns.length,
    named: new Map([...names].map((name) => [name, stepOf(below(name))])),
    any,
  }
}
