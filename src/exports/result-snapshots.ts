import { randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import { record } from '../access/audit.ts'
import { newPermalink } from '../access/permalink-tokens.ts'
import type { Actor } from '../access/viewer.ts'
import { BadInputError, CrossrunError } from '../errors.ts'
import type { Scope } from '../filters/scope.ts'
import { type Send, sendOfRequest } from '../store/send.ts'
import type { Db } from '../store/transaction-kysely.ts'
import { extractionResults } from './extraction-results.ts'
import type { ResultsOf } from './find-results.ts'
import { cellsOf, type StoredResults } from './stored-results.ts'

/** A snapshot of results as people see it, with its permalink: nothing of it lets anybody read the rows. */
export type ResultSnapshot = StoredResults & {
  /** SHA-256 of the column list and, in order, of the hashes of the rows. */
  contentSha256: string
  createdAt: Date
  createdBy: string
  /** When a person's data were last taken out of it. */
  erasedAt: Date | null
  /** The last characters of the token. */
  fragment: string
  expiresAt: Date | null
  /** To the minute. */
  lastUsedAt: Date | null
  revokedAt: Date | null
}

/** Who makes and revokes snapshots, and in which request. */
export type SnapshotMaker = { actor: Actor; requestId?: string | null }

/** A snapshot as a person asks for it. */
export type SaidSnapshot = {
  of: ResultsOf
  fields?: readonly string[] | null
  name?: string | null
  expiresAt: Date | null
}

const LONGEST_NAME = 200
/** Of those whose permalink is not revoked. */
const MOST_SNAPSHOTS = 1_000
const OWN = 'organization_id = (select crossrun_organization_id())'
const COLUMNS = `s.id::text, s.name, s.source, s.column_list as columns, s.row_count::float8 as "rowCount",
  s.content_sha256 as "contentSha256", s.created_at as "createdAt", s.created_by as "createdBy", s.erased_at as "erasedAt",
  p.fragment, p.expires_at as "expiresAt", p.last_used_at as "lastUsedAt", p.revoked_at as "revokedAt"`
const FROM = `x_result_snapshots as s join x_result_permalinks as p on p.${OWN} and p.snapshot_id = s.id where s.${OWN}`

/** The organization's snapshots, newest first, those with revoked permalinks too. One statement. */
export function listSnapshots(send: Send): Promise<ResultSnapshot[]> {
  return send<ResultSnapshot>(`select ${COLUMNS} from ${FROM} order by s.created_at desc, s.id desc`)
}

/** A snapshot by its id; null when there is none. One statement. */
export async function findSnapshot(send: Send, id: string): Promise<ResultSnapshot | null> {
  const [found] = await send<ResultSnapshot>(`select ${COLUMNS} from ${FROM} and s.id = $1::uuid`, [id])
  return found ?? null
}

/**
 * Keeps results as they are at this moment, makes a permalink to them, and writes that down. The rows are copied within
 * the database.
 * @param db in a transaction that writes
 * @returns the snapshot, and the token, which nobody can show again
 * @throws BadInputError naming what is wrong; CrossrunError `NOT_FOUND`
 */
export async function createSnapshot(
  db: Db,
  scope: Scope,
  { of, fields, name, expiresAt }: SaidSnapshot,
  { actor, requestId = null }: SnapshotMaker,
): Promise<{ snapshot: ResultSnapshot; token: string }> {
  const send = sendOfRequest(db)
  if (expiresAt && expiresAt <= new Date())
    throw new BadInputError('expiresAt is over already.', { argument: 'expiresAt' })
  const given = name === undefined || name === null ? null : readName(name)
  // What somebody is erasing meanwhile must not come into a snapshot: whoever erases changes this row first.
  await send(`select id from organizations where id = (select crossrun_organization_id()) for share`)
  await requireRoom(send)
  const results = await extractionResults(db, scope, of, fields)
  const id = randomUUID()
  await sql`insert into x_snapshot_rows (organization_id, snapshot_id, place, cells)
    select (select crossrun_organization_id()), ${id}::uuid, r.place, r.cells from (${cellsOf(results)}) as r`.execute(
    db,
  )
  await send(
    `insert into x_result_snapshots (organization_id, id, name, source, column_list, row_count, content_sha256, created_at, created_by)
     select (select crossrun_organization_id()), $1::uuid, $2::text, $3::text::jsonb, $4::text::jsonb, coalesce(max(r.place), 0),
            crossrun_snapshot_sha256($1::uuid, $4::text::jsonb), now(), $5::text
     from x_snapshot_rows as r where r.${OWN} and r.snapshot_id = $1::uuid`,
    [id, given ?? results.of.name, JSON.stringify(results.of), JSON.stringify(results.columns), actor.name],
  )
  const { token, ...link } = newPermalink()
  await send(
    `insert into x_result_permalinks (organization_id, id, snapshot_id, fragment, salt, secret_sha256, expires_at)
     values ((select crossrun_organization_id()), $1::uuid, $2::uuid, $3::text, decode($4::text, 'hex'), decode($5::text, 'hex'),
       $6::timestamptz)`,
    [link.id, id, link.fragment, hex(link.salt), hex(link.secretSha256), expiresAt?.toISOString() ?? null],
  )
  const snapshot = (await findSnapshot(send, id))!
  const { rowCount } = snapshot
  await record(send, {
    ...eventOf(id, { actor, requestId }),
    action: 'result-snapshot.created',
    details: { name: snapshot.name, of: results.of, rows: rowCount, expiresAt },
  })
  return { snapshot, token }
}

/** The least of a snapshot's id that names it, in hexadecimal digits. */
const SHORTEST_BEGINNING = 4

/**
 * Makes the permalink of a snapshot lead nowhere any more, and writes that down.
 * @param named the snapshot's id, with or without dashes, or as much of its beginning as tells it from others
 * @throws BadInputError when that is no id, or names several
 * @throws CrossrunError `NOT_FOUND`, or `CONFLICT` when it was revoked before
 */
export async function revokeSnapshot(send: Send, named: string, maker: SnapshotMaker): Promise<ResultSnapshot> {
  const found = await send<{ id: string }>(
    `select id::text from x_result_snapshots where ${OWN} and starts_with(replace(id::text, '-', ''), $1::text) order by id limit 10`,
    [readId(named)],
  )
  if (found.length > 1)
    throw new BadInputError(`id begins several snapshots: ${found.map(({ id }) => id).join(', ')}.`, {
      argument: 'id',
      hint: 'Give more of it.',
    })
  if (!found[0])
    throw new CrossrunError('NOT_FOUND', 'There is no such snapshot.', {
      hint: '`crossrun results list` shows which there are.',
    })
  const { id } = found[0]
  const revoked = await send(
    `update x_result_permalinks set revoked_at = now() where ${OWN} and snapshot_id = $1::uuid and revoked_at is null returning id`,
    [id],
  )
  if (revoked.length === 0)
    throw new CrossrunError('CONFLICT', 'Its permalink was revoked before.', { hint: 'Nothing is left to do.' })
  const snapshot = (await findSnapshot(send, id))!
  await record(send, {
    ...eventOf(id, maker),
    action: 'result-snapshot.revoked',
    details: { name: snapshot.name },
  })
  return snapshot
}

function eventOf(id: string, { actor, requestId = null }: SnapshotMaker) {
  return { actor, requestId, outcome: 'SUCCEEDED', target: { type: 'ResultSnapshot', id } } as const
}

/** @throws BadInputError */
async function requireRoom(send: Send): Promise<void> {
  const [{ count }] = (await send<{ count: number }>(
    `select count(*)::int as count from x_result_permalinks where ${OWN} and revoked_at is null`,
  )) as [{ count: number }]
  if (count >= MOST_SNAPSHOTS)
    throw new BadInputError(`An organization has room for ${MOST_SNAPSHOTS} snapshots.`, {
      hint: 'Revoke those that nobody uses.',
    })
}

/** @throws BadInputError */
function readName(text: string): string {
  const name = text.trim()
  if (name === '')
    throw new BadInputError('name is empty.', { argument: 'name', hint: 'Such as: March, for the board.' })
  if (name.length > LONGEST_NAME)
    throw new BadInputError(`name is longer than ${LONGEST_NAME} characters.`, { argument: 'name' })
  // biome-ignore lint/suspicious/noControlCharactersInRegex: a terminal that lists snapshots would obey them.
  if (/[\u0000-\u001f\u007f]/.test(name))
    throw new BadInputError('name holds a control character.', { argument: 'name' })
  return name
}

/** @throws BadInputError */
function readId(text: string): string {
  const digits = text.trim().toLowerCase().replaceAll('-', '')
  if (!/^[0-9a-f]{1,32}$/.test(digits) || digits.length < SHORTEST_BEGINNING)
    throw new BadInputError('id is not the id of a snapshot, nor its beginning.', {
      argument: 'id',
      hint: `At least ${SHORTEST_BEGINNING} of its hexadecimal digits.`,
    })
  return digits
}

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex')
