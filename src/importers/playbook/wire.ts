import { z } from 'zod'
import {
  anyObject,
  float,
  integer,
  json,
  label,
  list,
  requiredText,
  requiredTimestamp,
  text,
  texts,
  timestamp,
  usd,
  word,
} from '../wire.ts'

/** A complete run, without its phases' insides: those are read part by part. */
export const runShape = {
  run_id: requiredText(),
  run_timestamp: requiredTimestamp(),
  status: word(['COMPLETED', 'FAILED', 'PARTIAL', 'RUNNING']).refine((status) => status !== null, 'is missing'),
  execution_time_seconds: float(),
  workflow_input: anyObject(),
  phase1_output: anyObject(),
  phase2_output: anyObject(),
  phase3_output: anyObject(),
  phase4_output: anyObject(),
  total_api_calls: integer(),
  total_tokens_used: integer(),
  estimated_cost_usd: usd(),
  errors: list(),
  warnings: list(),
  created_by: text(),
  created_via: text(),
  notes: text(),
  tags: texts(),
  prompt_versions: anyObject(),
}
export const run = z.object(runShape)

export const workflowInputShape = { vendor_domain: text(), prospect_domain: text() }
export const workflowInput = z.object(workflowInputShape)

export const eventShape = {
  phase: text(),
  step: text(),
  message: requiredText(),
  error_type: text(),
  occurred_at: timestamp(),
}
export const event = z.object(eventShape)

export const agentResultShape = {
  raw_output: json(),
  tokens_used: integer(),
  execution_time: float(),
  prompt_tokens: integer(),
  completion_tokens: integer(),
  cached_tokens: integer(),
  model: label(),
  prompt_version: label(),
  cost_usd: usd(),
  cost: usd(),
  started_at: timestamp(),
  status: text(),
  error: json(),
}
export const agentResult = z.object(agentResultShape)

export const sourceShape = { url: text(), page_type: text(), excerpt: text() }
export const source = z.object(sourceShape)

/** What phase 1 holds of one side, under `vendor_…` and `prospect_…`. */
export const researchParts = {
  validation: {
    domain: text(),
    urls_discovered: texts(),
    url_count: integer(),
    map_timestamp: timestamp(),
    validation_status: text(),
    error_message: text(),
  },
  homepage: {
    url: text(),
    markdown_content: text(),
    char_count: integer(),
    word_count: integer(),
    scrape_timestamp: timestamp(),
    metadata: anyObject(),
  },
  homepage_analysis: {
    company_basics: anyObject(),
    key_offerings: texts(),
    ctas: texts(),
    analysis_timestamp: timestamp(),
  },
  url_prioritization: {
    prioritized_urls: list(),
    total_urls_evaluated: integer(),
    urls_selected: integer(),
    prioritization_timestamp: timestamp(),
  },
  batch_content: {
    scraped_pages: anyObject(),
    page_count: integer(),
    total_chars: integer(),
    total_words: integer(),
    scrape_timestamp: timestamp(),
    failed_urls: texts(),
  },
}
export const companyBasicsShape = { name: text(), tagline: text(), primary_offering: text() }
export const companyBasics = z.object(companyBasicsShape)
export const prioritizedUrlShape = { url: requiredText(), priority_score: float(), reasoning: text(), category: text() }
export const prioritizedUrl = z.object(prioritizedUrlShape)

