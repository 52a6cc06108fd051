import type { Cast } from './cast.ts'
import type { Folder } from './files.ts'
import type { Questions } from './questions.ts'
import { compact, DAY, HOUR, MINUTE, SECOND, written } from './times.ts'

const BEGIN = Date.UTC(2025, 9, 1)
const SOURCES = ['app_store_reviews', 'producthunt', 'reddit', 'support_forum']
const PROBLEMS = [
  'Small museums cannot afford audio guides in three languages',
  'Release notes are written by hand from merged pull requests',
  'Buyers fear stolen bicycles on classified sites',
  'Clinics phone patients one by one to fill cancelled slots',
  'Freelancers guess which receipts a tax office accepts',
  'Difficulty proving ROI of training to the board',
]
const DIMENSIONS = ['market', 'competition', 'emotional', 'feasibility', 'signal_quality'] as const
/** Hundredths: the weights of the shipped scoring rules. */
const WEIGHTS = { market: 25, competition: 20, emotional: 30, feasibility: 15, signal_quality: 10 }
const RULES = {
  weights: { market: 0.25, competition: 0.2, emotional: 0.3, feasibility: 0.15, signalQuality: 0.1 },
  thresholds: { emotional: 92, go: 85, research: 70 },
}
/** Candidates whose signal is lost: the last ones, a third of them name it still. */
const ORPHAN_SHARE = 0.05

/** Signals as a queue of lines, candidates as lines and as what the scoring API answers. */
export function writeScoring(folder: Folder, cast: Cast): Questions {
  const { signals, candidates } = cast.sizes
  const queue = folder.lines('signals/queue.jsonl')
  for (let number = 0; number < signals; number++) queue.add(signal(cast, number))
  queue.close()

  const scored = folder.lines('signals/scored.jsonl')
  const answered: unknown[] = []
  let go = 0
  for (let number = 0; number < candidates; number++) {
    const made = candidate(cast, number)
    if (made.verdict === 'GO') go++
    if (number % 20 === 19 && answered.length < 50) answered.push(made)
    else scored.add(made)
  }
  scored.close()
  folder.write('batch_response.json', {
    success: true,
    candidates: answered,
    errors: [],
    processed: answered.length,
    failed: 0,
  })
  return {
    signals: { variables: {}, holds: { 'signals.totalCount': signals, 'orphans.totalCount': orphans(candidates) } },
    candidates: { variables: {}, holds: { 'candidates.totalCount': go } },
    rescore: { variables: { config: RULES }, holds: { 'rescoreCandidates.candidates': candidates } },
  }
}

function orphans(candidates: number): number {
  return Math.floor(candidates * ORPHAN_SHARE)
}

function signalAt(cast: Cast, number: number): number {
  return (
    BEGIN + Math.floor((number * 120 * DAY) / cast.sizes.signals) + cast.random('at', number).integer(0, 59) * SECOND
  )
}

function signalId(cast: Cast, number: number): string {
  return `signal_${compact(signalAt(cast, number))}_${cast.random('signal id', number).hex(6)}`
}

function signal(cast: Cast, number: number): Record<string, unknown> {
  const random = cast.random('signal', number)
  const at = signalAt(cast, number)
  const problem = random.pick(PROBLEMS)
  const source = random.pick(SOURCES)
  const count = () => random.integer(0, 900)
  return {
    id: signalId(cast, number),
    timestamp: written(random, at),
    source,
    title: `${problem.split(' ').slice(0, 3).join(' ')} (${number})`,
    [random.chance(0.3) ? 'url' : 'source_url']: `https://${source.replaceAll('_', '')}.example/post/${number}`,
    [random.chance(0.2) ? 'description' : 'extracted_problem']: problem,
    category: random.pick(['education', 'health', 'tools', null]),
    engagement: random.chance(0.1) ? null : { upvotes: count(), comments: count(), views: count() },
    ...(random.chance(0.7) && { tags: [random.pick(['b2b', 'b2c']), random.pick(['ai', 'health'])] }),
    author: `user_${random.integer(1, 999)}`,
    ...(random.chance(0.2) && { comments: ['I would pay for this', 'Same here, “every” week'] }),
    extracted_at: written(random, at + 7 * MINUTE),
  }
}

function candidate(cast: Cast, number: number) {
  const random = cast.random('candidate', number)
  const { signals, candidates } = cast.sizes
  const isOrphan = number >= candidates - orphans(candidates)
  // A quarter of the signals is never scored, others are again and again.
  const from = Math.floor(random.next() ** 2 * signals * 0.75)
  const at = (isOrphan ? BEGIN + 130 * DAY : signalAt(cast, from)) + random.integer(10, 90) * HOUR
  const base = random.integer(40, 97)
  // Many share a score: the order of ties is decided by their ids.
  const scores = Object.fromEntries(
    DIMENSIONS.map((dimension) => [dimension, Math.min(100, base + random.integer(-6, 12) / 2)]),
  ) as Record<(typeof DIMENSIONS)[number], number>
  const { overall, verdict } = judged(scores)
  const says = Object.fromEntries(DIMENSIONS.map((dimension) => [dimension, random.words(5)]))
  const reasoning = random.chance(0.3)
    ? Object.fromEntries(Object.entries(says).map(([dimension, text]) => [`${dimension}_reasoning`, text]))
    : { reasoning: says }
  return {
    id: `candidate_${compact(at)}_${random.hex(6)}`,
    timestamp: written(random, at),
    signal_id: isOrphan ? (number % 3 === 0 ? `signal_20250101_000000_${random.hex(6)}` : null) : signalId(cast, from),
    title: `Scored idea ${number}`,
    description: random.words(10),
    scores,
    overall_score: overall,
    ...reasoning,
    verdict: random.chance(0.03) ? 'PASS' : verdict,
    recommendations: verdict === 'PASS' ? [] : ['Ship a landing page this week', 'Test with an existing community'],
    ...(random.chance(0.3) && {
      analysis: { competitors: ['Alpha', 'Beta'], tam_usd: random.integer(1, 90) * 100_000 },
    }),
    source: random.pick(SOURCES),
    tags: ['scored'],
  }
}

/** The overall score and verdict by the shipped rules, in whole thousandths: scores are halves, weights hundredths. */
function judged(scores: Record<(typeof DIMENSIONS)[number], number>) {
  const thousandths = DIMENSIONS.reduce((sum, dimension) => sum + scores[dimension] * 10 * WEIGHTS[dimension], 0)
  const overall = Math.floor((thousandths + 5) / 10) / 100
  const verdict = overall >= 85 && scores.emotional >= 96 ? 'GO' : overall >= 70 ? 'RESEARCH' : 'PASS'
  return { overall, verdict }
}
