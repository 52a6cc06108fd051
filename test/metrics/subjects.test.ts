import { beforeAll, describe, expect, it } from 'vitest'
import { identifiersOf } from '../../src/model/identifiers.ts'
import { testDatabase } from '../database.ts'

const database = testDatabase()
const at = '2025-06-01T12:00:00.000Z'

beforeAll(async () => {
  const organization_id = database.organizationId
  const ids = identifiersOf(organization_id)
  const id = (kind: string, place: number | string) => ids.of(kind, place)
  const insert = (table: string, rows: Record<string, unknown>[]) =>
    database.insert(
      table,
      rows.map((row, place) => ({ id: id(table, place), organization_id, ...row })),
    )
  await insert('companies', [
    { key: 'a.example', domain: 'a.example', industry: 'Health', account_tier: 'TIER1', in_accounts: true },
    { key: 'b.example', domain: 'b.example', industry: 'Health', account_tier: 'TIER1' },
    { key: 'c.example', domain: 'c.example', industry: null, account_tier: null },
  ])
  const [a, b, c] = [id('companies', 0), id('companies', 1), id('companies', 2)]
  await insert('pipelines', [{ name: 'playbook' }])
  await insert('campaigns', [{ source_id: 'k', name: 'Trials', record_sha256: '' }])
  const run = (name: string, prospect_id: string | null, cost_usd: string | null, rest = {}) => ({
    pipeline_id: id('pipelines', 0),
    external_id: name,
    status: 'COMPLETED',
    prospect_id,
    cost_usd,
    record_sha256: '',
    ...rest,
  })
  await insert('runs', [
    run('one', a, '1.25'),
    run('two', a, '0.75'),
    run('three', c, null),
    run('four', null, '9', { run_type: 'PRODUCTION', campaign_id: id('campaigns', 0) }),
  ])
  await insert(
    'playbooks',
    [{ run_id: id('runs', 0), quality_score: 85, record: undefined }].map(({ record: _, ...row }) => row),
  )
  const record = { record_sha256: '' }
  await insert('contacts', [
    { source_id: '1', company_id: a, is_decision_maker: true, ...record },
    { source_id: '2', company_id: a, ...record },
    { source_id: '3', company_id: b, ...record },
  ])
  await insert('conversations', [
    { source_id: '1', company_id: a, contact_id: id('contacts', 0), status: 'ACTIVE', ...record },
    { source_id: '2', company_id: a, contact_id: id('contacts', 1), status: 'WON', actual_value: '1000.50', ...record },
    { source_id: '3', company_id: b, contact_id: id('contacts', 2), status: 'LOST', estimated_value: '7', ...record },
    { source_id: '4', company_id: b, contact_id: id('contacts', 2), status: 'WON', actual_value: '0.25', ...record },
  ])
  const touchpoint = (conversation: number, channel: string, opened: boolean, replied: boolean) => ({
    source_id: crypto.randomUUID(),
    conversation_id: id('conversations', conversation),
    channel,
    direction: 'OUTBOUND',
    opened_at: opened ? at : null,
    replied_at: replied ? at : null,
    ...record,
  })
  await insert('touchpoints', [
    touchpoint(0, 'EMAIL', true, true),
    touchpoint(0, 'EMAIL', true, false),
    touchpoint(1, 'EMAIL', false, false),
    touchpoint(2, 'CALL', false, true),
  ])
  const painPoint = (origin: string, description: string, company_id: string, rest = {}) => ({
    origin,
    description,
    theme: description.toLowerCase(),
    company_id,
    position: 0,
    ...rest,
  })
  await insert('pain_points', [
    painPoint('PROSPECT', 'Slow audits', a, { category: 'OPERATIONAL', confidence: 'HIGH', run_id: id('runs', 0) }),
    painPoint('PROSPECT', 'Slow audits', c, { category: 'OPERATIONAL', run_id: id('runs', 2) }),
    painPoint('CONVERSATION', 'High churn', a),
  ])
  const task = (status: string, attempt_count: number, rest = {}) => ({
    source_id: crypto.randomUUID(),
    run_id: id('runs', 3),
    status,
    attempt_count,
    ...record,
    ...rest,
  })
  await insert('tasks', [
    task('COMPLETED', 1, {
      cost_usd: '0.10',
      is_evaluated: true,
      compared_fields: 4,
      matched_fields: 4,
      passed: true,
      company_id: a,
    }),
    task('COMPLETED', 3, {
      cost_usd: '0.30',
      is_evaluated: true,
      compared_fields: 6,
      matched_fields: 1,
      passed: false,
    }),
    task('FAILED', 2, { failure_category: 'BLOCKED' }),
    task('FAILED', 1, { company_id: a, cost_usd: '0.02' }),
    task('QUEUED', 0),
  ])
  await insert('signals', [{ external_id: 's', source: 'forum', ...record }])
  const candidate = (verdict: string | null, overall_score: string | null, rest = {}) => ({
    external_id: crypto.randomUUID(),
    verdict,
    overall_score,
    ...record,
    ...rest,
  })
  await insert('candidates', [
    candidate('GO', '90.25', { tags: ['b2b', 'b2b'], signal_id: id('signals', 0) }),
    candidate('GO', '86', { tags: ['b2b', 'ai'], signal_id: id('signals', 0), market_score: '70' }),
    candidate('PASS', '12.5'),
    candidate(null, null),
  ])
  await insert('health_checks', [
    { service: 'api', status: 'HEALTHY', ...record },
    { service: 'api', status: 'UNKNOWN', ...record },
    { service: 'api', status: 'CRITICAL', ...record },
    { service: 'web', status: 'HEALTHY', ...record },
  ])
  await insert('diagnoses', [
    { issue_name: 'api', confidence: 'LOW', health_check_id: id('health_checks', 2), similar_issues: '[]', ...record },
  ])
  await insert('resolutions', [
    { issue_name: 'api', status: 'SUCCESS', diagnosis_id: id('diagnoses', 0), steps_completed: ['a', 'b'], ...record },
    { issue_name: 'api', status: 'FAILED', steps_failed: ['c'], ...record },
    { issue_name: 'web', status: 'FAILED', ...record },
  ])
  await insert('alerts', [
    { level: 'CRITICAL', service: 'api', ...record },
    { level: 'INFO', service: null, ...record },
  ])
})

