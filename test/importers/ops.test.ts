import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { DEFAULT_IMPORT_OPTIONS } from '../../src/importers/options.ts'
import { reimport } from '../../src/importers/reimport.ts'
import { sharedFolder } from '../shared-folder.ts'
import {
  completeAlert,
  completeCheck,
  completeDiagnosis,
  completeIssue,
  completeResolution,
  completeStatus,
} from './ops-fixture.ts'
import { importWorkspace, type Workspace } from './workspace.ts'

const { fresh } = importWorkspace()

const lines = (records: unknown[]) => records.map((record) => JSON.stringify(record)).join('\n')
const nullColumns = (row: Record<string, unknown>) => Object.keys(row).filter((column) => row[column] === null)

const kinds: [table: string, record: Record<string, unknown>, extra: string, columns: object][] = [
  ['health_checks', completeCheck(), 'probe', { service: 'api', status: 'DEGRADED', details: { latency_ms: 3963 } }],
  [
    'diagnoses',
    completeDiagnosis(),
    'model',
    { confidence: 'MEDIUM', similar_issues: [{ issue_name: 'api', score: 0.8 }] },
  ],
  [
    'resolutions',
    completeResolution(),
    'operator',
    { status: 'PARTIAL', steps_completed: ['collect_logs'], steps_failed: ['verify'] },
  ],
  ['alerts', completeAlert(), 'channel', { level: 'CRITICAL', action: 'ALERT_FOUNDER' }],
  [
    'issue_resolutions',
    completeIssue(),
    'vendor',
    { source_id: 'issue_1', resolution_status: 'SUCCESS', embedding: [0.5, -0.25, 1] },
  ],
  [
    'ops_agent_statuses',
    completeStatus(),
    'host',
    { running: true, total_checks: 150, escalations: 10, last_check_at: '2026-02-03T21:49:09+00:00' },
  ],
]

