import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { beforeAll, describe, expect, it } from 'vitest'
import { extractionResults } from '../../src/exports/extraction-results.ts'
import type { ResultsOf } from '../../src/exports/find-results.ts'
import { encodeGlobalId } from '../../src/filters/global-ids.ts'
import { organizationIdOf } from '../../src/model/identifiers.ts'
import { testDatabase } from '../database.ts'
import { importFiles } from '../imported.ts'
import { dataset, dump, run, task } from '../importers/extraction-fixture.ts'
import { cellsOf, exported, rowsOf } from './exported.ts'

// biome-ignore lint/suspicious/noExplicitAny: artifacts are read as they are.
type Json = any

const SAMPLE = fileURLToPath(new URL('../../samples/extraction/prospect_facts.json', import.meta.url))
const sample: Record<string, Json[]> = JSON.parse(readFileSync(SAMPLE, 'utf8'))
const [pages] = sample.datasets!
const FIELDS = ['headquarters', 'employees', 'open_sales_roles']

const database = testDatabase()

const source = (of: ResultsOf, fields?: string[]) =>
  database.transaction(({ db }) => extractionResults(db, { organizationId: database.organizationId }, of, fields))
const csvOf = async (of: ResultsOf, fields?: string[]) =>
  exported(database.url, database.organizationId, await source(of, fields))
const tableOf = async (of: ResultsOf, fields?: string[]) => rowsOf(await csvOf(of, fields))

/** Names that a program could trip over. */
const HOSTILE = [
  'status',
  'STATUS',
  'price_truth',
  '',
  'a.b',
  'with "quotes"',
  "o'clock",
  'x" from pg_authid; --',
  'costs $1',
  'line\nbreak',
  'constructor',
  `${'ö'.repeat(40)} left`,
  `${'ö'.repeat(40)} right`,
]
const hostile = Object.fromEntries(HOSTILE.map((name, place) => [name, `value ${place}`]))

beforeAll(async () => {
  await importFiles(database, {
    'facts.json': sample,
    'pages.json': {
      ...dump(),
      runs: [run(), run({ id: 'run-2', started_at: '2026-02-09T10:00:00.000Z' }), run({ id: 'wide' })],
      tasks: [
        task(1),
        task(2, { status: 'queued' }),
        task(3, { run_id: 'run-2', extracted_data: hostile, ground_truth_data: { price: 'x', 'a.b': 'VALUE 4' } }),
        task(4, {
          run_id: 'wide',
          dataset_id: 'dataset-2',
          extracted_data: Object.fromEntries(Array.from({ length: 600 }, (_, place) => [`f${place}`, place])),
        }),
      ],
      datasets: [
        dataset(),
        dataset({ id: 'dataset-2', schema: [], ground_truth_columns: ['zeta', 'alpha'], data: [] }),
      ],
    },
  })
}, 30_000)

/** As texts, without looking at how the importer does it. */
const plain = (value: Json) => String(value).normalize('NFKC').trim().toLowerCase().replace(/\s+/g, ' ')
const isThere = (value: Json) => value !== null && value !== undefined && plain(value) !== ''
const agree = (a: Json, b: Json) =>
  isThere(a) && (plain(a) === plain(b) || (/^[\d.]+$/.test(plain(a) + plain(b)) && Number(a) === Number(b)))
const textOf = (value: Json) => (value === null || value === undefined ? null : String(value))

/** What the artifact says of a task's row, column by column. */
function expectedOf(each: Json): Record<string, string | null> {
  const [extracted, truth] = [each.extracted_data ?? {}, each.ground_truth_data ?? {}]
  const hasTruth = FIELDS.some((field) => isThere(truth[field]))
  const isEvaluated = hasTruth && (each.status === 'completed' || FIELDS.some((field) => isThere(extracted[field])))
  const compared = isEvaluated ? FIELDS.filter((field) => isThere(truth[field])) : []
  const matched = compared.filter((field) => agree(extracted[field], truth[field]))
  const costs = sample.attempts!.filter(({ task_id }) => task_id === each.id).map(({ cost }) => Number(cost))
  const fields = FIELDS.flatMap((field) => [
    [field, textOf(extracted[field])],
    [`${field}_truth`, textOf(truth[field])],
    [`${field}_match`, compared.includes(field) ? String(matched.includes(field)) : null],
  ])
  const { version } = sample.instructions!.find(
    ({ id }) => id === sample.runs!.find((one) => one.id === each.run_id).instruction_id,
  )
  return {
    run: each.run_id,
    task: each.id,
    dataset: pages.name,
    position: String(pages.data.findIndex((row: Json) => row.row_id === each.row_id)),
    row_id: each.row_id,
    url: each.site_url,
    site_name: each.site_name,
    status: each.status.toUpperCase(),
    failure_category: each.failure_category?.toUpperCase() ?? null,
    failure_reason: each.failure_reason ?? null,
    prompt_version: version,
    attempts: String(costs.length),
    cost_usd: String(Number(costs.reduce((sum, cost) => sum + cost, 0).toFixed(6))),
    duration_ms: textOf(each.duration_ms),
    confidence: textOf(each.overall_confidence),
    ...Object.fromEntries(fields),
    matched_fields: isEvaluated ? String(matched.length) : null,
    compared_fields: isEvaluated ? String(compared.length) : null,
    accuracy_percent: isEvaluated ? String((matched.length * 100) / compared.length) : null,
    all_match: isEvaluated ? String(matched.length === compared.length) : null,
  }
}