const nodes = async (field: string, selection: string) =>
  (await database.data(`{ ${field} { nodes { ${selection} } totals { __typename } } }`))[field.split('(')[0]!].nodes

describe('metrics of accounts', () => {
  it('add up what is known of companies, a null tier last', async () => {
    const tier1 = {
      key: { accountTier: 'TIER1' },
      companies: 2,
      companiesResearched: 1,
      researchedRate: 0.5,
      runs: 2,
      runCostUsd: { sum: '2', avg: '2' },
      contacts: 3,
      decisionMakers: 1,
      conversations: 4,
      activeConversations: 1,
      wonConversations: 2,
      lostConversations: 1,
      winRate: 2 / 3,
      actualValue: { sum: '1000.75', avg: '500.375' },
      estimatedValue: { sum: '7' },
      painPoints: 2,
      tasks: 2,
      taskCostUsd: { sum: '0.12' },
    }
    const none = {
      key: { accountTier: null },
      companies: 1,
      companiesResearched: 1,
      researchedRate: 1,
      runs: 1,
      runCostUsd: { sum: null, avg: null },
      contacts: 0,
      decisionMakers: 0,
      conversations: 0,
      activeConversations: 0,
      wonConversations: 0,
      lostConversations: 0,
      winRate: null,
      actualValue: { sum: null, avg: null },
      estimatedValue: { sum: null },
      painPoints: 1,
      tasks: 0,
      taskCostUsd: { sum: null },
    }
    const found = await nodes(
      'accountMetrics(groupBy: [ACCOUNT_TIER])',
      `key { accountTier } companies companiesResearched researchedRate runs runCostUsd { sum avg } contacts decisionMakers
       conversations activeConversations wonConversations lostConversations winRate actualValue { sum avg } estimatedValue { sum }
       painPoints tasks taskCostUsd { sum }`,
    )
    expect(found).toEqual([tier1, none])
  })
})

