import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import {
  attempt,
  camelCased,
  campaign,
  comparison,
  dataset,
  dump,
  instruction,
  organization,
  result,
  run,
  task,
} from './extraction-fixture.ts'
import { importWorkspace, type Workspace } from './workspace.ts'

const { fresh } = importWorkspace()

const lines = (records: object[]) => records.map((record) => JSON.stringify(record)).join('\n')

/** Columns that are empty in every row, without those of other formats. */
function emptyColumns(rows: Record<string, Record<string, unknown>[]>, tables: string[]): string[] {
  return tables
    .flatMap((table) =>
      Object.keys(rows[table]![0]!)
        .filter((column) => rows[table]!.every((row) => row[column] === null))
        .map((column) => `${table}.${column}`),
    )
    .sort()
}

const TABLES = [
  'agent_calls',
  'attempts',
  'campaigns',
  'dataset_rows',
  'datasets',
  'extraction_results',
  'extraction_runs',
  'instruction_comparisons',
  'prompt_versions',
  'source_organizations',
  'task_fields',
  'tasks',
]

/** Every row, and the payloads' own: what two ways of writing the same records must end in. */
async function comparable(workspace: Workspace) {
  const { payloads: _, payload_chunks: __, rejected_records: ___, ...rows } = await workspace.rows()
  return Object.fromEntries(
    Object.entries(rows).map(([table, found]) => [
      table,
      found.map(({ record_sha256: _sha, ...row }) => row).sort((a, b) => (String(a.id) < String(b.id) ? -1 : 1)),
    ]),
  )
}