/** The eight lists of vendor elements: where they are stored, which agent makes them, and what they hold. */
export const vendorLists = {
  offerings: {
    table: 'offerings',
    kind: 'offering',
    agent: 'offerings',
    shape: {
      name: text(),
      description: text(),
      features: texts(),
      pricing_indicators: text(),
      target_audience: text(),
    },
  },
  case_studies: {
    table: 'case_studies',
    kind: 'case_study',
    agent: 'case_studies',
    shape: {
      customer_name: text(),
      industry: text(),
      company_size: text(),
      challenge: text(),
      solution: text(),
      results: texts(),
      metrics: texts(),
    },
  },
  proof_points: {
    table: 'proof_points',
    kind: 'proof_point',
    agent: 'proof_points',
    shape: { type: text(), content: text(), source_attribution: text() },
  },
  value_propositions: {
    table: 'value_propositions',
    kind: 'value_proposition',
    agent: 'value_props',
    shape: { statement: text(), benefits: texts(), differentiation: text(), target_persona: text() },
  },
  reference_customers: {
    table: 'reference_customers',
    kind: 'reference_customer',
    agent: 'customers',
    shape: { name: text(), logo_url: text(), industry: text(), company_size: text(), relationship: text() },
  },
  use_cases: {
    table: 'use_cases',
    kind: 'use_case',
    agent: 'use_cases',
    shape: {
      title: text(),
      description: text(),
      target_persona: text(),
      target_industry: text(),
      problems_solved: texts(),
      key_features_used: texts(),
    },
  },
  vendor_icp_personas: {
    table: 'vendor_personas',
    kind: 'vendor_persona',
    agent: 'personas',
    shape: { title: text(), department: text(), responsibilities: texts() },
  },
  differentiators: {
    table: 'differentiators',
    kind: 'differentiator',
    agent: 'differentiators',
    shape: { category: text(), statement: text(), vs_alternative: text(), evidence: texts() },
  },
} as const

export type VendorList = keyof typeof vendorLists

export const companyProfileShape = {
  company_name: text(),
  industry: text(),
  company_size: text(),
  what_they_do: text(),
  target_market: text(),
}
export const companyProfile = z.object(companyProfileShape)

export const painPointShape = {
  description: requiredText(),
  category: word(['GROWTH', 'MARKET', 'OPERATIONAL', 'STRATEGIC', 'TECHNICAL']),
  evidence: text(),
  affected_personas: texts(),
  confidence: word(['HIGH', 'LOW', 'MEDIUM']),
}
export const painPoint = z.object(painPointShape)

export const buyerPersonaShape = {
  persona_title: text(),
  department: text(),
  why_they_care: text(),
  goals: texts(),
  suggested_talking_points: texts(),
  priority_score: float(),
}
export const buyerPersona = z.object(buyerPersonaShape)

export const salesPlaybookShape = {
  vendor_name: text(),
  prospect_name: text(),
  generated_date: text(),
  executive_summary: text(),
  priority_personas: texts(),
  quick_wins: texts(),
  success_metrics: anyObject(),
  email_sequences: list(),
  talk_tracks: list(),
  battle_cards: list(),
}
export const salesPlaybook = z.object(salesPlaybookShape)

export const emailSequenceShape = {
  persona_title: text(),
  sequence_name: text(),
  total_days: integer(),
  total_touches: integer(),
  objective: text(),
  touches: list(),
  best_practices: texts(),
}
export const emailSequence = z.object(emailSequenceShape)

export const emailTouchShape = {
  touch_number: integer(),
  day: integer(),
  subject: text(),
  body: text(),
  personalization_notes: texts(),
  call_to_action: text(),
}
export const emailTouch = z.object(emailTouchShape)

export const talkTrackShape = {
  persona_title: text(),
  elevator_pitch: text(),
  cold_call_script: anyObject(),
  discovery_script: anyObject(),
  demo_talking_points: texts(),
  value_mapping: anyObject(),
}
export const talkTrack = z.object(talkTrackShape)

export const talkScriptShape = {
  script_type: text(),
  persona_title: text(),
  opening: text(),
  value_proposition: text(),
  discovery_questions: list(),
  objection_responses: anyObject(),
  closing: text(),
  next_steps: texts(),
}
export const talkScript = z.object(talkScriptShape)

export const battleCardShape = {
  title: text(),
  card_type: word(['COMPETITIVE_POSITIONING', 'OBJECTION_HANDLING', 'WHY_WE_WIN']),
  persona_focus: text(),
  key_differentiators: texts(),
  proof_points: texts(),
  objection_responses: list(),
  competitive_positioning: list(),
}
export const battleCard = z.object(battleCardShape)

export const positioningShape = {
  competitor_name: text(),
  when_to_engage: texts(),
  when_not_to_engage: texts(),
  our_advantages: texts(),
  their_advantages: texts(),
  trap_setting_questions: texts(),
  landmines_to_lay: texts(),
}
export const positioning = z.object(positioningShape)
