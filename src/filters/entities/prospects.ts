import {
  dateTime,
  entity,
  extra,
  float,
  integer,
  long,
  many,
  one,
  oneOf,
  required,
  text,
  textList,
} from '../declaration.ts'
import { company } from './companies.ts'
import { conversation } from './conversations.ts'
import { run } from './runs.ts'
import { signal } from './scoring.ts'
import { vendorPersona } from './vendor-elements.ts'

export const companyProfile = entity({
  name: 'CompanyProfile',
  table: 'company_profiles',
  description: 'What a run says of the prospect.',
  fields: {
    companyName: text('The company, as written.'),
    industry: text('Its industry, as written.'),
    companySize: text('Its size, as written.'),
    whatTheyDo: text('What it does.', long),
    targetMarket: text('Who it sells to.', long),
    extra,
  },
  relations: {
    run: one(() => run, 'run_id', 'The run that made it.', { optional: false }),
  },
  order: { companyName: 'ASC' },
})

export const buyerPersona = entity({
  name: 'BuyerPersona',
  table: 'buyer_personas',
  description: 'Somebody at the prospect who may want to buy.',
  fields: {
    position: integer('Its place in the list, from 0.', required),
    personaTitle: text('The job title.'),
    department: text('The department.'),
    whyTheyCare: text('Why the offer matters to the persona.', long),
    goals: textList('What the persona wants to reach.'),
    suggestedTalkingPoints: textList('What to talk about.'),
    priorityScore: float('How important the persona is, 1–10.'),
    extra,
  },
  relations: {
    run: one(() => run, 'run_id', 'The run that found it.', { optional: false }),
    company: one(() => company, 'company_id', 'The prospect.'),
    painPoints: many(() => painPoint, 'buyer_persona_id', "The persona's pain points."),
  },
  order: { priorityScore: 'DESC' },
})

export const painPoint = entity({
  name: 'PainPoint',
  table: 'pain_points',
  description: 'A problem that somebody has, whatever said so.',
  fields: {
    origin: oneOf('PainPointOrigin', 'What said so.', required),
    description: text('The problem, as written.', { ...required, ...long }),
    theme: text(
      'The description folded: lower case, without punctuation; the same problem said twice has one theme.',
      required,
    ),
    category: oneOf('PainPointCategory', 'Its kind; null for origins without one.'),
    confidence: oneOf('Confidence', 'How sure it is; null for origins without one.'),
    evidence: text('What it is concluded from.', long),
    affectedPersonas: textList('Who has it.'),
    position: integer('Its place in the list it came from, from 0.', required),
    occurredAt: dateTime('When it was said.'),
    extra,
  },
  relations: {
    run: one(() => run, 'run_id', 'The run that found it.'),
    company: one(() => company, 'company_id', 'The company that has it.'),
    buyerPersona: one(() => buyerPersona, 'buyer_persona_id', 'The buyer persona that has it.'),
    conversation: one(() => conversation, 'conversation_id', 'The conversation that it came up in.'),
    vendorPersona: one(() => vendorPersona, 'vendor_persona_id', "The persona of the vendor's customers that has it."),
    signal: one(() => signal, 'signal_id', 'The signal that it was read out of.'),
  },
  order: { occurredAt: 'DESC' },
})
