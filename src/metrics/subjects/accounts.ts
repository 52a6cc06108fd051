import { sql } from 'kysely'
import { entities } from '../../filters/entities/index.ts'
import { searchPainPoints } from '../../search/search-pain-points.ts'
import type { Fact, Subject } from '../declaration.ts'
import {
  column,
  columnOf,
  distinct,
  facts,
  flag,
  has,
  joined,
  numbers,
  ofFact,
  oneOf,
  perObject,
  ratio,
  share,
  summed,
  text,
  those,
  through,
  total,
  usd,
} from './shared.ts'

const count = (join: string, name: string) => (fact: Fact) => sql`coalesce(${columnOf(join, name)(fact)}, 0)`

export const painPoints: Subject = {
  name: 'PAIN_POINTS',
  field: 'painPointMetrics',
  description: 'Pain points of all origins: prospects, personas, accounts, conversations, signals.',
  entity: entities.painPoint,
  time: { description: 'When it was found.', value: column('occurred_at') },
  joins: {
    run: joined('runs', 'run', ofFact, 'run_id'),
    pipeline: joined('pipelines', 'pipeline', through('run'), 'pipeline_id'),
    vendor: joined('companies', 'vendor', through('run'), 'vendor_id'),
    company: joined('companies', 'company', ofFact, 'company_id'),
  },
  search: searchPainPoints,
  ofRun: ({ row }, run) => sql<boolean>`${row.column('run_id')} = ${run.column('id')}`,
  objects: {
    Run: perObject('painPointMetrics', 'The pain points it found, in numbers.', column('run_id')),
    Company: perObject('painPointMetrics', 'Its pain points in numbers.', column('company_id')),
  },
  dimensions: {
    company: text('Domain of the company that has it.', columnOf('company', 'domain')),
    industry: text("The company's industry.", columnOf('company', 'industry')),
    accountTier: oneOf('AccountTier', "The company's tier in the accounts data.", columnOf('company', 'account_tier')),
    category: oneOf('PainPointCategory', 'Its kind.', column('category')),
    confidence: oneOf('Confidence', 'How sure its finder is.', column('confidence')),
    origin: oneOf('PainPointOrigin', 'What names it.', column('origin')),
    theme: text('Its description, case-folded, without punctuation.', column('theme')),
    run: text('Name of its run.', columnOf('run', 'external_id')),
    vendor: text('Domain of the company that its run was made for.', columnOf('vendor', 'domain')),
    pipeline: text('Name of the pipeline of its run.', columnOf('pipeline', 'name')),
  },
  measures: {
    painPoints: facts('Pain points.'),
    runs: distinct('Different runs.', column('run_id')),
    companies: distinct('Different companies.', column('company_id')),
    themes: distinct('Different themes.', column('theme')),
  },
}

export const touchpoints: Subject = {
  name: 'TOUCHPOINTS',
  field: 'touchpointMetrics',
  description: 'Messages, calls and meetings with contacts, and what came back.',
  entity: entities.touchpoint,
  time: { description: 'When it was sent.', value: column('sent_at') },
  joins: {
    conversation: joined('conversations', 'conversation', ofFact, 'conversation_id'),
    company: joined('companies', 'company', through('conversation'), 'company_id'),
  },
  objects: {
    Company: perObject(
      'touchpointMetrics',
      'The touchpoints with its contacts in numbers.',
      columnOf('conversation', 'company_id'),
    ),
    Contact: perObject(
      'touchpointMetrics',
      'The touchpoints with the contact in numbers.',
      columnOf('conversation', 'contact_id'),
    ),
    Conversation: perObject('touchpointMetrics', 'Its touchpoints in numbers.', column('conversation_id')),
  },
  dimensions: {
    channel: oneOf('TouchpointChannel', 'The way it went.', column('channel')),
    direction: oneOf('TouchpointDirection', 'Who wrote to whom.', column('direction')),
    outcome: text('What came of it, as written.', column('outcome')),
    company: text('Domain of the company.', columnOf('company', 'domain')),
    industry: text("The company's industry.", columnOf('company', 'industry')),
    accountTier: oneOf('AccountTier', "The company's tier in the accounts data.", columnOf('company', 'account_tier')),
    qualificationTier: oneOf(
      'QualificationTier',
      'How warm the conversation is.',
      columnOf('conversation', 'qualification_tier'),
    ),
    outreachCampaign: text('Name of the outreach campaign.', columnOf('conversation', 'outreach_campaign_name')),
    automated: flag('Whether an automation made it.', column('created_by_automation')),
  },
  measures: {
    touchpoints: facts('Touchpoints.'),
    delivered: those('Touchpoints that were delivered.', has(column('delivered_at'))),
    opened: those('Touchpoints that were opened.', has(column('opened_at'))),
    clicked: those('Touchpoints that were clicked.', has(column('clicked_at'))),
    replied: those('Touchpoints that were replied to.', has(column('replied_at'))),
    bounced: those('Touchpoints that bounced.', has(column('bounced_at'))),
    openRate: share('Opened ÷ touchpoints.', has(column('opened_at'))),
    clickRate: share('Clicked ÷ touchpoints.', has(column('clicked_at'))),
    replyRate: share('Replied ÷ touchpoints.', has(column('replied_at'))),
    bounceRate: share('Bounced ÷ touchpoints.', has(column('bounced_at'))),
    conversations: distinct('Different conversations.', column('conversation_id')),
    contacts: distinct('Different contacts.', columnOf('conversation', 'contact_id')),
    companies: distinct('Different companies.', columnOf('conversation', 'company_id')),
    callDurationSeconds: numbers('float', 'seconds', 'How long calls took.', column('call_duration_seconds')),
  },
}

