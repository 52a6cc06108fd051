/**
 * What filters mean, written a second time without SQL: the tests compare the two.
 */
export type Row = Record<string, unknown>

export function judge(row: Row, where: Record<string, unknown>): boolean {
  return Object.entries(where).every(([name, argument]) => {
    if (name === 'AND') return (argument as Row[]).every((each) => judge(row, each))
    if (name === 'OR') return (argument as Row[]).some((each) => judge(row, each))
    if (name === 'NOT') return !judge(row, argument as Row)
    const value = row[name]
    const conditions = argument as Record<string, unknown>
    if (Array.isArray(value) && typeof value[0] === 'object')
      return value.some((each) => judge(each as Row, conditions))
    if (name === 'agentCalls') return false
    if (name === 'prospect') {
      const { isNull, ...others } = conditions
      if (isNull !== undefined && isNull !== (value === null)) return false
      const asksMore = Object.keys(others).length > 0 || isNull === undefined
      return !asksMore || (value !== null && judge(value as Row, others))
    }
    return Object.entries(conditions).every(([operator, operand]) => holds(value, operator, operand))
  })
}

function holds(value: unknown, operator: string, operand: unknown): boolean {
  switch (operator) {
    case 'isNull':
      return (value === null) === operand
    case 'equals':
      return value !== null && compare(value, operand) === 0
    case 'notEquals':
      return value === null || compare(value, operand) !== 0
    case 'in':
      return value !== null && (operand as unknown[]).some((each) => compare(value, each) === 0)
    case 'notIn':
      return value === null || !(operand as unknown[]).some((each) => compare(value, each) === 0)
    case 'gt':
      return value !== null && compare(value, operand) > 0
    case 'gte':
      return value !== null && compare(value, operand) >= 0
    case 'lt':
      return value !== null && compare(value, operand) < 0
    case 'lte':
      return value !== null && compare(value, operand) <= 0
    case 'contains':
      return value !== null && fold(value).includes(fold(operand))
    case 'startsWith':
      return value !== null && fold(value).startsWith(fold(operand))
    case 'has':
      return (value as unknown[]).includes(operand)
    case 'hasSome':
      return (operand as unknown[]).some((each) => (value as unknown[]).includes(each))
    case 'hasEvery':
      return (operand as unknown[]).every((each) => (value as unknown[]).includes(each))
    case 'isEmpty':
      return ((value as unknown[]).length === 0) === operand
    default:
      throw new Error(`The judge does not know ${operator}.`)
  }
}

const fold = (text: unknown): string => String(text).toLowerCase()

/** Numbers and decimals by value, everything else by code point. */
export function compare(a: unknown, b: unknown): number {
  const areNumbers = [a, b].every(
    (each) => ['number', 'bigint'].includes(typeof each) || (typeof each === 'string' && /^-?\d+(\.\d+)?$/.test(each)),
  )
  if (areNumbers) return Number(a) - Number(b)
  const [x, y] = [String(a), String(b)]
  if (x === y) return 0
  return Buffer.compare(Buffer.from(x), Buffer.from(y)) < 0 ? -1 : 1
}