describe('a dump of campaigns', () => {
  it('fills every column that the format has a field for', async () => {
    const workspace = await fresh()
    await workspace.write('dump.json', dump())
    const summary = await workspace.import()
    expect(summary.rejects).toEqual([])
    expect(summary.records).toEqual({ read: 12, inserted: 12, updated: 0, unchanged: 0, quarantined: 0 })
    const rows = await workspace.rows()
    expect(emptyColumns(rows, TABLES)).toEqual([
      // An attempt is a call without phase and step.
      'agent_calls.phase_id',
      'agent_calls.phase_name',
      'agent_calls.step_id',
      // Only what comes from the older tables says which.
      'attempts.deprecated_name',
      'campaigns.deprecated_name',
      'datasets.deprecated_name',
      'extraction_runs.deprecated_name',
      // An instruction has no agent of its own.
      'prompt_versions.agent_id',
      'prompt_versions.deprecated_name',
      'tasks.deprecated_name',
    ])
    expect(rows.runs).toMatchObject([
      {
        external_id: 'run-1',
        status: 'COMPLETED',
        run_type: 'TEST_CUSTOM',
        started_at: '2026-02-10T10:00:00+00:00',
        finished_at: '2026-02-10T10:01:30.5+00:00',
        duration_seconds: 90.5,
        cost_usd: 0.3,
        reported_cost_usd: 0.3,
        llm_calls: 2,
        total_tokens: 2200,
      },
    ])
    expect(rows.runs![0]!.id).toBe(rows.extraction_runs![0]!.id)
    // What the format does not list is kept, under the names it was written with.
    expect(rows.campaigns![0]).toMatchObject({
      extra: { colour: 'blue' },
      alert_channels: { email: true, slackChannel: false },
    })
    expect(rows.tasks![0]).toMatchObject({ extra: { lane: 4 } })
  })

  it('is the same in snake and in camel case, and what JSON columns hold is left as it is', async () => {
    const ends = []
    for (const cased of [(record: object) => record, (record: object) => camelCased(record as never)]) {
      const workspace = await fresh()
      const tables = Object.entries(dump()).map(([name, records]) => [name, records.map(cased)])
      await workspace.write('dump.json', Object.fromEntries(tables))
      await workspace.import()
      ends.push(await comparable(workspace))
    }
    expect(ends[1]).toEqual(ends[0])
    expect(ends[0]!.tasks![0]).toMatchObject({ row_data: { siteName: 'A' }, extracted_data: { listPrice: 12 } })
  })

  it('is the same as a file a table, in whichever order they come', async () => {
    const tables = Object.entries(dump())
    const ends = []
    for (const order of [tables, [...tables].reverse(), [...tables].sort(([a], [b]) => (a < b ? -1 : 1))]) {
      const workspace = await fresh()
      for (const [name, records] of order) {
        const path = await workspace.write(`${name}.jsonl`, lines(records))
        await workspace.import({}, [path])
      }
      ends.push(await comparable(workspace))
    }
    expect(ends[1]).toEqual(ends[0])
    expect(ends[2]).toEqual(ends[0])
    expect(ends[0]!.agent_calls).toHaveLength(2)
  })

  it('is known by its keys where files have other names', async () => {
    const workspace = await fresh()
    const records = [
      campaign(),
      instruction(1),
      dataset(),
      run(),
      task(1),
      attempt('a'),
      result(),
      comparison(),
      organization(),
    ]
    for (const [index, record] of records.entries())
      await workspace.write(`export-${index}.jsonl.gz`, gzipSync(lines([index % 2 ? camelCased(record) : record])))
    const summary = await workspace.import()
    expect(summary.rejects).toEqual([])
    expect(summary.records.inserted).toBe(9)
    const rows = await workspace.rows()
    expect(TABLES.filter((table) => !rows[table]?.length)).toEqual([])
  })

  it('writes nothing when it comes again', async () => {
    const workspace = await fresh()
    await workspace.write('dump.json', dump())
    await workspace.import()
    const before = await workspace.rows()
    const again = await workspace.import()
    expect([again.rows, again.records.unchanged]).toEqual([0, 12])
    // The same records in other files are read, and change nothing either.
    for (const [name, records] of Object.entries(dump())) await workspace.write(`tables/${name}.json`, records)
    const { records } = await workspace.import({}, [`${workspace.folder}/tables`])
    expect(records).toMatchObject({ inserted: 0, updated: 0, unchanged: 12 })
    const after = await workspace.rows()
    for (const table of [...TABLES, 'runs', 'companies']) expect(after[table]).toEqual(before[table])
  })

  it('ends the same when it is written anew', async () => {
    const workspace = await fresh()
    await workspace.write('dump.json', dump())
    await workspace.import()
    const before = await comparable(workspace)
    await workspace.import({ rebuild: true })
    expect(await comparable(workspace)).toEqual(before)
  })

  it('takes away what a changed record no longer holds', async () => {
    const workspace = await fresh()
    await workspace.write('tasks.json', [task(1)])
    await workspace.write('datasets.json', [dataset()])
    await workspace.import()
    const newer = '2026-03-01T00:00:00Z'
    await workspace.write('tasks.json', [
      task(1, {
        extracted_data: { price: '$11' },
        extracted_fields: [],
        missing_fields: [],
        field_confidences: null,
        field_accuracies: null,
        ground_truth_data: { price: '$10' },
        updated_at: newer,
      }),
    ])
    await workspace.write('datasets.json', [
      dataset({ data: [{ row_id: 'row-1', page: 'https://a.example', price: '$10' }], updated_at: newer }),
    ])
    const { records } = await workspace.import()
    expect(records).toMatchObject({ inserted: 0, updated: 2 })
    const { task_fields, dataset_rows, tasks } = await workspace.rows()
    expect(task_fields).toMatchObject([{ name: 'price', is_matched: false }])
    expect(dataset_rows).toHaveLength(1)
    expect(tasks).toMatchObject([{ compared_fields: 1, matched_fields: 0, passed: false }])
  })
})

