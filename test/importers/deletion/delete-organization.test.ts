import { beforeAll, describe, expect, it } from 'vitest'
import { newKey } from '../../../src/access/secrets.ts'
import { holdImport } from '../../../src/importers/import-lock.ts'
import { organizationIdOf } from '../../../src/model/identifiers.ts'
import { biLogin } from '../../analytics/bi-login.ts'
import { rows } from '../../store/scratch-server.ts'
import { accountsDump } from '../accounts-fixture.ts'
import { briefing } from '../briefing-fixture.ts'
import { dump } from '../extraction-fixture.ts'
import { completeCheck, completeDiagnosis } from '../ops-fixture.ts'
import { completeRun } from '../playbook-fixture.ts'
import { completeCandidate, completeSignal } from '../scoring-fixture.ts'
import { importWorkspace, type Workspace } from '../workspace.ts'
import { deletionsIn, rowCounts } from './deletions.ts'

const { fresh } = importWorkspace()
let workspace: Workspace

beforeAll(async () => {
  workspace = await fresh()
  const files = {
    'playbook.json': completeRun(),
    ...briefing('20251020_060230'),
    'campaigns.json': dump(),
    'accounts.json': accountsDump,
    'signals.json': [completeSignal()],
    'candidates.json': [completeCandidate()],
    'checks.json': [completeCheck()],
    'diagnoses.json': [completeDiagnosis()],
    'broken.json': '{',
  }
  for (const [name, content] of Object.entries(files)) await workspace.write(name, content)
  for (const organization of ['ours', 'theirs']) {
    await workspace.import({ organization })
    const { id, salt, secretSha256, fragment } = newKey()
    const bytes = (buffer: Uint8Array) => `'\\x${Buffer.from(buffer).toString('hex')}'`
    await rows(
      workspace.url,
      `insert into api_keys (id, organization_id, name, fragment, salt, secret_sha256, scopes, created_at, created_by)
       values ('${id}', '${organizationIdOf(organization)}', 'k', '${fragment}', ${bytes(salt)}, ${bytes(secretSha256)}, '{READ}', now(), 'test')`,
    )
  }
}, 60_000)

/** Every row of every table that is the organization's, as it stands there: also when it was written. */
async function everything(organization: string): Promise<string> {
  const tables = Object.keys(await rowCounts(workspace.url, organization))
  const selects = tables.map(
    (table) =>
      `select '${table}' as name, (select string_agg(md5(t::text), ' ' order by md5(t::text)) from ${table} t where organization_id = '${organizationIdOf(organization)}') as rows`,
  )
  return JSON.stringify(await rows(workspace.url, selects.join(' union all ')))
}

describe('deleting an organization', () => {
  it('counts what there is in a dry run, and changes nothing', async () => {
    const before = await everything('ours')
    const report = await deletionsIn(workspace.url, 'ours').organization({ dryRun: true })
    expect(report.tables.length).toBeGreaterThan(50)
    expect(report.storedFiles.files).toBeGreaterThan(5)
    expect(await everything('ours')).toBe(before)
  })

  it('goes on where it was interrupted, and leaves nothing but audit events, and every row of others', async () => {
    const theirs = await everything('theirs')
    const { bi, login } = await biLogin(workspace.url, 'ours')
    const ours = deletionsIn(workspace.url, 'ours')
    const counted = await rowCounts(workspace.url, 'ours')
    // Something else holds a row: what came before it is gone, the organization is there still.
    const interrupted = await ours.session((holder) =>
      holder.transaction(async (client) => {
        await client.query('select from signals for update')
        return ours.organization().catch((error: { code: string }) => error.code)
      }),
    )
    expect(interrupted).toBe('CONFLICT')
    const half = await rowCounts(workspace.url, 'ours')
    expect(half.api_keys).toBeUndefined()
    // Its login is gone with what says whose it is, and its connection.
    await expect(bi.query('select 1')).rejects.toThrow()
    expect(await rows(workspace.url, `select rolname from pg_roles where rolname = '${login}'`)).toEqual([])
    expect(half.runs).toBeUndefined()
    expect(half.signals).toBe(counted.signals)
    const report = await ours.organization()
    expect(report.tables).toContainEqual({ table: 'organizations', rows: 1 })
    const left = await rowCounts(workspace.url, 'ours')
    expect(Object.keys(left)).toEqual(['audit_events'])
    expect(left.audit_events).toBe(counted.audit_events)
    expect(ours.noted.at(-1)).toMatchObject({ action: 'organization.deleted', details: { slug: 'ours' } })
    expect(await everything('theirs')).toBe(theirs)
    expect(await rows(workspace.url, 'select slug from organizations order by 1')).toEqual([{ slug: 'theirs' }])
    expect(await deletionsIn(workspace.url, 'theirs').wrongSums()).toEqual([])
    await expect(ours.organization()).rejects.toMatchObject({ code: 'NOT_FOUND' })
  }, 60_000)

  it('takes away what is there without the row of an organization', async () => {
    const lost = deletionsIn(workspace.url, 'lost')
    await expect(lost.organization({ dryRun: true })).rejects.toMatchObject({ code: 'NOT_FOUND' })
    await rows(
      workspace.url,
      `insert into retention_rules (id, organization_id, pipeline, keep_whole, compress_until, updated_at)
       values (gen_random_uuid(), '${organizationIdOf('lost')}', '*', 1, 2, now())`,
    )
    const tables = [{ table: 'retention_rules', rows: 1 }]
    expect(await lost.organization({ dryRun: true })).toMatchObject({ tables })
    expect(await lost.organization()).toMatchObject({ tables })
    expect(await rowCounts(workspace.url, 'lost')).toEqual({})
    await expect(lost.organization()).rejects.toMatchObject({ code: 'NOT_FOUND' })
  })

  it('is refused while an import of it is under way', async () => {
    const theirs = deletionsIn(workspace.url, 'theirs')
    const counted = await rowCounts(workspace.url, 'theirs')
    const refused: unknown[] = []
    await theirs.session(async (importing) => {
      await holdImport(importing, organizationIdOf('theirs'), 'any')
      refused.push(await theirs.organization().catch((error: { code: string }) => error.code))
    })
    expect(refused).toEqual(['IMPORT_RUNNING'])
    expect(await rowCounts(workspace.url, 'theirs')).toEqual(counted)
  })
})
