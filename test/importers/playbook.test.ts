import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { completeRun } from './playbook-fixture.ts'
import { importWorkspace } from './workspace.ts'

const { fresh } = importWorkspace()

/** What a record says, without what merely makes the text of it differ. */
const counts = ({ records }: { records: Record<string, number> }) => records

// biome-ignore lint/suspicious/noExplicitAny: parts of an artifact are changed by hand.
type Loose = Record<string, any>

describe('what an artifact leaves out', () => {
  it('counts neither as a body without words nor as a URL that was not selected', async () => {
    const workspace = await fresh()
    const run = completeRun() as Loose
    const [sequence] = run.phase4_output.sales_playbook.email_sequences
    sequence.touches = [{ body: 'one two three' }, { body: null }, { subject: 'Hello', body: 'four' }]
    run.phase1_output.vendor_url_prioritization = {
      prioritized_urls: [{ url: 'https://a.example', priority_score: 7 }, { url: 'https://b.example' }],
    }
    await workspace.write('run.json', run)
    expect((await workspace.import()).rejects).toEqual([])
    expect(
      await workspace.query('select average_body_words, average_subject_length from email_sequences'),
    ).toContainEqual({
      average_body_words: 2,
      average_subject_length: 5,
    })
    expect(await workspace.query("select urls_selected from site_researches where side = 'VENDOR'")).toEqual([
      { urls_selected: 2 },
    ])
  })

  it('is all that is lost when the name of a model is too long to be one', async () => {
    const workspace = await fresh()
    const run = completeRun() as Loose
    const [agent] = Object.keys(run.phase4_output.specialist_results)
    run.phase4_output.specialist_results[agent!].model = 'y'.repeat(300_000)
    await workspace.write('run.json', run)
    const { records, rejects } = await workspace.import()
    expect(records).toMatchObject({ inserted: 1, quarantined: 1 })
    expect(rejects).toMatchObject([{ code: 'SCHEMA', pointer: `/phase4_output/specialist_results/${agent}/model` }])
  })
})

describe('a time that no calendar has', () => {
  it.each([1e300, -1e300, 4e12, 8.7e15])('is not kept, and a run of %d seconds is', async (seconds) => {
    const workspace = await fresh()
    await workspace.write('run.json', completeRun({ execution_time_seconds: seconds }))
    await workspace.write('other.json', completeRun({ run_id: 'other' }))
    const { records, rejects } = await workspace.import()
    expect([records.inserted, rejects]).toEqual([2, []])
    expect(
      await workspace.query("select duration_seconds, finished_at from runs where external_id <> 'other'"),
    ).toEqual([{ duration_seconds: seconds, finished_at: null }])
  })
})