describe('a record that is not as it should be', () => {
  it('is set aside with the reason and the place, and the others are kept', async () => {
    const workspace = await fresh()
    const wrong: [string, object, string][] = [
      ['campaigns', campaign({ id: 'x', status: 'dormant' }), '/0/status'],
      ['campaigns', campaign({ id: 'x', name: undefined }), '/0'],
      ['instructions', instruction(3, { version: null, version_number: null }), '/0/version'],
      ['datasets', dataset({ id: 'x', data: 'none' }), '/0/data'],
      ['runs', camelCased(run({ id: 'x', run_type: 'rehearsal' })), '/0/runType'],
      ['runs', run({ id: 'x', actual_cost: 'much' }), '/0/actual_cost'],
      ['runs', run({ id: 'y', actual_cost: 1e20 }), '/0/actual_cost'],
      ['tasks', task(9, { duration_ms: 1.5 }), '/0/duration_ms'],
      ['tasks', task(9, { extracted_data: ['a'] }), '/0/extracted_data'],
      ['attempts', attempt('x', { status: 'exhausted' }), '/0/status'],
      ['attempts', attempt('x', { started_at: 'yesterday' }), '/0/started_at'],
      ['results', result({ id: 'x', is_public: 'maybe' }), '/0/is_public'],
      ['instruction_comparisons', comparison({ id: 'x', winner: 'c' }), '/0/winner'],
    ]
    for (const [index, [table, record]] of wrong.entries()) await workspace.write(`${index}/${table}.json`, [record])
    await workspace.write('good/campaigns.json', [campaign()])
    const { records } = await workspace.import()
    expect(records).toMatchObject({ inserted: 1, quarantined: wrong.length })
    const rejects = await workspace.query(
      'select f.path, r.code, r.pointer from rejected_records r join imported_files f on f.id = r.file_id',
    )
    const found = new Map(rejects.map((reject) => [Number(/(\d+)\/\w+\.json$/.exec(String(reject.path))?.[1]), reject]))
    wrong.forEach(([, , pointer], index) => {
      expect(found.get(index)?.code).toBe('SCHEMA')
      expect(found.get(index)?.pointer).toMatch(new RegExp(`^${pointer}`))
    })
  })

  it('takes numbers as text, flags as words and lists as PostgreSQL writes them', async () => {
    const workspace = await fresh()
    await workspace.write('dump.json', {
      campaigns: [
        campaign({
          id: 7,
          tags: '{pricing,"two words"}',
          schedule_enabled: 't',
          alert_channels: '{"email": true}',
          team_members: null,
        }),
      ],
      runs: [
        run({
          concurrency: '5',
          pass_rate: '0.5',
          use_agent_ql: 'false',
          actual_cost: 0.25,
          status: 'Completed',
          run_type: 'test-custom',
        }),
      ],
      tasks: [
        task(1, {
          completeness_percent: '75.0',
          extracted_data: '{"price": "$10"}',
          missing_fields: 'phone',
          cost: 0.0290001,
        }),
      ],
    })
    const { rejects } = await workspace.import()
    expect(rejects).toEqual([])
    const { campaigns, runs, extraction_runs, tasks } = await workspace.rows()
    expect(campaigns).toMatchObject([
      {
        source_id: '7',
        tags: ['pricing', 'two words'],
        schedule_enabled: true,
        alert_channels: { email: true },
        team_members: [],
      },
    ])
    expect(runs).toMatchObject([{ cost_usd: 0.25, status: 'COMPLETED' }])
    expect(extraction_runs).toMatchObject([{ concurrency: 5, use_agent_ql: false, run_type: 'TEST_CUSTOM' }])
    expect(tasks).toMatchObject([
      {
        completeness_percent: 75,
        extracted_data: { price: '$10' },
        missing_fields: ['phone'],
        reported_cost_usd: 0.0290001,
      },
    ])
  })

  it('needs no more than an id and a column that its table is known by', async () => {
    const least = {
      campaigns: { id: 'c', name: 'C' },
      instructions: { id: 'i', version: '1', prompt_text: 'Read.' },
      datasets: { id: 'd', total_rows: 3 },
      runs: { id: 'r', dataset_id: 'd' },
      tasks: { id: 't', site_url: 'https://a.example' },
      attempts: { id: 'a', task_id: 't' },
      results: { id: 'x', run_id: 'r' },
      instruction_comparisons: { id: 'y', instruction_a_id: 'i' },
      organizations: { id: 'o', name: 'O' },
    }
    const workspace = await fresh()
    await workspace.write(
      'dump.json',
      Object.fromEntries(Object.entries(least).map(([table, each]) => [table, [each]])),
    )
    const { records, rejects } = await workspace.import()
    expect(rejects).toEqual([])
    expect(records.inserted).toBe(9)
    // Other programs write files of such names, too.
    await workspace.write('other/results.json', [{ id: 'z', score: 5 }])
    expect((await workspace.import({}, [`${workspace.folder}/other`])).records).toMatchObject({
      inserted: 0,
      quarantined: 1,
    })
  })

  it('is warned of when its schedule is none, and is kept', async () => {
    const workspace = await fresh()
    await workspace.write('campaigns.json', [
      campaign({ id: 'a', schedule_expression: 'every tuesday' }),
      campaign({ id: 'b', schedule_timezone: 'Europe/Atlantis' }),
      campaign({ id: 'c' }),
    ])
    const { records } = await workspace.import()
    expect(records).toMatchObject({ inserted: 3, quarantined: 0 })
    const warnings = await workspace.query(
      `select code, pointer, message from rejected_records where severity = 'WARNING' order by pointer`,
    )
    expect(warnings).toMatchObject([
      { code: 'INVALID_SCHEDULE', pointer: '/0/schedule_expression' },
      { code: 'INVALID_SCHEDULE', pointer: '/1/schedule_expression' },
    ])
    expect(warnings[1]!.message).toMatch(/"Europe\/Atlantis" is not an IANA time zone/)
  })
})

