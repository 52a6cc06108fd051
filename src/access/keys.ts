import { BadInputError, CrossrunError } from '../errors.ts'
import type { Send } from '../store/send.ts'
import { record } from './audit.ts'
import { newKey } from './secrets.ts'
import { type Actor, type ApiScope, SCOPES } from './viewer.ts'

/** A key as people see it: nothing of it lets anybody in. */
export type ApiKey = {
  id: string
  name: string
  /** The last characters of the secret. */
  fragment: string
  /** Sorted as `SCOPES` is. */
  scopes: ApiScope[]
  createdAt: Date
  createdBy: string
  expiresAt: Date | null
  /** To the minute. */
  lastUsedAt: Date | null
  revokedAt: Date | null
}

/** Who makes and revokes keys, and in which request. */
export type KeyMaker = { actor: Actor; scopes: ReadonlySet<ApiScope>; requestId?: string | null }

/** A key as a person asks for it; scopes in any case and order. */
export type SaidKey = { name: string; scopes: readonly string[]; expiresAt: Date | null }

const LONGEST_NAME = 200
/** Of those that are not revoked. */
const MOST_KEYS = 1000
const COLUMNS = `id::text, name, fragment, scopes, created_at as "createdAt", created_by as "createdBy",
  expires_at as "expiresAt", last_used_at as "lastUsedAt", revoked_at as "revokedAt"`
const OWN = 'organization_id = (select crossrun_organization_id())'

/** The organization's keys, newest first, revoked ones too. One statement. */
export function listKeys(send: Send): Promise<ApiKey[]> {
  return send<ApiKey>(`select ${COLUMNS} from api_keys where ${OWN} order by created_at desc, id desc`)
}

/**
 * Makes a key, and writes that down.
 * @returns the key, and its text, which nobody can show again
 * @throws BadInputError naming what is wrong
 * @throws CrossrunError `FORBIDDEN` when it would be allowed more than its maker is
 */
export async function createKey(send: Send, said: SaidKey, maker: KeyMaker): Promise<{ key: ApiKey; text: string }> {
  const name = readName(said.name)
  const scopes = readScopes(said.scopes)
  const beyond = scopes.filter((scope) => !maker.scopes.has(scope) && !maker.scopes.has('ADMIN'))
  if (beyond.length > 0)
    throw new CrossrunError('FORBIDDEN', `Whoever lacks ${beyond.join(', ')} cannot make a key that has it.`, {
      hint: 'Ask for no more than your own key has.',
    })
  if (said.expiresAt && said.expiresAt <= new Date())
    throw new BadInputError('expiresAt is over already.', { argument: 'expiresAt' })
  const [{ count }] = (await send<{ count: number }>(
    `select count(*)::int as count from api_keys where ${OWN} and revoked_at is null`,
  )) as [{ count: number }]
  if (count >= MOST_KEYS)
    throw new BadInputError(`An organization has room for ${MOST_KEYS} keys.`, {
      hint: 'Revoke those that nobody uses.',
    })
  const { id, text, salt, secretSha256, fragment } = newKey()
  const [key] = await send<ApiKey>(
    `insert into api_keys (id, organization_id, name, fragment, salt, secret_sha256, scopes, created_at, created_by, expires_at)
     values ($1::uuid, (select crossrun_organization_id()), $2::text, $3::text, decode($4::text, 'hex'),
       decode($5::text, 'hex'), $6::text[], now(), $7::text, $8::timestamptz)
     returning ${COLUMNS}`,
    [id, name, fragment, hex(salt), hex(secretSha256), scopes, maker.actor.name, said.expiresAt?.toISOString() ?? null],
  )
  await record(send, {
    ...eventOf(key!, maker),
    action: 'key.created',
    details: { name, scopes, expiresAt: key!.expiresAt },
  })
  return { key: key!, text }
}

/** The least of a key's id that names it, in hexadecimal digits. */
export const SHORTEST_BEGINNING = 4

/**
 * Makes a key let nobody in any more, and writes that down.
 * @param named the key's id, with or without dashes, or as much of its beginning as tells it from others
 * @throws BadInputError when that is no id, or names several
 * @throws CrossrunError `NOT_FOUND`, or `CONFLICT` when it was revoked before
 */
export async function revokeKey(send: Send, named: string, maker: Omit<KeyMaker, 'scopes'>): Promise<ApiKey> {
  const digits = readId(named)
  const found = await send<ApiKey>(
    `select ${COLUMNS} from api_keys where ${OWN} and starts_with(replace(id::text, '-', ''), $1::text) order by id limit 10`,
    [digits],
  )
  if (found.length > 1)
    throw new BadInputError(`id begins several keys: ${found.map(({ id }) => id).join(', ')}.`, {
      argument: 'id',
      hint: 'Give more of it.',
    })
  if (!found[0])
    throw new CrossrunError('NOT_FOUND', 'There is no such key.', {
      hint: '`crossrun keys list` shows which there are.',
    })
  const [key] = await send<ApiKey>(
    `update api_keys set revoked_at = now() where ${OWN} and id = $1::uuid and revoked_at is null returning ${COLUMNS}`,
    [found[0].id],
  )
  if (!key) throw new CrossrunError('CONFLICT', 'The key was revoked before.', { hint: 'Nothing is left to do.' })
  await record(send, { ...eventOf(key, maker), action: 'key.revoked', details: { name: key.name } })
  return key
}

function eventOf({ id }: ApiKey, { actor, requestId = null }: Omit<KeyMaker, 'scopes'>) {
  return { actor, requestId, outcome: 'SUCCEEDED', target: { type: 'ApiKey', id } } as const
}

/** @throws BadInputError */
function readName(text: string): string {
  const name = text.trim()
  if (name === '') throw new BadInputError('name is empty.', { argument: 'name', hint: 'Such as: nightly import.' })
  if (name.length > LONGEST_NAME)
    throw new BadInputError(`name is longer than ${LONGEST_NAME} characters.`, { argument: 'name' })
  // biome-ignore lint/suspicious/noControlCharactersInRegex: a terminal that lists keys would obey them.
  if (/[\u0000-\u001f\u007f]/.test(name))
    throw new BadInputError('name holds a control character.', { argument: 'name' })
  return name
}

/** @throws BadInputError */
function readScopes(said: readonly string[]): ApiScope[] {
  const wanted = new Set(said.map((scope) => scope.trim().toUpperCase()))
  const unknown = [...wanted].find((scope) => !SCOPES.includes(scope as ApiScope))
  const hint = `Scopes: ${SCOPES.join(', ').toLowerCase()}.`
  if (unknown !== undefined)
    throw new BadInputError(`scopes: ${JSON.stringify(unknown)} is no scope.`, { argument: 'scopes', hint })
  if (wanted.size === 0) throw new BadInputError('scopes is empty.', { argument: 'scopes', hint })
  return SCOPES.filter((scope) => wanted.has(scope))
}

/** @throws BadInputError */
function readId(text: string): string {
  const digits = text.trim().toLowerCase().replaceAll('-', '')
  if (!/^[0-9a-f]{1,32}$/.test(digits) || digits.length < SHORTEST_BEGINNING)
    throw new BadInputError('id is not the id of a key, nor its beginning.', {
      argument: 'id',
      hint: `At least ${SHORTEST_BEGINNING} of its hexadecimal digits.`,
    })
  return digits
}

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex')