const ACTIVE = sql`'ACTIVE'`
const LOST = sql`'LOST'`
const WON = sql`'WON'`

export const accounts: Subject = {
  name: 'ACCOUNTS',
  field: 'accountMetrics',
  description: 'Companies, and all that is known of them: people, conversations, runs about them and what those cost.',
  entity: entities.company,
  time: { description: 'When the source system created the account.', value: column('source_created_at') },
  joins: {
    contacts: summed('contacts', 'contacts', 'company_id', (row) => ({
      contacts: sql`count(*)`,
      decision_makers: sql`count(*) filter (where ${row.column('is_decision_maker')})`,
    })),
    conversations: summed('conversations', 'conversations', 'company_id', (row) => ({
      conversations: sql`count(*)`,
      active: sql`count(*) filter (where ${row.column('status')} = ${ACTIVE})`,
      lost: sql`count(*) filter (where ${row.column('status')} = ${LOST})`,
      won: sql`count(*) filter (where ${row.column('status')} = ${WON})`,
      actual_value: sql`sum(${row.column('actual_value')})`,
      estimated_value: sql`sum(${row.column('estimated_value')})`,
    })),
    runs: summed('runs', 'runs', 'prospect_id', (row) => ({
      runs: sql`count(*)`,
      cost_usd: sql`sum(${row.column('cost_usd')})`,
    })),
    painPoints: summed('pain_points', 'painPoints', 'company_id', () => ({ pain_points: sql`count(*)` })),
    tasks: summed('tasks', 'tasks', 'company_id', (row) => ({
      tasks: sql`count(*)`,
      cost_usd: sql`sum(${row.column('cost_usd')})`,
    })),
  },
  ofRun: ({ row }, run) => sql<boolean>`${row.column('id')} = ${run.column('prospect_id')}`,
  dimensions: {
    accountTier: oneOf('AccountTier', 'How much the account matters.', column('account_tier')),
    accountStatus: oneOf('AccountStatus', 'Where the account stands.', column('account_status')),
    industry: text('Its industry.', column('industry')),
    country: text('Its country, as written.', column('country')),
    size: text('Head count or a range of it, as written.', column('size')),
    inAccounts: flag('Whether the accounts data has a record of it.', column('in_accounts')),
    company: text('Its domain.', column('domain')),
    researched: flag('Whether it is the prospect of a run.', has(columnOf('runs', 'runs'))),
  },
  measures: {
    companies: facts('Companies.'),
    companiesResearched: those('Companies that are the prospect of at least one run.', has(columnOf('runs', 'runs'))),
    runs: total('Runs whose prospect is one of the companies.', count('runs', 'runs')),
    runCostUsd: usd('What the runs about a company cost.', columnOf('runs', 'cost_usd')),
    contacts: total('Contacts at the companies.', count('contacts', 'contacts')),
    decisionMakers: total('Decision makers among the contacts.', count('contacts', 'decision_makers')),
    conversations: total('Conversations with the companies.', count('conversations', 'conversations')),
    activeConversations: total('Conversations that are ACTIVE.', count('conversations', 'active')),
    wonConversations: total('Conversations that were WON.', count('conversations', 'won')),
    lostConversations: total('Conversations that were LOST.', count('conversations', 'lost')),
    winRate: ratio(
      'Conversations that were WON ÷ those that were WON or LOST.',
      count('conversations', 'won'),
      (fact) => sql`${count('conversations', 'won')(fact)} + ${count('conversations', 'lost')(fact)}`,
    ),
    actualValue: usd("The actual value of a company's conversations.", columnOf('conversations', 'actual_value')),
    estimatedValue: usd(
      "The estimated value of a company's conversations.",
      columnOf('conversations', 'estimated_value'),
    ),
    painPoints: total('Pain points of the companies.', count('painPoints', 'pain_points')),
    tasks: total('Extraction tasks on the sites of the companies.', count('tasks', 'tasks')),
    taskCostUsd: usd(
      "What the extraction tasks on a company's sites cost; apart from its runs' costs.",
      columnOf('tasks', 'cost_usd'),
    ),
    researchedRate: share('Companies that are the prospect of a run ÷ companies.', has(columnOf('runs', 'runs'))),
    industries: distinct('Different industries.', column('industry')),
  },
}