const byRow = (a: Json, b: Json) => (a.row_id < b.row_id ? -1 : 1)
const withoutIds = (rows: Record<string, string | null>[]) => rows.map(({ run_id: _, task_id: __, ...row }) => row)

describe('the results of an extraction run', () => {
  it('are a row a task, in the order of the dataset, as the artifact says', async () => {
    for (const { id } of sample.runs!) {
      const expected = sample.tasks!.filter(({ run_id }) => run_id === id).sort(byRow)
      const rows = await tableOf({ run: id })
      expect(rows.length).toBeGreaterThan(4)
      expect(withoutIds(rows)).toEqual(expected.map(expectedOf))
    }
  })

  it('hold matches, misses and what cannot be compared', async () => {
    const rows = await tableOf({ run: sample.runs![1].id })
    const matches = rows.flatMap((row) => FIELDS.map((field) => row[`${field}_match`]))
    expect(new Set(matches)).toEqual(new Set(['true', 'false', null]))
    expect(rows.map(({ all_match }) => all_match)).toContain('true')
  })

  it('have the columns that are said, those of the ground truth first, then others as tasks have them', async () => {
    const { columns, name } = await source({ run: 'run-1' })
    const [header] = cellsOf(await csvOf({ run: 'run-1' }))
    expect(columns.map((column) => column.name)).toEqual(header)
    expect(name).toBe('results-run-1')
    const of = (field: string) => [field, `${field}_truth`, `${field}_match`]
    expect(header!.slice(17, -4)).toEqual([...of('price'), ...of('seats'), ...of('listPrice'), ...of('phone')])
    expect(header!.slice(-4)).toEqual(['matched_fields', 'compared_fields', 'accuracy_percent', 'all_match'])
    expect(columns.filter(({ description }) => !/^[A-Z].*\.$/s.test(description))).toEqual([])
    // What the dataset declares is there although no task has it.
    expect((await source({ dataset: 'dataset-2' }, ['zeta', 'alpha'])).columns.slice(17, 19)).toMatchObject([
      { name: 'zeta' },
      { name: 'zeta_truth' },
    ])
  })

  it('compare nothing of a task that does not count for accuracy', async () => {
    const [done, queued] = await tableOf({ run: 'run-1' })
    expect(done).toMatchObject({ price: ' ＄10 ', price_truth: '$10', price_match: 'true', seats_match: 'true' })
    expect(done).toMatchObject({ listPrice: '12', listPrice_truth: null, listPrice_match: null, all_match: 'true' })
    expect(queued).toMatchObject({ price: ' ＄10 ', price_truth: '$10', price_match: null, compared_fields: null })
  })

  it('are found by name, by id and by the id of the API', async () => {
    const named = await csvOf({ run: 'run-1' })
    const [{ run_id: id }] = rowsOf(named) as [{ run_id: string }]
    for (const name of [id, id.toUpperCase(), encodeGlobalId('Run', id)])
      expect((await csvOf({ run: name })).equals(named)).toBe(true)
  })
})

describe('the results of an instruction or a dataset', () => {
  it('are those of all its runs, the oldest first', async () => {
    const [first] = sample.instructions!
    const runs = sample.runs!.filter(({ instruction_id }) => instruction_id === first.id).map(({ id }) => id)
    const ofRuns = runs.flatMap((id) => sample.tasks!.filter(({ run_id }) => run_id === id).sort(byRow))
    expect(withoutIds(await tableOf({ instruction: first.id }))).toEqual(ofRuns.map(expectedOf))
    const all = await tableOf({ dataset: pages.id })
    expect(all.map((row) => row.task)).toEqual(
      sample.runs!.flatMap(({ id }) =>
        sample
          .tasks!.filter(({ run_id }) => run_id === id)
          .sort(byRow)
          .map((each) => each.id),
      ),
    )
    expect((await tableOf({ instruction: 'instruction-2' }, ['price'])).map((row) => row.run)).toEqual([
      'run-2',
      'run-1',
      'run-1',
      'wide',
    ])
  })
})

