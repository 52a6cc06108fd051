import { describe, expect, it } from 'vitest'
import { holm } from '../../src/comparison/holm.ts'
import {
  fisherExact,
  hasSmallExpectedCount,
  mcNemarExact,
  newcombe,
  newcombePaired,
  twoProportionZ,
} from '../../src/comparison/proportions.ts'

/** A table of two rows: successes and failures of the baseline, and of the candidate. */
type Table = [[number, number], [number, number]]

const counts = ([[a, b], [c, d]]: Table) =>
  [
    { n: a + b, successes: a },
    { n: c + d, successes: c },
  ] as const

describe("Fisher's exact test agrees with SciPy for", () => {
  // SciPy 1.17.1: python3 -c "from scipy.stats import fisher_exact; print(fisher_exact(table).pvalue)"
  const tables: [Table, number][] = [
    [
      [
        [13, 2],
        [14, 1],
      ],
      1,
    ],
    [
      [
        [8, 2],
        [1, 5],
      ],
      0.034965034965034975,
    ],
    [
      [
        [0, 5],
        [4, 1],
      ],
      0.04761904761904762,
    ],
    [
      [
        [10, 0],
        [10, 0],
      ],
      1,
    ],
    [
      [
        [3, 99997],
        [12, 99988],
      ],
      0.035149585128202855,
    ],
    [
      [
        [0, 20],
        [0, 30],
      ],
      1,
    ],
  ]
  it.each(tables)('%j', (table, pValue) => {
    const [baseline, candidate] = counts(table)
    expect(fisherExact(baseline, candidate)).toBeCloseTo(pValue, 8)
    expect(fisherExact(candidate, baseline)).toBeCloseTo(pValue, 8)
  })
})

describe('the two-proportion z test agrees with SciPy for', () => {
  // SciPy 1.17.1: python3 -c "from scipy.stats import chi2_contingency; print(chi2_contingency(table, correction=False).pvalue)"
  const tables: [Table, number][] = [
    [
      [
        [56, 14],
        [48, 32],
      ],
      0.008045081368196585,
    ],
    [
      [
        [30, 70],
        [45, 55],
      ],
      0.028459736916310638,
    ],
    [
      [
        [900, 99100],
        [1100, 98900],
      ],
      6.96793107284983e-6,
    ],
  ]
  it.each(tables)('%j', (table, pValue) => {
    expect(twoProportionZ(...counts(table)) / pValue).toBeCloseTo(1, 8)
  })
})

describe('the exact test is taken', () => {
  it('when a count expected under one common proportion is below 5', () => {
    // 40 of 80 succeed: 5 expected of 10, and 4.5 of 9.
    expect(hasSmallExpectedCount({ n: 10, successes: 2 }, { n: 70, successes: 38 })).toBe(false)
    expect(hasSmallExpectedCount({ n: 9, successes: 2 }, { n: 71, successes: 38 })).toBe(true)
    expect(hasSmallExpectedCount({ n: 50, successes: 50 }, { n: 50, successes: 50 })).toBe(true)
  })
})

describe("Newcombe's interval", () => {
  // Newcombe 1998, Statistics in Medicine 17:873, table II, method 10; ours is candidate − baseline.
  const published: [string, Table, number, number][] = [
    [
      '56/70 − 48/80',
      [
        [48, 32],
        [56, 14],
      ],
      0.0524,
      0.3339,
    ],
    [
      '9/10 − 3/10',
      [
        [3, 7],
        [9, 1],
      ],
      0.1705,
      0.809,
    ],
    [
      '6/7 − 2/7',
      [
        [2, 5],
        [6, 1],
      ],
      0.0582,
      0.8062,
    ],
    [
      '5/56 − 0/29',
      [
        [0, 29],
        [5, 51],
      ],
      -0.0381,
      0.1926,
    ],
    [
      '0/10 − 0/20',
      [
        [0, 20],
        [0, 10],
      ],
      -0.1611,
      0.2775,
    ],
    [
      '10/10 − 0/20',
      [
        [0, 20],
        [10, 0],
      ],
      0.6791,
      1,
    ],
  ]
  it.each(published)('is the published one for %s', (_what, table, low, high) => {
    const interval = newcombe(...counts(table))!
    expect(interval.low).toBeCloseTo(low, 4)
    expect(interval.high).toBeCloseTo(high, 4)
  })

  // Newcombe 1998, Statistics in Medicine 17:2635, table III, method 10: pairs that succeeded on both sides, only on the
  // first, only on the second, on neither; the difference is first − second.
  const pairs: [number, number, number, number, number, number][] = [
    [36, 12, 2, 0, 0.0569, 0.3404],
    [20, 12, 2, 16, 0.0562, 0.3292],
    [36, 14, 0, 0, 0.1528, 0.4167],
    [35, 14, 0, 1, 0.1461, 0.4175],
    [2, 97, 1, 0, 0.8721, 0.9854],
    [0, 30, 0, 0, 0.8395, 1],
    [54, 0, 0, 0, -0.0664, 0.0664],
  ]
  it.each(pairs)(
    'of the pairs %i, %i, %i, %i is the published one',
    (both, onlyCandidate, onlyBaseline, neither, low, high) => {
      const interval = newcombePaired({ both, onlyCandidate, onlyBaseline, neither })!
      expect([interval.low, interval.high]).toEqual([expect.closeTo(low, 4), expect.closeTo(high, 4)])
    },
  )

  it('turns with the sides', () => {
    const pairs = { both: 20, onlyCandidate: 9, onlyBaseline: 3, neither: 15 }
    const { low, high } = newcombePaired(pairs)!
    const turned = newcombePaired({ ...pairs, onlyCandidate: 3, onlyBaseline: 9 })!
    expect([turned.low, turned.high]).toEqual([expect.closeTo(-high, 12), expect.closeTo(-low, 12)])
  })

  it('is unknown without values', () => {
    expect(newcombe({ n: 0, successes: 0 }, { n: 3, successes: 1 })).toBe(null)
    expect(newcombePaired({ both: 0, onlyCandidate: 0, onlyBaseline: 0, neither: 0 })).toBe(null)
  })
})

describe("McNemar's exact test agrees with SciPy for", () => {
  // SciPy 1.17.1: python3 -c "from scipy.stats import binomtest; print(binomtest(a, a + b, .5).pvalue)"
  const discordant: [number, number, number][] = [
    [2, 18, 0.0004024505615234375],
    [5, 5, 1],
    [0, 1, 1],
    [3, 0, 0.25],
    [40, 61, 0.046044066929342785],
  ]
  it.each(discordant)('%i against %i', (onlyBaseline, onlyCandidate, pValue) => {
    expect(mcNemarExact({ both: 7, onlyBaseline, onlyCandidate, neither: 1 })).toBeCloseTo(pValue, 10)
  })

  it('no discordant pair at all: p is 1', () => {
    expect(mcNemarExact({ both: 4, onlyBaseline: 0, onlyCandidate: 0, neither: 9 })).toBe(1)
  })
})

describe("Holm's correction", () => {
  it('multiplies the smallest by the number of questions, the next by one less, and never falls', () => {
    expect(holm([0.01, 0.04, 0.03, 0.005])).toEqual([0.03, 0.06, 0.06, 0.02])
  })

  it('stops at 1 and does not count questions without an answer', () => {
    expect(holm([0.6, null, 0.4])).toEqual([0.8, null, 0.8])
    expect(holm([0.7, 0.6])).toEqual([1, 1])
    expect(holm([])).toEqual([])
  })
})
