import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { recordsOf } from '../../src/importers/records/documents.ts'
import { REFERENCES } from '../../src/importers/references.ts'
import { scoringKinds } from '../../src/importers/scoring/kinds.ts'
import { sharedFolder } from '../shared-folder.ts'
import { importWorkspace, type Workspace } from './workspace.ts'

const { fresh } = importWorkspace()

const signal = (number: number, more: object = {}) => ({
  id: `signal_20260101_${String(number).padStart(6, '0')}_abcdef`,
  timestamp: '2026-01-01T00:00:00Z',
  source: 'reddit',
  title: `Signal ${number}`,
  description: `Somebody lacks thing ${number}`,
  engagement: { upvotes: number },
  ...more,
})
const candidate = (number: number, more: object = {}) => ({
  id: `candidate_20260102_${String(number).padStart(6, '0')}_abcdef`,
  timestamp: '2026-01-02T00:00:00Z',
  signal_id: signal(number).id,
  title: `Idea ${number}`,
  scores: { market: 80, competition: 70, emotional: 60, feasibility: 50, signal_quality: 40 },
  overall_score: 64.5,
  verdict: 'PASS',
  ...more,
})
const lines = (records: unknown[]) => records.map((record) => JSON.stringify(record)).join('\n')
const many = (count: number) => Array.from({ length: count }, (_, number) => signal(number))

async function titles(workspace: Workspace, table = 'signals'): Promise<string[]> {
  return (await workspace.query(`select title from ${table} order by title`)).map(({ title }) => title as string)
}

