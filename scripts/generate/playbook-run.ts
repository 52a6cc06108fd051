import { PLAYBOOK_AGENTS } from '../../src/model/pipelines.ts'
import type { Random } from './random.ts'

export const INDUSTRIES = [
  'B2B SaaS',
  'Healthcare',
  'Logistics',
  'Education',
  'Retail',
  'Financial Services',
  'Manufacturing',
]
const PERSONAS = [
  'Chief Revenue Officer',
  'Chief Marketing Officer',
  'Head of Revenue Operations',
  'VP Sales',
  'Enablement Lead',
]
const CATEGORIES = ['operational', 'strategic', 'technical', 'market', 'growth']
export const COMPETITORS = [
  'Northwind Reach',
  'Paper Plane',
  'Quota Works',
  'Signal Harbor',
  'Tandem CRM',
  'Violet Desk',
]
const MODELS = ['gpt-4o', 'gpt-4o-mini', 'in-house-70b']

/** Who a run is for, about whom, and when. */
export type Setting = { vendor: string; prospect: Site; startedAt: Date }
export type Site = { domain: string; name: string; industry: string }

/**
 * One complete playbook run as the pipeline writes it.
 * @param pageCharacters length of each scraped page: it is what a run's size is made of
 */
export function playbookRun(
  random: Random,
  number: number,
  pageCharacters: number,
  setting: Setting = anySetting(random, number),
): PlaybookRun {
  const { vendor, startedAt } = setting
  const prospect = setting.prospect.domain
  const failed = number % 17 === 0
  const sources = () => [
    { url: `https://${prospect}/${random.integer(1, 30)}`, page_type: 'blog', excerpt: random.words(20) },
  ]
  const results = (phase: number) =>
    Object.fromEntries(PLAYBOOK_AGENTS[phase - 1]!.map((agent) => [agent, agentResult(random, number)]))
  const elements = <T>(count: number, make: (index: number) => T) =>
    Array.from({ length: count }, (_, index) => make(index))
  return {
    run_id: random.uuid(),
    run_timestamp: startedAt.toISOString(),
    status: failed ? 'partial' : 'completed',
    execution_time_seconds: random.integer(120_000, 400_000) / 1000,
    workflow_input: { vendor_domain: `https://www.${vendor}/`, prospect_domain: prospect },
    phase1_output: {
      ...side(random, 'vendor', vendor, startedAt, pageCharacters),
      ...side(random, 'prospect', prospect, startedAt, pageCharacters),
      agent_results: results(1),
    },
    phase2_output: {
      vendor_elements: {
        offerings: elements(4, () => ({
          name: random.words(2),
          description: random.words(25),
          features: [random.words(3), random.words(4)],
          pricing_indicators: null,
          target_audience: 'Sales',
          sources: sources(),
        })),
        case_studies: elements(3, () => ({
          customer_name: random.words(2),
          industry: random.pick(INDUSTRIES),
          company_size: null,
          challenge: random.words(15),
          solution: random.words(15),
          results: [random.words(6)],
          metrics: ['2x'],
          sources: sources(),
        })),
        proof_points: elements(4, () => ({
          type: 'statistic',
          content: random.words(12),
          source_attribution: null,
          sources: sources(),
        })),
        value_propositions: elements(3, () => ({
          statement: random.words(12),
          benefits: [random.words(4)],
          differentiation: null,
          target_persona: random.pick(PERSONAS),
          sources: sources(),
        })),
        reference_customers: elements(5, () => ({
          name: random.words(2),
          logo_url: null,
          industry: null,
          company_size: null,
          relationship: 'customer',
          sources: sources(),
        })),
        use_cases: elements(3, () => ({
          title: random.words(3),
          description: random.words(15),
          target_persona: null,
          target_industry: null,
          problems_solved: [random.words(5)],
          key_features_used: [],
          sources: sources(),
        })),
        vendor_icp_personas: elements(3, () => ({
          title: random.pick(PERSONAS),
          department: 'Sales',
          responsibilities: [random.words(5)],
          pain_points: [random.words(6), random.words(7)],
          sources: sources(),
        })),
        differentiators: elements(3, () => ({
          category: 'approach',
          statement: random.words(10),
          vs_alternative: null,
          evidence: [random.words(8)],
          sources: sources(),
        })),
      },
      extraction_timestamp: startedAt.toISOString(),
      specialist_results: results(2),
    },
    phase3_output: {
      prospect_intelligence: {
        company_profile: {
          company_name: setting.prospect.name,
          industry: setting.prospect.industry,
          company_size: 'mid-market',
          what_they_do: random.words(20),
          target_market: null,
          sources: sources(),
        },
        pain_points: elements(6, () => ({
          description: random.words(7),
          category: random.pick(CATEGORIES),
          evidence: random.words(15),
          affected_personas: [random.pick(PERSONAS)],
          confidence: random.pick(['high', 'medium', 'low']),
          sources: sources(),
        })),
        target_buyer_personas: elements(3, (index) => ({
          persona_title: PERSONAS[index],
          department: 'Revenue',
          why_they_care: random.words(15),
          pain_points: [random.words(6), random.words(6)],
          goals: [random.words(4)],
          suggested_talking_points: [random.words(8)],
          priority_score: 9 - index,
          sources: sources(),
        })),
      },
      analysis_timestamp: startedAt.toISOString(),
      analyst_results: results(3),
    },
    phase4_output: failed
      ? null
      : {
          sales_playbook: salesPlaybook(random, vendor, setting.prospect.name, startedAt),
          generation_timestamp: startedAt.toISOString(),
          specialist_results: results(4),
        },
    total_api_calls: 22,
    total_tokens_used: random.integer(40_000, 90_000),
    estimated_cost_usd: number % 5 === 0 ? null : random.integer(60_000, 400_000) / 1_000_000,
    errors: failed ? [{ phase: 'phase4', step: 'playbook_summary', message: 'Model unavailable' }] : [],
    warnings: [],
    created_by: random.pick(['dana', 'lee', 'scheduler']),
    created_via: random.pick(['CLI', 'API']),
    notes: null,
    tags: [random.pick(['prompt-A', 'prompt-B']), 'generated'],
  }
}

