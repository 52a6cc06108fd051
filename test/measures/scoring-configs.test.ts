import { describe, expect, it } from 'vitest'
import { organizationIdOf } from '../../src/model/identifiers.ts'
import type { Server } from '../../src/server/index.ts'
import { commandLine } from '../cli/command-line.ts'
import { testDatabase } from '../database.ts'

const database = testDatabase()
const run = commandLine(database)

const SET = `mutation ($name: String!, $config: ScoringConfigInput!, $isDefault: Boolean) {
  setScoringConfig(name: $name, config: $config, isDefault: $isDefault) { name isDefault thresholds { emotional go research } } }`
const ALL =
  '{ scoringConfigs { name isDefault weights { market } thresholds { go } } scoringConfig { name isDefault thresholds { go } } }'
const equal = { market: '0.2', competition: '0.2', emotional: '0.2', feasibility: '0.2', signalQuality: '0.2' }
const all = (server?: Server) => database.data(ALL, {}, server)

describe('scoring configs', () => {
  it('are the shipped one until there is a default', async () => {
    const shipped = { name: null, isDefault: true, thresholds: { go: '85' } }
    expect(await all()).toEqual({ scoringConfigs: [], scoringConfig: shipped })
    const { setScoringConfig } = await database.data(SET, { name: 'strict', config: { thresholds: { go: '90.5' } } })
    // What is left out is as in the default rules.
    expect(setScoringConfig).toEqual({
      name: 'strict',
      isDefault: false,
      thresholds: { emotional: '96', go: '90.5', research: '70' },
    })
    expect((await all()).scoringConfig).toEqual(shipped)
  })

  it('have one default: the newest to be made it', async () => {
    await database.data(SET, { name: 'strict', config: { thresholds: { go: '91' } }, isDefault: true })
    await database.data(SET, { name: 'even', config: { weights: equal }, isDefault: true })
    expect(await all()).toEqual({
      scoringConfigs: [
        { name: 'even', isDefault: true, weights: { market: '0.2' }, thresholds: { go: '91' } },
        { name: 'strict', isDefault: false, weights: { market: '0.25' }, thresholds: { go: '91' } },
      ],
      scoringConfig: { name: 'even', isDefault: true, thresholds: { go: '91' } },
    })
    // A change keeps it the default; taking that back leaves the shipped rules.
    await database.data(SET, { name: 'even', config: { thresholds: { go: '80' } } })
    expect((await all()).scoringConfig).toMatchObject({ name: 'even', thresholds: { go: '80' } })
    await database.data(SET, { name: 'even', config: {}, isDefault: false })
    expect((await all()).scoringConfig.name).toBe(null)
  })

  it('are tried by their name, as they are or with changes', async () => {
    const tried =
      'query ($config: ScoringConfigInput!) { rescoreCandidates(config: $config) { config { weights { market } thresholds { go research } } } }'
    await database.data(SET, { name: 'base', config: { weights: equal, thresholds: { go: '77' } } })
    expect((await database.data(tried, { config: { base: ' base ' } })).rescoreCandidates.config).toEqual({
      weights: { market: '0.2' },
      thresholds: { go: '77', research: '70' },
    })
    const changed = { base: 'base', thresholds: { research: '60' } }
    expect((await database.data(tried, { config: changed })).rescoreCandidates.config.thresholds).toEqual({
      go: '77',
      research: '60',
    })
    const { errors } = await database.ask(tried, { config: { base: 'nobody' } })
    expect(errors![0]!).toMatchObject({ message: expect.stringMatching(/no scoring rules named "nobody"/) })
    await database.data('mutation { removeScoringConfig(name: "base") }', {})
  })

  it.each([
    [{ weights: { ...equal, market: '0.3' } }, /config\.weights must add up to 1/],
    [
      { weights: { ...equal, market: '0.1999999', competition: '0.2000001' } },
      /config\.weights\.market has more than 6 decimals/,
    ],
    [{ thresholds: { go: '85.00001' } }, /config\.thresholds\.go has more than 4 decimals/],
    [{ thresholds: { go: '101' } }, /config\.thresholds\.go must be between 0 and 100/],
  ])('are not set with %j', async (config, message) => {
    const { errors } = await database.ask(SET, { name: 'wrong', config })
    expect(errors![0]!.extensions.code).toBe('BAD_USER_INPUT')
    expect(errors![0]!.message).toMatch(message)
  })

  it('are of one organization', async () => {
    const server = database.newServer({ organizationId: organizationIdOf('other'), organizationCondition: false })
    expect((await all(server)).scoringConfigs).toEqual([])
  })

  it('are set, listed and removed by the command line', async () => {
    const set = await run(
      'scoring-configs',
      'set',
      'mine',
      '--weights',
      '0.2,0.2,0.2,0.2,0.2',
      '--go',
      '70',
      '--default',
    )
    expect([set.exitCode, set.stdout]).toEqual([0, 'mine is set. They hold where a question names none.\n'])
    expect((await all()).scoringConfig).toEqual({ name: 'mine', isDefault: true, thresholds: { go: '70' } })
    const { scoringConfigs } = JSON.parse((await run('scoring-configs', 'list', '--json')).stdout)
    expect(scoringConfigs.map(({ name }: { name: string }) => name)).toEqual(['even', 'mine', 'strict'])
    expect((await run('scoring-configs', 'set', 'mine', '--go', 'much')).stderr).toMatch(/--go: "much" is not a number/)
    const odd = await run('scoring-configs', 'set', 'mine', '--go', '50', '--research', '70')
    expect([odd.exitCode, odd.stderr]).toEqual([0, expect.stringMatching(/^RESEARCH needs .* 70, GO only 50: /)])
    const never = await run('scoring-configs', 'set', 'mine', '--emotional', '0', '--go', '50', '--research', '70')
    expect([never.exitCode, never.stderr]).toEqual([1, expect.stringMatching(/thresholds\.research must not be above/)])
    expect((await run('scoring-configs', 'remove', 'mine')).exitCode).toBe(0)
    expect((await run('scoring-configs', 'remove', 'mine')).exitCode).toBe(1)
    expect((await run('scoring-configs', 'list')).stdout).toMatch(/^name +default.*\n\(shipped\) +yes/)
  })
})