describe('records of a file', () => {
  it('are found in a dump of more of them than a call takes arguments', () => {
    const table = Array.from({ length: 300_000 }, () => ({}))
    expect(recordsOf(scoringKinds, { signals: table })?.records).toHaveLength(300_000)
  })

  it.each([
    ['JSON lines', 'signals.jsonl', (records: string[]) => records.join('\n'), { line: 2 }],
    ['a list', 'signals.json', (records: string[]) => `[${records.join(',')}]`, { pointer: '/1' }],
    ['a dump', 'dump.json', (records: string[]) => `{"signals":[${records.join(',')}]}`, { pointer: '/signals/1' }],
  ])('that are not UTF-8 are set aside once each: %s', async (_shape, name, written, place) => {
    const workspace = await fresh()
    const records = [signal(1), signal(2, { title: 'caf\u00e9' }), signal(3)].map((record) => JSON.stringify(record))
    await workspace.write(name, Buffer.from(written(records), 'latin1'))
    expect((await workspace.import()).records).toMatchObject({ read: 3, inserted: 2, quarantined: 1 })
    expect(await workspace.query('select code, line, pointer from rejected_records')).toMatchObject([
      { code: 'UNREADABLE', ...place },
    ])
  })

  it('of a table that are not UTF-8 are set aside once each', async () => {
    const workspace = await fresh()
    await workspace.write(
      'companies.csv',
      Buffer.from('id,name,domain\n1,Caf\u00e9,a.example\n2,B,b.example\n', 'latin1'),
    )
    expect((await workspace.import()).records).toMatchObject({ read: 2, inserted: 1, quarantined: 1 })
    expect(await workspace.query('select code, message from rejected_records')).toMatchObject([
      { code: 'UNREADABLE', message: expect.stringMatching(/not valid UTF-8/) },
    ])
  })

  it('count for --max-errors over all files', async () => {
    const workspace = await fresh()
    const broken = '{"id": broken}\n'.repeat(3)
    for (const name of ['a', 'b', 'c', 'd']) await workspace.write(`${name}.jsonl`, broken + lines([signal(9)]))
    const summary = await workspace.import({ maxErrors: 8 })
    expect(summary).toMatchObject({ status: 'FAILED', records: { quarantined: 9 } })
  })

  it.each([
    ['JSON lines', 'a.jsonl', lines([signal(1), signal(2)])],
    [
      'JSON lines with blank ones and a byte-order mark',
      'a.ndjson',
      `\uFEFF\n${lines([signal(1)])}\r\n\n${lines([signal(2)])}\n`,
    ],
    ['JSON lines, compressed', 'a.jsonl.gz', gzipSync(lines([signal(1), signal(2)]))],
    ['a list', 'a.json', [signal(1), signal(2)]],
    ['a dump with a key per table', 'a.json', { signals: [signal(1), signal(2)], candidates: [] }],
    [
      'an answer with the table inside',
      'a.json',
      { success: true, data: { signals: [signal(1), signal(2)] }, message: '', errors: [] },
    ],
    [
      'an answer with a list inside',
      'a.json',
      { success: true, data: [signal(1), signal(2)], timestamp: '2026-01-01T00:00:00Z' },
    ],
    ['JSON in a text file', 'output.txt', JSON.stringify([signal(1), signal(2)])],
  ])('are read from %s', async (_, name, content) => {
    const workspace = await fresh()
    await workspace.write(name, content)
    const { records, rejects } = await workspace.import()
    expect(rejects).toEqual([])
    expect(records).toMatchObject({ read: 2, inserted: 2 })
    expect(await titles(workspace)).toEqual(['Signal 1', 'Signal 2'])
  })

  it('are read from an answer that holds one', async () => {
    const workspace = await fresh()
    await workspace.write('one.json', { success: true, candidate: candidate(1), error: null })
    expect((await workspace.import()).records).toMatchObject({ read: 1, inserted: 1 })
    expect(await titles(workspace, 'candidates')).toEqual(['Idea 1'])
  })

  it('of several kinds may stand in one file', async () => {
    const workspace = await fresh()
    await workspace.write('mixed.jsonl', lines([signal(1), candidate(1), signal(2)]))
    expect((await workspace.import()).records).toMatchObject({ read: 3, inserted: 3 })
    expect([await titles(workspace), await titles(workspace, 'candidates')]).toEqual([
      ['Signal 1', 'Signal 2'],
      ['Idea 1'],
    ])
  })

  it('that cannot be read are set aside one by one, with line and pointer', async () => {
    const workspace = await fresh()
    await workspace.write(
      'signals.jsonl',
      [lines([signal(1)]), '{"id": ', '[1]', lines([{ ...signal(2), tags: { a: 1 } }]), lines([signal(3)])].join('\n'),
    )
    await workspace.write('list.json', [signal(4), 'no record', signal(5)])
    const { records, rejects } = await workspace.import()
    expect(records).toMatchObject({ read: 8, inserted: 4, quarantined: 4 })
    expect(rejects.map(({ file, code, line, pointer }) => [file.split('/').at(-1), code, line, pointer])).toEqual([
      ['list.json', 'SCHEMA', null, '/1'],
      ['signals.jsonl', 'SYNTAX', 2, null],
      ['signals.jsonl', 'SCHEMA', 3, ''],
      ['signals.jsonl', 'SCHEMA', 4, '/tags'],
    ])
    const [ledger] = await workspace.query(
      "select records_read, records_inserted, records_quarantined, status::text, format from imported_files where path like '%.jsonl'",
    )
    expect(ledger).toEqual({
      records_read: 5,
      records_inserted: 2,
      records_quarantined: 3,
      status: 'PARTLY_IMPORTED',
      format: 'scoring',
    })
  })

  it('before the end of a list or a compressed file that is cut off are kept', async () => {
    const workspace = await fresh()
    const list = JSON.stringify([signal(1), signal(2), signal(3)])
    await workspace.write('list.json', list.slice(0, list.indexOf('Signal 3')))
    const packed = gzipSync(
      lines(
        Array.from({ length: 400 }, (_, number) => signal(1000 + number, { raw_content: String(Math.sin(number)) })),
      ),
    )
    await workspace.write('lines.jsonl.gz', packed.subarray(0, packed.length - 900))
    const { records, rejects } = await workspace.import()
    expect(rejects.map(({ code }) => code)).toEqual(['TRUNCATED', 'TRUNCATED'])
    expect(records.inserted).toBeGreaterThan(100)
    expect((await titles(workspace)).slice(-1)).toEqual(['Signal 2'])
  })

  it('of a table that nobody knows are set aside and named, beside those that are known', async () => {
    const workspace = await fresh()
    await workspace.write('dump.json', { signals: [signal(1)], invoices: [{ total: 1 }, { total: 2 }] })
    const { records, rejects } = await workspace.import()
    expect(records).toMatchObject({ inserted: 1, quarantined: 1 })
    expect(rejects).toMatchObject([{ code: 'UNKNOWN_FORMAT', pointer: '/invoices' }])
  })

  it('of no known kind are one reject for the file', async () => {
    const workspace = await fresh()
    await workspace.write('weather.jsonl', lines(Array.from({ length: 300 }, (_, hour) => ({ hour, celsius: 7 }))))
    const { records, rejects } = await workspace.import()
    expect([records.quarantined, rejects.map(({ code }) => code)]).toEqual([1, ['UNKNOWN_FORMAT']])
  })

  it('that the database refuses are set aside alone', async () => {
    const workspace = await fresh()
    const records = Array.from({ length: 40 }, (_, number) =>
      candidate(number, number === 17 ? { overall_score: 1e11 } : {}),
    )
    await workspace.write('scored.jsonl', lines(records))
    const summary = await workspace.import()
    expect(summary.records).toMatchObject({ read: 40, inserted: 39, quarantined: 1 })
    expect(summary.rejects).toMatchObject([{ code: 'SCHEMA', line: 18 }])
  })
})

