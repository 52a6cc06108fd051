import { randomUUID } from 'node:crypto'
import pg from 'pg'

/** A migrated database without rows, for one test file or one test; another may have it afterwards. */
export type PooledDatabase = { url: string; release(): Promise<void> }

/**
 * A database of the pool that nobody uses, emptied, else a new one: to make one takes a second, since it is a thousand
 * files, and to empty one a few milliseconds. Whoever changes tables or looks at plans makes one of its own.
 * @param server address of the server with the template
 * @param isOwn makes a new database, which nobody else will have
 */
export async function takeDatabase(server: string, isOwn = false): Promise<PooledDatabase> {
  // Its locks say which databases are in use; they go with the process, however it ends.
  const holder = new pg.Client({ connectionString: server })
  await holder.connect()
  const name = (isOwn ? null : await freeDatabase(holder)) ?? (await newDatabase(holder, isOwn))
  const url = new URL(server)
  url.pathname = `/${name}`
  return { url: url.href, release: () => holder.end() }
}

const LOCK = `pg_try_advisory_lock(hashtextextended($1, 0)) as free`

async function freeDatabase(holder: pg.Client): Promise<string | null> {
  const { rows } = await holder.query<{ datname: string }>(
    "select datname from pg_database where datname like 'pool\\_%' order by 1",
  )
  for (const { datname } of rows) {
    const { rows: locked } = await holder.query<{ free: boolean }>(`select ${LOCK}`, [datname])
    if (!locked[0]!.free) continue
    const url = new URL(urlOf(holder))
    url.pathname = `/${datname}`
    await empty(url.href)
    return datname
  }
  return null
}

async function newDatabase(holder: pg.Client, isOwn: boolean): Promise<string> {
  const name = `${isOwn ? 'own' : 'pool'}_${randomUUID().replaceAll('-', '')}`
  await holder.query(`select ${LOCK}`, [name])
  await holder.query(`create database ${name} template template_crossrun`)
  return name
}

async function empty(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    const { rows } = await client.query<{ table: string }>(
      `select c.oid::regclass::text as table from pg_class c join pg_namespace n on n.oid = c.relnamespace
       where n.nspname = 'public' and c.relkind = 'r' and c.relname <> '_prisma_migrations' order by 1`,
    )
    // Not truncate, which makes a new file of every table and index.
    await client.query(rows.map(({ table }) => `delete from ${table}`).join(';'))
  } finally {
    await client.end()
  }
}

function urlOf(client: pg.Client): string {
  const { user, password, host, port, database } = client
  return `postgresql://${user}:${encodeURIComponent(String(password))}@${host}:${port}/${database}`
}
