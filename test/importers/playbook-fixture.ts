/** A small complete run with every field of the format set; a change replaces top-level fields. */
export function completeRun(change: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    run_id: '11111111-1111-4111-8111-111111111111',
    run_timestamp: '2025-10-06T18:14:33+02:00',
    status: 'completed',
    execution_time_seconds: 61.5,
    workflow_input: { vendor_domain: 'https://www.Vendor.example/', prospect_domain: 'prospect.example', region: 'EU' },
    phase1_output: {
      ...side('vendor'),
      ...side('prospect'),
      agent_results: { homepage_analyst: result(), url_prioritizer: result() },
    },
    phase2_output: {
      vendor_elements: {
        offerings: [
          {
            name: 'Core',
            description: 'The core',
            features: ['fast'],
            pricing_indicators: 'per seat',
            target_audience: 'Sales',
            sources: sources(),
            colour: 'blue',
          },
        ],
        case_studies: [
          {
            customer_name: 'Velo',
            industry: 'Bikes',
            company_size: '50',
            challenge: 'Volume',
            solution: 'Plays',
            results: ['2x'],
            metrics: ['40 h'],
            sources: sources(),
          },
        ],
        proof_points: [
          { type: 'statistic', content: '40 hours saved', source_attribution: 'Velo', sources: sources() },
        ],
        value_propositions: [
          {
            statement: 'Less work',
            benefits: ['Time'],
            differentiation: 'Speed',
            target_persona: 'CRO',
            sources: sources(),
          },
        ],
        reference_customers: [
          {
            name: 'Velo',
            logo_url: 'https://vendor.example/velo.png',
            industry: 'Bikes',
            company_size: '50',
            relationship: 'customer',
            sources: sources(),
          },
        ],
        use_cases: [
          {
            title: 'Outbound',
            description: 'Plan it',
            target_persona: 'CRO',
            target_industry: 'SaaS',
            problems_solved: ['Volume'],
            key_features_used: ['Plays'],
            sources: sources(),
          },
        ],
        vendor_icp_personas: [
          {
            title: 'CRO',
            department: 'Sales',
            responsibilities: ['Quota'],
            pain_points: ['Ramp is slow', 'Data is old'],
            sources: sources(),
          },
        ],
        differentiators: [
          {
            category: 'approach',
            statement: 'Plays, not prompts',
            vs_alternative: 'Prompts',
            evidence: ['Demo'],
            sources: sources(),
          },
        ],
      },
      extraction_timestamp: '2025-10-06T16:16:33.000Z',
      specialist_results: {
        offerings: result({ cost_usd: 0.002 }),
        case_studies: result({ error: 'no valid JSON', status: 'failed' }),
      },
    },
    phase3_output: {
      prospect_intelligence: {
        company_profile: {
          company_name: 'Prospect Inc.',
          industry: 'Healthcare',
          company_size: '200',
          what_they_do: 'Care',
          target_market: 'EU',
          sources: sources(),
        },
        pain_points: [
          {
            description: 'Difficulty proving ROI',
            category: 'strategic',
            evidence: 'A blog post',
            affected_personas: ['CFO'],
            confidence: 'high',
            sources: sources(),
          },
        ],
        target_buyer_personas: [
          {
            persona_title: 'CFO',
            department: 'Finance',
            why_they_care: 'Money',
            pain_points: ['Budget'],
            goals: ['Save'],
            suggested_talking_points: ['ROI'],
            priority_score: 9,
            sources: sources(),
          },
        ],
      },
      analysis_timestamp: '2025-10-06T16:18:33.000Z',
      analyst_results: { pain_points: result() },
    },
    phase4_output: {
      sales_playbook: {
        vendor_name: 'Vendor',
        prospect_name: 'Prospect Inc.',
        generated_date: '2025-10-06',
        executive_summary: 'Start small.',
        priority_personas: ['CFO'],
        quick_wins: ['Call'],
        success_metrics: { open_rate: '25%' },
        email_sequences: [
          {
            persona_title: 'CFO',
            sequence_name: 'CFO sequence',
            total_days: 14,
            total_touches: 2,
            objective: 'Meet',
            touches: [touch(1), touch(2)],
            best_practices: ['Short'],
          },
        ],
        talk_tracks: [
          {
            persona_title: 'CFO',
            elevator_pitch: 'We save time.',
            cold_call_script: script('cold_call'),
            discovery_script: script('discovery'),
            demo_talking_points: ['Show it'],
            value_mapping: { Budget: 'Saves' },
          },
        ],
        battle_cards: [
          {
            title: 'Against Rival',
            card_type: 'competitive_positioning',
            persona_focus: 'CFO',
            key_differentiators: ['Speed'],
            proof_points: ['Velo'],
            objection_responses: [
              {
                objection: 'Price',
                category: 'price',
                response_framework: 'Feel, felt, found',
                talk_track: 'I see',
                proof_points: ['Velo'],
              },
            ],
            competitive_positioning: [
              {
                competitor_name: ' Rival ',
                when_to_engage: ['Early'],
                when_not_to_engage: ['Late'],
                our_advantages: ['Speed'],
                their_advantages: ['Price'],
                trap_setting_questions: ['How fast?'],
                landmines_to_lay: ['Ask for a date'],
              },
            ],
          },
        ],
      },
      generation_timestamp: '2025-10-06T16:21:33.000Z',
      specialist_results: { email_sequences: result() },
    },
    total_api_calls: 6,
    total_tokens_used: 6000,
    estimated_cost_usd: 0.01,
    errors: [
      {
        phase: 'phase2',
        step: 'case_studies',
        message: 'No valid JSON',
        error_type: 'ValidationError',
        occurred_at: '2025-10-06T16:15:00Z',
      },
    ],
    warnings: [{ phase: 'phase1', step: 'batch_scrape_vendor', message: 'One page could not be read' }],
    created_by: 'dana',
    created_via: 'CLI',
    notes: 'A note',
    tags: ['prompt-A', 'nightly'],
    prompt_versions: { offerings: 'v1', pain_points: 'v2' },
    host: 'worker-3',
    ...change,
  }
}

