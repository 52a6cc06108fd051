/**
 * Holm's step-down correction of p values for asking several questions at once: the family-wise error stays what each
 * test alone would have. Where there is no p value there is none after, and it does not count as a question.
 */
export function holm(pValues: readonly (number | null)[]): (number | null)[] {
  const asked = pValues
    .flatMap((pValue, place) => (pValue === null ? [] : [{ pValue, place }]))
    .sort((a, b) => a.pValue - b.pValue)
  const adjusted: (number | null)[] = pValues.map(() => null)
  let least = 0
  for (const [index, { pValue, place }] of asked.entries()) {
    least = Math.min(1, Math.max(least, (asked.length - index) * pValue))
    adjusted[place] = least
  }
  return adjusted
}
