import { BRIEFING_PHASES } from '../../../src/model/pipelines.ts'
import type { Random } from '../random.ts'
import type { Cast } from './cast.ts'
import type { Folder } from './files.ts'
import type { Questions } from './questions.ts'
import { compact, DAY, SECOND, utc } from './times.ts'

const BEGIN = Date.UTC(2025, 4, 1, 6)
/** One run in so many ends before its enrichment, and so does the newest. */
const FAILED_EVERY = 7
const FAILED_AFTER = 7
/** Stories of a run that the run before it did not have. */
const NEW_SHARE = 2 / 3
const SOURCES = ['Daily Ledger', 'Ops Review', 'Signal Post', 'Trade Wire', null]
const TOPICS = ['opens a second plant', 'cuts its catalogue', 'picks a vendor', 'names a finance chief', 'goes direct']
const DIMENSIONS = [
  'market_impact',
  'competitive_impact',
  'strategic_relevance',
  'operational_relevance',
  'credibility',
]
/** The phases that ask a model, and how many articles they put into one call. */
const MODELS: Record<string, { model: string; articlesPerCall: number; tokensPerCall: number }> = {
  tier2_batch: { model: 'in-house-7b', articlesPerCall: 8, tokensPerCall: 900 },
  tier3_5d: { model: 'in-house-70b', articlesPerCall: 1, tokensPerCall: 1_100 },
  paraphrasing: { model: 'in-house-70b', articlesPerCall: 1, tokensPerCall: 1_200 },
  enrichment: { model: 'in-house-7b', articlesPerCall: 1, tokensPerCall: 1_000 },
}

type Run = { number: number; id: string; startedAt: number; firstStory: number; articles: number; isFailed: boolean }
type Article = Record<string, unknown> & { weighted_score?: number }

/** Briefing runs: a directory each, a file a phase, fewer articles from phase to phase. */
export function writeBriefings(folder: Folder, cast: Cast): Questions {
  const artifacts = folder.in('artifacts')
  const runs = plan(cast)
  for (const run of runs) writeRun(artifacts.in(`run_${run.id}`), cast, run)
  const complete = runs.filter(({ isFailed }) => !isFailed)
  const [before, newest] = complete.slice(-2) as [Run, Run]
  artifacts.write('latest', `run_${newest.id}`)
  return {
    'briefing-runs': {
      variables: {},
      holds: { 'runs.totalCount': runs.length, 'runs.edges.0.node.externalId': runs[0]!.id },
    },
    funnel: {
      variables: { run: newest.id },
      holds: {
        'run.status': 'COMPLETED',
        'run.funnel.length': BRIEFING_PHASES.length,
        'run.items.totalCount': newest.articles,
        'run.items.edges.0.node.rank': 1,
      },
    },
    'resume-plan': {
      variables: { run: runs.at(-1)!.id },
      holds: {
        'run.resumePlan.resumable': true,
        'run.resumePlan.nextPhase.number': FAILED_AFTER + 1,
        'run.resumePlan.completedPhases.length': FAILED_AFTER,
      },
    },
    'compare-two-runs': {
      variables: { a: before.id, b: newest.id },
      holds: { 'compareTwoRuns.phases.length': BRIEFING_PHASES.length },
    },
  }
}

function plan(cast: Cast): Run[] {
  const { briefingRuns, largeBriefingRuns, largestBriefingArticles } = cast.sizes
  const runs: Run[] = []
  let firstStory = 0
  for (let number = 0; number < briefingRuns; number++) {
    const random = cast.random('briefing', number)
    const isLarge = number < briefingRuns - 1 && number >= briefingRuns - 1 - largeBriefingRuns
    const articles = (isLarge ? largestBriefingArticles : 56) + random.integer(0, 8)
    const startedAt = BEGIN + Math.floor((number * 250 * DAY) / briefingRuns) + random.integer(0, 59) * SECOND
    const isFailed = number % FAILED_EVERY === FAILED_EVERY - 1
    runs.push({ number, id: compact(startedAt), startedAt, firstStory, articles, isFailed })
    firstStory += Math.ceil(articles * NEW_SHARE)
  }
  return runs
}