describe('metrics of touchpoints', () => {
  it('divide by all touchpoints of the group', async () => {
    expect(
      await nodes(
        'touchpointMetrics(groupBy: [CHANNEL])',
        'key { channel } touchpoints opened replied openRate replyRate clickRate contacts companies conversations',
      ),
    ).toEqual([
      {
        key: { channel: 'CALL' },
        touchpoints: 1,
        opened: 0,
        replied: 1,
        openRate: 0,
        replyRate: 1,
        clickRate: 0,
        contacts: 1,
        companies: 1,
        conversations: 1,
      },
      {
        key: { channel: 'EMAIL' },
        touchpoints: 3,
        opened: 2,
        replied: 1,
        openRate: 2 / 3,
        replyRate: 1 / 3,
        clickRate: 0,
        contacts: 2,
        companies: 1,
        conversations: 2,
      },
    ])
  })
})

describe('metrics of pain points', () => {
  it('count companies and themes once', async () => {
    expect(
      await nodes(
        'painPointMetrics(groupBy: [ORIGIN], orderBy: [{ painPointsSum: DESC }])',
        'key { origin } painPoints runs companies themes',
      ),
    ).toEqual([
      { key: { origin: 'PROSPECT' }, painPoints: 2, runs: 2, companies: 2, themes: 1 },
      { key: { origin: 'CONVERSATION' }, painPoints: 1, runs: 0, companies: 1, themes: 1 },
    ])
  })

  it('are of what a search finds, where one is made', async () => {
    expect(
      await nodes('painPointMetrics(search: "audit", groupBy: [INDUSTRY])', 'key { industry } painPoints'),
    ).toEqual([
      { key: { industry: 'Health' }, painPoints: 1 },
      { key: { industry: null }, painPoints: 1 },
    ])
    const query = { subject: 'PAIN_POINTS', measures: ['painPoints'], search: 'churn' }
    const { metricsTable } = await database.data(
      'query ($query: MetricsTableQuery!) { metricsTable(query: $query) { rows } }',
      { query },
    )
    expect(metricsTable.rows).toEqual([[1]])
  })
})

describe('metrics of tasks', () => {
  it('tell tries, tasks with a try, tasks that count, and fields apart', async () => {
    const [found] = await nodes(
      'taskMetrics(groupBy: [RUN_TYPE, CAMPAIGN])',
      `key { runType campaign } tasks completed failed failureRate attempts retried retryRate evaluated passed passRate
       fieldAccuracy costUsd { sum avg } costCoverage runs companies`,
    )
    expect(found).toEqual({
      key: { runType: 'PRODUCTION', campaign: null },
      tasks: 5,
      completed: 2,
      failed: 2,
      failureRate: 0.4,
      attempts: 7,
      retried: 2,
      // Of the four with at least one try.
      retryRate: 0.5,
      evaluated: 2,
      passed: 1,
      passRate: 0.5,
      fieldAccuracy: 0.5,
      costUsd: { sum: '0.42', avg: '0.14' },
      costCoverage: 0.75,
      runs: 1,
      companies: 1,
    })
  })
})

describe('metrics of candidates', () => {
  it('give scores exactly, and have a group for those without a verdict', async () => {
    expect(
      await nodes(
        'candidateMetrics(groupBy: [VERDICT])',
        'key { verdict } candidates go goRate signals overallScore { avg min max p50 } marketScore { avg }',
      ),
    ).toEqual([
      {
        key: { verdict: 'GO' },
        candidates: 2,
        go: 2,
        goRate: 1,
        signals: 1,
        overallScore: { avg: '88.125', min: '86', max: '90.25', p50: '88.125' },
        marketScore: { avg: '70' },
      },
      {
        key: { verdict: 'PASS' },
        candidates: 1,
        go: 0,
        goRate: 0,
        signals: 0,
        overallScore: { avg: '12.5', min: '12.5', max: '12.5', p50: '12.5' },
        marketScore: { avg: null },
      },
      {
        key: { verdict: null },
        candidates: 1,
        go: 0,
        goRate: 0,
        signals: 0,
        overallScore: { avg: null, min: null, max: null, p50: null },
        marketScore: { avg: null },
      },
    ])
  })

  it('count a candidate once in the group of each of its tags', async () => {
    expect(await nodes('candidateMetrics(groupBy: [TAG])', 'key { tag } candidates')).toEqual([
      { key: { tag: 'ai' }, candidates: 1 },
      { key: { tag: 'b2b' }, candidates: 2 },
      { key: { tag: null }, candidates: 2 },
    ])
  })
})

