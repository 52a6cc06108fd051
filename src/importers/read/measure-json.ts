/**
 * What one pass over a parsed value tells: how many strings it holds, keys included. `tooDeep` stops the pass, so the
 * others are then not complete.
 */
export type Measured = { strings: number; tooDeep: boolean; infinite: boolean }

/** Counts strings, and looks for nesting past `maxDepth` and for numbers past the range of a double. */
export function measure(value: unknown, maxDepth: number): Measured {
  const measured: Measured = { strings: 0, tooDeep: false, infinite: false }
  if (typeof value === 'object' && value !== null) descend(value, maxDepth, measured)
  else see(value, measured)
  return measured
}

/** The depth left bounds the recursion. */
function descend(holder: object, depthLeft: number, measured: Measured): void {
  if (depthLeft === 0) {
    measured.tooDeep = true
    return
  }
  if (Array.isArray(holder)) {
    for (let i = 0; i < holder.length; i++) {
      const value: unknown = holder[i]
      if (typeof value === 'object' && value !== null) descend(value, depthLeft - 1, measured)
      else see(value, measured)
      if (measured.tooDeep) return
    }
    return
  }
  const record = holder as Record<string, unknown>
  // `for in`: no array of keys or values is made, which halves the cost.
  for (const key in record) {
    measured.strings++
    const value = record[key]
    if (typeof value === 'object' && value !== null) descend(value, depthLeft - 1, measured)
    else see(value, measured)
    if (measured.tooDeep) return
  }
}

function see(value: unknown, measured: Measured): void {
  if (typeof value === 'string') measured.strings++
  else if (value === Infinity || value === -Infinity) measured.infinite = true
}
