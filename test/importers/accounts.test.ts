import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { sharedFolder } from '../shared-folder.ts'
import {
  accountsDump,
  secondContact,
  wideCompany,
  wideContact,
  wideConversation,
  wideRelationship,
  wideTouchpoint,
} from './accounts-fixture.ts'
import { completeRun } from './playbook-fixture.ts'
import { importWorkspace, type Workspace } from './workspace.ts'

const { fresh } = importWorkspace()

const issuesOf = (workspace: Workspace) =>
  workspace.query('select severity::text, code, pointer, message from rejected_records order by file, pointer, message')
const painPointsOf = async (workspace: Workspace) =>
  (await workspace.query('select origin::text, description from pain_points order by origin, description')).map(
    ({ origin, description }) => `${origin} ${description}`,
  )

describe('accounts data', () => {
  it('fills every column that the format has a field for', async () => {
    const workspace = await fresh()
    await workspace.write('export.json', accountsDump)
    const { records } = await workspace.import()
    expect(records).toEqual({ read: 6, inserted: 6, updated: 0, unchanged: 0, quarantined: 0 })
    const rows = await workspace.rows()
    const tables = ['companies', 'contacts', 'relationships', 'conversations', 'touchpoints', 'pain_points']
    const empty = tables.flatMap((table) =>
      Object.keys(rows[table]![0]!)
        .filter((column) => rows[table]!.every((row) => row[column] === null))
        .map((column) => `${table}.${column}`),
    )
    expect(empty.sort()).toEqual([
      // What runs say of companies, and what pain points of other origins have.
      'companies.profile_industry',
      'companies.profile_name',
      'companies.profile_run_id',
      'companies.profiled_at',
      'companies.site_name',
      'pain_points.buyer_persona_id',
      'pain_points.category',
      'pain_points.confidence',
      'pain_points.evidence',
      'pain_points.run_id',
      'pain_points.signal_id',
      'pain_points.vendor_persona_id',
    ])
    for (const table of tables.slice(0, 5))
      expect(rows[table]!.some(({ extra }) => (extra as { colour?: string }).colour === 'blue')).toBe(true)
    const [company] = rows.companies!
    expect(company).toMatchObject({
      key: 'prospect.example',
      domain: 'prospect.example',
      source_domain: wideCompany.domain,
      name: 'Prospect Group',
      industry: 'Clinics',
      in_accounts: true,
      account_tier: 'TIER1',
      account_status: 'ENGAGED',
      reported_total_contacts: 9,
      reported_active_conversations: 8,
      research_data: wideCompany.research_data,
      record_at: '2026-01-03T00:00:00+00:00',
    })
    expect(rows.contacts!.find(({ source_id }) => source_id === 'contact-1')).toMatchObject({
      company_id: company!.id,
      full_name: 'Ada Lane',
      email: 'Ada.Lane@prospect.example',
      email_key: 'ada.lane@prospect.example',
      seniority_level: 'C_LEVEL',
      interests: ['chess', 'jazz'],
      engagement_score: 42.5,
      reported_total_touchpoints: 7,
      is_champion: true,
    })
    expect(rows.relationships![0]).toMatchObject({
      source_id: 'relationship-1',
      // The record names contact 2 first.
      source_contact_a_id: 'contact-1',
      source_contact_b_id: 'contact-2',
      is_reversed: true,
      type: 'colleagues',
      strength: 'STRONG',
      strength_rank: 3,
      is_verified: true,
      confidence_score: 0.75,
    })
    expect(rows.conversations![0]).toMatchObject({
      status: 'ACTIVE',
      qualification_tier: 'HOT',
      outreach_campaign_id: 'spring',
      outreach_campaign_name: 'Spring push',
      average_response_time_hours: 12.5,
      estimated_value: 50000.25,
      actual_value: 51192.5,
      outcome_at: '2026-01-07T00:00:00+00:00',
      context: wideConversation.context,
      company_id: company!.id,
    })
    expect(rows.touchpoints![0]).toMatchObject({
      channel: 'EMAIL',
      direction: 'OUTBOUND',
      outcome: 'interested',
      reported_outcome: 'interested',
      call_duration_seconds: 61.5,
      created_by_automation: true,
      conversation_id: rows.conversations![0]!.id,
    })
    expect(
      rows.pain_points!.map(({ origin, description, company_id, theme }) => [origin, description, company_id, theme]),
    ).toEqual(
      expect.arrayContaining([
        ['ACCOUNT_RESEARCH', 'No-shows', company!.id, 'no shows'],
        ['ACCOUNT_RESEARCH', 'Paper forms', company!.id, 'paper forms'],
        ['CONVERSATION', 'Long queues', company!.id, 'long queues'],
      ]),
    )
  })

  it('imported again writes no row', async () => {
    const workspace = await fresh()
    await workspace.write('companies.json', [wideCompany])
    await workspace.write('contacts.json', [wideContact, secondContact])
    await workspace.write('rest.json', { ...accountsDump, companies: [], contacts: [] })
    await workspace.import()
    const before = await workspace.rows()
    // Other bytes, the same records.
    await workspace.write('companies.json', `${JSON.stringify([wideCompany])}\n\n`)
    await workspace.write('rest.json', JSON.stringify({ ...accountsDump, companies: [], contacts: [] }, null, 4))
    const { records } = await workspace.import()
    expect(records).toEqual({ read: 6, inserted: 0, updated: 0, unchanged: 6, quarantined: 0 })
    const { payloads: _, payload_chunks: __, ...after } = await workspace.rows()
    for (const [table, rows] of Object.entries(after)) expect(rows, table).toEqual(before[table])
  })

  it('comes to the same in whatever order its files are imported', async () => {
    const tables = Object.entries(accountsDump)
    const found: unknown[] = []
    for (const order of [tables, [...tables].reverse()]) {
      const workspace = await fresh()
      for (const [table, records] of order) {
        await workspace.remove()
        await workspace.write(`${table}.json`, records)
        await workspace.import()
      }
      const { payloads, payload_chunks, ...rows } = await workspace.rows()
      found.push(rows)
    }
    expect(found[1]).toEqual(found[0])
    expect((found[0] as { touchpoints: object[] }).touchpoints[0]).not.toMatchObject({ conversation_id: null })
  })
})

