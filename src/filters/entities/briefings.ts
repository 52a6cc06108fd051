import { dateTime, entity, extra, float, integer, json, long, many, one, required, text } from '../declaration.ts'
import { run, runPhase } from './runs.ts'

/** What phases say of an item to rank it. */
const scoreFields = {
  rank: integer('Its place in the ranking; 1 is the best.'),
  weightedScore: float('Its overall score as written, usually 0–10.'),
  tier1Score: float('The score of the first filter as written, usually 0–10.'),
  tier2Score: float('The score of the second filter as written, usually 0–10.'),
  scores: json('Its scores by dimension, as written.'),
  marketImpact: float('Its score for market impact as written, usually 0–10.'),
  competitiveImpact: float('Its score for competitive impact as written, usually 0–10.'),
  strategicRelevance: float('Its score for strategic relevance as written, usually 0–10.'),
  operationalRelevance: float('Its score for operational relevance as written, usually 0–10.'),
  credibility: float('Its score for credibility as written, usually 0–10.'),
}

export const runItem = entity({
  name: 'RunItem',
  table: 'run_items',
  description:
    'A distinct item of a run, such as an article; each value is that of the latest phase of the run that gives one.',
  fields: {
    itemKey: text('Its URL, else its id: what makes it the same item in another phase or run.', required),
    sourceId: text('Its id in the artifacts.'),
    url: text('Its URL.'),
    title: text('Its title.'),
    source: text('Who published it.'),
    publishedDate: text('When it was published, as written.'),
    publishedAt: dateTime('When it was published, where that can be read as a moment.'),
    ...scoreFields,
    content: text('Its text.', long),
    paraphrasedContent: text('Its text in other words.', long),
    entities: json('Names and things found in its text, as written.'),
    validation: json('What the validation found, as written.'),
    lastPhaseNumber: integer('The number of the last phase that still has it.', required),
    lastPhaseName: text('The name of the last phase that still has it.', required),
    extra,
  },
  relations: {
    run: one(() => run, 'run_id', 'The run it is an item of.', { optional: false }),
    lastPhase: one(() => runPhase, 'last_phase_id', 'The last phase that still has it.'),
    phases: many(() => runItemPhase, 'item_id', 'How it stood in each phase that has it.'),
  },
  order: { rank: 'ASC' },
})

export const runItemPhase = entity({
  name: 'RunItemPhase',
  table: 'run_item_phases',
  description: 'An item as it stood in one phase of its run.',
  fields: {
    itemKey: text("The item's URL, else its id: what makes it the same item in another phase or run.", required),
    phaseNumber: integer('The number of the phase.', required),
    position: integer("Its place in the phase's list, from 0.", required),
    ...scoreFields,
    payload: json('The item as the phase wrote it.', { required: true, filterable: false }),
  },
  relations: {
    run: one(() => run, 'run_id', 'The run.', { optional: false }),
    item: one(() => runItem, 'item_id', 'The item.', { optional: false }),
    phase: one(() => runPhase, 'phase_id', 'The phase.'),
  },
  // Only a phase's own items have an order; over all phases any that an index serves will do.
  order: { id: 'ASC' },
})