// biome-ignore lint/suspicious/noExplicitAny: a document that generators change here and there.
export type PlaybookRun = Record<string, any>

function anySetting(random: Random, number: number): Setting {
  const vendor = `vendor${random.integer(1, 40)}.example`
  const domain = `prospect${random.integer(1, 400)}.example`
  const prospect = { domain, name: domain, industry: random.pick(INDUSTRIES) }
  return { vendor, prospect, startedAt: new Date(Date.UTC(2025, 0, 1) + number * 3_607_000) }
}

function agentResult(random: Random, number: number) {
  const prompt = random.integer(900, 6000)
  const completion = random.integer(200, 1500)
  return {
    raw_output: random.words(40),
    tokens_used: prompt + completion,
    execution_time: random.integer(3000, 20_000) / 1000,
    prompt_tokens: prompt,
    completion_tokens: completion,
    model: random.pick(MODELS),
    prompt_version: `v${1 + (number % 4)}`,
  }
}

function side(random: Random, name: 'vendor' | 'prospect', domain: string, at: Date, pageCharacters: number) {
  const urls = Array.from(
    { length: 30 },
    (_, index) => `https://${domain}/${random.pick(['blog', 'pricing', 'product', 'about'])}/${index}`,
  )
  const selected = urls.slice(0, 12)
  const stamp = at.toISOString()
  return {
    [`${name}_validation`]: {
      domain,
      urls_discovered: urls,
      url_count: urls.length,
      map_timestamp: stamp,
      validation_status: 'success',
      error_message: null,
    },
    [`${name}_homepage`]: {
      url: `https://${domain}/`,
      markdown_content: `# ${domain}\n\n${random.words(120)}`,
      char_count: 800,
      word_count: 120,
      scrape_timestamp: stamp,
      metadata: { title: domain },
    },
    [`${name}_homepage_analysis`]: {
      company_basics: { name: domain.split('.')[0], tagline: null, primary_offering: 'Software' },
      key_offerings: [random.words(2)],
      ctas: ['Book a demo'],
      analysis_timestamp: stamp,
    },
    [`${name}_url_prioritization`]: {
      prioritized_urls: selected.map((url, index) => ({
        url,
        priority_score: Math.round((9.8 - index * 0.4) * 10) / 10,
        reasoning: random.words(10),
        category: url.split('/')[3],
      })),
      total_urls_evaluated: urls.length,
      urls_selected: selected.length,
      prioritization_timestamp: stamp,
    },
    [`${name}_batch_content`]: {
      scraped_pages: Object.fromEntries(selected.slice(0, 11).map((url) => [url, page(random, pageCharacters)])),
      page_count: 11,
      total_chars: 11 * pageCharacters,
      total_words: 11 * Math.round(pageCharacters / 7),
      scrape_timestamp: stamp,
      failed_urls: [selected[11]],
    },
  }
}

