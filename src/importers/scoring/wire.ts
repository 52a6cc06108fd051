import { z } from 'zod'
import { DIMENSIONS } from '../../model/scoring.ts'
import { float, isObject, json, requiredText, text, texts, timestamp, word } from '../wire.ts'

/** What the database's score columns hold. */
const GREATEST_SCORE = 99_999

/** A score as exact decimal text; the shortest that a JSON number is written as. */
const score = () =>
  float().transform((value, context): string | null => {
    if (value === null) return null
    if (Math.abs(value) <= GREATEST_SCORE) return String(value)
    context.addIssue({ code: 'custom', message: `expected a score from 0 to 100, found ${value}` })
    return z.NEVER
  })

/** Remarks: a list of texts or objects as written; one text alone is a list of one. */
const remarks = () =>
  json().transform((value, context): unknown[] => {
    if (value === null) return []
    if (Array.isArray(value)) return value
    if (typeof value === 'string') return [value]
    context.addIssue({ code: 'custom', message: 'expected a list' })
    return z.NEVER
  })

/** Counts by name; what they add up to is read beside. */
const engagement = () =>
  json().transform((value, context): Record<string, unknown> | null => {
    if (value === null) return null
    if (!isObject(value)) {
      context.addIssue({ code: 'custom', message: 'expected an object of counts' })
      return z.NEVER
    }
    for (const [name, count] of Object.entries(value)) {
      if (count === null || countOf(count) !== undefined) continue
      context.addIssue({ code: 'custom', path: [name], message: `expected a count, found ${JSON.stringify(count)}` })
    }
    return value
  })

/** A number, also written as text; undefined when it is none. */
export function countOf(value: unknown): number | undefined {
  const count = typeof value === 'string' && value.trim() !== '' ? Number(value) : value
  return typeof count === 'number' && Number.isFinite(count) ? count : undefined
}

export const signalShape = {
  id: requiredText(),
  timestamp: timestamp(),
  source: text(),
  source_url: text(),
  url: text(),
  title: text(),
  description: text(),
  extracted_problem: text(),
  category: text(),
  tags: texts(),
  engagement: engagement(),
  author: text(),
  extracted_at: timestamp(),
  raw_content: text(),
  comments: remarks(),
  brain_enrichment: json(),
}

/** A dimension's key in artifacts. */
export const keyOf = (dimension: (typeof DIMENSIONS)[number]): string => dimension.toLowerCase()

const scoreShape = Object.fromEntries(DIMENSIONS.map((dimension) => [keyOf(dimension), score()]))
const reasoningShape = Object.fromEntries(DIMENSIONS.map((dimension) => [keyOf(dimension), text()]))

/** An object that may be absent, with a place for each dimension. */
const byDimension = <Shape extends z.ZodRawShape>(shape: Shape) =>
  z.preprocess((value) => value ?? {}, z.looseObject(shape, { error: 'expected an object with a key per dimension' }))

export const candidateShape = {
  id: requiredText(),
  timestamp: timestamp(),
  signal_id: text(),
  title: text(),
  description: text(),
  scores: byDimension(scoreShape),
  overall_score: score(),
  reasoning: byDimension(reasoningShape),
  ...Object.fromEntries(DIMENSIONS.map((dimension) => [`${keyOf(dimension)}_reasoning`, text()])),
  verdict: word(['GO', 'PASS', 'RESEARCH']),
  analysis: json(),
  recommendations: texts(),
  source: text(),
  source_url: text(),
  url: text(),
  category: text(),
  tags: texts(),
}

export const signal = z.object(signalShape)
export const candidate = z.object(candidateShape)
