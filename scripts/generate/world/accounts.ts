import type { Random } from '../random.ts'
import type { Cast } from './cast.ts'
import { csvLine, type Folder, type RecordFile } from './files.ts'
import type { Questions } from './questions.ts'
import { DAY, HOUR, MINUTE, written } from './times.ts'

const BEGIN = Date.UTC(2025, 9, 1, 8)
/** When follow-ups are asked for. */
const NOW = Date.UTC(2026, 1, 15, 12)
const FIRST_NAMES =
  'Ana Ben Chloe Dmitri Elif Femi Grace Hugo Ines Jonas Kira Liam Mira Noor Omar Pia Rosa Sam Tess Yuki'.split(' ')
const LAST_NAMES =
  'Abbott Berg Costa Dahl Eriksen Fischer Garcia Haas Ito Jansen Klein Larsen Moreau Novak Osei Petit Ueda Zimmer'.split(
    ' ',
  )
const TITLES = [
  ['Chief Revenue Officer', 'Sales', 'c-level'],
  ['VP Marketing', 'Marketing', 'vp'],
  ['Director of Operations', 'Operations', 'director'],
  ['Revenue Operations Manager', 'Sales', 'manager'],
  ['Account Executive', 'Sales', 'individual_contributor'],
  ['Advisor', null, null],
] as const
const PAIN_POINTS = [
  'Data is spread over too many tools',
  'Customer churn after the first renewal',
  'Difficulty proving ROI',
]
const COLUMNS = (
  'id,company_id,first_name,last_name,email,phone,title,role,department,seniority_level,linkedin_url,twitter_url,personal_website,' +
  'interests,communication_preferences,research_data,engagement_score,last_engaged_at,total_touchpoints,status,is_primary_contact,' +
  'is_decision_maker,is_champion,last_researched_at,created_at,updated_at'
).split(',')

type Files = { contacts: RecordFile; relationships: RecordFile; conversations: RecordFile; touchpoints: RecordFile }
/** What was written of an account. */
type Counts = { contacts: number; relationships: number; conversations: number; active: number; touchpoints: number }

/** Accounts with their people, who knows whom, conversations and touchpoints: a file a table. */
export function writeAccounts(folder: Folder, cast: Cast): Questions {
  const companies = folder.lines('companies.jsonl')
  const files: Files = {
    contacts: folder.file('contacts.csv', { before: '', between: '\n', after: '\n' }),
    relationships: folder.list('relationships.json'),
    conversations: folder.lines('conversations.jsonl'),
    touchpoints: folder.lines('touchpoints.jsonl'),
  }
  files.contacts.add(COLUMNS.join(','))
  const overdue = { conversations: 0 }
  let largest: Counts | undefined
  for (let account = 0; account < cast.sizes.accounts; account++) {
    const counts = writeAccount(files, cast, account, overdue)
    companies.add(companyOf(cast, account, counts))
    largest ??= counts
  }
  for (const file of [companies, ...Object.values(files)]) file.close()
  const { contacts, relationships, conversations, touchpoints, active } = largest!
  const { domain } = cast.company(0)
  const email = emailOf(cast, 0, 0)
  return {
    'account-overview': {
      variables: { domain },
      holds: {
        'company.overview.contacts': contacts,
        'company.overview.relationships': relationships,
        'company.overview.conversations': conversations,
        'company.overview.touchpoints': touchpoints,
        'company.overview.activeConversations': active,
        'company.contacts.totalCount': contacts,
      },
    },
    // The first contact of the largest account knows everyone there.
    'expansion-targets': { variables: { email }, holds: { 'contact.expansionTargets.length': contacts - 1 } },
    'conversation-context': {
      variables: { email },
      holds: {
        'contact.colleagues.length': contacts - 1,
        'contact.activeConversation.engagement.emailsSent': longestConversation(cast),
      },
    },
    'follow-ups': {
      variables: { now: new Date(NOW).toISOString() },
      holds: { 'conversationsNeedingFollowUp.totalCount': overdue.conversations },
    },
  }
}