describe('cells of a CSV file', () => {
  const header =
    'id,company_id,first_name,last_name,email,seniority_level,interests,communication_preferences,engagement_score,total_touchpoints,status,is_primary_contact,is_decision_maker,is_champion,updated_at'

  it('are read as the values they stand for, and empty ones as none', async () => {
    const workspace = await fresh()
    await workspace.write(
      'contacts.csv',
      [
        header,
        'a,company-1,Ann,"O\'Brien",ann@x.example,C Level,"[""jazz"", ""chess""]","{""no_calls"": true}",70,3,Active,true,t,1,2026-01-01',
        'b,,,Weber,,individual-contributor,"{wine,""go, chess""}",,42.5,,UNSUBSCRIBED,FALSE,f,0,',
        'c, ,,,c@x.example,,,,,,,yes,no,,',
        ',,,,OnlyMail@x.example,,,,,,,,,,',
      ].join('\n'),
    )
    const { records } = await workspace.import()
    expect(records).toMatchObject({ read: 4, inserted: 4, quarantined: 0 })
    const rows = await workspace.query(
      `select source_id, source_company_id, full_name, email, seniority_level::text, interests, communication_preferences,
              engagement_score, reported_total_touchpoints, status::text, is_primary_contact, is_decision_maker, is_champion
       from contacts order by source_id`,
    )
    expect(rows.map((row) => Object.values(row))).toEqual([
      // prettier: one row a line
      [
        'a',
        'company-1',
        "Ann O'Brien",
        'ann@x.example',
        'C_LEVEL',
        ['jazz', 'chess'],
        { no_calls: true },
        70,
        3,
        'ACTIVE',
        true,
        true,
        true,
      ],
      [
        'b',
        null,
        'Weber',
        null,
        'INDIVIDUAL_CONTRIBUTOR',
        ['wine', 'go, chess'],
        null,
        42.5,
        null,
        'UNSUBSCRIBED',
        false,
        false,
        false,
      ],
      ['c', null, null, 'c@x.example', null, [], null, null, null, null, true, false, false],
      // Without an id the email, which is unique, stands for the contact.
      ['onlymail@x.example', null, null, 'OnlyMail@x.example', null, [], null, null, null, null, false, false, false],
    ])
  })

  it('that are none of the allowed words set their row aside, and the reject names those', async () => {
    const workspace = await fresh()
    await workspace.write('contacts.csv', `${header}\na,,,,,intern,,,,,,maybe,,,\nb,,,,b@x.example,vp,,,,,,,,,`)
    const { records } = await workspace.import()
    expect(records).toMatchObject({ read: 2, inserted: 1, quarantined: 1 })
    expect(await issuesOf(workspace)).toEqual([
      {
        severity: 'REJECT',
        code: 'SCHEMA',
        pointer: '/seniority_level',
        message:
          'seniority_level expected one of C_LEVEL, VP, DIRECTOR, MANAGER, INDIVIDUAL_CONTRIBUTOR, found "intern"; is_primary_contact expected true or false, found "maybe"',
      },
    ])
  })
})

