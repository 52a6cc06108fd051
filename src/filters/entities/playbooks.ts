import {
  date,
  entity,
  extra,
  float,
  integer,
  json,
  long,
  many,
  one,
  oneOf,
  required,
  text,
  textList,
} from '../declaration.ts'
import { run } from './runs.ts'

const position = integer('Its place in the list, from 0.', required)

export const playbook = entity({
  name: 'Playbook',
  table: 'playbooks',
  description: 'A sales playbook for one vendor and one prospect.',
  fields: {
    vendorName: text('The company that sells, as written.'),
    prospectName: text('The company that is sold to, as written.'),
    generatedOn: date('The day it was made.'),
    executiveSummary: text('Its summary.', long),
    priorityPersonas: textList('The personas to talk to first.'),
    quickWins: textList('What can be done at once.'),
    successMetrics: json('How success is measured, as written.'),
    qualityScore: float('How complete it is, 0–100: the sum of the points in its quality breakdown.', required),
    extra,
  },
  relations: {
    run: one(() => run, 'run_id', 'The run that made it.', { optional: false }),
    emailSequences: many(() => emailSequence, 'playbook_id', 'Its email sequences.'),
    talkTracks: many(() => talkTrack, 'playbook_id', 'Its talk tracks.'),
    battleCards: many(() => battleCard, 'playbook_id', 'Its battle cards.'),
  },
  order: { generatedOn: 'DESC' },
})

export const emailSequence = entity({
  name: 'EmailSequence',
  table: 'email_sequences',
  description: 'A series of emails to one persona.',
  fields: {
    position,
    personaTitle: text('The persona it is for.'),
    sequenceName: text('Its name.'),
    totalDays: integer('How long it runs, in days.'),
    totalTouches: integer('Number of touches: as reported, else those in the list.'),
    objective: text('What it should achieve.', long),
    bestPractices: textList('What to mind.'),
    averageSubjectLength: float('Mean length of its subjects, in characters.'),
    averageBodyWords: float('Mean length of its bodies, in words.'),
    personalizationTokens: integer('Number of {{…}} placeholders in its subjects and bodies.', required),
    extra,
  },
  relations: {
    playbook: one(() => playbook, 'playbook_id', 'The playbook it is part of.', { optional: false }),
    touches: many(() => emailTouch, 'email_sequence_id', 'Its emails.'),
  },
  order: { position: 'ASC' },
})

export const emailTouch = entity({
  name: 'EmailTouch',
  table: 'email_touches',
  description: 'One email of a sequence.',
  fields: {
    position,
    touchNumber: integer('Its number, as written.'),
    day: integer('The day it is sent, counted from the first.'),
    subject: text('Its subject.'),
    body: text('Its body.', long),
    personalizationNotes: textList('How to make it personal.'),
    callToAction: text('What it asks for.', long),
    subjectLength: integer('Length of the subject, in characters.', required),
    bodyWords: integer('Length of the body, in words.', required),
    personalizationTokens: integer('Number of {{…}} placeholders in subject and body.', required),
    extra,
  },
  relations: {
    emailSequence: one(() => emailSequence, 'email_sequence_id', 'The sequence it is part of.', { optional: false }),
  },
  order: { position: 'ASC' },
})

export const talkTrack = entity({
  name: 'TalkTrack',
  table: 'talk_tracks',
  description: 'What to say to one persona.',
  fields: {
    position,
    personaTitle: text('The persona it is for.'),
    elevatorPitch: text('The pitch in short.', long),
    demoTalkingPoints: textList('What to say in a demo.'),
    valueMapping: json('Which value answers which need, as written.'),
    extra,
  },
  relations: {
    playbook: one(() => playbook, 'playbook_id', 'The playbook it is part of.', { optional: false }),
    scripts: many(() => talkScript, 'talk_track_id', 'Its scripts.'),
  },
  order: { position: 'ASC' },
})

export const talkScript = entity({
  name: 'TalkScript',
  table: 'talk_scripts',
  description: 'A cold-call or discovery script.',
  fields: {
    position,
    slot: text('What it is for: cold_call_script or discovery_script.', required),
    scriptType: text('Its type, as written.'),
    personaTitle: text('The persona it is for.'),
    opening: text('How to begin.', long),
    valueProposition: text('What to offer.', long),
    closing: text('How to end.', long),
    nextSteps: textList('What to do next.'),
    extra,
  },
  relations: {
    talkTrack: one(() => talkTrack, 'talk_track_id', 'The talk track it is part of.', { optional: false }),
  },
  order: { position: 'ASC' },
})

export const battleCard = entity({
  name: 'BattleCard',
  table: 'battle_cards',
  description: 'Arguments for one situation of a sale.',
  fields: {
    position,
    title: text('Its title.'),
    cardType: oneOf('BattleCardType', 'What it is for.'),
    personaFocus: text('The persona it is for.'),
    keyDifferentiators: textList('What sets the vendor apart.'),
    proofPoints: textList('What proves it.'),
    extra,
  },
  relations: {
    playbook: one(() => playbook, 'playbook_id', 'The playbook it is part of.', { optional: false }),
    competitivePositioning: many(
      () => competitivePositioning,
      'battle_card_id',
      'How it positions against competitors.',
    ),
  },
  order: { position: 'ASC' },
})

export const competitivePositioning = entity({
  name: 'CompetitivePositioning',
  table: 'competitive_positionings',
  description: 'How a battle card positions the vendor against one competitor.',
  fields: {
    position,
    competitorName: text('The competitor, as written, trimmed.'),
    whenToEngage: textList('When to take it up.'),
    whenNotToEngage: textList('When not to take it up.'),
    ourAdvantages: textList('What the vendor has over it.'),
    theirAdvantages: textList('What it has over the vendor.'),
    trapSettingQuestions: textList('Questions that bring out its weak points.'),
    landminesToLay: textList('Requirements that it cannot meet.'),
    extra,
  },
  relations: {
    battleCard: one(() => battleCard, 'battle_card_id', 'The battle card it is part of.', { optional: false }),
  },
  order: { position: 'ASC' },
})