describe('a record of the operations agent', () => {
  it.each(kinds)('of %s is known by its keys and fills every column', async (table, record, extra, columns) => {
    const workspace = await fresh()
    await workspace.write('x.jsonl', lines([record]))
    expect((await workspace.import()).records).toMatchObject({ read: 1, inserted: 1, quarantined: 0 })
    const rows = (await workspace.rows())[table]!
    expect(rows[0]).toMatchObject({ ...columns, extra: { [extra]: record[extra] } })
    expect(nullColumns(rows[0]!).filter((column) => !['health_check_id', 'diagnosis_id'].includes(column))).toEqual([])
    const again = await workspace.import()
    expect([again.rows, again.records.unchanged]).toEqual([0, 1])
  })

  it('may have hardly anything', async () => {
    const workspace = await fresh()
    const bare = [
      { service: 'api', status: 'Healthy' },
      { issue_name: 'api', root_cause: null },
      { issue_name: 'api', status: 'success', steps_completed: 'one' },
      { level: 'info', message: 'm', service: null },
      { issue_name: 'api', action_taken: null, embedding: '[1, 2.5]', tags: 'night' },
      { running: 'false', total_checks: '7' },
    ]
    await workspace.write('x.json', bare)
    expect((await workspace.import()).records).toMatchObject({ inserted: 6, quarantined: 0 })
    expect(await workspace.query('select steps_completed from resolutions')).toEqual([{ steps_completed: ['one'] }])
    expect(await workspace.query('select embedding, tags, source_id from issue_resolutions')).toEqual([
      { embedding: [1, 2.5], tags: ['night'], source_id: null },
    ])
    expect(await workspace.query('select running, total_checks from ops_agent_statuses')).toEqual([
      { running: false, total_checks: 7 },
    ])
  })

  it.each([
    [completeCheck({ status: 'ok' }), '/status'],
    [completeCheck({ status: null }), '/status'],
    [completeCheck({ service: null }), '/service'],
    [completeCheck({ timestamp: 12 }), '/timestamp'],
    [completeCheck({ timestamp: '0000-01-01T00:00:00Z' }), '/timestamp'],
    [completeCheck({ timestamp: '9999-12-31T23:59:59-14:00' }), '/timestamp'],
    [completeDiagnosis({ confidence: 0.8 }), '/confidence'],
    [completeDiagnosis({ similar_issues: {} }), '/similar_issues'],
    [completeResolution({ status: 'done' }), '/status'],
    [completeResolution({ steps_failed: { a: 1 } }), '/steps_failed'],
    [completeAlert({ level: 'loud' }), '/level'],
    [completeAlert({ action: 'shout' }), '/action'],
    [completeIssue({ resolution_status: 'gone' }), '/resolution_status'],
    [completeIssue({ embedding: ['a'] }), '/embedding'],
    [completeIssue({ embedding: [1e39] }), '/embedding'],
    [completeStatus({ running: 'perhaps' }), '/running'],
    [completeStatus({ total_checks: 1.5 }), '/total_checks'],
  ])('of the wrong types is set aside (%#)', async (record, pointer) => {
    const workspace = await fresh()
    await workspace.write('x.json', [record])
    const summary = await workspace.import()
    expect(summary.rejects).toMatchObject([{ code: 'SCHEMA', pointer: `/0${pointer}` }])
    expect(summary.rejects[0]!.message).toMatch(/expected/)
  })

  it('keeps its year when that is one of the first', async () => {
    const workspace = await fresh()
    await workspace.write('x.jsonl', lines([completeAlert({ timestamp: '0001-01-01T00:00:00Z' })]))
    expect((await workspace.import()).records).toMatchObject({ inserted: 1, quarantined: 0 })
    const alerts = await workspace.query(
      "select to_char(raised_at at time zone 'UTC', 'YYYY-MM-DD AD') as at from alerts",
    )
    expect(alerts).toEqual([{ at: '0001-01-01 AD' }])
  })

  it('without an id is the same one in another file, whatever the order of its keys', async () => {
    const workspace = await fresh()
    const turned = Object.fromEntries(Object.entries(completeCheck({ details: { b: 1, a: 2 } })).reverse())
    await workspace.write('a.jsonl', lines([completeCheck({ details: { a: 2, b: 1 } })]))
    await workspace.write('b.json', [turned, completeCheck({ message: 'Another at the same moment' })])
    await workspace.import()
    expect(await workspace.query('select count(*)::int as n from health_checks')).toEqual([{ n: 2 }])
  })

  it('with an id is replaced by its newer version, and the id stays', async () => {
    const workspace = await fresh()
    await workspace.write('a.json', [completeCheck({ id: 7 }), completeIssue()])
    await workspace.import()
    await workspace.write('b.json', [
      completeCheck({ id: 7, message: 'Newer', timestamp: '2026-02-01T11:00:00Z' }),
      completeIssue({ lesson_learned: 'Newer', timestamp: '2026-02-01T11:00:00Z' }),
    ])
    await workspace.import()
    expect(await workspace.query('select message, extra from health_checks')).toEqual([
      { message: 'Newer', extra: { id: 7, probe: 'p1' } },
    ])
    expect(await workspace.query('select source_id, lesson_learned, extra from issue_resolutions')).toEqual([
      { source_id: 'issue_1', lesson_learned: 'Newer', extra: { vendor: 'v1' } },
    ])
  })

  it('with a hole in its embedding is kept, without the embedding', async () => {
    const workspace = await fresh()
    await workspace.write('a.json', '[{"issue_name": "x", "action_taken": "y", "embedding": [1, NaN]}]')
    expect((await workspace.import()).records).toMatchObject({ inserted: 1 })
    expect(await workspace.query('select embedding, extra from issue_resolutions')).toEqual([
      { embedding: [], extra: { embedding: [1, null] } },
    ])
  })

  it('in a file named by its table is of that table', async () => {
    const workspace = await fresh()
    await workspace.write('ops_resolutions.json', [{ issue_name: 'x', resolution_status: 'failed' }])
    await workspace.write('resolutions.json', [{ issue_name: 'x', status: 'failed' }])
    await workspace.write('dump.json', { diagnoses: [{ issue_name: 'x' }], alerts: [{ level: 'info' }] })
    await workspace.import()
    const counts = ['issue_resolutions', 'resolutions', 'diagnoses', 'alerts'].map(
      (table) => `(select count(*)::int from ${table}) as ${table}`,
    )
    expect(await workspace.query(`select ${counts.join(', ')}`)).toEqual([
      { issue_resolutions: 1, resolutions: 1, diagnoses: 1, alerts: 1 },
    ])
  })
})

/** A time of the day, as the records' timestamps. */
const at = (time: string) => `2026-02-01T${time}Z`

const chain = {
  checks: ['10:00:00', '10:10:00', '10:20:00'].map((time) => completeCheck({ timestamp: at(time), message: time })),
  diagnoses: [
    completeDiagnosis({ timestamp: at('09:59:00'), summary: 'before all' }),
    completeDiagnosis({ timestamp: at('10:09:59'), summary: 'of the first' }),
    completeDiagnosis({ timestamp: at('10:10:00'), summary: 'at the moment of the second' }),
    completeDiagnosis({ timestamp: at('23:00:00'), summary: 'of the third' }),
    completeDiagnosis({ timestamp: at('10:15:00'), summary: 'of another service', issue_name: 'API' }),
    completeDiagnosis({ timestamp: null, summary: 'without a time' }),
  ],
  resolutions: [
    completeResolution({ timestamp: at('09:58:00'), message: 'before all' }),
    completeResolution({ timestamp: at('10:10:00'), message: 'at the moment of the third diagnosis' }),
    completeResolution({ timestamp: at('22:59:00'), message: 'before the fourth' }),
    completeResolution({ timestamp: at('10:30:00'), message: 'of another issue', issue_name: 'API' }),
  ],
}

const LINKED = {
  diagnoses: {
    'before all': null,
    'of the first': '10:00:00',
    'at the moment of the second': '10:10:00',
    'of the third': '10:20:00',
    'of another service': null,
    'without a time': null,
  },
  resolutions: {
    'before all': null,
    'at the moment of the third diagnosis': 'at the moment of the second',
    'before the fourth': 'at the moment of the second',
    'of another issue': 'of another service',
  },
}