describe('a result', () => {
  it('may be shared anew, and may not be changed', async () => {
    const workspace = await fresh()
    await workspace.write('results.json', [result()])
    await workspace.import()
    await workspace.write('results.json', [result({ is_public: false, permalink_token: 'other' })])
    expect((await workspace.import()).records).toMatchObject({ updated: 1, quarantined: 0 })
    await workspace.write('results.json', [result({ accuracy_percent: 51 })])
    const { records, rejects } = await workspace.import()
    expect(records).toMatchObject({ updated: 0, quarantined: 1 })
    expect(rejects).toMatchObject([{ code: 'CONFLICT' }])
    expect((await workspace.rows()).extraction_results).toMatchObject([
      { reported_accuracy_percent: 50, permalink_token: 'other' },
    ])
  })
})

describe('a dataset', () => {
  it('says of its rows where they lead, what should stand there, and which are there twice', async () => {
    const workspace = await fresh()
    await workspace.write('datasets.json', [dataset()])
    await workspace.import()
    const { dataset_rows, datasets } = await workspace.rows()
    expect(
      dataset_rows!
        .map(({ row_id, site_domain, has_ground_truth, is_duplicate, errors }) => [
          row_id,
          site_domain,
          has_ground_truth,
          is_duplicate,
          errors,
        ])
        .sort(),
    ).toEqual([
      ['row-1', 'a.example', true, false, []],
      // Blank and null are no values.
      ['row-2', 'b.example', false, false, [{ row: 2, column: 'price', error: 'empty' }]],
      // Equal to the first in every column; its own id is none.
      ['row-3', 'a.example', true, true, []],
    ])
    expect(datasets).toMatchObject([
      {
        total_rows: 3,
        ground_truth_rows: 2,
        duplicate_rows: 1,
        invalid_rows: 1,
        has_ground_truth: true,
        ground_truth_columns: ['price', 'seats'],
      },
    ])
    expect(datasets![0]!.ground_truth_coverage_percent).toBeCloseTo(200 / 3, 10)
  })

  it('numbers rows without an id, and tells apart those with the same', async () => {
    const workspace = await fresh()
    await workspace.write('datasets.json', [
      dataset({ data: [{ price: 1 }, { row_id: 'a' }, { row_id: 'a' }, 'no row'] }),
    ])
    const { records, rejects } = await workspace.import()
    expect(records).toMatchObject({ read: 2, inserted: 1, quarantined: 1 })
    expect(rejects).toMatchObject([{ code: 'SCHEMA', pointer: '/0/data/3' }])
    const rows = await workspace.query(`select row_id from dataset_rows order by position`)
    expect(rows.map(({ row_id }) => row_id)).toEqual(['1', 'a', 'a-3'])
  })

  it('without rows keeps what it reports of them', async () => {
    const workspace = await fresh()
    await workspace.write('datasets.json', [dataset({ data: null })])
    await workspace.import()
    expect((await workspace.rows()).datasets).toMatchObject([
      {
        total_rows: 3,
        has_ground_truth: true,
        ground_truth_coverage_percent: null,
        reported_ground_truth_coverage_percent: 66.7,
        duplicate_rows: null,
      },
    ])
  })
})