function companyOf(cast: Cast, account: number, { contacts, active }: Counts) {
  const random = cast.random('account details', account)
  const { domain, name, industry } = cast.company(account)
  return {
    id: cast.accountId(account),
    name,
    domain: random.pick([domain, domain, `https://WWW.${domain}/about`]),
    industry,
    size: random.pick(['1-50', '51-200', '201-1000', null]),
    headquarters_location: random.pick(['Austin, TX', 'Ghent', null]),
    country: random.pick(['US', 'BE', 'CH']),
    research_data: random.chance(0.1)
      ? null
      : {
          company_overview: random.words(10),
          key_initiatives: ['New region', 'Cloud move'],
          tech_stack: [random.pick(['Kafka', 'Snowflake']), random.pick(['HubSpot', 'SAP'])],
          employee_count: random.integer(20, 3_000),
          funding_info: { stage: random.pick(['seed', 'series-b']) },
          ...(random.chance(0.6) && { pain_points: [random.pick(PAIN_POINTS)] }),
        },
    account_tier: account === 0 ? 'strategic' : random.pick(['tier1', 'tier2', 'tier3', null]),
    account_status: random.pick(['prospecting', 'engaged', 'customer', 'churned']),
    total_contacts: contacts,
    active_conversations: active,
    last_researched_at: written(random, BEGIN),
    created_at: written(random, BEGIN),
    updated_at: written(random, BEGIN + 60 * DAY),
  }
}

function writeAccount(files: Files, cast: Cast, account: number, overdue: { conversations: number }): Counts {
  const random = cast.random('people', account)
  const contacts = account === 0 ? cast.sizes.largestAccountContacts : random.integer(random.chance(0.05) ? 0 : 2, 7)
  const counts = { contacts, relationships: 0, conversations: 0, active: 0, touchpoints: 0 }
  for (let contact = 0; contact < contacts; contact++) {
    writeContact(files, cast, account, contact)
    // In the largest account everyone is a colleague of the first contact; elsewhere half of a row of neighbours is.
    if (contact > 0 && (account === 0 || random.chance(0.7))) {
      counts.relationships++
      files.relationships.add(relationship(cast, random, account, contact, account === 0 ? 0 : contact - 1))
    }
    const conversations = account === 0 || random.chance(0.6) ? (random.chance(0.15) ? 2 : 1) : 0
    for (let number = 0; number < conversations; number++) {
      const isFirst = account === 0 && contact === 0 && number === 0
      const written = writeConversation(files, cast, random, { account, contact, number, isFirst })
      counts.conversations++
      counts.touchpoints += written.touchpoints
      if (written.isActive) counts.active++
      if (written.isOverdue) overdue.conversations++
    }
  }
  return counts
}

function emailOf(cast: Cast, account: number, contact: number): string {
  const random = cast.random('name', account, contact)
  const [first, last] = [random.pick(FIRST_NAMES), random.pick(LAST_NAMES)]
  return `${first}.${last}${contact === 0 ? '' : contact}@${cast.company(account).domain}`.toLowerCase()
}

function writeContact(files: Files, cast: Cast, account: number, contact: number): void {
  const name = cast.random('name', account, contact)
  const [first, last] = [name.pick(FIRST_NAMES), name.pick(LAST_NAMES)]
  const random = cast.random('contact details', account, contact)
  const [title, department, seniority] = random.pick(TITLES)
  const values: Record<string, unknown> = {
    id: cast.contactId(account, contact),
    company_id: cast.accountId(account),
    first_name: first,
    last_name: last,
    email: emailOf(cast, account, contact),
    phone: random.chance(0.3) ? '+1 555 0142' : null,
    title,
    department,
    seniority_level: seniority,
    linkedin_url: random.chance(0.5) ? `https://linkedin.example/in/${account}-${contact}` : null,
    interests: random.chance(0.5) ? ['jazz', random.pick(['chess', 'running'])] : [],
    communication_preferences: random.chance(0.3) ? { channel: 'email', time: 'morning' } : null,
    engagement_score: random.chance(0.1) ? null : random.integer(0, 20) * 5,
    total_touchpoints: random.integer(0, 5),
    status: random.chance(0.9) ? 'active' : random.pick(['unsubscribed', 'bounced', 'invalid']),
    is_primary_contact: contact === 0,
    is_decision_maker: contact === 0 || random.chance(0.15),
    is_champion: random.chance(0.1),
    created_at: written(random, BEGIN),
    updated_at: written(random, BEGIN + 40 * DAY),
  }
  files.contacts.add(csvLine(COLUMNS.map((column) => values[column])))
}