describe('records that are not as they should be', () => {
  const { sent_at: _, ...unsent } = wideTouchpoint
  const wrong: [string, string, object, string][] = [
    ['a touchpoint with a number for a channel', 'touchpoints', { ...unsent, channel: 42 }, '/0/channel'],
    ['a touchpoint without a channel', 'touchpoints', { ...unsent, channel: '' }, '/0/channel'],
    ['a conversation without a status', 'conversations', { ...wideConversation, status: null }, '/0/status'],
    ['a conversation without an id', 'conversations', { ...wideConversation, id: '' }, '/0/id'],
    [
      'a conversation worth a list',
      'conversations',
      { ...wideConversation, estimated_value: [1] },
      '/0/estimated_value',
    ],
    ['a count beyond 32 bits', 'conversations', { ...wideConversation, sequence_step: 3e9 }, '/0/sequence_step'],
    ['an amount beyond a trillion', 'conversations', { ...wideConversation, actual_value: 1e12 }, '/0/actual_value'],
    ['a company with neither id nor domain', 'companies', { name: 'Nobody' }, '/0/id'],
    ['a company of an unknown tier', 'companies', { ...wideCompany, account_tier: 'gold' }, '/0/account_tier'],
    ['a relationship to nobody', 'relationships', { ...wideRelationship, contact_id_2: null }, '/0/contact_id_2'],
    ['a contact with a time that is none', 'contacts', { ...wideContact, created_at: 'soon' }, '/0/created_at'],
  ]

  it('are set aside, each with the place of what is wrong', async () => {
    const workspace = await fresh()
    for (const [place, [, table, record]] of wrong.entries())
      await workspace.write(`${String(place).padStart(2, '0')}/${table}.json`, [record])
    const { records } = await workspace.import()
    expect(records).toMatchObject({ read: wrong.length, inserted: 0, quarantined: wrong.length })
    const issues = await issuesOf(workspace)
    expect(issues.map(({ severity, code, pointer }, place) => [wrong[place]![0], severity, code, pointer])).toEqual(
      wrong.map(([name, , , pointer]) => [name, 'REJECT', 'SCHEMA', pointer]),
    )
  })

  it('a contact related to itself is set aside', async () => {
    const workspace = await fresh()
    await workspace.write('relationships.json', [{ ...wideRelationship, contact_id_1: 'contact-1' }])
    await workspace.import()
    expect(await issuesOf(workspace)).toMatchObject([{ severity: 'REJECT', code: 'SELF_REFERENCE' }])
    expect(await workspace.query('select from relationships')).toEqual([])
  })

  it.skipIf(!sharedFolder)('a touchpoint of wrong types in a dump is set aside alone', async () => {
    const workspace = await fresh()
    const path = join(sharedFolder!, 'world/data/broken/touchpoint_wrong_types.json')
    await workspace.write('dump.json', JSON.parse(readFileSync(path, 'utf8')))
    const { records } = await workspace.import()
    expect(records).toEqual({ read: 1, inserted: 0, updated: 0, unchanged: 0, quarantined: 1 })
    expect(await issuesOf(workspace)).toMatchObject([{ code: 'SCHEMA', pointer: '/touchpoints/0/channel' }])
  })

  it('a parent that is missing keeps nothing away, and is found when it comes', async () => {
    const workspace = await fresh()
    await workspace.write('conversations.json', [wideConversation])
    await workspace.write('touchpoints.json', [wideTouchpoint])
    await workspace.write('relationships.json', [wideRelationship])
    const { records } = await workspace.import()
    expect(records).toMatchObject({ inserted: 3, quarantined: 0 })
    const links = `select v.company_id is null as "noCompany", v.contact_id is null as "noContact", p.company_id is null as "noPainPoint",
                          r.contact_a_id is null or r.contact_b_id is null as "noPair"
                   from conversations v join pain_points p on p.conversation_id = v.id join touchpoints t on t.conversation_id = v.id cross join relationships r`
    expect(await workspace.query(links)).toEqual([
      { noCompany: true, noContact: true, noPainPoint: true, noPair: true },
    ])
    await workspace.write('contacts.json', [wideContact, secondContact])
    await workspace.write('companies.json', [wideCompany])
    await workspace.import()
    expect(await workspace.query(links)).toEqual([
      { noCompany: false, noContact: false, noPainPoint: false, noPair: false },
    ])
  })
})