async function linked(workspace: Workspace): Promise<object> {
  const diagnoses = await workspace.query(
    'select d.summary, c.message from diagnoses d left join health_checks c on c.id = d.health_check_id',
  )
  const resolutions = await workspace.query(
    'select r.message, d.summary from resolutions r left join diagnoses d on d.id = r.diagnosis_id',
  )
  return {
    diagnoses: Object.fromEntries(diagnoses.map(({ summary, message }) => [summary, message])),
    resolutions: Object.fromEntries(resolutions.map(({ message, summary }) => [message, summary])),
  }
}

describe('a diagnosis belongs to the check nearest before it, a resolution to the diagnosis', () => {
  it.each([
    ['checks', 'diagnoses', 'resolutions'],
    ['resolutions', 'diagnoses', 'checks'],
    ['diagnoses', 'resolutions', 'checks'],
    ['resolutions', 'checks', 'diagnoses'],
  ] as (keyof typeof chain)[][])('when %s, %s and %s come in this order', async (...order) => {
    const workspace = await fresh()
    for (const part of order) {
      await workspace.write(`${part}.jsonl`, lines(chain[part]))
      await workspace.import()
    }
    expect(await linked(workspace)).toEqual(LINKED)
    const again = await workspace.import({}, [workspace.folder])
    expect(again.rows).toBe(0)
  })

  it('when a record comes between two that were linked', async () => {
    const workspace = await fresh()
    await workspace.write('a.json', [
      completeCheck({ timestamp: at('10:00:00'), message: 'early' }),
      completeDiagnosis({ timestamp: at('10:30:00'), summary: 'the diagnosis' }),
    ])
    await workspace.import()
    expect(await linked(workspace)).toMatchObject({ diagnoses: { 'the diagnosis': 'early' } })
    await workspace.write('b.json', [completeCheck({ timestamp: at('10:20:00'), message: 'nearer' })])
    await workspace.import()
    expect(await linked(workspace)).toMatchObject({ diagnoses: { 'the diagnosis': 'nearer' } })
  })

  it('and leaves it when one of them takes another name or time', async () => {
    const workspace = await fresh()
    await workspace.write('a.json', [
      completeCheck({ id: 'c', timestamp: at('10:00:00') }),
      completeDiagnosis({ id: 'd', timestamp: at('10:05:00'), summary: 'd' }),
      completeResolution({ id: 'r', timestamp: at('10:10:00'), message: 'r' }),
    ])
    await workspace.import()
    expect(await linked(workspace)).toEqual({ diagnoses: { d: 'High latency' }, resolutions: { r: 'd' } })
    await workspace.write('b.json', [
      completeDiagnosis({ id: 'd', timestamp: at('10:06:00'), summary: 'd', issue_name: 'another' }),
    ])
    await workspace.import()
    expect(await linked(workspace)).toEqual({ diagnoses: { d: null }, resolutions: { r: null } })
  })

  it('of checks at one moment to the same one, whichever came first', async () => {
    const twins = ['a', 'b', 'c'].map((message) => completeCheck({ message }))
    const found = new Set()
    for (const order of [twins, [...twins].reverse()]) {
      const workspace = await fresh()
      await workspace.write('d.json', [completeDiagnosis()])
      for (const twin of order) {
        await workspace.write(`${twin.message}.json`, [twin])
        await workspace.import()
      }
      found.add(JSON.stringify(await linked(workspace)))
    }
    expect(found.size).toBe(1)
  })

  it('when two imports bring them at the same moment', async () => {
    const workspace = await fresh()
    const [checks, diagnoses] = [
      await workspace.write('checks/a.jsonl', lines(chain.checks)),
      await workspace.write('diagnoses/a.jsonl', lines([...chain.diagnoses, ...chain.resolutions])),
    ]
    await Promise.all([workspace.import({}, [checks]), workspace.import({}, [diagnoses])])
    expect(await linked(workspace)).toEqual(LINKED)
  })

  it('after it was built anew from what was kept of the files', async () => {
    const workspace = await fresh()
    for (const part of ['checks', 'diagnoses', 'resolutions'] as const)
      await workspace.write(`${part}.jsonl`, lines(chain[part]))
    await workspace.import()
    const before = await workspace.rows()
    await reimport(workspace.url, DEFAULT_IMPORT_OPTIONS, {})
    expect(await linked(workspace)).toEqual(LINKED)
    expect(await workspace.rows()).toEqual(before)
  })

  it('of its own organization', async () => {
    const workspace = await fresh()
    await workspace.write('a.json', [completeCheck()])
    await workspace.import({ organization: 'others' })
    await workspace.write('a.json', [completeDiagnosis()])
    await workspace.import()
    expect(await workspace.query('select health_check_id from diagnoses')).toEqual([{ health_check_id: null }])
  })
})

describe.skipIf(!sharedFolder)('the reference world', () => {
  it('is read whole', async () => {
    const workspace = await fresh()
    const { records } = await workspace.import({}, [join(sharedFolder!, 'world/data/ops')])
    expect(records).toEqual({ read: 241, inserted: 241, updated: 0, unchanged: 0, quarantined: 0 })
  })
})
