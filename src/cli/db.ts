import { defineCommand } from 'citty'
import { type Environment, readEnvironment } from '../environment.ts'
import { DatabaseError } from '../errors.ts'
import { checkServer, openDatabase, withoutPassword } from '../store/database.ts'
import { backUp } from '../store/embedded/backup.ts'
import { runPsql } from '../store/embedded/psql.ts'
import { restore } from '../store/embedded/restore.ts'
import { type EmbeddedStatus, embeddedStatus, embeddedUrl } from '../store/embedded/status.ts'
import { startToStay, stopDatabase } from '../store/embedded/stay.ts'

/** Where a command writes lines and what it is configured by; a test passes its own. */
export type DbCommandContext = { stdout(line: string): void; stderr(line: string): void; environment(): Environment }

const terminal: DbCommandContext = {
  stdout: (line) => process.stdout.write(`${line}\n`),
  stderr: (line) => process.stderr.write(`${line}\n`),
  environment: () => readEnvironment(),
}

/** `crossrun db`: the embedded PostgreSQL, or a look at the one DATABASE_URL names. Failures are thrown. */
export function createDbCommand(context: DbCommandContext = terminal) {
  const { stdout } = context

  const start = defineCommand({
    meta: { name: 'start', description: 'Start the embedded database and leave it running until `crossrun db stop`.' },
    async run() {
      const environment = embeddedOnly(context, 'start')
      const { startedHere } = await startToStay(environment)
      const { pid, port } = await embeddedStatus(environment)
      stdout(
        startedHere
          ? `Started PostgreSQL on 127.0.0.1:${port} (process ${pid}).`
          : `PostgreSQL runs already on 127.0.0.1:${port} (process ${pid}); it now stays until \`crossrun db stop\`.`,
      )
    },
  })

  const stop = defineCommand({
    meta: { name: 'stop', description: 'Stop the embedded database.' },
    args: { force: { type: 'boolean', description: 'Stop it although other processes use it.' } },
    async run({ args }) {
      const stopped = await stopDatabase(embeddedOnly(context, 'stop'), { force: args.force === true })
      stdout(stopped ? 'Stopped PostgreSQL.' : 'PostgreSQL was not running.')
    },
  })

  const status = defineCommand({
    meta: { name: 'status', description: 'Say whether the database runs, who uses it and where everything is.' },
    args: { json: { type: 'boolean', description: 'Print JSON.' } },
    async run({ args }) {
      const environment = context.environment()
      if (environment.DATABASE_URL === undefined) {
        const found = await embeddedStatus(environment)
        stdout(args.json ? JSON.stringify(found, undefined, 2) : describeStatus(found))
        return
      }
      const server = withoutPassword(environment.DATABASE_URL)
      const version = await checkServer(environment.DATABASE_URL)
      const found = { embedded: false, state: 'running', version, server }
      stdout(
        args.json
          ? JSON.stringify(found, undefined, 2)
          : `PostgreSQL ${version} at ${server} (DATABASE_URL) accepts connections.`,
      )
    },
  })

  const url = defineCommand({
    meta: { name: 'url', description: 'Print the address of the database, password included.' },
    async run() {
      const environment = context.environment()
      if (environment.DATABASE_URL !== undefined) return stdout(environment.DATABASE_URL)
      stdout(await embeddedUrl(environment))
      const { state } = await embeddedStatus(environment)
      if (state !== 'running') context.stderr('The database is not running; `crossrun db start` starts it.')
    },
  })

  const psql = defineCommand({
    meta: {
      name: 'psql',
      description: 'Open psql on the database; arguments after -- go to psql: crossrun db psql -- -c "SELECT 1"',
    },
    async run({ rawArgs }) {
      const database = await openDatabase(context.environment())
      try {
        await runPsql(database.url, rawArgs[0] === '--' ? rawArgs.slice(1) : rawArgs)
      } finally {
        await database.close()
      }
    },
  })

  const backup = defineCommand({
    meta: {
      name: 'backup',
      description: 'Write the whole embedded database into one file: crossrun db backup crossrun.tar.gz',
    },
    args: { file: { type: 'positional', required: true, description: 'The file to write, .tar.gz.' } },
    async run({ args }) {
      const done = await backUp(embeddedOnly(context, 'backup'), args.file)
      stdout(
        `Backed up ${done.files} files, ${megabytes(done.bytes)}, to ${done.file} (${megabytes(done.archiveBytes)}).`,
      )
      stdout(`sha256 ${done.sha256}`)
    },
  })

  const restoreCommand = defineCommand({
    meta: {
      name: 'restore',
      description: 'Replace the embedded database by a backup: crossrun db restore crossrun.tar.gz',
    },
    args: {
      file: { type: 'positional', required: true, description: 'A file written by `crossrun db backup`.' },
      force: { type: 'boolean', description: 'Replace a database that exists.' },
    },
    async run({ args }) {
      const manifest = await restore(embeddedOnly(context, 'restore'), args.file, { force: args.force === true })
      stdout(`Restored the database of ${manifest.createdAt}: ${manifest.files.length} files, all verified.`)
    },
  })

  return defineCommand({
    meta: { name: 'db', description: 'The database Crossrun keeps its data in.' },
    subCommands: { start, stop, status, url, psql, backup, restore: restoreCommand },
  })
}

const insteadOf: Record<string, string> = {
  start: 'Start that server the way it is run.',
  stop: 'Stop that server the way it is run.',
  backup: 'pg_dump --format=custom --file=crossrun.dump "$DATABASE_URL"',
  restore: 'pg_restore --clean --if-exists --dbname="$DATABASE_URL" crossrun.dump',
}

function embeddedOnly(context: DbCommandContext, command: string): Environment {
  const environment = context.environment()
  if (environment.DATABASE_URL === undefined) return environment
  throw new DatabaseError(
    'DATABASE_NOT_EMBEDDED',
    `DATABASE_URL is set, so nothing embedded is used and there is nothing to ${command} here.`,
    {
      hint: insteadOf[command],
    },
  )
}

function describeStatus(found: EmbeddedStatus): string {
  const since = found.startedAt ? ` since ${found.startedAt} (process ${found.pid})` : ''
  const rows: [string, string | null][] = [
    ['state', `${found.state}${since}${found.stays ? ', until `crossrun db stop`' : ''}`],
    ['version', found.version ? `PostgreSQL ${found.version}` : null],
    ['address', found.port ? `127.0.0.1:${found.port}` : null],
    ['used by', found.clients.map(({ pid, command }) => `${pid} (${command})`).join(', ') || 'nobody'],
    ['runs as', found.account],
    [
      'data',
      `${found.cluster}${found.relocated ? ` (user ${found.account} cannot reach ${found.dataDirectory})` : ''}`,
    ],
    ['logs', found.logs],
    ['programs', found.binaries && `${found.binaries}${found.binariesCopied ? ' (a copy the server can use)' : ''}`],
  ]
  return rows.flatMap(([name, value]) => (value ? [`${name.padEnd(9)} ${value}`] : [])).join('\n')
}

const megabytes = (bytes: number): string => `${(bytes / 1_000_000).toFixed(1)} MB`
