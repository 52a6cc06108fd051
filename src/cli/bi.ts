import { defineCommand } from 'citty'
import pg from 'pg'
import { cliActor, record } from '../access/audit.ts'
import { grantLogin, LOGIN_LIMITS, listLogins, revokeLogin } from '../access/bi-logins.ts'
import { refreshViews } from '../analytics/refresh-views.ts'
import { BadInputError } from '../errors.ts'
import { organizationIdOf } from '../model/identifiers.ts'
import { ensureOrganization } from '../store/organizations.ts'
import { sendOfSession } from '../store/send.ts'
import type { CommandContext } from './context.ts'
import { jsonArgument } from './json-argument.ts'
import { openStore, type Presence } from './open-store.ts'
import { organizationArgument } from './reading.ts'
import { withSqlPort } from './sql-port.ts'
import { formatTable } from './table.ts'
import { wholeNumber } from './whole-number.ts'

/** More than a server can have open. */
const MOST_CONNECTIONS = 100_000
/** Some eleven days; PostgreSQL keeps milliseconds in 32 bits. */
const LONGEST_TIMEOUT_SECONDS = 1_000_000

export function createBiCommand(context: CommandContext) {
  const grant = defineCommand({
    meta: {
      name: 'grant',
      description:
        'Make a read-only database login for a BI tool, and print how to connect. Example: crossrun bi grant --organization acme',
    },
    args: {
      organization: organizationArgument,
      'read-only-user': {
        type: 'string',
        description: "Name of the login; the organization's with _bi after it unless given.",
        valueHint: 'NAME',
      },
      connections: {
        type: 'string',
        default: String(LOGIN_LIMITS.connections),
        description: 'How many connections it may have open.',
        valueHint: 'NUMBER',
      },
      'statement-timeout': {
        type: 'string',
        default: String(LOGIN_LIMITS.statementTimeoutSeconds),
        description: 'Seconds after which a statement is ended.',
        valueHint: 'SECONDS',
      },
      'sql-port': {
        type: 'string',
        description: 'The port that `crossrun serve --sql-port` shows the database on; CROSSRUN_SQL_PORT.',
        valueHint: '5433',
      },
      json: jsonArgument,
    },
    async run({ args }) {
      const { CROSSRUN_SQL_PORT: sqlPort, DATABASE_URL: external } = withSqlPort(
        context.environment(),
        args['sql-port'],
      )
      const organizationId = organizationIdOf(args.organization)
      const login = args['read-only-user'] || `${args.organization.toLowerCase().replace(/[^a-z0-9]+/g, '_')}_bi`
      const limits = {
        ...LOGIN_LIMITS,
        connections: wholeNumber('connections', args.connections, 1, MOST_CONNECTIONS),
        statementTimeoutSeconds: wholeNumber(
          'statement-timeout',
          args['statement-timeout'],
          1,
          LONGEST_TIMEOUT_SECONDS,
        ),
      }
      const grantedTo = async (client: pg.Client, url: string) => {
        await ensureOrganization(sendOfSession(client), args.organization)
        const password = await grantLogin(client, login, organizationId, cliActor().name, limits)
        await note(client, 'bi-login.granted', login)
        const address = addressOf(url, login, password, sqlPort)
        if (args.json) return context.stdout(JSON.stringify(address))
        for (const line of settingsOf(address, limits.connections)) context.stdout(line)
        if (!external) context.stdout(whileServed(new URL(url).port, sqlPort))
      }
      await asOwner(context, args.organization, grantedTo, 'ANY')
    },
  })

  const list = defineCommand({
    meta: { name: 'list', description: 'List the logins of BI tools. Example: crossrun bi list --organization acme' },
    args: { organization: organizationArgument, json: jsonArgument },
    async run({ args }) {
      await asOwner(context, args.organization, async (client) => {
        const logins = await listLogins(client, organizationIdOf(args.organization))
        if (args.json) return context.stdout(JSON.stringify({ logins }))
        if (logins.length === 0) return context.stdout('There are none. Make one with: crossrun bi grant')
        const rows = logins.map(({ login, createdAt, createdBy, connections }) => [
          login,
          createdAt.toISOString(),
          createdBy,
          String(connections),
        ])
        for (const line of formatTable(['login', 'granted', 'by', 'connections'], rows, { width: context.columns }))
          context.stdout(line)
      })
    },
  })

  const revoke = defineCommand({
    meta: {
      name: 'revoke',
      description: 'Take the login of a BI tool away and end its connections. Example: crossrun bi revoke acme_bi',
    },
    args: {
      login: { type: 'positional', required: true, description: 'Its name.' },
      organization: organizationArgument,
      json: jsonArgument,
    },
    async run({ args }) {
      await asOwner(context, args.organization, async (client) => {
        if (!(await revokeLogin(client, args.login, organizationIdOf(args.organization))))
          throw new BadInputError(`There is no login '${args.login}'.`, { hint: 'crossrun bi list shows which are.' })
        await note(client, 'bi-login.revoked', args.login)
        if (args.json) return context.stdout(JSON.stringify({ login: args.login, revoked: true }))
        context.stdout(`${args.login} can read no more, and its connections are ended.`)
      })
    },
  })

  return defineCommand({
    meta: { name: 'bi', description: 'Database logins of BI tools, which read the views of one organization.' },
    subCommands: { grant, list, revoke },
  })
}

