import { sql } from 'kysely'
import { describe, expect, it } from 'vitest'
import { readRankSums, readSignedRankSums } from '../../src/comparison/rank-sums.ts'
import { mannWhitney, wilcoxon } from '../../src/comparison/rank-tests.ts'
import { type MeasuredMetric, readPairedSamples, readSamples } from '../../src/comparison/samples.ts'
import { newLog, testDatabase } from '../database.ts'
import { momentsOf } from './moments.ts'

const database = testDatabase()
const cost: MeasuredMetric = { name: 'COST_USD', kind: 'NUMBER' }
type Values = readonly (number | null)[]

/** Values of both sides as a relation; null is a run without a value. */
const cohorts = (baseline: Values, candidate: Values) => {
  const sides = [...baseline.map(() => 'baseline'), ...candidate.map(() => 'candidate')]
  const values = [...baseline, ...candidate].map((value) => (value === null ? null : String(value)))
  return sql`select v.side, null::uuid as run_id, v.value::float8 as m0
    from unnest(${sides}::text[], ${values}::text[]) as v (side, value)`
}

/** Pairs of values as a relation. */
const pairs = (baseline: Values, candidate: Values) => {
  const texts = (values: Values) => values.map((value) => (value === null ? null : String(value)))
  return sql`select 'x' as baseline_run_id, 'y' as candidate_run_id, v.b::float8 as baseline_m0, v.c::float8 as candidate_m0
    from unnest(${texts(baseline)}::text[], ${texts(candidate)}::text[]) as v (b, c)`
}

const mannWhitneyOf = (baseline: Values, candidate: Values) =>
  database.transaction(async ({ db }) => mannWhitney((await readRankSums(db, cohorts(baseline, candidate), [0]))[0]!))

/** Of differences: the baseline is 0. */
const wilcoxonOf = (differences: Values) =>
  database.transaction(async ({ db }) =>
    wilcoxon(
      (
        await readSignedRankSums(
          db,
          pairs(
            differences.map(() => 0),
            differences,
          ),
          [0],
        )
      )[0]!,
    ),
  )

const range = (length: number, of: (index: number) => number) => Array.from({ length }, (_, index) => of(index))

describe('the Mann–Whitney test agrees with SciPy for', () => {
  // SciPy 1.17.1: python3 -c "from scipy.stats import mannwhitneyu; print(mannwhitneyu(baseline, candidate).pvalue)"
  const samples: [string, number[], number[], number][] = [
    ['few values', [57.1, 62.3, 48.9, 71.5, 66.2, 59.8], [80.2, 77.7, 91.4, 68.8], 0.01904761904761905],
    ['sides that do not overlap', [1, 2, 3], [4, 5, 6], 0.1],
    ['sides of different length', [19, 22, 16, 29, 24], [20, 11, 17, 12], 0.1111111111111111],
    ['ties', [1, 2, 2, 3], [2, 3, 4, 4, 5], 0.07854585095119067],
    ['nothing but ties', [1, 1, 1], [1, 1], 1],
    ['one value each', [3], [1], 1],
    ['more values', range(20, (i) => i), range(12, (i) => i + 4.5), 0.8304790497992884],
    ['more values with ties', range(9, (i) => i), range(9, (i) => i * 1.5), 0.3091294497103916],
    ['eight values against forty', range(8, (i) => i), range(40, (i) => i * 0.9 + 0.05), 0.00018398353011112042],
    ['three values against a thousand', [1.5, 400.5, 700.5], range(1000, (i) => i), 0.44892972473106335],
  ]
  it.each(samples)('%s', async (_what, baseline, candidate, pValue) => {
    expect(await mannWhitneyOf(baseline, candidate)).toBeCloseTo(pValue, 10)
    expect(await mannWhitneyOf(candidate, baseline)).toBeCloseTo(pValue, 10)
  })
})

describe('the Wilcoxon test agrees with SciPy for', () => {
  // SciPy 1.17.1: python3 -c "from scipy.stats import wilcoxon; print(wilcoxon(differences).pvalue)"
  const differences: [string, number[], number][] = [
    ['fifteen pairs', [6, 8, 14, 16, 23, 24, 28, 29, 41, -48, 49, 56, 60, -67, 75], 0.041259765625],
    ['few pairs with ties', [1, -1, 2, 2, -3], 0.9375],
    ['few pairs with ties and zeros', [0, 0, 1, 2, -1, 3, 3], 0.1875],
    ['more pairs with zeros', [0, 0, 0, ...range(11, (i) => i + 1), -1, -2], 0.004624358860425873],
    ['nothing but ties', [...range(20, () => 1), ...range(5, () => -1)], 0.0026997960632601866],
    ['many pairs', [...range(59, (i) => i + 1), ...range(10, (i) => -i - 0.5)], 3.55131849420718e-11],
    ['one pair', [5], 1],
    ['fifty pairs', range(50, (i) => ((i + 1) % 3 ? i + 1 : -i - 1)), 0.02616696817119646],
  ]
  it.each(differences)('%s', async (_what, values, pValue) => {
    const found = await wilcoxonOf(values)
    expect(found! / pValue).toBeCloseTo(1, 8)
  })
})

