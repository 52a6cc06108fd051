import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { testDatabase } from '../database.ts'
import { importFiles } from '../imported.ts'
import { completeRun } from '../importers/playbook-fixture.ts'
import { commandLine, makeOrganizations } from './command-line.ts'

const database = testDatabase()
const crossrun = commandLine(database)
let keyId = ''

beforeAll(async () => {
  const { stdout } = await crossrun('keys', 'create', '--name', 'audited', '--scopes', 'read', '--json')
  keyId = JSON.parse(stdout).key.id
  await importFiles(database, { 'run.json': completeRun() })
  await crossrun('keys', 'revoke', keyId)
})

const audit = async (...more: string[]) => JSON.parse((await crossrun('audit', '--json', ...more)).stdout).events
const actions = async (...more: string[]) =>
  (await audit(...more)).map(({ action }: { action: string }) => action) as string[]

describe('crossrun audit', () => {
  it('prints what happened newest first, with who did it', async () => {
    const events = await audit()
    expect(events.map(({ action }: { action: string }) => action)).toEqual([
      'key.revoked',
      'import.finished',
      'key.created',
    ])
    expect(events[2]).toMatchObject({
      actorKind: 'CLI',
      actorId: null,
      actorName: userInfo().username,
      outcome: 'SUCCEEDED',
      targetType: 'ApiKey',
      targetId: keyId,
      requestId: null,
      details: { name: 'audited', scopes: ['READ'], expiresAt: null },
    })
    expect(events[1]).toMatchObject({
      targetType: 'Import',
      details: { status: 'COMPLETED', records: { inserted: 1 } },
    })
    const lines = (await crossrun('audit')).stdout.trim().split('\n')
    expect(lines).toHaveLength(4)
    expect(lines[1]).toMatch(/Z {2}.* \(CLI\) +key\.revoked +SUCCEEDED +ApiKey /)
  })

  it('chooses by action, kind of action, time and number', async () => {
    expect(await actions('--action', 'key.created')).toEqual(['key.created'])
    expect(await actions('--action', 'key')).toEqual(['key.revoked', 'key.created'])
    expect(await actions('--action', 'ke')).toEqual([])
    expect(await actions('--limit', '1')).toEqual(['key.revoked'])
    expect(await actions('--since', '1h')).toHaveLength(3)
    expect(await actions('--since', '2099-01-01')).toEqual([])
    await database.sql(`update audit_events set occurred_at = now() - interval '8 days' where action = 'key.created'`)
    expect(await actions('--since', '7d')).toEqual(['key.revoked', 'import.finished'])
  })

  it('shows nothing of another organization', async () => {
    await makeOrganizations(database, 'others')
    expect(await actions('--organization', 'others')).toEqual([])
    expect((await crossrun('audit', '--organization', 'others')).stdout).toBe('Nothing was written down.\n')
  })

  it('names the argument that is wrong', async () => {
    expect((await crossrun('audit', '--since', 'lately')).stderr).toMatch(/^BAD_USER_INPUT: --since/)
    expect((await crossrun('audit', '--limit', '0')).stderr).toMatch(/^BAD_USER_INPUT: --limit/)
  })
})

describe('what commands change', () => {
  const changed = testDatabase()
  const run = commandLine(changed)
  const query = '{"subject":"RUNS","measures":["runs"]}'

  it.each([
    ['model-price.set', 'ModelPrice m', ['prices', 'set', 'M', '--input', '1', '--output', '2']],
    ['model-price.removed', 'ModelPrice m', ['prices', 'remove', 'M']],
    ['model-price.imported', null, ['prices', 'import', 'PRICES']],
    ['synonyms.set', 'Synonyms churn', ['synonyms', 'set', 'churn', 'attrition']],
    ['synonyms.removed', 'Synonyms churn', ['synonyms', 'remove', 'churn']],
    ['saved-view.saved', 'SavedView v', ['views', 'save', 'v', '--query', query]],
    ['saved-view.removed', 'SavedView v', ['views', 'remove', 'v']],
    ['scoring-config.set', 'ScoringConfig s', ['scoring-configs', 'set', 's', '--go', '90']],
    ['scoring-config.removed', 'ScoringConfig s', ['scoring-configs', 'remove', 's']],
    ['retention-rule.set', 'RetentionRule *', ['retention', 'set', '*', '--keep-whole', '5']],
    ['retention-rule.removed', 'RetentionRule *', ['retention', 'unset', '*']],
    ['retention.finished', null, ['retention']],
  ] as const)('%s is written down, and not when nothing was done', async (action, target, argv) => {
    const folder = await mkdtemp(join(tmpdir(), 'crossrun-audit-'))
    const path = join(folder, 'prices.json')
    await writeFile(path, '[{"model":"n","input":1,"output":1}]')
    const given = argv.map((word) => (word === 'PRICES' ? path : word))
    try {
      await changed.sql('delete from audit_events')
      const { exitCode } = await run(...given)
      const written = JSON.parse((await run('audit', '--json')).stdout).events as Record<string, string | null>[]
      const [event] = written
      expect([exitCode, event!.action, event!.outcome]).toEqual([0, action, 'SUCCEEDED'])
      expect([event!.actorKind, event!.actorName]).toEqual(['CLI', userInfo().username])
      expect(event!.targetType && `${event!.targetType} ${event!.targetId}`).toBe(target)
      expect(written).toHaveLength(action === 'retention.finished' ? 2 : 1)
      if (!action.endsWith('.removed')) return
      expect((await run(...given)).exitCode).toBe(1)
      expect(JSON.parse((await run('audit', '--json')).stdout).events).toHaveLength(1)
    } finally {
      await rm(folder, { recursive: true })
    }
  })

  it('a dry run of retention is not, a run is from its beginning', async () => {
    await changed.sql('delete from audit_events')
    await run('retention', '--dry-run')
    expect(await changed.sql('select action from audit_events')).toEqual([])
    await run('retention', '--pipeline', 'briefing')
    expect(await changed.sql('select action, details from audit_events order by occurred_at')).toEqual([
      { action: 'retention.started', details: { pipeline: 'briefing' } },
      {
        action: 'retention.finished',
        details: { pipeline: 'briefing', compressed: 0, dropped: 0, bytesFreed: 0, damaged: 0, isInterrupted: false },
      },
    ])
  })

  it('is not done when it cannot be written down', async () => {
    await changed.sql('alter table audit_events add constraint x_full check (false) not valid')
    try {
      for (const argv of [
        ['prices', 'set', 'kept', '--input', '1', '--output', '2'],
        ['views', 'save', 'kept', '--query', query],
        ['synonyms', 'set', 'kept', 'held'],
        ['scoring-configs', 'set', 'kept', '--go', '90'],
        ['retention', 'set', 'kept', '--keep-whole', '5'],
      ])
        expect([argv, (await run(...argv)).exitCode]).toEqual([argv, 1])
    } finally {
      await changed.sql('alter table audit_events drop constraint x_full')
    }
    for (const what of ['prices', 'views', 'synonyms', 'scoring-configs', 'retention'])
      expect((await run(what, what === 'retention' ? 'rules' : 'list', '--json')).stdout).not.toContain('kept')
  })
})