describe('the outcome of a touchpoint', () => {
  const sent = { conversation_id: 'conversation-1', channel: 'email', sent_at: '2026-01-05T00:00:00Z' }
  const cases: [object, string | null][] = [
    [{ ...sent, replied_at: sent.sent_at, clicked_at: sent.sent_at, outcome: 'no interest' }, 'no interest'],
    [{ ...sent, replied_at: sent.sent_at, clicked_at: sent.sent_at, bounced_at: sent.sent_at }, 'replied'],
    [{ ...sent, clicked_at: sent.sent_at, opened_at: sent.sent_at, outcome: '' }, 'clicked'],
    [{ ...sent, opened_at: sent.sent_at, bounced_at: sent.sent_at, delivered_at: sent.sent_at }, 'opened'],
    [{ ...sent, bounced_at: sent.sent_at, delivered_at: sent.sent_at }, 'bounced'],
    [{ ...sent, delivered_at: sent.sent_at }, 'delivered'],
    [{ ...sent, outcome: null }, 'sent'],
    [{ ...sent, sent_at: null }, null],
  ]

  it('is the reported one, else the furthest event that has a time', async () => {
    const workspace = await fresh()
    const touchpoints = cases.map(([touchpoint], place) => ({ id: String(place), ...touchpoint }))
    await workspace.write('touchpoints.json', touchpoints)
    await workspace.import()
    const rows = await workspace.query('select outcome, reported_outcome from touchpoints order by source_id')
    expect(rows).toEqual(
      cases.map(([touchpoint, outcome]) => ({
        outcome,
        reported_outcome: (touchpoint as { outcome?: string }).outcome || null,
      })),
    )
  })
})

describe('a company of the accounts data', () => {
  it('is the prospect of the runs with its domain, and keeps what they found out', async () => {
    const workspace = await fresh()
    await workspace.write('run.json', completeRun())
    await workspace.write('companies.json', [wideCompany])
    await workspace.import()
    const [company, ...others] = await workspace.query(
      `select name, industry, account_name, profile_name, profile_industry, in_accounts from companies where domain = 'prospect.example'`,
    )
    expect(others).toEqual([])
    expect(company).toMatchObject({
      name: 'Prospect Group',
      industry: 'Clinics',
      profile_name: 'Prospect Inc.',
      profile_industry: 'Healthcare',
      in_accounts: true,
    })
    const ofRuns = (await painPointsOf(workspace)).filter((point) => !point.startsWith('ACCOUNT'))
    expect(ofRuns).not.toEqual([])

    // A newer record without pain points takes away those of the older one, and no others.
    await workspace.write('companies.json', [
      { ...wideCompany, industry: null, research_data: { pain_points: [] }, updated_at: '2026-02-01T00:00:00Z' },
    ])
    expect((await workspace.import()).records).toMatchObject({ updated: 1 })
    expect(await painPointsOf(workspace)).toEqual(ofRuns)
    expect(await workspace.query(`select industry from companies where domain = 'prospect.example'`)).toEqual([
      { industry: 'Healthcare' },
    ])
  })

  it('that gets another domain takes its contacts along, in whatever order its versions come', async () => {
    const older = { ...wideCompany, domain: '', updated_at: '2026-01-01T00:00:00Z' }
    const found: unknown[] = []
    for (const versions of [
      [older, wideCompany],
      [wideCompany, older],
    ]) {
      const workspace = await fresh()
      await workspace.write('rest.json', { ...accountsDump, companies: [] })
      for (const [place, version] of versions.entries()) {
        await workspace.write(`companies-${place}.json`, { companies: [version] })
        await workspace.import()
      }
      const rows = await workspace.rows()
      expect(rows.companies).toHaveLength(1)
      const [company] = rows.companies!
      expect(company).toMatchObject({ key: 'prospect.example', in_accounts: true })
      for (const row of [...rows.contacts!, ...rows.conversations!, ...rows.pain_points!])
        expect(row.company_id).toBe(company!.id)
      expect(await painPointsOf(workspace)).toHaveLength(3)
      found.push(rows.companies, rows.contacts, rows.conversations, rows.pain_points)
    }
    expect(found.slice(4)).toEqual(found.slice(0, 4))
  })
})