describe('a complete run', () => {
  it('fills every column that the format has a field for', async () => {
    const workspace = await fresh()
    await workspace.write('run.json', completeRun())
    const summary = await workspace.import()
    expect(counts(summary)).toEqual({ read: 1, inserted: 1, updated: 0, unchanged: 0, quarantined: 0 })
    const rows = await workspace.rows()
    // Columns of other formats' fields are left out; what is empty of the rest says that nothing is wrong, or is not known.
    const empty = Object.entries(rows)
      .filter(([table]) => table !== 'companies' && table !== 'prompt_versions')
      .flatMap(([table, found]) =>
        Object.keys(found[0]!)
          .filter((column) => found.every((row) => row[column] === null))
          .map((column) => `${table}.${column}`),
      )
    expect(empty.sort()).toEqual([
      'agent_calls.attempt_id',
      'agent_calls.price_reference',
      'pain_points.conversation_id',
      'pain_points.signal_id',
      ...[
        'duration_seconds',
        'error',
        'input_count',
        'llm_calls',
        'output_count',
        'reported_cost_usd',
        'started_at',
      ].map((c) => `run_phases.${c}`),
      ...['campaign_id', 'dataset_id', 'directory', 'instruction_id', 'run_type', 'running_until', 'workflow_name'].map(
        (c) => `runs.${c}`,
      ),
      'site_researches.validation_error',
    ])
    expect(rows.runs![0]).toMatchObject({
      status: 'COMPLETED',
      started_at: '2025-10-06T16:14:33+00:00',
      finished_at: '2025-10-06T16:15:34.5+00:00',
      cost_usd: 0.01,
      vendor_domain: 'https://www.Vendor.example/',
      extra: { host: 'worker-3', workflow_input: { region: 'EU' } },
    })
    expect(rows.offerings![0]).toMatchObject({ extra: { colour: 'blue' } })
    expect(rows.companies!.map(({ domain, name, industry }) => [domain, name, industry]).sort()).toEqual([
      ['prospect.example', 'Prospect Inc.', 'Healthcare'],
      ['vendor.example', 'The vendor', null],
    ])
    expect(rows.pain_points!.map(({ origin, description }) => `${origin} ${description}`).sort()).toEqual([
      'BUYER_PERSONA Budget',
      'PROSPECT Difficulty proving ROI',
      'VENDOR_PERSONA Data is old',
      'VENDOR_PERSONA Ramp is slow',
    ])
  })

  it('has the ten named steps of phase 1 and one an agent, and fails what its agent or an event says failed', async () => {
    const workspace = await fresh()
    await workspace.write(
      'run.json',
      completeRun({ errors: [{ phase: 'phase4', step: 'talk_tracks', message: 'Model unavailable' }] }),
    )
    await workspace.import()
    const steps = await workspace.query(
      `select p.number, p.status::text as phase, s.name, s.status::text, s.error from steps s join run_phases p on p.id = s.phase_id order by s.position`,
    )
    expect(steps.filter(({ number }) => number === 1)).toHaveLength(12)
    expect(
      steps
        .filter(({ number }) => number !== 1)
        .map(({ number, phase, name, status, error }) => [number, phase, name, status, error]),
    ).toEqual([
      [2, 'FAILED', 'offerings', 'COMPLETED', null],
      [2, 'FAILED', 'case_studies', 'FAILED', 'no valid JSON'],
      [3, 'COMPLETED', 'pain_points', 'COMPLETED', null],
      [4, 'FAILED', 'email_sequences', 'COMPLETED', null],
      [4, 'FAILED', 'talk_tracks', 'FAILED', 'Model unavailable'],
    ])
  })

  it('shares the cost it reports over the calls that have none, exactly', async () => {
    const workspace = await fresh()
    await workspace.write('run.json', completeRun())
    await workspace.import()
    const calls = await workspace.query(`select cost_source::text, cost_usd from agent_calls order by position`)
    expect(calls.map(({ cost_source, cost_usd }) => [cost_source, Number(cost_usd)])).toEqual([
      ['ALLOCATED', 0.0016],
      ['ALLOCATED', 0.0016],
      ['REPORTED', 0.002],
      ['ALLOCATED', 0.0016],
      ['ALLOCATED', 0.0016],
      ['ALLOCATED', 0.0016],
    ])
  })

  it('is set aside whole when its head cannot be read, with the reason and the place', async () => {
    const workspace = await fresh()
    await workspace.write('a.json', completeRun({ status: 'exploded' }))
    await workspace.write('b.json', completeRun())
    const summary = await workspace.import()
    expect(counts(summary)).toEqual({ read: 2, inserted: 1, updated: 0, unchanged: 0, quarantined: 1 })
    expect(summary.rejects).toMatchObject([{ code: 'SCHEMA', pointer: '/status' }])
    expect(summary.rejects[0]!.message).toMatch(/expected one of COMPLETED, FAILED, PARTIAL, RUNNING, found "exploded"/)
  })

  it('keeps everything but the part that cannot be read', async () => {
    const workspace = await fresh()
    const run = completeRun() as { phase3_output: { prospect_intelligence: { pain_points: unknown[] } } }
    run.phase3_output.prospect_intelligence.pain_points.push(
      { description: 'Kept', category: 'growth' },
      { description: 'Lost', category: 'cosmic' },
    )
    await workspace.write('run.json', run)
    const summary = await workspace.import()
    expect(counts(summary)).toEqual({ read: 2, inserted: 1, updated: 0, unchanged: 0, quarantined: 1 })
    expect(summary.rejects).toMatchObject([
      { code: 'SCHEMA', pointer: '/phase3_output/prospect_intelligence/pain_points/2/category' },
    ])
    const found = await workspace.query(
      `select description from pain_points where origin = 'PROSPECT' order by position`,
    )
    expect(found.map(({ description }) => description)).toEqual(['Difficulty proving ROI', 'Kept'])
  })
})

