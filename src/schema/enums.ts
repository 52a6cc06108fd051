import type { EnumRef } from '@pothos/core'
import type { EnumName } from '../filters/declaration.ts'
import type * as enums from '../store/generated/enums.ts'
import { builder, type Types } from './builder.ts'

/** An enum's own description, and that of each of its values. */
type EnumDescription<Name extends EnumName> = { is: string; values: Record<keyof (typeof enums)[Name], string> }

/** The enums of the store that the API shows; values are declared in code-point order, which is how they sort. */
const DESCRIPTIONS: { [Name in EnumName]?: EnumDescription<Name> } = {
  AccountStatus: {
    is: 'Where an account stands.',
    values: {
      CHURNED: 'It was a customer.',
      CUSTOMER: 'It is a customer.',
      ENGAGED: 'There is an exchange with it.',
      PROSPECTING: 'It is being looked into.',
    },
  },
  AccountTier: {
    is: 'How much an account matters.',
    values: { STRATEGIC: 'Most of all.', TIER1: 'Much.', TIER2: 'Some.', TIER3: 'Little.' },
  },
  ArtifactKind: {
    is: 'What an artifact holds.',
    values: { JSON: 'A JSON value.', MARKDOWN: 'Markdown.', TEXT: 'Plain text.' },
  },
  BattleCardType: {
    is: 'What a battle card is for.',
    values: {
      COMPETITIVE_POSITIONING: 'To stand against competitors.',
      OBJECTION_HANDLING: 'To answer objections.',
      WHY_WE_WIN: 'To say what speaks for the vendor.',
    },
  },
  CompanySide: {
    is: 'What a company is to a run.',
    values: { PROSPECT: 'It is sold to.', VENDOR: 'It sells.' },
  },
  Confidence: {
    is: 'How sure a finding is.',
    values: { HIGH: 'Very.', LOW: 'Hardly.', MEDIUM: 'Somewhat.' },
  },
  CostSource: {
    is: "Where a call's cost comes from.",
    values: {
      ALLOCATED: "Its share of what the run reported beyond its calls' known costs.",
      PRICED: 'Its tokens at the price of the model.',
      REPORTED: 'The artifact says so.',
      UNKNOWN: 'Nothing says so; the cost is null.',
    },
  },
  EventLevel: {
    is: 'How grave an event is.',
    values: { ERROR: 'Something failed.', INFO: 'Good to know.', WARNING: 'Something may be wrong.' },
  },
  ImportStatus: {
    is: 'How far an import is, or how it ended.',
    values: {
      COMPLETED: 'It read everything.',
      COMPLETED_WITH_REJECTS: 'It read everything and set some of it aside.',
      FAILED: 'It could not go on.',
      INTERRUPTED: 'It was stopped; what it had read stays.',
      RUNNING: 'It is at work.',
    },
  },
  ImportedFileStatus: {
    is: 'How the import of a file went.',
    values: {
      IMPORTED: 'It was read whole.',
      NOTED: 'It points to something that is imported by itself.',
      PARTLY_IMPORTED: 'Some of its records were set aside.',
      QUARANTINED: 'It was set aside.',
      UNCHANGED: 'It had been imported before.',
    },
  },
  PainPointCategory: {
    is: 'The kind of a pain point.',
    values: {
      GROWTH: 'About growing.',
      MARKET: 'About the market.',
      OPERATIONAL: 'About daily work.',
      STRATEGIC: 'About direction.',
      TECHNICAL: 'About technology.',
    },
  },
  PainPointOrigin: {
    is: 'What names a pain point.',
    values: {
      ACCOUNT_RESEARCH: "An account's research data.",
      BUYER_PERSONA: 'A buyer persona of a prospect.',
      CONVERSATION: 'A conversation with a contact.',
      PROSPECT: "A run's analysis of the prospect.",
      SIGNAL: 'A signal from a public source.',
      VENDOR_PERSONA: "A persona of the vendor's customers.",
    },
  },
  PromptVersionStatus: {
    is: 'Whether a prompt version is in use.',
    values: { ACTIVE: 'In use.', DEPRECATED: 'No longer in use.', DRAFT: 'Being written.', TESTING: 'Being tried.' },
  },
  RejectSeverity: {
    is: 'What became of a record that is not as it should be.',
    values: { REJECT: 'It was set aside.', WARNING: 'It was kept.' },
  },
  RunStatus: {
    is: 'How far a run is, or how it ended.',
    values: {
      COMPLETED: 'It did all it had to.',
      FAILED: 'It broke off.',
      PARTIAL: 'It did some of what it had to.',
      PAUSED: 'It waits to go on.',
      QUEUED: 'It has not started.',
      RUNNING: 'It is at work.',
      STOPPED: 'Somebody ended it.',
    },
  },
  StepStatus: {
    is: 'How far a phase, a step or a call is, or how it ended.',
    values: {
      COMPLETED: 'It did all it had to.',
      FAILED: 'It broke off.',
      PARTIAL: 'It did some of what it had to.',
      RUNNING: 'It is at work.',
      SKIPPED: 'It was left out.',
    },
  },
}

type AnyEnum = EnumRef<Types, string>

const refs = new Map<EnumName, AnyEnum>()
for (const [name, description] of Object.entries(DESCRIPTIONS)) {
  const values = Object.entries(description.values).map(([value, is]) => [value, { value, description: is }])
  refs.set(
    name as EnumName,
    builder.enumType(name, { description: description.is, values: Object.fromEntries(values) }),
  )
}

/** @throws Error when the enum is not described above */
export function enumOf(name: EnumName): AnyEnum {
  const ref = refs.get(name)
  if (!ref) throw new Error(`The enum ${name} has no description in src/schema/enums.ts.`)
  return ref
}
