import { exec, execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { lstat, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { testDatabase } from '../database.ts'
import { importFiles } from '../imported.ts'
import { commandLine } from './command-line.ts'

const database = testDatabase()
const crossrun = commandLine(database)
let folder: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'crossrun-export-'))
  await importFiles(database, {
    'companies.json': [
      { id: 'c1', name: 'Acme', domain: 'acme.example', industry: 'Healthcare' },
      { id: 'c2', name: 'Other', domain: 'other.example', industry: 'Banking' },
    ],
  })
})
afterAll(() => rm(folder, { recursive: true, force: true }))

describe('crossrun export', () => {
  it('lists what there is', async () => {
    const { exitCode, stdout } = await crossrun('export')
    expect([exitCode, stdout]).toEqual([0, expect.stringMatching(/^companies +CompanyWhere /m)])
    const { datasets } = JSON.parse((await crossrun('export', '--json')).stdout)
    expect(datasets.find(({ name }: { name: string }) => name === 'companies')).toMatchObject({
      where: 'CompanyWhere',
      columns: expect.arrayContaining([{ name: 'domain', description: expect.any(String) }]),
    })
  })

  it('writes to standard output', async () => {
    const { exitCode, stdout, stderr } = await crossrun(
      'export',
      'companies',
      '--columns',
      'domain, name',
      '--where',
      '{"industry":{"equals":"Banking"}}',
    )
    expect([exitCode, stdout, stderr]).toEqual([0, 'domain,name\r\nother.example,Other\r\n', ''])
  })

  it('writes a file of the format that its name ends in, and says what is in it', async () => {
    const path = join(folder, 'companies.jsonl')
    const { exitCode, stderr } = await crossrun(
      'export',
      'companies',
      '--columns',
      'domain',
      '--order-by',
      '[{"domain":"DESC"}]',
      '-o',
      path,
    )
    expect([exitCode, stderr]).toEqual([0, expect.stringMatching(/^2 rows, \d+ B: .*companies\.jsonl$/)])
    expect(await readFile(path, 'utf8')).toBe('{"domain":"other.example"}\n{"domain":"acme.example"}\n')
    const said = JSON.parse((await crossrun('export', 'companies', '-o', path, '--format', 'csv', '--json')).stdout)
    expect(said).toMatchObject({ file: path, format: 'csv', rows: 2, bytes: (await readFile(path)).length })
  })

  it.each([[['export', 'companies', '--json']], [['results', 'export', '--run', 'x', '--json']]])(
    '%j is refused: standard output has the rows',
    async (argv) => {
      const { exitCode, stdout, stderr } = await crossrun(...argv)
      expect([exitCode, stdout, stderr]).toEqual([1, '', expect.stringMatching(/^BAD_USER_INPUT: --json .*--output/)])
      expect((await crossrun(...argv.slice(0, -1), '--help')).stdout).toMatch(/--json +Print .* --output names/)
    },
  )

  it('exports questions to the metrics, also those that have a name', async () => {
    const question =
      '{"subject":"ACCOUNTS","measures":["companies"],"dimensions":["industry"],"orderBy":[{"name":"industry"}]}'
    const answer = 'industry,companies\r\nBanking,1\r\nHealthcare,1\r\n'
    expect((await crossrun('export', '--metrics', question)).stdout).toBe(answer)
    await crossrun('views', 'save', 'by-industry', '--query', question)
    expect((await crossrun('export', '--view', 'by-industry')).stdout).toBe(answer)
    const twice = question.replace('["companies"]', '["companies","companies"]')
    expect((await crossrun('export', '--metrics', twice)).stdout).toBe(answer)
    const { exitCode, stderr } = await crossrun('export', '--metrics', '{"subject":"ACCOUNTS","measures":[]}')
    expect([exitCode, stderr]).toEqual([1, expect.stringMatching(/^BAD_USER_INPUT: query\.measures is empty/)])
  })

  it('writes into what is no file, through links, and keeps who may read a file', async () => {
    const pipe = join(folder, 'pipe.csv')
    await promisify(execFile)('mkfifo', [pipe])
    const read = readFile(pipe, 'utf8')
    expect((await crossrun('export', 'companies', '--columns', 'name', '-o', pipe)).exitCode).toBe(0)
    expect(await read).toBe('name\r\nAcme\r\nOther\r\n')
    expect((await lstat(pipe)).isFIFO()).toBe(true)
    const [target, link] = [join(folder, 'target.csv'), join(folder, 'link.csv')]
    await writeFile(target, '', { mode: 0o600 })
    await symlink(target, link)
    expect((await crossrun('export', 'companies', '--columns', 'name', '-o', link)).exitCode).toBe(0)
    expect([(await lstat(link)).isSymbolicLink(), (await stat(target)).mode & 0o777]).toEqual([true, 0o600])
    expect(await readFile(target, 'utf8')).toBe('name\r\nAcme\r\nOther\r\n')
  })

  it('leaves what was there when it fails', async () => {
    const path = join(folder, 'kept.csv')
    await writeFile(path, 'what was there')
    const failed = await commandLine(database, { environment: { CROSSRUN_EXPORT_TIMEOUT_MS: '1' } })(
      'export',
      'companies',
      '-o',
      path,
    )
    expect([failed.exitCode, failed.stderr]).toEqual([1, expect.stringMatching(/^QUERY_TIMEOUT/)])
    expect(await readFile(path, 'utf8')).toBe('what was there')
    expect((await readdir(folder)).filter((name) => name.includes('part'))).toEqual([])
  })

  it.each([
    [['nothing'], /^NOT_FOUND: There is no dataset "nothing"/],
    [['companies', '--view', 'x'], /only one of these/],
    [['--view', 'nothing'], /no view "nothing"/],
    [['--view', 'x', '--where', '{}'], /--where goes with a dataset/],
    [['companies', '--where', '{'], /--where is not JSON/],
    [['companies', '--format', 'pdf'], /no format "pdf"/],
    [['companies', '-o', tmpdir()], /--output cannot be written: .* is a folder/],
    [['companies', '-o', ''], /--output has no name/],
    [['companies', '--colums', 'name'], /There is no option --colums/],
    [['companies', '-o', '/nowhere/at/all.csv'], /--output cannot be written: ENOENT/],
  ])('says what is wrong: %s', async (args, message) => {
    const { exitCode, stdout, stderr } = await crossrun('export', ...args)
    expect([exitCode, stdout, stderr]).toEqual([1, '', expect.stringMatching(message)])
  })

  it('is written down', async () => {
    await database.sql(`delete from audit_events where action like 'export.%'`)
    await crossrun('export', 'companies')
    expect(
      await database.sql(
        `select actor_kind as kind, outcome, details from audit_events where action = 'export.finished'`,
      ),
    ).toEqual([{ kind: 'CLI', outcome: 'SUCCEEDED', details: { name: 'companies', format: 'csv', rows: 2 } }])
  })

  it.skipIf(!existsSync('/dev/full'))('says that standard output is full, and exits with 1', async () => {
    const main = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url))
    for (const words of ['export companies', 'runs list']) {
      const full = promisify(exec)(`"${process.execPath}" --import tsx "${main}" ${words} > /dev/full`, {
        env: { ...process.env, DATABASE_URL: database.url },
      })
      await expect(full).rejects.toMatchObject({
        code: 1,
        stderr: expect.stringMatching(/^OUTPUT_FAILED: .*ENOSPC.*\n$/),
      })
    }
    const [last] = await database.sql(
      `select outcome from audit_events where action = 'export.finished' order by id desc limit 1`,
    )
    expect(last).toEqual({ outcome: 'FAILED' })
  })
})
