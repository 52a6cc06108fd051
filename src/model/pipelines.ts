/** The pipelines of the formats Crossrun knows; any other phase-artifact directory is a pipeline of its own name. */
export const PIPELINES = ['playbook', 'briefing', 'extraction', 'scoring', 'ops'] as const

/** A playbook run's phases, by number. */
export const PLAYBOOK_PHASES = [
  'intelligence_gathering',
  'vendor_extraction',
  'prospect_analysis',
  'playbook_generation',
] as const

/** The named steps of a playbook run's first phase, in order; the other phases have a step an agent. */
export const PLAYBOOK_RESEARCH_STEPS = [
  'validate_vendor',
  'validate_prospect',
  'scrape_vendor_home',
  'scrape_prospect_home',
  'analyze_vendor_home',
  'analyze_prospect_home',
  'prioritize_vendor_urls',
  'prioritize_prospect_urls',
  'batch_scrape_vendor',
  'batch_scrape_prospect',
] as const

/** The agents of a playbook run by phase (index 0 is phase 1), in the order they work. */
export const PLAYBOOK_AGENTS: readonly (readonly string[])[] = [
  ['homepage_analyst', 'url_prioritizer'],
  ['offerings', 'case_studies', 'proof_points', 'value_props', 'customers', 'use_cases', 'personas', 'differentiators'],
  ['company_profile', 'pain_points', 'buyer_personas'],
  ['playbook_summary', 'email_sequences', 'talk_tracks', 'battle_cards', 'playbook_assembly'],
]

/** The phases of a briefing run, in order. */
export const BRIEFING_PHASES = [
  'initialization',
  'scraping',
  'tier1_filter',
  'tier2_batch',
  'tier3_5d',
  'ranking',
  'paraphrasing',
  'enrichment',
  'validation',
  'final_report',
] as const
