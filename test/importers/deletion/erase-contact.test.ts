import { gunzipSync } from 'node:zlib'
import { beforeEach, describe, expect, it } from 'vitest'
import { DEFAULT_IMPORT_OPTIONS } from '../../../src/importers/options.ts'
import { reimport } from '../../../src/importers/reimport.ts'
import { rows } from '../../store/scratch-server.ts'
import {
  accountsDump,
  secondContact,
  wideCompany,
  wideContact,
  wideConversation,
  wideRelationship,
  wideTouchpoint,
} from '../accounts-fixture.ts'
import { completeRun } from '../playbook-fixture.ts'
import { importWorkspace, type Workspace } from '../workspace.ts'
import { deletionsIn, dumpOf } from './deletions.ts'

const { fresh } = importWorkspace()
let workspace: Workspace

const NAME = { first: 'Zebulonia', last: 'Quackenbüsh' }
const FULL = `${NAME.first} ${NAME.last}`
const EMAIL = 'Zebulonia.Q@prospect.example'
const PHONE = '+49 170 5550199'
const PAGE = 'https://linkedin.example/in/zebq'
const PIECES = [NAME.first, NAME.last, EMAIL, PHONE, PAGE, 'plays the theremin', 'Quackenb']

const person = {
  ...wideContact,
  first_name: NAME.first,
  last_name: NAME.last,
  email: EMAIL,
  phone: PHONE,
  linkedin_url: PAGE,
  twitter_url: null,
  personal_website: null,
  research_data: { bio: `${NAME.first} plays the theremin` },
  interests: ['plays the theremin'],
  colour: 'plays the theremin',
}
const conversation = {
  ...wideConversation,
  context: {
    quotes: [`${NAME.first} says it takes too long`],
    pain_points_identified: [{ description: `${NAME.first} waits for forms`, note: NAME.last }],
  },
  outcome_notes: `Call ${NAME.first} again`,
  metadata: { cc: EMAIL },
}
const touchpoint = {
  ...wideTouchpoint,
  subject: `Hello ${NAME.first}`,
  content: `Dear Ms. ${NAME.last}, you wrote from ${EMAIL}`,
  response: `${NAME.first}: thanks`,
  call_transcript: `This is ${FULL}.`,
  outcome_details: { reply_to: EMAIL },
}
const accounts = {
  ...accountsDump,
  companies: [
    { ...wideCompany, research_data: { people: [`${FULL}, CMO`], pain_points: [`Ask ${FULL} about forms`] } },
  ],
  contacts: [person, secondContact],
  relationships: [{ ...wideRelationship, context: `${NAME.first} hired Ben` }],
  conversations: [conversation],
  touchpoints: [touchpoint],
}
/** A run whose texts mention the person, and whose stored file does. */
const run = JSON.parse(JSON.stringify(completeRun()).replaceAll('Difficulty proving ROI', `${FULL} cannot prove ROI`))
/** Contacts that cannot be read: what is set aside quotes them. */
const broken = [{ ...person, id: 'contact-7', engagement_score: 'much' }]

/** Every byte of the database as text, with the stored files unpacked. */
async function wholeDatabase(): Promise<string> {
  const tables = await rows(
    workspace.url,
    `select relname as name from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r' and relname <> 'payload_chunks'`,
  )
  const texts: string[] = []
  for (const { name } of tables)
    texts.push(JSON.stringify(await rows(workspace.url, `select t::text as row from "${name}" t`)))
  const files = await rows(
    workspace.url,
    `select p.encoding, (select string_agg(c.content, '' order by c.sequence) from payload_chunks c where c.payload_id = p.id) as bytes from payloads p`,
  )
  for (const { encoding, bytes } of files)
    texts.push((encoding === 'gzip' ? gunzipSync(bytes as Buffer) : (bytes as Buffer)).toString())
  const [chunks] = await rows(
    workspace.url,
    'select count(*)::int as orphans from payload_chunks c where not exists (select from payloads p where p.id = c.payload_id)',
  )
  expect(chunks).toEqual({ orphans: 0 })
  return texts.join('\n').toLowerCase()
}

async function found(pieces = PIECES): Promise<string[]> {
  const whole = await wholeDatabase()
  return pieces.filter((piece) =>
    [piece, JSON.stringify(piece).slice(1, -1)].some((form) => whole.includes(form.toLowerCase())),
  )
}

beforeEach(async () => {
  workspace = await fresh()
  await workspace.write('accounts.json', accounts)
  await workspace.write('run.json', run)
  await workspace.write('contacts-broken.json', broken)
  await workspace.import()
})