describe('names of fields', () => {
  it('that are taken, empty, long or full of quotes name columns nonetheless, the same each time', async () => {
    const { columns } = await source({ run: 'run-2' }, HOSTILE)
    const names = columns.map(({ name }) => name)
    expect(new Set(names.map((name) => name.toLowerCase())).size).toBe(names.length)
    expect(names.filter((name) => name === '' || Buffer.byteLength(name) > 63)).toEqual([])
    expect(names.filter((_, place) => place >= 17 && place < names.length - 4 && (place - 17) % 3 === 0)).toEqual([
      'status_2',
      'STATUS_3',
      'price_truth',
      'field',
      ...HOSTILE.slice(4, -2),
      'ö'.repeat(28),
      `${'ö'.repeat(27)}_2`,
    ])
    expect(await source({ run: 'run-2' }, HOSTILE)).toMatchObject({ columns })
  })

  it('lead to their own values, whatever they hold', async () => {
    const of: ResultsOf = { run: 'run-2' }
    const [header, row] = cellsOf(await csvOf(of, HOSTILE))
    expect(header).toEqual((await source(of, HOSTILE)).columns.map(({ name }) => name))
    expect(row!.filter((_, place) => place >= 17 && place < row!.length - 4 && (place - 17) % 3 === 0)).toEqual(
      Object.values(hostile),
    )
    const at = header!.indexOf('a.b')
    expect(row!.slice(at, at + 3)).toEqual(['value 4', 'VALUE 4', 'true'])
    const lines = (await exported(database.url, database.organizationId, await source(of, HOSTILE), 'jsonl'))
      .toString()
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line))
    expect(lines.map((line) => header!.map((name) => textOf(line[name!])))).toEqual([row])
  })

  it('with price and price_truth beside each other do not share a column', async () => {
    const names = (await source({ run: 'run-2' }, ['price', 'price_truth'])).columns.map(({ name }) => name)
    expect(names.slice(17, 23)).toEqual([
      'price',
      'price_truth',
      'price_match',
      'price_truth_2',
      'price_truth_2_truth',
      'price_truth_2_match',
    ])
  })

  it('that are too many are an error that says what to do; as many as fit are exported', async () => {
    await expect(source({ run: 'wide' })).rejects.toMatchObject({
      code: 'BAD_USER_INPUT',
      message: expect.stringMatching(/fields: .* fields, which are \d+ columns; PostgreSQL gives 1600/),
      hint: expect.stringMatching(/^Choose up to 526 /),
    })
    const most = Array.from({ length: 526 }, (_, place) => `f${599 - place}`)
    const [header, row] = cellsOf(await csvOf({ run: 'wide' }, most))
    expect(header).toHaveLength(17 + 526 * 3 + 4)
    expect([header![17], row![17], header![20], row![20]]).toEqual(['f599', '599', 'f598', '598'])
  })
})

describe('what does not exist', () => {
  it.each([
    [{ run: 'nothing' }, 'There is no extraction run'],
    [{ run: 'x\u0000' }, 'run is no name'],
    [{ run: '00000000-0000-5000-8000-00000000000a' }, 'There is no extraction run'],
    [{ instruction: 'nothing' }, 'There is no instruction'],
    [{ dataset: encodeGlobalId('Run', '00000000-0000-5000-8000-00000000000a') }, 'There is no dataset'],
  ] satisfies [ResultsOf, string][])('%j is said not to', async (of, message) => {
    await expect(source(of)).rejects.toMatchObject({ message: expect.stringContaining(message) })
  })

  it('is what another organization has', async () => {
    const scope = { organizationId: organizationIdOf('another') }
    const asked = database.transaction(({ db }) => extractionResults(db, scope, { run: 'run-1' }))
    await expect(asked).rejects.toMatchObject({ code: 'NOT_FOUND' })
  })

  it.each([
    [['price', 'prize'], /no task has a field "prize"/],
    [['price', 'price'], /"price" is there twice/],
    [[], /name at least one/],
  ])('as a field is named: %j', async (fields, message) => {
    await expect(source({ run: 'run-1' }, fields)).rejects.toMatchObject({
      code: 'BAD_USER_INPUT',
      message: expect.stringMatching(message),
    })
  })
})
