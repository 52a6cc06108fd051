/**
 * Tokens of a call: its reported total, else those of its prompt and its completion; null when neither is known.
 * @param reported the total as the call itself says it
 */
export function totalTokensOf(
  reported: number | null,
  { prompt_tokens, completion_tokens }: { prompt_tokens: number | null; completion_tokens: number | null },
): number | null {
  if (reported !== null) return reported
  if (prompt_tokens === null && completion_tokens === null) return null
  return (prompt_tokens ?? 0) + (completion_tokens ?? 0)
}