function page(random: Random, characters: number): string {
  let text = `# ${random.words(4)}\n\n`
  while (text.length < characters) text += `${random.words(60)}.\n\n`
  return text.slice(0, characters)
}

function salesPlaybook(random: Random, vendor: string, prospect: string, at: Date) {
  const script = (type: string) => ({
    script_type: type,
    persona_title: PERSONAS[0],
    opening: random.words(20),
    value_proposition: random.words(20),
    discovery_questions: [{ question: random.words(10), purpose: 'Fit', follow_up_questions: [random.words(8)] }],
    objection_responses: { 'No budget': random.words(12) },
    closing: random.words(12),
    next_steps: ['Book a demo'],
  })
  return {
    vendor_name: vendor,
    prospect_name: prospect,
    generated_date: at.toISOString().slice(0, 10),
    executive_summary: random.words(80),
    priority_personas: PERSONAS.slice(0, random.integer(1, 4)),
    quick_wins: Array.from({ length: random.integer(2, 6) }, () => random.words(8)),
    success_metrics: { email_open_rate_target: '25%+' },
    email_sequences: PERSONAS.slice(0, 3).map((persona) => ({
      persona_title: persona,
      sequence_name: `${persona} sequence`,
      total_days: 14,
      total_touches: 4,
      objective: random.words(8),
      touches: [1, 3, 7, 14].map((day, index) => ({
        touch_number: index + 1,
        day,
        subject: random.words(6),
        body: `Hi {{first_name}},\n\n${random.words(60)}`,
        personalization_notes: [random.words(6)],
        call_to_action: 'Reply',
      })),
      best_practices: [random.words(8)],
    })),
    talk_tracks: PERSONAS.slice(0, 2).map((persona) => ({
      persona_title: persona,
      elevator_pitch: random.words(25),
      cold_call_script: script('cold_call'),
      discovery_script: script('discovery'),
      demo_talking_points: [random.words(8)],
      value_mapping: { [random.words(3)]: random.words(8) },
    })),
    battle_cards: ['why_we_win', 'objection_handling', 'competitive_positioning'].map((type) => ({
      title: `${type} card`,
      card_type: type,
      persona_focus: PERSONAS[0],
      key_differentiators: [random.words(6), random.words(6)],
      proof_points: [random.words(10)],
      objection_responses: [
        {
          objection: 'Too expensive',
          category: 'price',
          response_framework: random.words(10),
          talk_track: random.words(15),
          proof_points: [],
        },
      ],
      competitive_positioning:
        type === 'competitive_positioning'
          ? [0, 1].map(() => ({
              competitor_name: random.pick(COMPETITORS),
              when_to_engage: [random.words(6)],
              when_not_to_engage: [],
              our_advantages: [random.words(6)],
              their_advantages: [],
              trap_setting_questions: [],
              landmines_to_lay: [],
            }))
          : [],
    })),
  }
}
