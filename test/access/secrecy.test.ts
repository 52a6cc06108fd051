import { Writable } from 'node:stream'
import { pino } from 'pino'
import { expect, it } from 'vitest'
import { commandLine } from '../cli/command-line.ts'
import { testDatabase } from '../database.ts'
import { askAs, makeKey } from './asking.ts'

const database = testDatabase()

/** Every row of every table as text, binary columns in hexadecimal. */
async function dump(): Promise<string> {
  const tables = await database.sql(
    `select c.oid::regclass::text as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
     where c.relkind in ('r', 'p', 'm') and n.nspname not in ('pg_catalog', 'information_schema', 'pg_toast')`,
  )
  let rows = ''
  for (const { name } of tables)
    rows += (await database.sql(`select coalesce(string_agg(t::text, E'\\n'), '') as rows from ${name} as t`))[0]!.rows
  return rows
}

it('no key and no secret stands anywhere in the database, the log or the audit', async () => {
  let log = ''
  const stream = new Writable({
    write(chunk, _encoding, done) {
      log += String(chunk)
      done()
    },
  })
  const server = database.newServer({ logger: pino({ level: 'trace' }, stream) })
  const made = await makeKey(server, null, ['ADMIN'], { name: 'by the API' })
  const { stdout } = await commandLine(database)('keys', 'create', '--name', 'by hand', '--scopes', 'read', '--json')
  const read = JSON.parse(stdout).text as string

  // Used, refused, expired, misspelt, mistaken for something else.
  await askAs(server, made.text, '{ apiKeys { name } auditEvents { nodes { details } } }')
  await askAs(server, read, '{ apiKeys { name } }')
  await askAs(server, read, 'mutation { removeModelPrice(pattern: "x") }')
  await askAs(server, `${read.slice(0, -1)}x`, '{ runs { totalCount } }')
  await askAs(server, made.text, 'mutation ($id: ID!) { revokeApiKey(id: $id) { id } }', { id: made.text })
  await askAs(server, made.text, `mutation { revokeApiKey(id: "${read}") { id } }`)
  await database.sql(`update api_keys set expires_at = now() - interval '1 day' where name = 'by hand'`)
  await askAs(database.newServer({ logger: pino({ level: 'trace' }, stream) }), read, '{ runs { totalCount } }')

  const rows = await dump()
  // What is searched is there to be searched.
  expect(log).toContain('a key was refused')
  for (const shown of ['key.refused', 'mutation.revokeApiKey', 'by the API', 'by hand', made.text.slice(-4)])
    expect(rows).toContain(shown)
  const everything = `${rows}\n${log}`.toLowerCase()
  for (const text of [made.text, read]) {
    const secret = text.split('_')[2]!
    // In hexadecimal as it is, as the bytes of that text, and as what those digits stand for.
    for (const form of [secret, Buffer.from(secret).toString('hex'), Buffer.from(secret, 'hex').toString('base64')])
      expect(everything.includes(form.toLowerCase())).toBe(false)
    // Nor most of it.
    expect(everything.includes(secret.slice(0, 16))).toBe(false)
  }
  await server.close()
})
