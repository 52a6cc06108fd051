import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { type Migration, migrationsFolder, readMigrations } from '../src/store/migration-files.ts'
import { diffToSchema } from './migration/diff.ts'

const usage = `Writes prisma/migrations/<time>_<name>/migration.sql.

  npm run migration -- <name>            what prisma/schema has and the migrations lack
  npm run migration -- <name> --custom   an empty migration, to be written by hand
  npm run migration -- --check           writes nothing; exits 1 when the two disagree
  npm run migration -- --init            writes the first migration anew; before the first release only

What Prisma cannot say goes into a custom migration. Name its indexes, columns, tables and types x_…: the check leaves
those alone, and text columns need COLLATE "C".
`

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    check: { type: 'boolean', default: false },
    custom: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
    init: { type: 'boolean', default: false },
  },
})

process.exitCode = await main()

async function main(): Promise<number> {
  const migrations = await readMigrations()
  if (values.help) return print(usage, 0)
  if (values.check) return check(migrations)
  if (values.init) return writeInit(migrations)
  const [name] = positionals
  if (name === undefined || !/^[a-z][a-z0-9_]*$/.test(name)) return print(usage, 1)
  if (values.custom) return write(nextTime(migrations), name, '-- Written by hand: why it is needed.\n')
  const sql = await diffToSchema(migrations)
  if (sql === '') return print('The migrations agree with prisma/schema; nothing to write.\n', 0)
  return write(nextTime(migrations), name, sql)
}

async function check(migrations: Migration[]): Promise<number> {
  const sql = await diffToSchema(migrations)
  if (sql === '') return print('The migrations agree with prisma/schema.\n', 0)
  return print(`${sql}\nThe migrations lack the SQL above: npm run migration -- <name>\n`, 1)
}

async function writeInit(migrations: Migration[]): Promise<number> {
  const [time] = migrations.find(({ name }) => name.endsWith('_init'))?.name.split('_') ?? []
  return write(time ?? nextTime(migrations), 'init', await diffToSchema([]))
}

function write(time: string, name: string, sql: string): number {
  const folder = join(migrationsFolder(), `${time}_${name}`)
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, 'migration.sql'), sql)
  return print(`Wrote ${join(folder, 'migration.sql')}\n`, 0)
}

/** Now in UTC as YYYYMMDDHHMMSS, yet later than every migration there is, whatever the clock says. */
function nextTime(migrations: Migration[]): string {
  const now = new Date().toISOString().replace(/\D/g, '').slice(0, 14)
  const last = migrations.at(-1)?.name.split('_')[0] ?? ''
  return now > last ? now : String(Number(last) + 1)
}

function print(text: string, exitCode: number): number {
  ;(exitCode === 0 ? process.stdout : process.stderr).write(text)
  return exitCode
}
