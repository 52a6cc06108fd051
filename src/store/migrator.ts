import { randomUUID } from 'node:crypto'
import pg from 'pg'
import { DatabaseError } from '../errors.ts'
import { checksum, hasChecksum, type Migration, readMigrations } from './migration-files.ts'
import { sendMigration } from './send-migration.ts'

/** The advisory lock Prisma's own `migrate deploy` takes, so that the two never run at once. */
const migrationLock = 72707369

/** Prisma's bookkeeping, column for column. */
const createLedger = `
  CREATE TABLE IF NOT EXISTS public._prisma_migrations (
    id                  varchar(36) PRIMARY KEY NOT NULL,
    checksum            varchar(64) NOT NULL,
    finished_at         timestamptz,
    migration_name      varchar(255) NOT NULL,
    logs                text,
    rolled_back_at      timestamptz,
    started_at          timestamptz NOT NULL DEFAULT now(),
    applied_steps_count integer NOT NULL DEFAULT 0
  )`

type LedgerRow = { migration_name: string; checksum: string; finished: boolean }

export type MigrateOptions = {
  /** Told each migration that was applied, as a sentence. */
  log?: (line: string) => void
  /** The folder to read instead of this package's own prisma/migrations. */
  folder?: string
}

/**
 * Brings the database up to this program: applies each missing migration, oldest first, in a transaction of its own.
 * Processes that do it at once take turns. One query when nothing is missing.
 * @returns the names of the migrations this call applied
 * @throws DatabaseError `MIGRATION_EDITED`, `MIGRATION_UNFINISHED` or `DATABASE_TOO_NEW` before anything is changed;
 *   `MIGRATION_FAILED` when one cannot be applied: those before it stay, of itself nothing does.
 */
export async function migrate(url: string, options: MigrateOptions = {}): Promise<{ applied: string[] }> {
  const migrations = await readMigrations(options.folder)
  return withClient(url, async (client) => {
    const applied: string[] = []
    let missing = pending(migrations, await readLedger(client))
    while (missing.length > 0) {
      const started = performance.now()
      const name = await applyNext(client, migrations)
      if (name === undefined) break
      applied.push(name)
      options.log?.(`Applied the migration ${name} in ${Math.round(performance.now() - started)} ms`)
      missing = missing.filter((migration) => migration.name !== name)
    }
    return { applied }
  })
}

/**
 * The names of the migrations this database lacks, oldest first.
 * @throws DatabaseError as `migrate` does
 */
export async function pendingMigrations(url: string, options: Pick<MigrateOptions, 'folder'> = {}): Promise<string[]> {
  const migrations = await readMigrations(options.folder)
  return withClient(url, async (client) => pending(migrations, await readLedger(client)).map(({ name }) => name))
}

/** Applies the oldest migration that is missing once the lock is held; another process may have done it by then. */
async function applyNext(client: pg.Client, migrations: Migration[]): Promise<string | undefined> {
  await client.query(`BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE`)
  try {
    await client.query(`SET LOCAL statement_timeout = 0; SET LOCAL lock_timeout = 0; SET LOCAL search_path = public`)
    await client.query(`SELECT pg_advisory_xact_lock(${migrationLock})`)
    await client.query(createLedger)
    const [next] = pending(migrations, await readLedger(client))
    if (next !== undefined) await apply(client, next)
    await client.query('COMMIT')
    return next?.name
  } catch (error) {
    await client.query('ROLLBACK').catch(() => undefined)
    throw error
  }
}

async function apply(client: pg.Client, { name, sql }: Migration): Promise<void> {
  try {
    await sendMigration(client, sql)
    await client.query(
      `INSERT INTO public._prisma_migrations (id, checksum, migration_name, started_at, finished_at, applied_steps_count)
       VALUES ($1, $2, $3, now(), clock_timestamp(), 1)`,
      [randomUUID(), checksum(sql), name],
    )
  } catch (cause) {
    const { message, hint } = cause as Error & { hint?: string }
    throw new DatabaseError('MIGRATION_FAILED', `The migration ${name} cannot be applied: ${message}.`, {
      hint: hint ?? 'Nothing of it was kept; the database is as the migration before it left it.',
      cause,
    })
  }
}

/** What Prisma or an earlier run recorded; nothing when the table is not there. */
async function readLedger(client: pg.Client): Promise<LedgerRow[]> {
  try {
    const { rows } = await client.query<LedgerRow>(
      `SELECT migration_name, checksum, finished_at IS NOT NULL AS finished
       FROM public._prisma_migrations WHERE rolled_back_at IS NULL ORDER BY migration_name COLLATE "C"`,
    )
    return rows
  } catch (error) {
    if ((error as { code?: string }).code === '42P01') return []
    throw error
  }
}

/** Compares what is recorded with what this program has, and refuses a database it does not understand. */
function pending(migrations: Migration[], ledger: LedgerRow[]): Migration[] {
  const known = new Map(migrations.map((migration) => [migration.name, migration]))
  for (const row of ledger) {
    const migration = known.get(row.migration_name)
    if (migration === undefined) throw tooNew(row.migration_name)
    if (!row.finished) throw unfinished(row.migration_name)
    if (!hasChecksum(migration.sql, row.checksum)) throw edited(row.migration_name)
  }
  const recorded = new Set(ledger.map((row) => row.migration_name))
  return migrations.filter(({ name }) => !recorded.has(name))
}

function tooNew(name: string): DatabaseError {
  return new DatabaseError(
    'DATABASE_TOO_NEW',
    `The database has the migration ${name}, which this program does not know.`,
    {
      hint: 'A newer Crossrun, or another program, has used it: upgrade Crossrun, or name another database.',
    },
  )
}

function edited(name: string): DatabaseError {
  return new DatabaseError(
    'MIGRATION_EDITED',
    `The migration ${name} was changed after it was applied to this database.`,
    {
      hint: `Restore prisma/migrations/${name}/migration.sql and put the change in a new migration.`,
    },
  )
}

function unfinished(name: string): DatabaseError {
  return new DatabaseError('MIGRATION_UNFINISHED', `The migration ${name} was begun by Prisma and did not finish.`, {
    hint: `Repair the database, then: npx prisma migrate resolve --rolled-back ${name}`,
  })
}

async function withClient<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url, application_name: 'crossrun migrate' })
  // A connection that breaks fails the query that needs it; it must not end the process.
  client.on('error', () => undefined)
  await client.connect()
  try {
    return await work(client)
  } finally {
    await client.end()
  }
}