describe('the Wilcoxon test', () => {
  it('knows equal differences although binary fractions do not subtract exactly', async () => {
    // 0.3 − 0.1 and 0.4 − 0.2 differ in the last digit; as a tie of two and a third, p is that of ranks 1.5, 1.5, 3.
    const found = await database.transaction(({ db }) =>
      readSignedRankSums(db, pairs([0.1, 0.2, 1], [0.3, 0.4, 2]), [0]),
    )
    expect(found).toEqual([{ metric: 0, n: 3, zeros: 0, positiveRanks: 6, ties: 6, groups: [2, 1] }])
  })

  it('finds no difference where no pair differs, and says nothing without pairs', async () => {
    expect(await wilcoxonOf([0, 0, 0])).toBe(1)
    expect(await wilcoxonOf([null])).toBe(null)
    expect(await wilcoxonOf([])).toBe(null)
  })
})

describe('samples', () => {
  it('are read as their moments, without the runs that have no value', async () => {
    const [baseline, candidate] = [
      [0.1, 0.2, null, 0.9],
      [5, 7],
    ]
    const read = await database.transaction(({ db }) =>
      readSamples(db, cohorts(baseline!, candidate!), [cost], { countsTasks: false }),
    )
    const { n, mean, variance } = momentsOf([0.1, 0.2, 0.9])
    expect(read.cohorts).toEqual({ baseline: { runs: 4, tasks: null }, candidate: { runs: 2, tasks: null } })
    expect(read.metrics).toEqual([
      {
        baseline: { n, mean: expect.closeTo(mean, 12), variance: expect.closeTo(variance, 12), min: 0.1, max: 0.9 },
        candidate: { n: 2, mean: 6, variance: 2, min: 5, max: 7 },
      },
    ])
  })

  it('that do not vary have no variance, not even a last digit', async () => {
    const read = await database.transaction(({ db }) =>
      readSamples(
        db,
        cohorts(
          range(11, () => 0.1),
          [0.3],
        ),
        [cost],
        { countsTasks: false },
      ),
    )
    expect(read.metrics[0]).toEqual({
      baseline: { n: 11, mean: 0.1, variance: 0, min: 0.1, max: 0.1 },
      candidate: { n: 1, mean: 0.3, variance: Number.NaN, min: 0.3, max: 0.3 },
    })
  })

  it('of pairs count those that have both values', async () => {
    const read = await database.transaction(({ db }) =>
      readPairedSamples(db, pairs([1, 2, null, 4, 0.1], [2, null, 3, 1, 0.1]), [cost]),
    )
    expect(read).toMatchObject({ pairs: 5, cohorts: { baseline: { tasks: 5 }, candidate: { tasks: 5 } } })
    expect(read.metrics[0]).toMatchObject({
      baseline: { n: 3, mean: 1.7, min: 0.1, max: 4 },
      candidate: { n: 3, min: 0.1, max: 2 },
      // 1, −3 and 0: mean −2 ÷ 3, variance 13 ÷ 3.
      differences: {
        n: 3,
        mean: expect.closeTo(-2 / 3, 12),
        variance: expect.closeTo(13 / 3, 12),
        positive: 1,
        negative: 1,
      },
    })
  })

  it('of empty cohorts are empty', async () => {
    const read = await database.transaction(({ db }) => readSamples(db, cohorts([], []), [cost], { countsTasks: true }))
    expect(read.cohorts).toEqual({ baseline: { runs: 0, tasks: 0 }, candidate: { runs: 0, tasks: 0 } })
    expect(read.metrics[0]!.baseline).toEqual({ n: 0, mean: Number.NaN, variance: Number.NaN, min: null, max: null })
    expect(await mannWhitneyOf([], [1, 2])).toBe(null)
  })
})

describe('a hundred thousand values a side', () => {
  // Whole numbers, spread by a multiplicative generator; the candidate's are 100 higher.
  const generated = sql`
    select case when i % 2 = 0 then 'baseline' else 'candidate' end as side, null::uuid as run_id,
           ((i / 2 * 48271::bigint) % 65537 + (i % 2) * 100)::float8 as m0
    from generate_series(0, 199999) as i`

  it('are read as two rows, and their ranks as one', async () => {
    const log = newLog()
    const started = performance.now()
    const [samples, ranks] = await database.transaction(
      async ({ db }) => [
        await readSamples(db, generated, [cost], { countsTasks: false }),
        await readRankSums(db, generated, [0]),
      ],
      log,
    )
    expect(samples.cohorts).toEqual({
      baseline: { runs: 100_000, tasks: null },
      candidate: { runs: 100_000, tasks: null },
    })
    const values = range(100_000, (i) => (i * 48271) % 65537)
    expect(samples.metrics[0]!.baseline.mean).toBeCloseTo(momentsOf(values).mean, 6)
    expect(samples.metrics[0]!.baseline.variance / momentsOf(values).variance).toBeCloseTo(1, 9)
    expect(ranks[0]).toMatchObject({ baselineN: 100_000, candidateN: 100_000 })
    // U is how often the candidate is lower, ties counting half: a merge of both sorted sides.
    const sorted = Float64Array.from(values).sort()
    let u = 0
    for (let at = 0, below = 0, upto = 0; at < sorted.length; at++) {
      while (below < sorted.length && sorted[below]! + 100 < sorted[at]!) below++
      while (upto < sorted.length && sorted[upto]! + 100 <= sorted[at]!) upto++
      u += (below + upto) / 2
    }
    expect(ranks[0]!.baselineRanks - (100_000 * 100_001) / 2).toBe(u)
    expect(log.rows - 1).toBe(3)
    expect(performance.now() - started).toBeLessThan(10_000)
  })
})