describe('erasing a contact', () => {
  it('leaves no byte of who it is in any row, word list, reject or stored file; counts and links stay', async () => {
    expect(await found()).toEqual(PIECES)
    const deletions = deletionsIn(workspace.url)
    const before = await dumpOf(workspace.url)
    const foreseen = await deletions.erase({ text: EMAIL.toUpperCase() }, { dryRun: true })
    expect(await dumpOf(workspace.url)).toEqual(before)
    const report = await deletions.erase({ text: EMAIL.toUpperCase() })
    expect({ ...report, dryRun: true }).toEqual(foreseen)
    expect(await found()).toEqual([])
    expect(JSON.stringify(deletions.noted).toLowerCase()).not.toMatch(/zebulonia|quackenb/)
    const after = await dumpOf(workspace.url)
    const sizes = (dump: typeof before) =>
      Object.fromEntries(Object.entries(dump).map(([table, all]) => [table, all.length]))
    expect(sizes({ ...after, payloads: [], payload_chunks: [] })).toEqual(
      sizes({ ...before, payloads: [], payload_chunks: [] }),
    )
    const [contact] = await workspace.query(
      `select c.full_name, c.seniority_level::text, c.is_decision_maker, c.company_id is not null as has_company,
              (select count(*)::int from conversations v where v.contact_id = c.id) as conversations,
              (select count(*)::int from relationships r where c.id in (r.contact_a_id, r.contact_b_id)) as relationships
       from contacts c where source_id = 'contact-1'`,
    )
    expect(contact).toEqual({
      full_name: '[erased]',
      seniority_level: 'C_LEVEL',
      is_decision_maker: true,
      has_company: true,
      conversations: 1,
      relationships: 1,
    })
    expect(await workspace.query(`select email, last_name from contacts where source_id = 'contact-2'`)).toEqual([
      { email: 'ben.moss@prospect.example', last_name: 'Moss' },
    ])
    // What mentions the person is kept around the mention.
    expect(await workspace.query(`select description from pain_points where description like '%prove ROI'`)).toEqual([
      { description: '[erased] cannot prove ROI' },
    ])
    expect(await deletions.dangling()).toEqual([])
    await expect(deletions.erase({ text: EMAIL })).rejects.toMatchObject({ code: 'NOT_FOUND' })
  }, 60_000)

  it('is not undone by the same files, by newer ones, by others, or by building rows anew', async () => {
    const deletions = deletionsIn(workspace.url)
    await deletions.erase({ text: 'contact-1' })
    await workspace.remove('run.json')
    const again = async () => {
      await workspace.import({ rebuild: true })
      await reimport(workspace.url, DEFAULT_IMPORT_OPTIONS, {})
      expect(await found()).toEqual([])
    }
    await again()
    // A newer version of each of their records, and a further touchpoint.
    const newer = { updated_at: '2027-01-01T00:00:00Z' }
    await workspace.write('accounts.json', {
      contacts: [{ ...person, ...newer }],
      relationships: [{ ...wideRelationship, ...newer, context: `${NAME.first} hired Ben` }],
      conversations: [
        { ...conversation, ...newer },
        { ...conversation, id: 'conversation-2' },
      ],
      touchpoints: [
        { ...touchpoint, ...newer },
        { ...touchpoint, id: 'touchpoint-2', conversation_id: 'conversation-2' },
      ],
    })
    await again()
    // The same person by another id, known by the email; record by record in files of their own.
    await workspace.write('other/contacts.json', [{ ...person, id: 'contact-99' }])
    await workspace.write('other/touchpoints.json', [
      { ...touchpoint, id: 'touchpoint-3', conversation_id: 'conversation-2' },
    ])
    await again()
    const [counts] = await workspace.query(
      `select (select count(*)::int from contacts where full_name = '[erased]') as contacts, (select count(*)::int from touchpoints) as touchpoints`,
    )
    expect(counts).toEqual({ contacts: 2, touchpoints: 3 })
    expect(await deletions.dangling()).toEqual([])
  }, 60_000)

  it('replaces a source id that tells who it is, and finds it again', async () => {
    const other = await fresh()
    workspace = other
    const { id: _id, ...nameless } = person
    const key = EMAIL.toLowerCase()
    const files = {
      companies: [wideCompany],
      contacts: [nameless, secondContact],
      relationships: [{ ...wideRelationship, contact_id_2: key }],
      conversations: [{ ...wideConversation, contact_id: key, company_id: null }],
    }
    await other.write('accounts.json', files)
    await other.import()
    const deletions = deletionsIn(other.url)
    await deletions.erase({ text: EMAIL })
    expect(await found()).toEqual([])
    expect(await deletions.dangling()).toEqual([])
    const newer = { updated_at: '2027-01-01T00:00:00Z' }
    await other.write('accounts.json', {
      contacts: [{ ...nameless, ...newer }],
      relationships: [{ ...files.relationships[0], ...newer }],
      conversations: [
        { ...files.conversations[0], ...newer },
        { ...files.conversations[0], id: 'conversation-2' },
      ],
    })
    await other.import()
    expect(await found()).toEqual([])
    expect(await deletions.dangling()).toEqual([])
    expect(await other.query('select count(*)::int as linked from conversations where contact_id is not null')).toEqual(
      [{ linked: 2 }],
    )
  }, 60_000)

  it('is remembered when the contact was deleted with its import', async () => {
    const deletions = deletionsIn(workspace.url)
    await deletions.erase({ text: EMAIL })
    const [{ id }] = (await workspace.query('select id from imports')) as [{ id: string }]
    await deletions.import(id)
    expect(await workspace.query('select from contacts')).toEqual([])
    await workspace.remove('run.json')
    await workspace.write('accounts.json', accounts)
    await workspace.import()
    expect(await workspace.query('select from contacts')).toHaveLength(2)
    expect(await found()).toEqual([])
  }, 60_000)
})