describe('importing again', () => {
  it('writes no row for files that are as they were', async () => {
    const workspace = await fresh()
    await workspace.write('runs/a.json', completeRun())
    await workspace.write('runs/b.json.gz', gzipSync(JSON.stringify(completeRun({ run_id: 'b' }))))
    await workspace.import()
    const before = await workspace.rows()
    const again = await workspace.import()
    expect(again.rows).toBe(0)
    expect(again.files).toMatchObject({ read: 2, unchanged: 2 })
    expect(counts(again)).toEqual({ read: 2, inserted: 0, updated: 0, unchanged: 2, quarantined: 0 })
    expect(await workspace.rows()).toEqual(before)
  })

  it('replaces what a changed file said, and takes away what it no longer holds', async () => {
    const workspace = await fresh()
    await workspace.write('run.json', completeRun())
    await workspace.import()
    await workspace.write('run.json', completeRun({ status: 'partial', phase4_output: null, notes: 'Cut' }))
    const summary = await workspace.import()
    expect(counts(summary)).toEqual({ read: 1, inserted: 0, updated: 1, unchanged: 0, quarantined: 0 })
    const rows = await workspace.rows()
    expect(rows.runs).toMatchObject([{ status: 'PARTIAL', notes: 'Cut' }])
    expect(
      Object.keys(rows).filter((table) =>
        ['playbooks', 'email_touches', 'battle_cards', 'talk_scripts'].includes(table),
      ),
    ).toEqual([])
  })

  it('ends the same in whichever order two versions of a run come', async () => {
    const older = completeRun({ notes: 'older', run_timestamp: '2025-10-06T10:00:00Z' })
    const newer = completeRun({ notes: 'newer', run_timestamp: '2025-10-07T10:00:00Z', phase4_output: null })
    const ends = []
    for (const order of [
      [older, newer],
      [newer, older],
    ]) {
      const workspace = await fresh()
      await workspace.write('x/older.json', older)
      await workspace.write('x/newer.json', newer)
      for (const version of order)
        await workspace.import({}, [`${workspace.folder}/x/${version === older ? 'older' : 'newer'}.json`])
      const { runs, steps, companies } = await workspace.rows()
      ends.push({ runs, steps, companies })
    }
    expect(ends[0]).toEqual(ends[1])
    expect(ends[0]!.runs).toMatchObject([{ notes: 'newer' }])
  })

  it('writes the same rows with several connections as with one', async () => {
    const dumps = []
    for (const concurrency of [1, 3]) {
      const workspace = await fresh()
      for (let number = 0; number < 150; number++)
        await workspace.write(
          `runs/${number}.json`,
          completeRun({ run_id: `run-${number}`, run_timestamp: new Date(1.76e12 + number * 1000).toISOString() }),
        )
      expect((await workspace.import({ concurrency })).records.inserted).toBe(150)
      const { artifacts: _, ...rows } = await workspace.rows()
      dumps.push(rows)
    }
    expect(dumps[0]).toEqual(dumps[1])
  }, 60_000)

  it('writes nothing in a dry run, and counts as if it did', async () => {
    const workspace = await fresh()
    await workspace.write('run.json', completeRun())
    expect(counts(await workspace.import({ dryRun: true }))).toMatchObject({ inserted: 1 })
    expect(await workspace.rows()).toEqual({})
    expect(await workspace.query('select id from imports')).toEqual([])
  })
})

describe('a run larger than what is parsed at once', () => {
  it('becomes the same rows by parts', async () => {
    const dumps = []
    for (const smallBytes of [32_000_000, 1_000]) {
      const workspace = await fresh()
      await workspace.write('run.json', completeRun())
      await workspace.write('packed.json.gz', gzipSync(JSON.stringify(completeRun({ run_id: 'packed' }))))
      expect(counts(await workspace.import({ smallBytes }))).toMatchObject({ inserted: 2, quarantined: 0 })
      const { artifacts, payloads, payload_chunks, ...rows } = await workspace.rows()
      expect([artifacts?.length, payloads?.length, payload_chunks?.length]).toEqual([8, 2, 2])
      dumps.push(rows)
      expect((await workspace.import({ smallBytes })).files.unchanged).toBe(2)
    }
    expect(dumps[1]).toEqual(dumps[0])
  })
})
