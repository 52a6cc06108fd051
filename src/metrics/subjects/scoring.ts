import { entities } from '../../filters/entities/index.ts'
import type { Subject } from '../declaration.ts'
import {
  column,
  columnOf,
  distinct,
  each,
  facts,
  is,
  joined,
  ofFact,
  oneOf,
  perObject,
  scores,
  share,
  text,
  those,
} from './shared.ts'

const verdict = column('verdict')

export const candidates: Subject = {
  name: 'CANDIDATES',
  field: 'candidateMetrics',
  description: 'Scored candidates: how many, how they were judged, how they scored.',
  entity: entities.candidate,
  time: { description: 'When the candidate was scored.', value: column('scored_at') },
  joins: {
    signal: joined('signals', 'signal', ofFact, 'signal_id'),
  },
  dimensions: {
    verdict: oneOf('Verdict', 'The verdict, as reported.', verdict),
    source: text('Where its signal was found.', column('source')),
    signalSource: text('Where its signal says that it was found.', columnOf('signal', 'source')),
    category: text('Its category, as written.', column('category')),
    signalCategory: text("Its signal's category, as written.", columnOf('signal', 'category')),
    tag: each('tag', 'Its tags.', column('tags')),
  },
  objects: {
    Signal: perObject('candidateMetrics', 'Its scorings in numbers.', column('signal_id')),
  },
  measures: {
    candidates: facts('Candidates.'),
    go: those('Candidates with the verdict GO.', is(verdict, 'GO')),
    research: those('Candidates with the verdict RESEARCH.', is(verdict, 'RESEARCH')),
    pass: those('Candidates with the verdict PASS.', is(verdict, 'PASS')),
    goRate: share('GO ÷ candidates.', is(verdict, 'GO')),
    overallScore: scores('The overall score, as reported.', column('overall_score')),
    marketScore: scores('The market score.', column('market_score')),
    competitionScore: scores('The competition score.', column('competition_score')),
    emotionalScore: scores('The emotional score.', column('emotional_score')),
    feasibilityScore: scores('The feasibility score.', column('feasibility_score')),
    signalQualityScore: scores('The score of the signal itself.', column('signal_quality_score')),
    signals: distinct('Different signals.', column('signal_id')),
  },
}