describe('a company that was an account', () => {
  it('stays what runs say of it when the account moves to another domain', async () => {
    const workspace = await fresh()
    await workspace.write('run.json', completeRun())
    await workspace.write('accounts.json', accountsDump)
    await workspace.import()
    await workspace.write('moved.json', {
      companies: [{ ...wideCompany, domain: 'moved.example', updated_at: '2026-03-01T00:00:00Z' }],
    })
    await workspace.import()
    expect(
      await workspace.query(
        `select c.domain, c.name, c.industry, c.in_accounts, c.size, (select count(*)::int from contacts where company_id = c.id) as contacts
         from companies c where c.domain <> 'vendor.example' order by c.domain`,
      ),
    ).toEqual([
      {
        domain: 'moved.example',
        name: 'Prospect Group',
        industry: 'Clinics',
        in_accounts: true,
        size: '51-200',
        contacts: 2,
      },
      {
        domain: 'prospect.example',
        name: 'Prospect Inc.',
        industry: 'Healthcare',
        in_accounts: false,
        size: null,
        contacts: 0,
      },
    ])
    const research = `select c.domain from pain_points p join companies c on c.id = p.company_id where p.origin in ('ACCOUNT_RESEARCH', 'CONVERSATION')`
    expect(await workspace.query(research)).toEqual(Array.from({ length: 3 }, () => ({ domain: 'moved.example' })))
  })
})

describe('a relationship', () => {
  it('written the other way round is the same one; the later takes its place with a warning', async () => {
    const workspace = await fresh()
    const reverse = { ...wideRelationship, id: 'relationship-2', contact_id_1: 'contact-1', contact_id_2: 'contact-2' }
    await workspace.write('relationships.json', [
      wideRelationship,
      { ...reverse, strength: 'weak' },
      { ...reverse, id: 'relationship-3', relationship_type: 'reports-to' },
    ])
    const { records } = await workspace.import()
    expect(records).toEqual({ read: 3, inserted: 2, updated: 0, unchanged: 1, quarantined: 0 })
    expect(await issuesOf(workspace)).toMatchObject([{ severity: 'WARNING', code: 'DUPLICATE_PAIR', pointer: '/1' }])
    expect(
      await workspace.query('select source_id, type, strength::text, is_reversed from relationships order by type'),
    ).toEqual([
      { source_id: 'relationship-2', type: 'colleagues', strength: 'WEAK', is_reversed: false },
      { source_id: 'relationship-3', type: 'reports_to', strength: 'STRONG', is_reversed: false },
    ])
  })

  it('whose type was corrected is not there twice, in whatever order its versions come', async () => {
    const newer = { ...wideRelationship, relationship_type: 'manager_of', updated_at: '2026-02-01T00:00:00Z' }
    for (const versions of [
      [wideRelationship, newer],
      [newer, wideRelationship],
    ]) {
      const workspace = await fresh()
      for (const [place, version] of versions.entries()) {
        await workspace.write(`${place}.json`, { relationships: [version] })
        await workspace.import()
      }
      expect(await workspace.query('select type from relationships')).toEqual([{ type: 'manager_of' }])
    }
  })
})