describe('metrics of operations', () => {
  it('take unknown checks into the healthy rate', async () => {
    expect(
      await nodes(
        'healthMetrics(groupBy: [SERVICE])',
        'key { service } checks healthy degraded critical unknown diagnosed healthyRate',
      ),
    ).toEqual([
      {
        key: { service: 'api' },
        checks: 3,
        healthy: 1,
        degraded: 0,
        critical: 1,
        unknown: 1,
        diagnosed: 1,
        healthyRate: 1 / 3,
      },
      {
        key: { service: 'web' },
        checks: 1,
        healthy: 1,
        degraded: 0,
        critical: 0,
        unknown: 0,
        diagnosed: 0,
        healthyRate: 1,
      },
    ])
  })

  it('take all resolutions of an issue into its success rate', async () => {
    expect(
      await nodes(
        'resolutionMetrics(groupBy: [ISSUE_NAME])',
        'key { issueName } resolutions succeeded failed successRate diagnosed stepsCompleted stepsFailed',
      ),
    ).toEqual([
      {
        key: { issueName: 'api' },
        resolutions: 2,
        succeeded: 1,
        failed: 1,
        successRate: 0.5,
        diagnosed: 1,
        stepsCompleted: 2,
        stepsFailed: 1,
      },
      {
        key: { issueName: 'web' },
        resolutions: 1,
        succeeded: 0,
        failed: 1,
        successRate: 0,
        diagnosed: 0,
        stepsCompleted: 0,
        stepsFailed: 0,
      },
    ])
    expect(await nodes('alertMetrics(groupBy: [LEVEL])', 'key { level } alerts services')).toEqual([
      { key: { level: 'CRITICAL' }, alerts: 1, services: 1 },
      { key: { level: 'INFO' }, alerts: 1, services: 0 },
    ])
  })
})

describe('metrics of runs', () => {
  it('have the quality of playbooks, which are not added up', async () => {
    expect(
      await nodes('runMetrics', 'runs playbooks costCoverage qualityScore { avg max } prospects costUsd { sum avg }'),
    ).toEqual([
      {
        runs: 4,
        playbooks: 1,
        costCoverage: 0.75,
        qualityScore: { avg: 85, max: 85 },
        prospects: 2,
        costUsd: { sum: '11', avg: '3.666666666666667' },
      },
    ])
    const { errors } = await database.ask('{ runMetrics { totals { qualityScore { sum } } } }')
    expect(errors![0]!.message).toMatch(/Cannot query field "sum"/)
  })
})

describe('a table of metrics', () => {
  it('has the same numbers, takes enum values as they stand in GraphQL, and chooses rows by their values', async () => {
    const { metricsTable, touchpointMetrics } = await database.data(
      `{ metricsTable(query: { subject: TOUCHPOINTS, dimensions: ["channel"], measures: ["touchpoints", "openRate"],
           where: { direction: { equals: OUTBOUND }, channel: { in: [EMAIL, CALL] } }, having: [{ name: "touchpoints", gte: 2 }],
           orderBy: [{ name: "openRate", direction: DESC }] }) { columns { name type unit role } rows totalCount }
         touchpointMetrics(groupBy: [CHANNEL], having: { touchpoints: { gte: 2 } }) { nodes { key { channel } touchpoints openRate } } }`,
    )
    expect(metricsTable.columns).toEqual([
      { name: 'channel', type: 'enum', unit: null, role: 'DIMENSION' },
      { name: 'touchpoints', type: 'integer', unit: 'count', role: 'MEASURE' },
      { name: 'openRate', type: 'float', unit: 'ratio 0–1', role: 'MEASURE' },
    ])
    const [{ key, touchpoints, openRate }] = touchpointMetrics.nodes
    expect([metricsTable.rows, metricsTable.totalCount]).toEqual([[[key.channel, touchpoints, openRate]], 1])
  })
})