describe('a record that comes twice', () => {
  it.each([0, 4500])('in one file is the last of them, with %i others between', async (between) => {
    const workspace = await fresh()
    const records = [signal(1, { title: 'first' }), ...many(between + 2).slice(2), signal(1, { title: 'last' })]
    await workspace.write('signals.jsonl', lines(records))
    const { records: counts, warnings } = await workspace.import()
    expect(counts).toMatchObject({ read: records.length, inserted: records.length - 1, updated: 0, unchanged: 1 })
    expect(warnings).toMatchObject([{ code: 'DUPLICATE_ID', line: records.length, pointer: '/id' }])
    expect(await workspace.query(`select title from signals where external_id = '${signal(1).id}'`)).toEqual([
      { title: 'last' },
    ])
    expect((await workspace.import()).rows).toBe(0)
  })

  it('in two files is the newer one, in whichever order they come', async () => {
    const older = signal(1, { title: 'older' })
    const newer = signal(1, { title: 'newer', timestamp: '2026-01-05T00:00:00Z' })
    for (const [first, second] of [
      [older, newer],
      [newer, older],
    ]) {
      const workspace = await fresh()
      await workspace.write('a.jsonl', lines([first]))
      await workspace.import()
      await workspace.write('b.jsonl', lines([second]))
      await workspace.import()
      expect(await titles(workspace)).toEqual(['newer'])
    }
  })

  it('twice in one file and once in another is the same one, in whichever order the files come', async () => {
    for (const other of ['b0', 'b1', 'b2', 'b3']) {
      const stored = new Set<string>()
      const files = {
        a: lines([signal(1, { title: 'a1' }), signal(1, { title: 'a2' })]),
        b: lines([signal(1, { title: other })]),
      }
      for (const order of [
        ['a', 'b'],
        ['b', 'a'],
      ] as const) {
        const workspace = await fresh()
        for (const name of order) {
          await workspace.write(`${name}.jsonl`, files[name])
          await workspace.import()
        }
        stored.add((await titles(workspace)).join())
      }
      expect(stored.size).toBe(1)
      expect([...stored][0]).not.toBe('a1')
    }
  })

  it('is what its file says now, when the file was edited and the record bears the same time', async () => {
    for (const title of ['aaa', 'zzz']) {
      const workspace = await fresh()
      await workspace.write('a.jsonl', lines([signal(1, { title: 'mmm' }), signal(2)]))
      await workspace.import()
      await workspace.write('a.jsonl', lines([signal(1, { title }), signal(2)]))
      expect((await workspace.import()).records).toMatchObject({ updated: 1, unchanged: 1 })
      expect(await titles(workspace)).toEqual(['Signal 2', title].sort())
    }
  })
})

