import type { ClientBase } from 'pg'
import { CrossrunError, RetryableError } from '../../errors.ts'
import { identifiersOf } from '../../model/identifiers.ts'
import { sendOfSession } from '../../store/send.ts'
import type { TenantSession } from '../../store/tenant-session.ts'
import { withoutImports } from '../import-lock.ts'
import type { DeletionOptions } from './delete-run.ts'
import { dropPayloadsOf } from './drop-payloads.ts'
import { eraseFiles, forgetPayloads } from './erase-files.ts'
import { eraseRows } from './erase-rows.ts'
import { eraseSnapshots } from './erase-snapshots.ts'
import { eraseTexts } from './erase-texts.ts'
import { rememberErased } from './erased-keys.ts'
import { filesThatMention } from './find-in-files.ts'
import { OWN } from './marked.ts'
import { needlesOf, type Person } from './needles.ts'
import { Counts, countsOf, type DeletionReport } from './report.ts'

/** Who is meant: a row's id, or a text that is an email or the source system's id. */
export type WhichContact = { id: string } | { text: string }

type Found = Person & { id: string; emailKey: string | null }

/** How often the stored files are looked through again when imports bring new ones meanwhile. */
const TRIES = 10

/**
 * Erases what is known of a person: the contact's row stays, and nothing in it, in what was said with them, in other
 * texts or in stored files says who it is. That the person is erased is remembered by hashes, so that no later import
 * brings it back. One transaction, after all stored files were looked through.
 * @throws CrossrunError `NOT_FOUND`
 * @throws RetryableError `IMPORT_RUNNING`
 */
export async function eraseContact(
  session: TenantSession,
  which: WhichContact,
  options: DeletionOptions,
): Promise<DeletionReport> {
  const { patienceMs, dryRun } = options
  let texts: string[] = []
  let seen = new Set<string>()
  let mentioning: string[] = []
  for (let tries = 0; tries < TRIES; tries++) {
    const wanted = textsOf(await session.transaction((client) => find(client, which)))
    if (wanted.join('\0') !== texts.join('\0')) [texts, seen, mentioning] = [wanted, new Set(), []]
    mentioning.push(...(await filesThatMention(session, texts, seen)))
    const report = await withoutImports(session, { patienceMs, keep: !dryRun }, async (client) => {
      const people = await find(client, which)
      const isKnown = textsOf(people).join('\0') === texts.join('\0') && !(await hasOthers(client, seen))
      return isKnown ? erase(client, people, mentioning, options) : null
    })
    if (report) return report
  }
  throw new RetryableError('IMPORT_RUNNING', 'Imports bring new files faster than they can be looked through.', {
    hint: 'Nothing was changed. Do it again when they are over.',
  })
}

async function erase(
  client: ClientBase,
  people: readonly Found[],
  mentioning: readonly string[],
  { organizationId, dryRun, note }: DeletionOptions,
): Promise<DeletionReport> {
  const counts = new Counts()
  const contactIds = people.map(({ id }) => id)
  await rememberErased(client, identifiersOf(organizationId), people.map(keysOf))
  await eraseFiles(client, contactIds, null, counts)
  await forgetPayloads(client, mentioning, counts)
  await dropPayloadsOf(client, await orphans(client), counts)
  await eraseRows(client, contactIds, counts)
  await eraseTexts(client, needlesOf(people), counts)
  await eraseSnapshots(client, needlesOf(people), counts)
  const report = counts.report(dryRun)
  await note(sendOfSession(client), {
    action: 'contact.erased',
    target: { type: 'Contact', id: contactIds[0]! },
    details: { contacts: contactIds, ...countsOf(report) },
  })
  return report
}

/** Those who are meant, and whoever has an email of theirs: the same person by another id. @throws CrossrunError `NOT_FOUND` */
async function find(client: ClientBase, which: WhichContact): Promise<Found[]> {
  const isMeant = 'id' in which ? 'id = $1::uuid' : '(email_key = lower($1) or source_id = $1)'
  const { rows } = await client.query<Found>(
    `select id, source_id as "sourceId", email_key as "emailKey", first_name as "firstName", last_name as "lastName",
            full_name as "fullName", email, phone, array[linkedin_url, twitter_url, personal_website] as pages
     from contacts
     where ${OWN} and (${isMeant} or email_key in (select email_key from contacts where ${OWN} and ${isMeant}))
     order by id`,
    ['id' in which ? which.id : which.text.trim()],
  )
  if (rows.length === 0) throw new CrossrunError('NOT_FOUND', 'There is no such contact.')
  return rows
}

function textsOf(people: readonly Found[]): string[] {
  const { telling, further } = needlesOf(people)
  return [...telling, ...further]
}

/** Whether files are stored that were not looked through. */
async function hasOthers(client: ClientBase, seen: ReadonlySet<string>): Promise<boolean> {
  const { rows } = await client.query(
    `select from payloads where ${OWN} and id not in (select unnest($1::uuid[])) limit 1`,
    [[...seen]],
  )
  return rows.length > 0
}

function keysOf({ id, sourceId, emailKey, firstName, lastName }: Found) {
  return { id, sourceId, emailKey, names: [firstName, lastName] }
}

/** Stored files that nothing refers to: newer versions of them came. */
async function orphans(client: ClientBase): Promise<string[]> {
  const { rows } = await client.query<{ id: string }>(
    `select p.id from payloads as p
     where p.${OWN} and not exists (select from artifacts as a where a.${OWN} and a.payload_id = p.id)
       and not exists (select from imported_files as f where f.${OWN} and f.payload_id = p.id)`,
  )
  return rows.map(({ id }) => id)
}