function relationship(cast: Cast, random: Random, account: number, contact: number, other: number) {
  const pair = [cast.contactId(account, contact), cast.contactId(account, other)]
  const [one, two] = random.chance(0.5) ? pair : pair.reverse()
  return {
    id: random.uuid(),
    contact_id_1: one,
    contact_id_2: two,
    relationship_type:
      account === 0 || random.chance(0.7) ? 'colleagues' : random.pick(['reports_to', 'collaborators']),
    strength: random.pick(['weak', 'medium', 'strong']),
    context: null,
    metadata: {},
    is_verified: random.chance(0.5),
    confidence_score: random.decimal(0.4, 1, 2),
    discovered_at: written(random, BEGIN + 3 * DAY),
    created_at: written(random, BEGIN + 3 * DAY),
  }
}

/** Touchpoints of the first contact's conversation: outbound email, every one. */
function longestConversation({ sizes }: Cast): number {
  return 10 + sizes.vendors
}

type Place = { account: number; contact: number; number: number; isFirst: boolean }

function writeConversation(files: Files, cast: Cast, random: Random, { account, contact, number, isFirst }: Place) {
  const id = random.uuid()
  // Whoever has a second conversation has ended the first.
  const isActive = isFirst || (number === 0 && random.chance(0.5))
  const startedAt = BEGIN + random.integer(20, 110) * DAY
  const touchpoints = isFirst ? longestConversation(cast) : random.integer(0, 4)
  let last: number | null = null
  let replies = 0
  for (let touch = 0; touch < touchpoints; touch++) {
    last = startedAt + touch * 2 * DAY + random.integer(0, 400) * MINUTE
    if (writeTouchpoint(files, random, id, last, isFirst)) replies++
  }
  const next = isActive && random.chance(0.9) ? NOW + random.integer(-20 * 24, 10 * 24) * HOUR - 1 : null
  files.conversations.add({
    id,
    contact_id: cast.contactId(account, contact),
    company_id: cast.accountId(account),
    status: isActive ? 'active' : random.pick(['paused', 'closed', 'won', 'lost', 'nurturing']),
    qualification_tier: random.pick(['scorching', 'hot', 'warm', 'cool', 'cold', null]),
    last_touchpoint_at: last === null ? null : written(random, last),
    next_touchpoint_at: next === null ? null : written(random, next),
    touchpoint_count: touchpoints,
    response_count: replies,
    context: {
      topics_discussed: ['timeline', 'references'],
      pain_points_identified: random.chance(0.5) ? [random.pick(PAIN_POINTS)] : [],
      objections_raised: ['budget'],
      sentiment: random.pick(['positive', 'neutral', 'negative']),
      engagement_level: random.pick(['high', 'medium', 'low']),
    },
    campaign_name: random.pick(['Spring push', null]),
    estimated_value: random.chance(0.3) ? random.decimal(5_000, 90_000, 2) : null,
    metadata: {},
    started_at: written(random, startedAt),
    closed_at: isActive ? null : written(random, startedAt + 30 * DAY),
    created_at: written(random, startedAt),
  })
  return { touchpoints, isActive, isOverdue: next !== null && next < NOW }
}

/** @returns whether it was answered */
function writeTouchpoint(
  files: Files,
  random: Random,
  conversation: string,
  sentAt: number,
  isEmail: boolean,
): boolean {
  const channel = isEmail ? 'email' : random.pick(['email', 'email', 'email', 'linkedin', 'call', 'sms', 'meeting'])
  const reached = random.pick(['sent', 'bounced', 'delivered', 'opened', 'clicked', 'replied'] as const)
  const order = ['delivered', 'opened', 'clicked', 'replied']
  const upTo = order.indexOf(reached)
  const time = (step: string) =>
    reached === 'bounced' || order.indexOf(step) > upTo
      ? null
      : written(random, sentAt + (order.indexOf(step) + 1) * HOUR)
  const isInbound = !isEmail && random.chance(0.15)
  files.touchpoints.add({
    id: random.uuid(),
    conversation_id: conversation,
    channel,
    direction: isInbound ? 'inbound' : 'outbound',
    subject: channel === 'email' ? random.words(5) : null,
    content: random.words(12),
    sent_at: written(random, sentAt),
    delivered_at: time('delivered'),
    opened_at: time('opened'),
    clicked_at: time('clicked'),
    replied_at: time('replied'),
    bounced_at: reached === 'bounced' ? written(random, sentAt + MINUTE) : null,
    outcome: random.chance(0.5) ? reached : null,
    ...(channel === 'call' && { call_duration_seconds: random.integer(20, 900), call_sentiment: 'neutral' }),
    created_by_automation: random.chance(0.6),
  })
  return reached === 'replied'
}
