import {
  bigint,
  dateTime,
  decimal,
  entity,
  extra,
  json,
  long,
  many,
  one,
  oneOf,
  required,
  text,
  textList,
} from '../declaration.ts'
import { painPoint } from './prospects.ts'

/** Filters look at a single score; sorting by one has no index. */
const unsorted = { sortable: false }

export const signal = entity({
  name: 'Signal',
  table: 'signals',
  description: 'A hint of an unmet need, found in a public source.',
  fields: {
    externalId: text('Its id in the artifacts.', required),
    detectedAt: dateTime('When it was found.'),
    source: text('Where it was found, such as reddit or app_store_reviews.'),
    sourceUrl: text('The address of what was found.', long),
    title: text('Its title.'),
    description: text('What was found, as written.', long),
    extractedProblem: text('The problem read out of it; it is a pain point of origin SIGNAL.', long),
    category: text('Its category, as written.'),
    tags: textList('Its tags.'),
    engagement: json('Counts by name, such as upvotes and views, as written.'),
    engagementTotal: bigint('The sum of the engagement counts; 0 when it names none.'),
    author: text('Who wrote it.', long),
    extractedAt: dateTime('When it was read out of its source.', unsorted),
    rawContent: text('The text it was found in.', long),
    comments: json('What others said to it: a list of texts or objects, as written.', required),
    brainEnrichment: json('What was added to it from the knowledge base, as written.'),
    extra,
  },
  relations: {
    candidates: many(() => candidate, 'signal_id', 'The candidates scored from it.'),
    painPoints: many(() => painPoint, 'signal_id', 'The pain point read out of it.'),
  },
  order: { detectedAt: 'DESC' },
})

export const candidate = entity({
  name: 'Candidate',
  table: 'candidates',
  description: 'An idea made from a signal and scored, with the verdict on it. A signal may be scored many times.',
  fields: {
    externalId: text('Its id in the artifacts.', required),
    sourceSignalId: text("Its signal's id in the artifacts.", long),
    title: text('Its title.'),
    description: text('What the idea is.', long),
    overallScore: decimal('The overall score, 0–100, as reported.'),
    marketScore: decimal('How large and willing the market is, 0–100.', unsorted),
    competitionScore: decimal('How well it stands against competitors, 0–100.', unsorted),
    emotionalScore: decimal('How much the problem hurts, 0–100.', unsorted),
    feasibilityScore: decimal('How feasible it is, 0–100.', unsorted),
    signalQualityScore: decimal('How good the signal is, 0–100.', unsorted),
    verdict: oneOf('Verdict', 'What to do with it, as reported.'),
    analysis: json('What the scores are concluded from, as written.'),
    recommendations: textList('What to do next.'),
    source: text('Where its signal was found, as the candidate says.'),
    sourceUrl: text('The address of what was found, as the candidate says.', long),
    category: text('Its category, as written.'),
    tags: textList('Its tags.'),
    scoredAt: dateTime('When it was scored.'),
    extra,
  },
  relations: {
    signal: one(() => signal, 'signal_id', 'The signal it was made from; none while that is not known.'),
    scores: many(() => candidateScore, 'candidate_id', 'Its scores.'),
  },
  order: { scoredAt: 'DESC' },
})

export const candidateScore = entity({
  name: 'CandidateScore',
  table: 'candidate_scores',
  description: "A candidate's score in one dimension.",
  fields: {
    dimension: oneOf('ScoreDimension', 'What is scored.', required),
    score: decimal('The score, 0–100, as reported.'),
    reasoning: text('Why.', long),
  },
  relations: {
    candidate: one(() => candidate, 'candidate_id', 'The candidate that has it.', { optional: false }),
  },
  order: { dimension: 'ASC' },
})
