import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import type { CommandContext } from '../../src/cli/context.ts'
import { runCli } from '../../src/cli/run.ts'
import { readEnvironment } from '../../src/environment.ts'
import { testDatabase } from '../database.ts'
import { importFiles } from '../imported.ts'
import { accountsDump } from '../importers/accounts-fixture.ts'
import { completeRun } from '../importers/playbook-fixture.ts'
import { commandLine } from './command-line.ts'

const database = testDatabase()
let run: ReturnType<typeof commandLine>

beforeAll(async () => {
  run = commandLine(database)
  const files = {
    'a.json': completeRun({ run_id: 'a' }),
    'b.json': completeRun({ run_id: 'b' }),
    'accounts.json': accountsDump,
  }
  await importFiles(database, files)
  await importFiles(database, { 'c.json': completeRun({ run_id: 'c' }) }, 'acme')
})

const runs = async () => (await database.sql('select external_id as name from runs order by 1')).map(({ name }) => name)

/** Runs a command line at a terminal where somebody types this. */
async function typed(answer: string, ...argv: string[]) {
  const [lines, asked]: [string[], string[]] = [[], []]
  const context: CommandContext = {
    stdout: (line) => void lines.push(line),
    stderr: (line) => void lines.push(line),
    write: async () => undefined,
    environment: () => readEnvironment({ DATABASE_URL: database.url, LOG_LEVEL: 'silent' }),
    isTerminal: true,
    columns: 80,
    onInterrupt: () => () => undefined,
    ask: async (question) => {
      asked.push(question)
      return answer
    },
  }
  return { exitCode: await runCli(argv, context), output: lines.join('\n'), asked }
}

describe('crossrun delete', () => {
  it('does nothing without --yes where nobody can be asked, and says what to add', async () => {
    for (const argv of [
      ['delete', 'run', 'a'],
      ['delete', 'organization', 'acme'],
      ['erase', 'contact', 'contact-1'],
    ]) {
      const { exitCode, stderr } = await run(...argv)
      expect(exitCode).toBe(1)
      expect(stderr).toMatch(/Add --yes/)
    }
    expect(await runs()).toEqual(['a', 'b', 'c'])
  })

  it('run: says by table what it would delete, deletes it, and says how it comes back', async () => {
    const foreseen = await run('delete', 'run', 'playbook/a', '--dry-run')
    expect(foreseen.stdout).toMatch(/agent_calls +\d+/)
    expect(foreseen.stdout).toMatch(/Would delete the run playbook\/a: [\d,]+ rows, 1 stored files of .*\n.*--dry-run/)
    expect(await runs()).toContain('a')
    const done = await run('delete', 'run', 'a', '--yes')
    expect([done.exitCode, done.stderr]).toEqual([0, ''])
    expect(done.stdout).toBe(
      foreseen.stdout
        .replace('Would delete', 'Deleted')
        .replace(/Nothing was changed.*/, 'Importing its files again brings it back.'),
    )
    expect(await runs()).toEqual(['b', 'c'])
    expect((await run('delete', 'run', 'a', '--yes')).stderr).toMatch(/RUN_NOT_FOUND/)
    const [event] = await database.sql(
      `select actor_kind::text as kind, details->>'name' as name from audit_events where action = 'run.deleted'`,
    )
    expect(event).toEqual({ kind: 'CLI', name: 'a' })
  })

  it('import: by its id, with one JSON object', async () => {
    const [{ id }] = (await database.sql('select id from imports where organization_id = $1', [
      database.organizationId,
    ])) as [{ id: string }]
    const report = JSON.parse((await run('delete', 'import', id, '--yes', '--json')).stdout)
    expect(report).toMatchObject({ dryRun: false, tables: expect.arrayContaining([{ table: 'contacts', rows: 2 }]) })
    expect(await runs()).toEqual(['c'])
    expect((await run('check')).exitCode).toBe(0)
    expect((await run('rollups', 'check')).exitCode).toBe(0)
    expect((await run('delete', 'import', 'nonsense', '--yes')).stderr).toMatch(/BAD_USER_INPUT/)
  })

  it('organization: asks for its slug, and deletes it when that is typed', async () => {
    const refused = await typed('yes', 'delete', 'organization', 'acme')
    expect([refused.exitCode, await runs()]).toEqual([1, ['c']])
    expect(refused.asked).toEqual([expect.stringMatching(/Type 'acme'/)])
    const { exitCode, output } = await typed('acme', 'delete', 'organization', 'acme')
    expect([exitCode, await runs()]).toEqual([0, []])
    expect(output).toMatch(/crossrun audit --organization acme/)
    expect((await typed('acme', 'delete', 'organization', 'acme')).output).toMatch(
      /^NOT_FOUND: There is no organization 'acme'\.\nThere is 'default'\./,
    )
    // What happened can still be read, and nothing else.
    expect((await run('audit', '--organization', 'acme')).stdout).toMatch(/organization\.deleted/)
    expect((await run('audit', '--organization', 'acme', '--action', 'none')).exitCode).toBe(0)
    expect((await run('runs', 'list', '--organization', 'acme')).stderr).toMatch(/^NOT_FOUND: /)
  })
})

describe('crossrun erase contact', () => {
  it('clears who it is, by email or by the id in the source', async () => {
    await importFiles(database, { 'accounts.json': accountsDump })
    expect((await run('erase', 'contact', 'ADA.lane@prospect.example', '--yes')).exitCode).toBe(0)
    expect((await run('erase', 'contact', 'contact-2', '--yes', '--json')).exitCode).toBe(0)
    expect(await database.sql('select distinct full_name, email from contacts')).toEqual([
      { full_name: '[erased]', email: null },
    ])
    expect((await run('erase', 'contact', 'contact-9', '--yes')).stderr).toMatch(/NOT_FOUND/)
  })
})

describe('the budget of stored files', () => {
  it('is warned of once an import, with numbers and the next step, and shown', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'crossrun-budget-'))
    try {
      await writeFile(join(folder, 'd.json'), JSON.stringify(completeRun({ run_id: 'd' })))
      await writeFile(join(folder, 'e.json'), JSON.stringify(completeRun({ run_id: 'e' })))
      const within = commandLine(database, { environment: { CROSSRUN_PAYLOAD_BUDGET: '1GB' } })
      expect((await within('import', folder)).stderr).not.toMatch(/BUDGET/)
      const over = commandLine(database, { environment: { CROSSRUN_PAYLOAD_BUDGET: '1.5kB' } })
      const { exitCode, stderr } = await over('import', folder)
      expect(exitCode).toBe(0)
      expect(
        stderr.match(/more than the budget of 1\.5 kB \(CROSSRUN_PAYLOAD_BUDGET\): `crossrun retention --dry-run`/g),
      ).toHaveLength(1)
      const [{ bytes }] = (await database.sql('select sum(stored_bytes)::int as bytes from payloads')) as [
        { bytes: number },
      ]
      expect(JSON.parse((await over('retention', 'status', '--json')).stdout)).toEqual({
        files: 2,
        bytes,
        budget: 1500,
      })
      expect((await over('retention', 'status')).stdout).toMatch(/2 stored files take .* of 1\.5 kB, \d+ %\./)
      expect((await run('retention', 'status')).stdout).toMatch(/no budget/)
    } finally {
      await rm(folder, { recursive: true })
    }
  })
})
