/** A signal that has every field of its format, and one that it does not have. */
export function completeSignal(changes: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    id: 'signal_20260126_113936_143b63',
    timestamp: '2026-01-26T12:39:36+01:00',
    source: 'reddit',
    source_url: 'https://reddit.example/post/1',
    title: 'Invoice reminders that people read',
    description: 'Freelancers wait for their money',
    extracted_problem: 'Reminders are not read',
    category: 'finance',
    tags: ['b2b', 'email'],
    engagement: { upvotes: 512, comments: 132, shares: null },
    author: 'user_1',
    extracted_at: '2026-01-26T11:50:00',
    raw_content: 'The whole text',
    comments: ['I would pay for this', { author: 'user_2', text: 'So would I' }],
    brain_enrichment: { related: 3 },
    crawler_version: '1.4',
    ...changes,
  }
}

/** A scored candidate that has every field of its format, and some that it does not have. */
export function completeCandidate(changes: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    id: 'candidate_20260129_204930_7af95d',
    timestamp: '2026-01-29T20:49:30Z',
    signal_id: 'signal_20260126_113936_143b63',
    title: 'Invoice reminders',
    description: 'A tool that writes them',
    scores: { market: 88, competition: 75, emotional: 96, feasibility: 90, signal_quality: 82, novelty: 12 },
    overall_score: 87.5,
    reasoning: {
      market: 'Large',
      competition: 'Some',
      emotional: 'It hurts',
      feasibility: 'Simple',
      signal_quality: 'Clear',
    },
    verdict: 'GO',
    analysis: { tam_usd: 1_000_000 },
    recommendations: ['Start with one city'],
    source: 'reddit',
    source_url: 'https://reddit.example/post/1',
    category: 'finance',
    tags: ['scored'],
    model: 'm-1',
    ...changes,
  }
}
