import { randomBytes } from 'node:crypto'
import pg from 'pg'
import { BadInputError, CrossrunError } from '../errors.ts'
import { ANALYTICS } from '../store/analytics-schema.ts'

/** The login of a BI tool; its password is told once, when it is made. */
export type Login = { login: string; createdAt: Date; createdBy: string; connections: number }

/** What a login may use, unless `grantLogin` is told otherwise. */
export const LOGIN_LIMITS = { connections: 10, statementTimeoutSeconds: 300, idleTimeoutSeconds: 1800 }

/** PostgreSQL cuts longer names off. */
const LONGEST_NAME = 63
const PASSWORD_BYTES = 24

/**
 * Makes a login that reads the views of one organization, or gives the one there is a new password.
 * @param client of whoever may make roles; in a transaction
 * @returns the password
 * @throws BadInputError when the name is none, or a role that is nobody's login has it
 */
export async function grantLogin(
  client: pg.ClientBase,
  login: string,
  organizationId: string,
  createdBy: string,
  limits = LOGIN_LIMITS,
): Promise<string> {
  if (!/^[a-z][a-z0-9_]*$/.test(login) || login.length > LONGEST_NAME || login.startsWith('pg_'))
    throw new BadInputError(
      `A login's name has small letters, digits and _, begins with a letter and is up to ${LONGEST_NAME} characters long; found '${login}'.`,
    )
  const name = pg.escapeIdentifier(login)
  const { rows } = await client.query<{ is_role: boolean; owner: string | null }>(
    `select exists (select from pg_roles where rolname = $1) as is_role,
            (select organization_id::text from x_bi_logins where login = $1) as owner`,
    [login],
  )
  const { is_role: isRole, owner } = rows[0]!
  if (isRole && owner !== organizationId)
    throw new BadInputError(`There is another role named '${login}'.`, { hint: 'Choose a name with --read-only-user.' })
  const password = randomBytes(PASSWORD_BYTES).toString('base64url')
  await asAdministrator(async () => {
    // What is not named here is not given.
    await client.query(`${isRole ? 'alter' : 'create'} role ${name} with login noinherit
      connection limit ${limits.connections} password ${pg.escapeLiteral(password)}`)
    await member(client, name)
    for (const [setting, value] of settingsOf(limits))
      await client.query(`alter role ${name} set ${setting} = ${value}`)
    await closeWhatIsOpenToAll(client)
  })
  await client.query(
    `insert into x_bi_logins (login, organization_id, created_by) values ($1, $2::uuid, $3)
     on conflict (login) do update set created_at = now(), created_by = excluded.created_by`,
    [login, organizationId, createdBy],
  )
  return password
}

/** What its sessions begin with; they may change these, and see no more rows for it. */
function settingsOf(limits: typeof LOGIN_LIMITS): [string, string][] {
  return [
    ['default_transaction_read_only', 'on'],
    ['statement_timeout', `'${limits.statementTimeoutSeconds}s'`],
    ['idle_in_transaction_session_timeout', `'60s'`],
    ['idle_session_timeout', `'${limits.idleTimeoutSeconds}s'`],
    ['search_path', ANALYTICS],
    ['timezone', `'UTC'`],
  ]
}

/** A member of the readers and of nothing else, who cannot become them. */
async function member(client: pg.ClientBase, name: string): Promise<void> {
  const { rows } = await client.query<{ version: number }>(
    `select current_setting('server_version_num')::int as version`,
  )
  // Before PostgreSQL 16 a role inherits from all it is a member of, or from none.
  if (rows[0]!.version >= 160000) await client.query(`grant crossrun_bi to ${name} with inherit true, set false`)
  else {
    await client.query(`alter role ${name} inherit`)
    await client.query(`grant crossrun_bi to ${name}`)
  }
}

/** What PostgreSQL lets every role do in a database: make temporary tables and name what is in `public`. */
async function closeWhatIsOpenToAll(client: pg.ClientBase): Promise<void> {
  const { rows } = await client.query<{ name: string }>('select current_database() as name')
  const database = pg.escapeIdentifier(rows[0]!.name)
  await client.query(`grant temporary on database ${database} to crossrun_app`)
  await client.query(`revoke temporary on database ${database} from public`)
  await client.query('revoke all on schema public from public')
}

/**
 * Takes a login away, ending its connections. When PostgreSQL keeps the role, because something in another database
 * belongs to it, it sees nothing and lets nobody in any more.
 * @param client of whoever may make roles; in a transaction
 * @returns whether there was one
 */
export async function revokeLogin(client: pg.ClientBase, login: string, organizationId: string): Promise<boolean> {
  const { rowCount } = await client.query('delete from x_bi_logins where login = $1 and organization_id = $2::uuid', [
    login,
    organizationId,
  ])
  if (rowCount === 0) return false
  const name = pg.escapeIdentifier(login)
  await asAdministrator(async () => {
    await client.query(`alter role ${name} nologin password null`)
    await client.query('select pg_terminate_backend(pid) from pg_stat_activity where usename = $1', [login])
    await client.query(`revoke crossrun_bi from ${name}`)
  })
  await client.query('savepoint before_drop')
  try {
    // What a login can make although it reads: large objects, and rights that it gives away.
    await client.query(`grant ${name} to current_user`)
    await client.query(`drop owned by ${name}`)
    await client.query(`drop role ${name}`)
    await client.query('release savepoint before_drop')
  } catch {
    await client.query('rollback to savepoint before_drop')
  }
  return true
}

/** The organization's logins by name, with the connections that each has open. One statement. */
export async function listLogins(client: pg.ClientBase, organizationId: string): Promise<Login[]> {
  const { rows } = await client.query<Login>(
    `select l.login::text as login, l.created_at as "createdAt", l.created_by as "createdBy",
            (select count(*) from pg_stat_activity as a where a.usename = l.login)::int as connections
     from x_bi_logins as l where l.organization_id = $1::uuid order by l.login`,
    [organizationId],
  )
  return rows
}

async function asAdministrator(work: () => Promise<void>): Promise<void> {
  try {
    await work()
  } catch (error) {
    if ((error as { code?: unknown }).code !== '42501') throw error
    throw new CrossrunError('NOT_ALLOWED', 'The login of DATABASE_URL may not make roles.', {
      hint: 'Let an administrator run this command, or grant that login CREATEROLE.',
      cause: error,
    })
  }
}
