import { userInfo } from 'node:os'
import { beforeAll, describe, expect, it } from 'vitest'
import { testDatabase } from '../database.ts'
import { importFiles } from '../imported.ts'
import { completeRun } from '../importers/playbook-fixture.ts'
import { commandLine } from './command-line.ts'

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
    expect(await actions('--organization', 'others')).toEqual([])
    expect((await crossrun('audit', '--organization', 'others')).stdout).toBe('Nothing was written down.\n')
  })

  it('names the argument that is wrong', async () => {
    expect((await crossrun('audit', '--since', 'lately')).stderr).toMatch(/^BAD_USER_INPUT: --since/)
    expect((await crossrun('audit', '--limit', '0')).stderr).toMatch(/^BAD_USER_INPUT: --limit/)
  })
})
