import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { sharedFolder } from '../shared-folder.ts'
import { completeCandidate, completeSignal } from './scoring-fixture.ts'
import { importWorkspace } from './workspace.ts'

const { fresh } = importWorkspace()

const lines = (records: unknown[]) => records.map((record) => JSON.stringify(record)).join('\n')
const nullColumns = (row: Record<string, unknown>) => Object.keys(row).filter((column) => row[column] === null)

describe('a signal', () => {
  it('fills every column, and what its format does not list is kept', async () => {
    const workspace = await fresh()
    await workspace.write('signals/queue.jsonl', lines([completeSignal()]))
    expect((await workspace.import()).records).toEqual({
      read: 1,
      inserted: 1,
      updated: 0,
      unchanged: 0,
      quarantined: 0,
    })
    const { signals, pain_points } = await workspace.rows()
    expect(nullColumns(signals![0]!)).toEqual([])
    expect(signals![0]).toMatchObject({
      external_id: 'signal_20260126_113936_143b63',
      detected_at: '2026-01-26T11:39:36+00:00',
      extracted_at: '2026-01-26T11:50:00+00:00',
      source_url: 'https://reddit.example/post/1',
      // 512 + 132; what has no number is none.
      engagement_total: 644,
      comments: ['I would pay for this', { author: 'user_2', text: 'So would I' }],
      extra: { crawler_version: '1.4' },
    })
    expect(pain_points).toMatchObject([
      {
        origin: 'SIGNAL',
        description: 'Reminders are not read',
        theme: 'reminders are not read',
        signal_id: signals![0]!.id,
        occurred_at: '2026-01-26T11:39:36+00:00',
        category: null,
      },
    ])
  })

  it('may have its address as url, its counts as text, one tag alone and hardly anything else', async () => {
    const workspace = await fresh()
    await workspace.write(
      'a.jsonl',
      lines([
        { id: 'signal_1', source: 'x', title: 'T', url: 'https://x.example', tags: 'one', engagement: { views: '12' } },
        { id: 'signal_2', source_url: 'https://a.example', url: 'https://b.example', description: null },
        { id: 'signal_3', engagement: { ratio: 0.97, views: 5, downs: -2 }, comments: 'only one' },
      ]),
    )
    await workspace.import()
    const rows = await workspace.query(
      `select external_id, source_url, tags, engagement_total, comments, extra from signals order by external_id`,
    )
    expect(rows).toEqual([
      {
        external_id: 'signal_1',
        source_url: 'https://x.example',
        tags: ['one'],
        engagement_total: '12',
        comments: [],
        extra: {},
      },
      {
        external_id: 'signal_2',
        source_url: 'https://a.example',
        tags: [],
        engagement_total: '0',
        comments: [],
        extra: { url: 'https://b.example' },
      },
      { external_id: 'signal_3', source_url: null, tags: [], engagement_total: '3', comments: ['only one'], extra: {} },
    ])
    expect(await workspace.query('select * from pain_points')).toEqual([])
  })

  it.each([
    [{ id: null }, '/id'],
    [{ timestamp: 'yesterday' }, '/timestamp'],
    [{ engagement: { views: 'many' } }, '/engagement/views'],
    [{ engagement: [1] }, '/engagement'],
    [{ tags: { a: 1 } }, '/tags'],
    [{ title: ['T'] }, '/title'],
    [{ comments: 3 }, '/comments'],
  ])('of the wrong types is set aside: %j', async (changes, pointer) => {
    const workspace = await fresh()
    await workspace.write('signals.json', [completeSignal(changes), completeSignal({ id: 'signal_good' })])
    const summary = await workspace.import()
    expect(summary.records).toMatchObject({ inserted: 1, quarantined: 1 })
    expect(summary.rejects).toMatchObject([{ code: 'SCHEMA', pointer: `/0${pointer}` }])
  })

  it('that changed says what it says now, and a problem it no longer has is gone', async () => {
    const workspace = await fresh()
    await workspace.write('signals.json', [completeSignal()])
    await workspace.import()
    const again = await workspace.import()
    expect([again.rows, again.records.unchanged]).toEqual([0, 1])
    const changed = completeSignal({ title: 'New', extracted_problem: null, timestamp: '2026-01-27T00:00:00Z' })
    await workspace.write('signals.json', [changed])
    expect((await workspace.import()).records).toMatchObject({ updated: 1 })
    expect(await workspace.query('select title from signals')).toEqual([{ title: 'New' }])
    expect(await workspace.query('select * from pain_points')).toEqual([])
  })
})