function writeRun(folder: Folder, cast: Cast, { number, id, startedAt, firstStory, articles, isFailed }: Run): void {
  const random = cast.random('briefing phases', number)
  let items: Article[] = []
  let at = startedAt
  for (const [index, name] of BRIEFING_PHASES.slice(0, -1).entries()) {
    const phase = index + 1
    if (isFailed && phase > FAILED_AFTER) return
    const before = items.length
    if (name === 'scraping') items = Array.from({ length: articles }, (_, place) => story(cast, firstStory + place))
    else items = worked(name, items, random)
    const seconds = random.decimal(0.2, name in MODELS ? 480 : 30, 1)
    at += seconds * SECOND + SECOND
    const metadata = {
      run_id: id,
      phase_name: name,
      phase_number: phase,
      timestamp: utc(at),
      duration_seconds: seconds,
      input_count: before,
      output_count: items.length,
      ...usage(name, before, random),
      status: 'completed',
    }
    const file = `phase${phase}_${name}.json${number % 5 === 2 && name === 'scraping' ? '.gz' : ''}`
    folder.write(file, { metadata, data: phase === 1 ? { config: { max_articles: articles } } : { articles: items } })
  }
  const lines = items.map(({ rank, title }) => `${rank}. ${title}`)
  folder.write('phase10_final_report.md', `# Briefing ${id}\n\n${lines.join('\n')}\n`)
}

/** A story is the same whichever run finds it. */
function story(cast: Cast, number: number): Article {
  const random = cast.random('story', number)
  const { name } = cast.company(random.integer(0, cast.sizes.companies - 1))
  return {
    title: `${name} ${random.pick(TOPICS)} (${number})`,
    url: `https://news${random.integer(1, 4)}.example/2025/story-${String(number).padStart(6, '0')}`,
    content: random.words(12),
    source: random.pick(SOURCES),
    published_date: utc(BEGIN + random.integer(0, 200) * DAY).slice(0, 10),
  }
}

/** What a phase makes of the articles of the one before. */
function worked(phase: string, items: Article[], random: Random): Article[] {
  const kept = (share: number) =>
    items.filter((_, place) => Math.floor((place + 1) * share) > Math.floor(place * share))
  switch (phase) {
    case 'tier1_filter':
      return kept(0.4).map((item) => ({ ...item, tier1_score: random.decimal(6, 10, 1) }))
    case 'tier2_batch':
      return items.map((item) => ({ ...item, tier2_score: random.decimal(4, 10, 1) }))
    case 'tier3_5d':
      return kept(0.42).map((item) => {
        const scores = Object.fromEntries(DIMENSIONS.map((dimension) => [dimension, random.integer(5, 9)]))
        return { ...item, scores, weighted_score: random.decimal(5, 9.5, 1) }
      })
    case 'ranking': {
      const ranked = [...items].sort((a, b) => b.weighted_score! - a.weighted_score!)
      return ranked.map((item, place) => ({ ...item, rank: place + 1 }))
    }
    case 'paraphrasing':
      return items.map((item) => ({ ...item, paraphrased_content: `In short: ${random.words(8)}` }))
    case 'enrichment':
      return items.map((item) => ({ ...item, entities: [{ name: random.words(1), kind: 'company' }] }))
    case 'validation':
      return items.slice(0, -1).map((item) => ({ ...item, validation: { passed: true } }))
    default:
      return items
  }
}

/** What a phase asked of its model; early runs did not write what they did not use. */
function usage(phase: string, articles: number, random: Random) {
  const asked = MODELS[phase]
  if (!asked) return random.chance(0.2) ? {} : { llm_calls: 0, cost_usd: 0 }
  const calls = Math.ceil(articles / asked.articlesPerCall)
  const prompt = calls * asked.tokensPerCall + random.integer(0, 500)
  const completion = calls * random.integer(90, 260)
  return {
    llm_calls: calls,
    cost_usd: random.chance(0.1) ? null : Math.round(prompt * 0.6 + completion * 2.4) / 1e6,
    model: asked.model,
    prompt_tokens: prompt,
    completion_tokens: completion,
    prompt_version: random.pick(['v1', 'v2', null]),
  }
}
