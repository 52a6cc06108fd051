import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { CommandContext } from '../../src/cli/context.ts'
import { runCli } from '../../src/cli/run.ts'
import { readEnvironment } from '../../src/environment.ts'
import { completeRun } from '../importers/playbook-fixture.ts'
import { scratchServer } from '../store/scratch-server.ts'

const server = scratchServer()
let folders = 0

/** Runs command lines against a database and a folder of their own. */
async function workspace() {
  const url = await server.newDatabase()
  const folder = join(server.directory, `cli-${folders++}`)
  await mkdir(folder, { recursive: true })
  const run = async (...argv: string[]) => {
    const stdout: string[] = []
    const stderr: string[] = []
    const context: CommandContext = {
      stdout: (line) => stdout.push(line),
      stderr: (line) => stderr.push(line),
      environment: () => readEnvironment({ DATABASE_URL: url, LOG_LEVEL: 'silent' }),
      write: async (bytes) => void stdout.push(Buffer.from(bytes).toString()),
      isTerminal: false,
      columns: null,
      onInterrupt: () => () => undefined,
    }
    return { exitCode: await runCli(argv, context), stdout: stdout.join('\n'), stderr: stderr.join('\n') }
  }
  return { folder, run, write: (name: string, text: string) => writeFile(join(folder, name), text) }
}

describe('crossrun import', () => {
  it('exits with 0 when all is good, 2 when some was set aside, 1 when nothing could be imported', async () => {
    const { folder, run, write } = await workspace()
    await write('good.json', JSON.stringify(completeRun()))
    expect((await run('import', folder)).exitCode).toBe(0)
    await write('bad.json', '{"run_id"')
    expect((await run('import', folder)).exitCode).toBe(2)
    expect((await run('import', join(folder, 'bad.json'))).exitCode).toBe(1)
    expect((await run('import', join(folder, 'missing'))).exitCode).toBe(1)
  })

  it('ends with one JSON object on standard output and nothing else there', async () => {
    const { folder, run, write } = await workspace()
    await write('good.json', JSON.stringify(completeRun()))
    await write('bad.json', '{"run_id"')
    const { stdout, exitCode } = await run('import', folder, '--json')
    const report = JSON.parse(stdout)
    expect(exitCode).toBe(2)
    expect(report).toMatchObject({
      status: 'COMPLETED_WITH_REJECTS',
      files: { read: 2, unchanged: 0, quarantined: 1 },
      records: { read: 2, inserted: 1, updated: 0, unchanged: 0, quarantined: 1 },
      rejects: [{ file: join(folder, 'bad.json'), line: null, pointer: null, code: 'TRUNCATED' }],
    })
    expect(report.rejects[0].message).toEqual(expect.any(String))
  })

  it('names the argument that is wrong and imports nothing', async () => {
    const { folder, run } = await workspace()
    for (const [argument, value] of [
      ['--time-zone', 'Mars/Olympus'],
      ['--format', 'xml'],
      ['--max-errors', 'many'],
      ['--concurrency', '0'],
    ] as const) {
      const { exitCode, stderr } = await run('import', folder, argument, value)
      expect([exitCode, stderr.includes(argument)]).toEqual([1, true])
    }
    expect((await run('imports')).stdout).toMatch(/Nothing was imported yet/)
  })

  it('says what to do next, lists imports and rejects', async () => {
    const { folder, run, write } = await workspace()
    await write('bad.json', '{"run_id": nope}')
    await write('good.json', JSON.stringify(completeRun()))
    expect((await run('import', folder)).stdout).toMatch(/`crossrun rejects` lists what is set aside/)
    const { stdout } = await run('rejects')
    expect(stdout).toMatch(/SYNTAX\s+.*bad\.json/)
    const [reject] = JSON.parse((await run('rejects', '--json')).stdout)
    expect(reject).toMatchObject({ severity: 'REJECT', code: 'SYNTAX', file: join(folder, 'bad.json'), byteOffset: 11 })
    expect(JSON.parse((await run('imports', '--json')).stdout)).toMatchObject([
      { status: 'COMPLETED_WITH_REJECTS', records: { read: 2 } },
    ])
  })
})

describe('crossrun', () => {
  it('shows usage with an example for every command', async () => {
    const { run } = await workspace()
    for (const command of ['start', 'serve', 'import', 'imports', 'rejects', 'reimport']) {
      const { exitCode, stdout } = await run(command, '--help')
      expect([command, exitCode, /Example: crossrun/.test(stdout)]).toEqual([command, 0, true])
    }
  })

  it('fails with the usage for a command that is none', async () => {
    const { run } = await workspace()
    const { exitCode, stderr } = await run('improt')
    expect(exitCode).toBe(1)
    expect(stderr).toMatch(/improt/)
  })
})
