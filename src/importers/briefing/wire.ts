import { z } from 'zod'
import { anyObject, float, integer, json, label, text, timestamp, usd, word } from '../wire.ts'

/** A whole number that the database's usual columns take. */
const count = () =>
  integer().refine((value) => !(Math.abs(value ?? 0) > 2_147_483_647), 'expected a whole number of 32 bits')

export const metadataShape = {
  run_id: text(),
  phase_name: text(),
  phase_number: count(),
  timestamp: timestamp(),
  duration_seconds: float(),
  input_count: count(),
  output_count: count(),
  llm_calls: count(),
  cost_usd: usd(),
  status: word(['COMPLETED', 'FAILED', 'RUNNING']),
  error: json(),
  model: label(),
  prompt_tokens: integer(),
  completion_tokens: integer(),
  cached_tokens: integer(),
  total_tokens: integer(),
  prompt_version: label(),
}
export const metadata = z.object(metadataShape)
export type Metadata = z.infer<typeof metadata>

const scoresShape = {
  market_impact: float(),
  competitive_impact: float(),
  strategic_relevance: float(),
  operational_relevance: float(),
  credibility: float(),
}
export type Dimension = keyof typeof scoresShape
export const DIMENSIONS = Object.keys(scoresShape) as Dimension[]

export const itemShape = {
  url: text(),
  id: text(),
  title: text(),
  content: text(),
  source: text(),
  published_date: text(),
  tier1_score: float(),
  tier2_score: float(),
  scores: anyObject(),
  weighted_score: float(),
  rank: count(),
  paraphrased_content: text(),
  entities: json(),
  validation: json(),
}
export const item = z.object(itemShape)
export type Item = z.infer<typeof item>

export const scores = z.object(scoresShape)
export type Scores = z.infer<typeof scores>
