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
  AccuracyResult: {
    is: "How the source system judges a task's extraction.",
    values: {
      FAIL: 'It is wrong.',
      PARTIAL: 'A part of it is right.',
      PASS: 'It is right.',
    },
  },
  ActorKind: {
    is: 'As what somebody came.',
    values: {
      API_KEY: 'With a key of the API.',
      BI_LOGIN: 'With a login of a BI tool.',
      CLI: 'At the command line.',
      JWT: 'With a token of an identity provider.',
      OPEN: 'Without a key, where none was needed.',
    },
  },
  AlertAction: {
    is: 'What was done with an alert.',
    values: {
      ALERT_FOUNDER: 'The founder was told.',
      CRITICAL_ALERT: 'Everybody was told, by every channel.',
      IMMEDIATE_ALERT: 'Somebody was told at once.',
      LOG_ONLY: 'It was written to the log.',
    },
  },
  AlertLevel: {
    is: 'How grave an alert is.',
    values: {
      CRITICAL: 'Something does not work.',
      EMERGENCY: 'Somebody must act now.',
      INFO: 'Good to know.',
      WARNING: 'Something may be wrong.',
    },
  },
  ArtifactKind: {
    is: 'What an artifact holds.',
    values: { JSON: 'A JSON value.', MARKDOWN: 'Markdown.', TEXT: 'Plain text.' },
  },
  AttemptStatus: {
    is: 'How an attempt ended.',
    values: {
      BLOCKED: 'The site kept it out.',
      CANCELLED: 'It was given up.',
      FAILED: 'It broke off.',
      SUCCESS: 'It extracted what it was to.',
      TIMEOUT: 'It took too long.',
    },
  },
  AttemptTrigger: {
    is: 'What made an attempt.',
    values: {
      AUTO_RETRY: 'The one before failed.',
      INITIAL: 'It is the first.',
      MANUAL_RETRY: 'Somebody asked for it.',
    },
  },
  AuditOutcome: {
    is: 'How something that was tried ended.',
    values: {
      DENIED: 'It was not allowed.',
      FAILED: 'It changed nothing.',
      SUCCEEDED: 'It was done.',
    },
  },
  BattleCardType: {
    is: 'What a battle card is for.',
    values: {
      COMPETITIVE_POSITIONING: 'To stand against competitors.',
      OBJECTION_HANDLING: 'To answer objections.',
      WHY_WE_WIN: 'To say what speaks for the vendor.',
    },
  },
  CampaignStatus: {
    is: 'How far a campaign is.',
    values: {
      ACTIVE: 'It goes on.',
      ARCHIVED: 'It was put away.',
      COMPLETED: 'It has reached its end.',
      PAUSED: 'It waits to go on.',
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
  ContactStatus: {
    is: 'Whether a contact can be written to.',
    values: {
      ACTIVE: 'Yes.',
      BOUNCED: 'Messages come back.',
      INVALID: 'The address is wrong.',
      UNSUBSCRIBED: 'The contact does not want to be written to.',
    },
  },
  ConversationStatus: {
    is: 'How far a conversation is, or how it ended.',
    values: {
      ACTIVE: 'It goes on.',
      CLOSED: 'It is over.',
      LOST: 'It ended without a deal.',
      NURTURING: 'It is kept warm for later.',
      PAUSED: 'It rests.',
      WON: 'It ended with a deal.',
    },
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
  DatasetStatus: {
    is: 'Whether a dataset is in use.',
    values: {
      ACTIVE: 'In use.',
      ARCHIVED: 'Put away.',
      DRAFT: 'Being made.',
      VALIDATED: 'Checked.',
    },
  },
  EventLevel: {
    is: 'How grave an event is.',
    values: { ERROR: 'Something failed.', INFO: 'Good to know.', WARNING: 'Something may be wrong.' },
  },
  FailureCategory: {
    is: 'Why an extraction failed.',
    values: {
      BLOCKED: 'The site kept the agent out.',
      EXTRACTION_FAILED: 'The agent did not find what it was to.',
      PAGE_ERROR: 'The page could not be read.',
      TIMEOUT: 'It took too long.',
    },
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
      NOTED: 'Something that it brought was deleted since: the next import reads it again.',
      PARTLY_IMPORTED: 'Some of its records were set aside.',
      QUARANTINED: 'It was set aside.',
      UNCHANGED: 'It had been imported before.',
    },
  },
  InstructionComparisonStatus: {
    is: 'How far a comparison of two instructions is.',
    values: {
      COMPLETED: 'It is done.',
      PENDING: 'It has not started.',
      RUNNING: 'It is at work.',
    },
  },
  InstructionComparisonWinner: {
    is: 'Which of two instructions is the better one.',
    values: {
      A: 'Version A.',
      B: 'Version B.',
      INCONCLUSIVE: 'It cannot be said.',
      TIE: 'Neither.',
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
  QualificationTier: {
    is: 'How promising a conversation is.',
    values: { COLD: 'Not.', COOL: 'Little.', HOT: 'Very.', SCORCHING: 'Most of all.', WARM: 'Somewhat.' },
  },
  RejectSeverity: {
    is: 'What became of a record that is not as it should be.',
    values: { REJECT: 'It was set aside.', WARNING: 'It was kept.' },
  },
  RelationshipStrength: {
    is: 'How strong the tie between two contacts is.',
    values: { MEDIUM: 'Somewhat.', STRONG: 'Very.', WEAK: 'Hardly.' },
  },
  ResolutionStatus: {
    is: 'How the work on an issue ended.',
    values: {
      FAILED: 'The issue is still there.',
      PARTIAL: 'Some of it is still there.',
      SKIPPED: 'Nothing was done.',
      SUCCESS: 'The issue is gone.',
    },
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
  RunType: {
    is: 'Whether an extraction run is a test.',
    values: {
      PRODUCTION: 'It is none: it takes the whole dataset.',
      TEST_CUSTOM: 'It is one, on chosen rows.',
      TEST_SAMPLE: 'It is one, on a sample of the rows.',
    },
  },
  SampleStrategy: {
    is: 'Which rows of its dataset a run takes.',
    values: {
      ALL: 'All.',
      CUSTOM: 'Chosen ones.',
      FIRST_N: 'The first ones.',
      RANDOM: 'Some at random.',
    },
  },
  ScoreDimension: {
    is: 'What an idea is scored by.',
    values: {
      COMPETITION: 'How well it stands against competitors.',
      EMOTIONAL: 'How much the problem hurts.',
      FEASIBILITY: 'How feasible it is.',
      MARKET: 'How large and willing the market is.',
      SIGNAL_QUALITY: 'How good the signal is.',
    },
  },
  SeniorityLevel: {
    is: 'How high a position is.',
    values: {
      C_LEVEL: 'At the top of the company.',
      DIRECTOR: 'At the head of a part of it.',
      INDIVIDUAL_CONTRIBUTOR: 'Without people to lead.',
      MANAGER: 'At the head of a team.',
      VP: 'Next to the top.',
    },
  },
  ServiceStatus: {
    is: 'How a service is.',
    values: {
      CRITICAL: 'It does not do its work.',
      DEGRADED: 'It does its work badly.',
      HEALTHY: 'It does its work.',
      UNKNOWN: 'It could not be looked at.',
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
  TaskStatus: {
    is: 'How far a task is, or how it ended.',
    values: {
      COMPLETED: 'It extracted something.',
      FAILED: 'It broke off.',
      QUEUED: 'It has not started.',
      RUNNING: 'It is at work.',
      SKIPPED: 'It was left out.',
    },
  },
  TaskStatusCategory: {
    is: 'What came of a task.',
    values: {
      BLOCKED: 'The site kept the agent out.',
      ERROR: 'Something went wrong.',
      PARTIAL: 'A part was extracted.',
      SUCCESS: 'All was extracted.',
    },
  },
  TouchpointChannel: {
    is: 'How a touchpoint went out or came in.',
    values: {
      CALL: 'By telephone.',
      EMAIL: 'By email.',
      LINKEDIN: 'On LinkedIn.',
      MAIL: 'By post.',
      MEETING: 'In person or by video.',
      SMS: 'By text message.',
      WHATSAPP: 'On WhatsApp.',
    },
  },
  TouchpointDirection: {
    is: 'Who a touchpoint came from.',
    values: { INBOUND: 'From the contact.', OUTBOUND: 'To the contact.' },
  },
  Verdict: {
    is: 'What to do with an idea.',
    values: { GO: 'Build it.', PASS: 'Leave it.', RESEARCH: 'Find out more.' },
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