describe('a candidate', () => {
  it('fills every column, with a row for each dimension', async () => {
    const workspace = await fresh()
    await workspace.write('scored.jsonl', lines([completeSignal(), completeCandidate()]))
    await workspace.import()
    const { signals, candidates, candidate_scores } = await workspace.rows()
    expect(nullColumns(candidates![0]!)).toEqual([])
    expect(candidates![0]).toMatchObject({
      signal_id: signals![0]!.id,
      overall_score: 87.5,
      emotional_score: 96,
      extra: { model: 'm-1', scores: { novelty: 12 } },
    })
    expect(
      candidate_scores!.map(({ dimension, score, reasoning }) => `${dimension} ${score} ${reasoning}`).sort(),
    ).toEqual([
      'COMPETITION 75 Some',
      'EMOTIONAL 96 It hurts',
      'FEASIBILITY 90 Simple',
      'MARKET 88 Large',
      'SIGNAL_QUALITY 82 Clear',
    ])
  })

  it('may have its reasons beside its scores, its numbers as text, and not all of them', async () => {
    const workspace = await fresh()
    const { reasoning: _, ...candidate } = completeCandidate({
      scores: { market: '72.50', emotional: null, competition: 84.99999999999999 },
      overall_score: '69.73',
      market_reasoning: 'Large',
      emotional_reasoning: 'Not asked',
      verdict: 'research',
    })
    await workspace.write('a.json', { success: true, candidate, error: null })
    await workspace.import()
    const rows = await workspace.query(
      `select s.dimension::text, s.score::float8, s.reasoning, c.overall_score::float8, c.verdict::text, c.extra
       from candidate_scores s join candidates c on c.id = s.candidate_id order by 1`,
    )
    const candidateColumns = { overall_score: 69.73, verdict: 'RESEARCH', extra: { model: 'm-1' } }
    expect(rows).toEqual([
      { dimension: 'COMPETITION', score: 84.99999999999999, reasoning: null, ...candidateColumns },
      { dimension: 'EMOTIONAL', score: null, reasoning: 'Not asked', ...candidateColumns },
      { dimension: 'MARKET', score: 72.5, reasoning: 'Large', ...candidateColumns },
    ])
  })

  it.each([
    [{ scores: { market: 'high' } }, '/scores/market'],
    [{ scores: [1, 2] }, '/scores'],
    [{ overall_score: 1e9 }, '/overall_score'],
    [{ verdict: 'MAYBE' }, '/verdict'],
    [{ reasoning: 'because' }, '/reasoning'],
    [{ id: {} }, '/id'],
  ])('of the wrong types is set aside: %j', async (changes, pointer) => {
    const workspace = await fresh()
    await workspace.write('a.json', [completeCandidate(changes)])
    const summary = await workspace.import()
    expect(summary.rejects).toMatchObject([{ code: 'SCHEMA', pointer: `/0${pointer}` }])
  })

  it('waits for its signal, and finds it when it comes', async () => {
    const workspace = await fresh()
    await workspace.write(
      'scored.jsonl',
      lines([completeCandidate(), completeCandidate({ id: 'c2', signal_id: 'never' })]),
    )
    await workspace.import()
    expect(await workspace.query('select count(*)::int as n from candidates where signal_id is null')).toEqual([
      { n: 2 },
    ])
    await workspace.write('queue.jsonl', lines([completeSignal()]))
    await workspace.import()
    const rows = await workspace.query(
      `select c.external_id, s.external_id as signal from candidates c left join signals s on s.id = c.signal_id order by 1 desc`,
    )
    expect(rows).toEqual(
      [
        { external_id: 'candidate_20260129_204930_7af95d', signal: 'signal_20260126_113936_143b63' },
        { external_id: 'c2', signal: null },
      ].sort((a, b) => (a.external_id < b.external_id ? 1 : -1)),
    )
  })

  it('that was scored anew has the new scores alone', async () => {
    const workspace = await fresh()
    await workspace.write('a.json', [completeCandidate()])
    await workspace.import()
    await workspace.write('a.json', [completeCandidate({ scores: { market: 10 }, reasoning: {} })])
    await workspace.import()
    expect(await workspace.query('select dimension::text, score::float8 from candidate_scores')).toEqual([
      { dimension: 'MARKET', score: 10 },
    ])
    expect(await workspace.query('select emotional_score from candidates')).toEqual([{ emotional_score: null }])
  })

  it.each([
    ['a list', (records: unknown[]) => records],
    [
      'an answer to a batch',
      (records: unknown[]) => ({ success: true, candidates: records, errors: ['one failed'], processed: 2, failed: 1 }),
    ],
    [
      'an answer around data',
      (records: unknown[]) => ({
        success: true,
        data: records,
        message: 'ok',
        timestamp: '2026-01-01T00:00:00Z',
        errors: [],
      }),
    ],
    ['a dump of tables', (records: unknown[]) => ({ scored_candidates: records })],
  ])('is found in %s', async (_where, wrap) => {
    const workspace = await fresh()
    await workspace.write('x.json', wrap([completeCandidate(), completeCandidate({ id: 'c2' })]))
    expect((await workspace.import()).records).toMatchObject({ inserted: 2, quarantined: 0 })
    expect(await workspace.query('select count(*)::int as n from candidates')).toEqual([{ n: 2 }])
  })
})

describe.skipIf(!sharedFolder)('the reference world', () => {
  it('is read whole, and what is broken as it is listed', async () => {
    const data = join(sharedFolder!, 'world/data')
    const workspace = await fresh()
    const summary = await workspace.import({}, [join(data, 'scoring')])
    expect(summary.records).toEqual({ read: 73, inserted: 73, updated: 0, unchanged: 0, quarantined: 0 })
    const expected = JSON.parse(await readFile(join(sharedFolder!, 'world/expected/broken.json'), 'utf8')) as {
      file: string
      good: number
      quarantined: { line: number | null; class: string }[]
      warnings: { line: number | null; pointer: string; class: string }[]
    }[]
    for (const { file, good, quarantined, warnings } of expected.filter((each) =>
      /signal|candidates/.test(each.file),
    )) {
      const fresher = await fresh()
      const { records } = await fresher.import({}, [join(data, file)])
      expect([file, records.read - records.quarantined]).toEqual([file, good])
      const noted = await fresher.query(
        `select severity::text, line, pointer, code as class from rejected_records
         where code <> 'DANGLING_REFERENCE' order by line, severity, pointer desc`,
      )
      const of = (wanted: string) =>
        noted.filter(({ severity }) => severity === wanted).map(({ severity: _, ...issue }) => issue)
      expect(of('REJECT').map(({ pointer: _, ...issue }) => issue)).toEqual(quarantined)
      expect(of('WARNING')).toEqual(expect.arrayContaining(warnings))
      expect(of('WARNING')).toHaveLength(warnings.length)
    }
  })
})
