import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { beforeAll, expect, it } from 'vitest'
import { biAccess, RUN_COLUMNS, RUNS, VIEW_NAMES } from './bi-access.ts'
import { describeClient, run, runs } from './installed.ts'

/** Where Debian's package has the driver. */
const DRIVER = '/usr/share/java/postgresql.jar'
const PROGRAM = fileURLToPath(new URL('JdbcFindings.java', import.meta.url))
// A start that is soon over: no time for the better compiler.
const OPTIONS = ['-XX:TieredStopAtLevel=1', '-XX:+UseSerialGC', '-Dfile.encoding=UTF-8', '-Dstdout.encoding=UTF-8']

const isInstalled = existsSync(DRIVER) && runs('javac', '-version')

describeClient('JDBC', isInstalled, 'libpostgresql-jdbc-java, default-jdk-headless', () => {
  const bi = biAccess()
  let findings: string[][] = []
  const found = (name: string) => findings.flatMap(([each, ...values]) => (each === name ? [values] : []))

  beforeAll(async () => {
    // One virtual machine for all of it: to start one takes longer than what it does.
    const { stdout, stderr } = await run('java', [...OPTIONS, '-cp', DRIVER, PROGRAM, bi.jdbc])
    expect(stderr).toBe('')
    findings = stdout
      .trimEnd()
      .split('\n')
      .map((line) => line.split('\t'))
  })

  it('lists the views with what they are', () => {
    expect(found('view').map(([name, type, remarks]) => [name, type, remarks !== 'null'])).toEqual(
      VIEW_NAMES.map((name) => [name, 'VIEW', true]),
    )
  })

  it('finds views in no other schema of Crossrun, and nothing but views in this one', () => {
    expect(found('own schema')).toEqual([['analytics']])
    const elsewhere = found('view anywhere').filter(
      ([schema]) => schema !== 'pg_catalog' && schema !== 'information_schema',
    )
    expect(elsewhere).toEqual(VIEW_NAMES.map((name) => ['analytics', name]))
    expect(found('no view')).toEqual([])
    expect(found('function')).toEqual([])
    expect(found('named').sort()).toEqual(VIEW_NAMES.map((name) => ['analytics', name]))
  })

  it('describes columns: types of numbers and times that tools know, and what they hold', () => {
    const columns = new Map(found('column').map(([name, ...about]) => [name, about]))
    expect([...columns].map(([name, [, , remarks]]) => [name, remarks])).toEqual([...RUN_COLUMNS])
    // 2 NUMERIC, -5 BIGINT, 12 VARCHAR, 93 TIMESTAMP: what java.sql.Types calls them.
    for (const [name, ...type] of [
      ['cost_usd', 'numeric', '2'],
      ['total_tokens', 'int8', '-5'],
      ['status', 'text', '12'],
      ['started_at', 'timestamptz', '93'],
    ])
      expect(columns.get(name)?.slice(0, 2), name).toEqual(type)
    expect([...new Set(found('any column').map(([view]) => view))]).toEqual(VIEW_NAMES)
  })

  it('asks for keys and indexes, which views do not have, and for what there is else', () => {
    for (const name of ['primary key', 'imported key', 'exported key', 'index']) expect(found(name), name).toEqual([])
    expect(found('catalog')).toContainEqual([bi.database])
    expect(found('schema')).toContainEqual(['analytics'])
    expect(found('type')).toEqual(expect.arrayContaining([['numeric'], ['timestamptz'], ['text']]))
    expect(found('table type')).toContainEqual(['VIEW'])
  })

  it('reads numbers to the last digit, and times to the millisecond', () => {
    expect(found('run')).toEqual(
      RUNS.map(({ external_id, cost_usd, total_tokens, started_at }) =>
        [external_id, cost_usd, total_tokens, started_at].map(String),
      ),
    )
    expect(found('result column').map(([name, type]) => [name, type])).toEqual([
      ['external_id', 'text'],
      ['cost_usd', 'numeric'],
      ['total_tokens', 'int8'],
      ['started_at', 'timestamptz'],
    ])
  })

  it('fetches many rows part by part', () => {
    expect(found('open cursor')).toEqual([['1']])
    expect(found('part by part')).toEqual([['30000', String(3 * 50_005_000)]])
  })

  it.each([
    ['simple', '0'],
    ['extended', '1'],
    ['extendedForPrepared', '1'],
    ['extendedCacheEverything', '1'],
  ])('asks prepared statements in the mode %s', (mode, preparedInServer) => {
    expect(found('prepared').filter(([each]) => each === mode)).toEqual([[mode, '2222221', preparedInServer]])
  })

  it('changes nothing, whether it says that it will not or not', () => {
    expect(found('change')).toEqual([
      // That it is read-only, and, when it says that it will change something, that it has no right to.
      ['READ ONLY', '25006'],
      ['READ WRITE', '42501'],
    ])
  })

  it('ends what takes too long, and goes on', () => {
    expect(found('too long')).toEqual([['57014']])
    expect(found('afterwards')).toEqual([[String(RUNS.length)]])
  })
})