describe('a conversation', () => {
  it('that changes loses the pain points that it no longer names', async () => {
    const workspace = await fresh()
    await workspace.write('accounts.json', accountsDump)
    await workspace.import()
    await workspace.write('later.json', {
      conversations: [
        {
          ...wideConversation,
          status: 'won',
          context: { pain_points_identified: ['Parking', { description: 'Noise', heard: 'twice' }] },
          updated_at: '2026-02-01T00:00:00Z',
        },
      ],
    })
    await workspace.import()
    expect((await painPointsOf(workspace)).filter((point) => point.startsWith('CONVERSATION'))).toEqual([
      'CONVERSATION Noise',
      'CONVERSATION Parking',
    ])
    expect(
      await workspace.query(
        `select p.extra, c.domain from pain_points p join companies c on c.id = p.company_id where p.description = 'Noise'`,
      ),
    ).toEqual([{ extra: { heard: 'twice' }, domain: 'prospect.example' }])
    // The older version, when it comes again, changes nothing.
    await workspace.write('again.json', { conversations: [wideConversation] })
    expect((await workspace.import()).records).toMatchObject({ inserted: 0, updated: 0 })
  })

  it('that names no company is with that of its contact, whichever comes first', async () => {
    for (const order of [
      ['conversations', 'contacts', 'companies'],
      ['companies', 'contacts', 'conversations'],
    ]) {
      const workspace = await fresh()
      const records: Record<string, object[]> = {
        ...accountsDump,
        conversations: [{ ...wideConversation, company_id: null }],
      }
      for (const table of order) {
        await workspace.write(`${table}.json`, records[table])
        await workspace.import()
      }
      expect(
        await workspace.query(
          `select c.domain, p.company_id = c.id as "painPoint" from conversations v join companies c on c.id = v.company_id join pain_points p on p.conversation_id = v.id`,
        ),
      ).toEqual([{ domain: 'prospect.example', painPoint: true }])
    }
  })

  it('without a time of its own is as new as the last thing it tells of', async () => {
    const workspace = await fresh()
    const { created_at, updated_at, closed_at, ...open } = wideConversation
    await workspace.write('b.json', { conversations: [{ ...open, closed_at, status: 'won' }] })
    await workspace.import()
    await workspace.write('a.json', { conversations: [open] })
    await workspace.import()
    expect(await workspace.query('select status::text from conversations')).toEqual([{ status: 'WON' }])
  })
})

describe('two accounts of one domain', () => {
  const alpha = { id: 'aaa', name: 'Alpha', domain: 'twin.example', updated_at: '2026-01-02T00:00:00Z' }
  const beta = { ...alpha, id: 'bbb', domain: 'https://www.TWIN.example/', updated_at: '2026-01-01T00:00:00Z' }
  const contacts = [
    { id: 'c1', company_id: 'aaa', email: 'a@twin.example' },
    { id: 'c2', company_id: 'bbb', email: 'b@twin.example' },
  ]

  it.each([
    ['in one file', [{ companies: [alpha, beta], contacts }]],
    ['the newer first', [{ companies: [alpha] }, { companies: [beta] }, { contacts }]],
    ['the older first', [{ companies: [beta] }, { companies: [alpha] }, { contacts }]],
    ['after their contacts', [{ contacts }, { companies: [alpha] }, { companies: [beta] }]],
  ])('are one company with the contacts of both, %s', async (_, files) => {
    const workspace = await fresh()
    for (const [place, file] of files.entries()) {
      await workspace.write(`${place}.json`, file)
      await workspace.import()
    }
    expect(
      await workspace.query(
        'select c.name, p.source_id from contacts p left join companies c on c.id = p.company_id order by 2',
      ),
    ).toEqual([
      { name: 'Alpha', source_id: 'c1' },
      { name: 'Alpha', source_id: 'c2' },
    ])
  })
})

describe('columns', () => {
  it('may be in camel case', async () => {
    const workspace = await fresh()
    const camel = (record: object) =>
      Object.fromEntries(
        Object.entries(record).map(([key, value]) => [
          key.replace(/_([a-z\d])/g, (_, letter) => letter.toUpperCase()),
          value,
        ]),
      )
    const dump = Object.fromEntries(Object.entries(accountsDump).map(([table, records]) => [table, records.map(camel)]))
    await workspace.write('accounts.json', dump)
    await workspace.import()
    const plain = await fresh()
    await plain.write('accounts.json', accountsDump)
    await plain.import()
    const [found, expected] = [await workspace.rows(), await plain.rows()]
    const without = (rows: Record<string, unknown>[]) => rows.map(({ record_sha256, ...row }) => row)
    for (const table of Object.keys(accountsDump)) expect(without(found[table]!)).toEqual(without(expected[table]!))
  })
})