/** Works as the owner of the tables, in one transaction of the organization. */
async function asOwner(
  context: CommandContext,
  organization: string,
  work: (client: pg.Client, url: string) => Promise<void>,
  presence: Presence = 'KNOWN',
): Promise<void> {
  const database = await openStore(context.environment(), presence === 'KNOWN' ? organization : null)
  const client = new pg.Client({ connectionString: database.url })
  try {
    await refreshViews(database.url)
    await client.connect()
    await client.query('begin')
    await client.query(`select set_config('app.organization_id', $1, true)`, [organizationIdOf(organization)])
    await work(client, database.url)
    await client.query('commit')
  } finally {
    await client.end()
    await database.close()
  }
}

const note = (client: pg.Client, action: string, login: string) =>
  record(sendOfSession(client), {
    actor: cliActor(),
    action,
    outcome: 'SUCCEEDED',
    target: { type: 'BiLogin', id: login },
  })

type Address = { host: string; port: string; database: string; user: string; password: string; url: string }

function addressOf(url: string, user: string, password: string, sqlPort: number | undefined): Address {
  const address = new URL(url)
  if (sqlPort !== undefined) address.port = String(sqlPort)
  address.username = user
  address.password = password
  const { hostname, port, pathname, href } = address
  return {
    host: hostname,
    port: port || '5432',
    database: decodeURIComponent(pathname.slice(1)),
    user,
    password,
    url: href,
  }
}

function settingsOf({ host, port, database, user, password, url }: Address, connections: number): string[] {
  return [
    `Host       ${host}`,
    `Port       ${port}`,
    `Database   ${database}`,
    `Schema     analytics`,
    `User       ${user}`,
    `Password   ${password}   (shown once; grant again for a new one)`,
    '',
    url,
    `jdbc:postgresql://${host}:${port}/${database}?user=${user}&password=${password}&currentSchema=analytics`,
    `Driver={PostgreSQL Unicode};Server=${host};Port=${port};Database=${database};Uid=${user};Pwd=${password};`,
    '',
    `It reads the views of the schema analytics, and has room for ${connections} connections.`,
    `Try it: psql "${url}" -c 'select view_name, name, description from catalog limit 10'`,
  ]
}

/** When an embedded server can be reached, and at which other port. */
function whileServed(ownPort: string, sqlPort: number | undefined): string {
  return sqlPort === undefined
    ? `The server is there while \`crossrun serve\` runs. Its port ${ownPort} is one that was free; \`crossrun serve --sql-port 5433\` shows it at one that you choose.`
    : `The server is there while \`crossrun serve --sql-port ${sqlPort}\` runs. Its own port is ${ownPort}.`
}