function side(name: 'vendor' | 'prospect') {
  const stamp = '2025-10-06T16:14:33.000Z'
  const url = (page: string) => `https://${name}.example/${page}`
  return {
    [`${name}_validation`]: {
      domain: `${name}.example`,
      urls_discovered: [url('a'), url('b')],
      url_count: 2,
      map_timestamp: stamp,
      validation_status: 'success',
      error_message: null,
    },
    [`${name}_homepage`]: {
      url: url(''),
      markdown_content: '# Home',
      char_count: 6,
      word_count: 2,
      scrape_timestamp: stamp,
      metadata: { title: 'Home' },
    },
    [`${name}_homepage_analysis`]: {
      company_basics: { name: `The ${name}`, tagline: 'Tag', primary_offering: 'Software' },
      key_offerings: ['Core'],
      ctas: ['Demo'],
      analysis_timestamp: stamp,
    },
    [`${name}_url_prioritization`]: {
      prioritized_urls: [
        { url: url('a'), priority_score: 9.5, reasoning: 'Prices', category: 'pricing' },
        { url: url('b'), priority_score: 7, reasoning: 'News', category: 'blog' },
      ],
      total_urls_evaluated: 2,
      urls_selected: 2,
      prioritization_timestamp: stamp,
    },
    [`${name}_batch_content`]: {
      scraped_pages: { [url('a')]: '# A' },
      page_count: 1,
      total_chars: 3,
      total_words: 2,
      scrape_timestamp: stamp,
      failed_urls: [url('b')],
    },
  }
}

function result(change: Record<string, unknown> = {}) {
  return {
    raw_output: '{"answer": 1}',
    tokens_used: 1000,
    execution_time: 2.5,
    prompt_tokens: 800,
    completion_tokens: 200,
    cached_tokens: 100,
    model: 'in-house-7b',
    prompt_version: 'v1',
    started_at: '2025-10-06T16:15:00Z',
    ...change,
  }
}

function sources() {
  return [{ url: 'https://vendor.example/a', page_type: 'pricing', excerpt: 'Excerpt.' }]
}

function touch(number: number) {
  return {
    touch_number: number,
    day: number * 3,
    subject: 'Hi {{first_name}}',
    body: 'Two words',
    personalization_notes: ['Name'],
    call_to_action: 'Reply',
  }
}

function script(type: string) {
  return {
    script_type: type,
    persona_title: 'CFO',
    opening: 'Hello',
    value_proposition: 'Time',
    discovery_questions: [{ question: 'How?', purpose: 'Fit', follow_up_questions: ['Why?'] }],
    objection_responses: { 'No budget': 'Pilot' },
    closing: 'Thanks',
    next_steps: ['Demo'],
  }
}
