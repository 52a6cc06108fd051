import { Decimal } from 'decimal.js'
import { beforeAll, describe, expect, it } from 'vitest'
import { countRescored, verdictMismatches } from '../../src/measures/rescoring.ts'
import { DIMENSIONS, exact, judge, type ScoringRules } from '../../src/model/scoring.ts'
import { testDatabase } from '../database.ts'
import { importFiles } from '../imported.ts'

const database = testDatabase()

/** The same numbers in every run (Park and Miller's generator). */
function randomNumbers(seed: number) {
  let state = seed
  return (below: number) => {
    state = (state * 48271) % 2147483647
    return state % below
  }
}

const KEYS = ['market', 'competition', 'emotional', 'feasibility', 'signal_quality'] as const
const VERDICTS = ['GO', 'PASS', 'RESEARCH', null] as const

/** Scores near the thresholds, some with more decimals, some missing. */
const candidates = (() => {
  const random = randomNumbers(7)
  return Array.from({ length: 400 }, (_, index) => ({
    id: `candidate_${String(index).padStart(4, '0')}`,
    title: index % 2 ? 'odd' : 'even',
    scores: Object.fromEntries(
      KEYS.flatMap((key) => (random(25) === 0 ? [] : [[key, (6000 + random(4001)) / (random(3) ? 100 : 100.5)]])),
    ),
    overall_score: 0,
    verdict: VERDICTS[random(20) === 0 ? 3 : random(3)],
  }))
})()

const rules = (weights: string[], thresholds: [string, string, string]): ScoringRules => ({
  weights: Object.fromEntries(DIMENSIONS.map((dimension, place) => [dimension, exact(weights[place]!)])) as never,
  thresholds: { emotional: exact(thresholds[0]), go: exact(thresholds[1]), research: exact(thresholds[2]) },
})

const RULES: [string, ScoringRules][] = [
  ['shipped', rules(['0.25', '0.2', '0.3', '0.15', '0.1'], ['96', '85', '70'])],
  ['easy', rules(['0.2', '0.2', '0.2', '0.2', '0.2'], ['70', '80', '75.5'])],
  ['of one dimension', rules(['1', '0', '0', '0', '0'], ['0', '80', '79.995'])],
  ['of thirds', rules(['0.333333333333', '0', '0.333333333333', '0.333333333334', '0'], ['90', '80', '100'])],
]

const scope = { organizationId: database.organizationId }

beforeAll(async () => {
  await importFiles(database, { 'candidates.json': candidates })
  await importFiles(database, { 'candidates.json': candidates.slice(0, 7) }, 'others')
})

/** What the rules say of each candidate, one at a time. */
function judgedOneByOne(by: ScoringRules, of = candidates) {
  return of.map(({ id, scores, verdict }) => {
    const byDimension = Object.fromEntries(DIMENSIONS.map((name) => [name, scores[name.toLowerCase()]]))
    // What the database keeps: fifteen decimals.
    const kept = Object.fromEntries(
      Object.entries(byDimension).map(([name, score]) => [
        name,
        score === undefined ? null : new Decimal(score).toDecimalPlaces(15),
      ]),
    )
    return { id, reported: verdict ?? null, computed: judge(kept, by) }
  })
}

describe('rescoring', () => {
  it.each(RULES)('by rules that are %s counts what they say of each candidate', async (_name, by) => {
    const all = judgedOneByOne(by)
    const counts = await database.transaction(({ db }) => countRescored(db, { scope, rules: by }))
    const changed = all.filter(({ reported, computed }) => reported && computed && reported !== computed.verdict)
    expect(counts).toMatchObject({
      candidates: 400,
      incomplete: all.filter(({ computed }) => !computed).length,
      withoutVerdict: all.filter(({ reported, computed }) => !reported && computed).length,
      changed: changed.length,
    })
    const pairs = changed.map(({ reported, computed }) => `${reported} ${computed!.verdict}`)
    expect(counts.transitions.map(({ from, to, candidates }) => [`${from} ${to}`, candidates])).toEqual(
      [...new Set(pairs)].sort().map((pair) => [pair, pairs.filter((each) => each === pair).length]),
    )
    expect(counts.verdicts.reduce((sum, each) => sum + each.candidates, 0)).toBe(400 - counts.incomplete)
  })

  it.each(RULES)('by rules that are %s names those that differ, a page at a time', async (_name, by) => {
    const expected = judgedOneByOne(by)
      .filter(({ reported, computed }) => reported && computed && reported !== computed.verdict)
      .map(({ id, reported, computed }) => [id, reported, computed!.verdict, computed!.overallScore.toFixed(2)])
    const ids = new Map(
      (await database.sql('select id, external_id from candidates')).map((row) => [row.id, row.external_id]),
    )
    const found: unknown[] = []
    for (let after: string | null = null; ; ) {
      const page = await database.transaction(({ db }) => verdictMismatches(db, { scope, rules: by }, 90, after))
      for (const { candidateId, reported, computed, overallScore } of page)
        found.push([ids.get(candidateId), reported, computed, new Decimal(overallScore).toFixed(2)])
      if (page.length < 90) break
      after = found.length > 0 ? (found.at(-1) as string[])[0]! : null
    }
    expect(found).toEqual(expected)
  })
})

