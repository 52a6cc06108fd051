import { z } from 'zod'
import { integer, json, list, requiredText, text, texts, timestamp, word } from '../wire.ts'

const RESOLUTION_STATUSES = ['FAILED', 'PARTIAL', 'SKIPPED', 'SUCCESS'] as const

/** A word that must be there. */
const requiredWord = <const W extends readonly string[]>(words: W) =>
  word(words).transform((value, context): W[number] => {
    if (value !== null) return value
    context.addIssue({ code: 'custom', message: `is missing (expected one of ${words.join(', ')})` })
    return z.NEVER
  })

/** Yes or no, also as text. */
const flag = () =>
  json().transform((value, context): boolean | null => {
    if (value === null || typeof value === 'boolean') return value
    if (typeof value === 'string' && /^(true|false)$/i.test(value.trim())) return /true/i.test(value)
    context.addIssue({ code: 'custom', message: `expected true or false, found ${JSON.stringify(value)}` })
    return z.NEVER
  })

/** Single precision, as embeddings are kept. */
const GREATEST_REAL = 3.4028234663852886e38

/** A list of numbers, also as the text that databases write; null where a number was not one (NaN). */
const numbers = () =>
  json().transform((value, context): (number | null)[] => {
    const found = typeof value === 'string' ? parsedList(value) : (value ?? [])
    const isFit = (each: unknown) => each === null || (typeof each === 'number' && Math.abs(each) <= GREATEST_REAL)
    if (Array.isArray(found) && found.every(isFit)) return found
    context.addIssue({ code: 'custom', message: 'expected a list of numbers' })
    return z.NEVER
  })

function parsedList(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

/** Sources that give their records ids write them here. */
const identified = { id: text(), timestamp: timestamp() }

export const healthCheckShape = {
  ...identified,
  service: requiredText(),
  status: requiredWord(['CRITICAL', 'DEGRADED', 'HEALTHY', 'UNKNOWN']),
  message: text(),
  details: json(),
}

export const diagnosisShape = {
  ...identified,
  issue_name: requiredText(),
  confidence: word(['HIGH', 'LOW', 'MEDIUM']),
  summary: text(),
  root_cause: text(),
  suggested_action: text(),
  reasoning: text(),
  similar_issues: list(),
}

export const resolutionShape = {
  ...identified,
  issue_name: requiredText(),
  status: requiredWord(RESOLUTION_STATUSES),
  steps_completed: texts(),
  steps_failed: texts(),
  message: text(),
  details: json(),
}

export const alertShape = {
  ...identified,
  level: requiredWord(['CRITICAL', 'EMERGENCY', 'INFO', 'WARNING']),
  title: text(),
  message: text(),
  service: text(),
  details: json(),
  action: word(['ALERT_FOUNDER', 'CRITICAL_ALERT', 'IMMEDIATE_ALERT', 'LOG_ONLY']),
}

export const issueResolutionShape = {
  ...identified,
  issue_name: requiredText(),
  symptoms: json(),
  diagnosis: text(),
  action_taken: text(),
  resolution_status: word(RESOLUTION_STATUSES),
  lesson_learned: text(),
  tags: texts(),
  embedding: numbers(),
}

export const agentStatusShape = {
  id: text(),
  running: flag(),
  last_check: timestamp(),
  start_time: timestamp(),
  total_checks: integer(),
  issues_detected: integer(),
  auto_resolutions: integer(),
  escalations: integer(),
}

export const healthCheck = z.object(healthCheckShape)
export const diagnosis = z.object(diagnosisShape)
export const resolution = z.object(resolutionShape)
export const alert = z.object(alertShape)
export const issueResolution = z.object(issueResolutionShape)
export const agentStatus = z.object(agentStatusShape)
