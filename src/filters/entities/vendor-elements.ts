import { entity, extra, integer, long, many, one, required, text, textList } from '../declaration.ts'
import { painPoint } from './prospects.ts'
import { run } from './runs.ts'

const position = integer('Its place in the list, from 0.', required)
const ofRun = { run: one(() => run, 'run_id', 'The run that found it.', { optional: false }) }

export const offering = entity({
  name: 'Offering',
  table: 'offerings',
  description: 'Something the vendor sells.',
  fields: {
    position,
    name: text('Its name.'),
    description: text('What it is.', long),
    features: textList('What it can do.'),
    pricingIndicators: text('What is known of its price.'),
    targetAudience: text('Who it is for.'),
    extra,
  },
  relations: ofRun,
  order: { position: 'ASC' },
})

export const caseStudy = entity({
  name: 'CaseStudy',
  table: 'case_studies',
  description: "A story of one of the vendor's customers.",
  fields: {
    position,
    customerName: text('The customer.'),
    industry: text("The customer's industry."),
    companySize: text("The customer's size, as written."),
    challenge: text('What was wrong.', long),
    solution: text('What was done.', long),
    results: textList('What came of it.'),
    metrics: textList('What came of it, in numbers.'),
    extra,
  },
  relations: ofRun,
  order: { position: 'ASC' },
})

export const proofPoint = entity({
  name: 'ProofPoint',
  table: 'proof_points',
  description: "Something that speaks for the vendor's claims.",
  fields: {
    position,
    type: text('Its kind, as written.'),
    content: text('What it says.', long),
    sourceAttribution: text('Who says so.'),
    extra,
  },
  relations: ofRun,
  order: { position: 'ASC' },
})

export const valueProposition = entity({
  name: 'ValueProposition',
  table: 'value_propositions',
  description: 'Why somebody should buy from the vendor.',
  fields: {
    position,
    statement: text('The proposition.', long),
    benefits: textList('What the buyer gains.'),
    differentiation: text('What others do not offer.', long),
    targetPersona: text('Who it is for.'),
    extra,
  },
  relations: ofRun,
  order: { position: 'ASC' },
})

export const referenceCustomer = entity({
  name: 'ReferenceCustomer',
  table: 'reference_customers',
  description: 'A customer that the vendor names.',
  fields: {
    position,
    name: text('Its name.'),
    logoUrl: text('The address of its logo.'),
    industry: text('Its industry.'),
    companySize: text('Its size, as written.'),
    relationship: text('What it is to the vendor, as written.'),
    extra,
  },
  relations: ofRun,
  order: { position: 'ASC' },
})

export const useCase = entity({
  name: 'UseCase',
  table: 'use_cases',
  description: "What the vendor's offerings are used for.",
  fields: {
    position,
    title: text('Its title.'),
    description: text('What it is.', long),
    targetPersona: text('Who it is for.'),
    targetIndustry: text('The industry it is for.'),
    problemsSolved: textList('What it solves.'),
    keyFeaturesUsed: textList('What it is done with.'),
    extra,
  },
  relations: ofRun,
  order: { position: 'ASC' },
})

export const vendorPersona = entity({
  name: 'VendorPersona',
  table: 'vendor_personas',
  description: "A persona of the vendor's ideal customer profile.",
  fields: {
    position,
    title: text('The job title.'),
    department: text('The department.'),
    responsibilities: textList('What the persona answers for.'),
    extra,
  },
  relations: { ...ofRun, painPoints: many(() => painPoint, 'vendor_persona_id', "The persona's pain points.") },
  order: { position: 'ASC' },
})

export const differentiator = entity({
  name: 'Differentiator',
  table: 'differentiators',
  description: 'What sets the vendor apart.',
  fields: {
    position,
    category: text('Its kind, as written.'),
    statement: text('The claim.', long),
    vsAlternative: text('What it is compared with.', long),
    evidence: textList('What proves it.'),
    extra,
  },
  relations: ofRun,
  order: { position: 'ASC' },
})