describe('a file too large to be held', () => {
  const content = lines([...many(5000), candidate(3), candidate(9999)])

  it('becomes the same rows, keeps its bytes, and is left alone the second time', async () => {
    const whole = await fresh()
    await whole.write('signals.jsonl', content)
    await whole.import()
    const streamed = await fresh()
    await streamed.write('signals.jsonl', content)
    const summary = await streamed.import({ smallBytes: 10_000 })
    expect(summary.records).toMatchObject({ read: 5002, inserted: 5002 })
    expect(summary.dangling).toBe(1)
    const dumped = 'select external_id, title, engagement_total::text, record_sha256 from signals order by id'
    expect(await streamed.query(dumped)).toEqual(await whole.query(dumped))
    expect(await streamed.query('select bytes::int, sha256 from payloads')).toEqual(
      await whole.query('select bytes::int, sha256 from payloads'),
    )
    const again = await streamed.import({ smallBytes: 10_000 })
    expect(again).toMatchObject({ rows: 0, files: { unchanged: 1 }, records: { read: 5002, unchanged: 5002 } })
  })

  it.each<[string, string, string]>([
    ['list', 'list.json', JSON.stringify(many(3000))],
    ['dump', 'dump.json', JSON.stringify({ candidates: [candidate(1)], signals: many(3000) })],
    [
      'CSV',
      'contacts.csv',
      ['id,email,first_name,last_name', ...many(3000).map((_, n) => `c${n},p${n}@a.example,A,B`)].join('\n'),
    ],
  ])('may be a %s', async (_, name, text) => {
    const workspace = await fresh()
    await workspace.write(name, text)
    const { records, rejects } = await workspace.import({ smallBytes: 10_000 })
    expect(rejects).toEqual([])
    expect(records.inserted).toBeGreaterThanOrEqual(3000)
  })

  it('that was left half way is made whole by the next import', async () => {
    const workspace = await fresh()
    await workspace.write('signals.jsonl', content)
    let asked = 0
    const broken = await workspace.import({ smallBytes: 10_000 }, [workspace.folder], {
      isInterrupted: () => ++asked > 1,
    })
    expect(broken.status).toBe('INTERRUPTED')
    const kept = (await titles(workspace)).length
    expect(kept).toBeGreaterThan(0)
    expect(kept).toBeLessThan(5000)
    const next = await workspace.import({ smallBytes: 10_000 })
    expect(next.records).toMatchObject({ read: 5002, inserted: 5002 - kept, unchanged: kept, updated: 0 })
  })
})

describe('a reference', () => {
  it('to a record that comes later is kept, counted, and resolved when it arrives', async () => {
    const workspace = await fresh()
    await workspace.write('a-scored.jsonl', lines([candidate(1), candidate(2)]))
    expect((await workspace.import()).dangling).toBe(2)
    await workspace.write('b-queue.jsonl', lines([signal(1)]))
    expect((await workspace.import()).dangling).toBe(1)
    expect(
      await workspace.query(
        'select c.title, s.title as signal from candidates c left join signals s on s.id = c.signal_id order by 1',
      ),
    ).toEqual([
      { title: 'Idea 1', signal: 'Signal 1' },
      { title: 'Idea 2', signal: null },
    ])
  })

  it('of every kind has an index by which those that dangle are found', async () => {
    const workspace = await fresh()
    const indexes = (await workspace.query("select indexdef from pg_indexes where indexname like '%dangling'")).map(
      ({ indexdef }) => indexdef as string,
    )
    for (const { table, source, column } of REFERENCES)
      expect(
        indexes.filter(
          (index) =>
            index.includes(` public.${table} `) &&
            index.includes(`, ${source})`) &&
            index.includes(`${column} IS NULL`),
        ),
      ).toHaveLength(1)
  })
})

if (sharedFolder === null)
  describe.skip('the broken files of the world are not here', () => it.todo('runs beside shared/'))
else {
  type Expected = { line: number | null; pointer?: string; class: string }
  type BrokenFile = { file: string; good: number; quarantined: Expected[]; warnings: Expected[] }
  const world = join(sharedFolder, 'world')
  const expected: BrokenFile[] = JSON.parse(readFileSync(join(world, 'expected/broken.json'), 'utf8'))
  const folder = join(world, 'data/broken')

  describe('the broken files of the world', () => {
    it('are all listed', () => {
      expect(expected.map(({ file }) => file.split('/').at(-1)).sort()).toEqual(readdirSync(folder).sort())
    })

    it.each(expected)(
      '$file: the good records are kept, the rejects and warnings are those expected',
      async ({ file, good, quarantined, warnings }) => {
        const workspace = await fresh()
        const summary = await workspace.import({}, [join(world, 'data', file)])
        const { inserted, updated, unchanged } = summary.records
        expect(inserted + updated + unchanged).toBe(good)
        expect(summary.rejects.map(({ code, line }) => ({ class: code, line }))).toEqual(quarantined)
        expect(summary.warnings.map(({ code, line, pointer }) => ({ class: code, line, pointer }))).toEqual(warnings)
      },
    )
  })
}