const WEIGHTS = { market: 0.25, competition: 0.2, emotional: 0.3, feasibility: 0.15, signalQuality: 0.1 }
const ask = (config: object, rest = 'candidates changed') =>
  database.ask(`query ($config: ScoringConfigInput!) { rescoreCandidates(config: $config) { ${rest} } }`, { config })

describe('rescoreCandidates', () => {
  it('looks at those that the filter names', async () => {
    const { rescoreCandidates } = await database.data(
      `query ($config: ScoringConfigInput!) {
        rescoreCandidates(config: $config, where: { title: { equals: "odd" } }) { candidates changed verdictMismatches(first: 500) { candidate { title } } }
      }`,
      { config: { weights: WEIGHTS } },
    )
    expect(rescoreCandidates.candidates).toBe(200)
    expect(rescoreCandidates.verdictMismatches).toHaveLength(rescoreCandidates.changed)
    expect(
      new Set(
        rescoreCandidates.verdictMismatches.map((each: { candidate: { title: string } }) => each.candidate.title),
      ),
    ).toEqual(new Set(['odd']))
  })

  it.each([
    [{ weights: { ...WEIGHTS, market: 0.26 } }, 'config.weights', /add up to 1; they add up to 1\.01/],
    [{ weights: { ...WEIGHTS, market: -0.25, emotional: 0.8 } }, 'config.weights.market', /between 0 and 1/],
    [{ weights: { ...WEIGHTS, market: '1e300' } }, 'config.weights.market', /between 0 and 1/],
    [{ thresholds: { go: 100.5 } }, 'config.thresholds.go', /between 0 and 100/],
    [{ thresholds: { emotional: '-0.0001' } }, 'config.thresholds.emotional', /between 0 and 100/],
    [{ thresholds: { research: `0.${'1'.repeat(200)}` } }, 'config.thresholds.research', /at most 100 characters/],
  ])('refuses rules that are none (%#)', async (config, argument, message) => {
    const { errors } = await ask(config)
    expect(errors![0]).toMatchObject({
      message: expect.stringMatching(message),
      extensions: { code: 'BAD_USER_INPUT', argument },
    })
  })

  it('takes three tenths and seven tenths for one', async () => {
    const weights = { market: 0.1, competition: 0.2, emotional: 0.7, feasibility: 0, signalQuality: 0 }
    expect((await ask({ weights })).errors).toBe(undefined)
  })

  it('refuses a page that is out of range', async () => {
    const { errors } = await ask({}, 'verdictMismatches(first: 501) { reported }')
    expect(errors![0]!.extensions).toMatchObject({ code: 'BAD_USER_INPUT', argument: 'first' })
  })

  it("takes what is left out from the organization's default rules, else from the shipped ones", async () => {
    const shown = 'config { name weights { market signalQuality } thresholds { emotional go research } }'
    const shipped = { market: '0.25', signalQuality: '0.1' }
    const { data } = await ask({ thresholds: { go: 80 } }, shown)
    expect(data.rescoreCandidates.config).toEqual({
      name: null,
      weights: shipped,
      thresholds: { emotional: '96', go: '80', research: '70' },
    })
    await database.insert('scoring_configs', [
      {
        id: '00000000-0000-0000-0000-00000000c0f1',
        organization_id: database.organizationId,
        name: 'ours',
        is_default: true,
        market_weight: 0.35,
        signal_quality_weight: 0,
        research_threshold: 60,
        created_at: new Date(),
        updated_at: new Date(),
      },
    ])
    const own = await ask({ thresholds: { go: 80 } }, shown)
    expect(own.data.rescoreCandidates.config).toEqual({
      name: null,
      weights: { market: '0.35', signalQuality: '0' },
      thresholds: { emotional: '96', go: '80', research: '60' },
    })
    const { scoringConfig, candidates: listed } = await database.data(
      '{ scoringConfig { name } candidates(first: 1, where: { externalId: { equals: "candidate_0001" } }) { nodes { marketScore scores { dimension weight contribution score } } } }',
    )
    expect(scoringConfig).toEqual({ name: 'ours' })
    const [market] = listed.nodes[0].scores
    expect(market).toMatchObject({ dimension: 'MARKET', weight: '0.35' })
    expect(market.contribution).toBe(new Decimal(market.score).times('0.35').toFixed())
    await database.sql('delete from scoring_configs')
  })

  it('writes nothing', async () => {
    const before = await database.sql('select md5(string_agg(c::text, chr(10) order by id)) from candidates c')
    await ask(
      { weights: WEIGHTS },
      'candidates changed transitions { from } verdictMismatches { candidate { externalId } }',
    )
    expect(await database.sql('select md5(string_agg(c::text, chr(10) order by id)) from candidates c')).toEqual(before)
  })

  it("sees its own organization's candidates alone, also by row-level security alone", async () => {
    const { organizationIdOf } = await import('../../src/model/identifiers.ts')
    const theirs = database.newServer({ organizationCondition: false, organizationId: organizationIdOf('others') })
    const { rescoreCandidates } = await database.data(
      'query ($config: ScoringConfigInput!) { rescoreCandidates(config: $config) { candidates } }',
      { config: { weights: WEIGHTS } },
      theirs,
    )
    expect(rescoreCandidates).toEqual({ candidates: 7 })
  })
})
