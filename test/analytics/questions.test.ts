import type pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { testDatabase } from '../database.ts'
import { ask, comparable, importWorld, metricsTable, pick, read } from './answers.ts'
import { biLogin } from './bi-login.ts'

const database = testDatabase({ isOwn: true })
let bi: pg.Client

beforeAll(async () => {
  await importWorld(database)
  ;({ bi } = await biLogin(database.url))
})

afterAll(() => bi?.end())

describe('the questions', () => {
  const questions = new Map(
    read('docs/bi/questions.sql')
      .split(/^-- name: /m)
      .slice(1)
      .map((part) => [part.slice(0, part.indexOf('\n')), part.slice(part.indexOf('\n') + 1)]),
  )
  const answerTo = (name: string) => ask(bi, questions.get(name)!)

  it('say what they answer and in which unit, under names of their own', () => {
    expect(questions.size).toBe(read('docs/bi/questions.sql').match(/^-- name: /gm)!.length)
    expect(questions.size).toBeGreaterThanOrEqual(15)
    for (const [name, text] of questions) expect(text, name).toMatch(/^-- answers: .+\n-- unit: .+\nselect\b[^;]+;\s*$/)
  })

  it.each([...questions.keys()])('are answered for a BI login: %s', async (name) => {
    const { columns, rows } = await answerTo(name)
    expect(new Set(columns).size).toBe(columns.length)
    expect(rows.length).toBeGreaterThan(0)
  })

  it.each<[string, string[], object]>([
    [
      'Cost by pipeline and month',
      ['month', 'pipeline', 'calls', 'cost_usd', 'coverage'],
      {
        subject: 'USAGE',
        interval: 'MONTH',
        dimensions: ['pipeline'],
        measures: ['calls', 'costUsd.sum', 'costCoverage'],
      },
    ],
    [
      'Tokens and cost by agent',
      ['agent', 'calls', 'prompt_tokens', 'completion_tokens', 'cost_usd', 'coverage', 'failure_rate'],
      {
        subject: 'USAGE',
        dimensions: ['agent'],
        measures: ['calls', 'promptTokens.sum', 'completionTokens.sum', 'costUsd.sum', 'costCoverage', 'failureRate'],
      },
    ],
    [
      'Runs and success rate by pipeline',
      ['pipeline', 'runs', 'failed', 'success_rate', 'p50_seconds', 'p95_seconds'],
      {
        subject: 'RUNS',
        dimensions: ['pipeline'],
        measures: ['runs', 'failed', 'successRate', 'durationSeconds.p50', 'durationSeconds.p95'],
      },
    ],
    [
      "Cost of runs by the prospect's industry",
      ['industry', 'runs', 'cost_usd', 'usd_per_priced_run', 'coverage'],
      { subject: 'RUNS', dimensions: ['industry'], measures: ['runs', 'costUsd.sum', 'costUsd.avg', 'costCoverage'] },
    ],
    [
      'Playbook quality by vendor',
      ['vendor', 'playbooks', 'average_score', 'median_score'],
      {
        subject: 'RUNS',
        dimensions: ['vendor'],
        measures: ['playbooks', 'qualityScore.avg', 'qualityScore.p50'],
        having: [{ name: 'playbooks', gt: 0 }],
      },
    ],
    [
      'Pain points by industry',
      ['industry', 'category', 'pain_points', 'themes', 'companies'],
      {
        subject: 'PAIN_POINTS',
        dimensions: ['industry', 'category'],
        measures: ['painPoints', 'themes', 'companies'],
      },
    ],
    [
      'Candidates by source',
      ['source', 'candidates', 'go_rate', 'average_score'],
      { subject: 'CANDIDATES', dimensions: ['source'], measures: ['candidates', 'goRate', 'overallScore.avg'] },
    ],
    [
      'Prompt versions and their accuracy',
      ['campaign', 'instruction', 'tasks', 'evaluated', 'pass_rate', 'field_accuracy', 'usd_per_priced_task'],
      {
        subject: 'TASKS',
        dimensions: ['campaign', 'instruction'],
        measures: ['tasks', 'evaluated', 'passRate', 'fieldAccuracy', 'costUsd.avg'],
      },
    ],
    [
      'Replies by channel',
      ['channel', 'direction', 'touchpoints', 'open_rate', 'reply_rate'],
      {
        subject: 'TOUCHPOINTS',
        dimensions: ['channel', 'direction'],
        measures: ['touchpoints', 'openRate', 'replyRate'],
      },
    ],
    [
      'Uptime by service and week',
      ['week', 'service', 'checks', 'uptime'],
      { subject: 'HEALTH', interval: 'WEEK', dimensions: ['service'], measures: ['checks', 'healthyRate'] },
    ],
  ])('have the answer of GraphQL: %s', async (name, columns, query) => {
    const expected = comparable(await metricsTable(database, query))
    expect(comparable(pick(await answerTo(name), ...columns))).toEqual(expected)
    expect(expected.length).toBeGreaterThan(1)
  })

  it('count a run in the row of each of its tags, so that the rows are more than the runs', async () => {
    const answer = await answerTo('Runs by tag')
    const byTag = await metricsTable(database, {
      subject: 'RUNS',
      dimensions: ['tag'],
      measures: ['runs', 'costUsd.sum'],
    })
    expect(comparable(pick(answer, 'tag', 'runs', 'cost_usd'))).toEqual(
      comparable(byTag.filter(([tag]) => tag !== null)),
    )
    const tagged = await database.sql(`select count(*)::int as n from runs where tags <> '{}'`)
    const rows = answer.rows.reduce((sum, row) => sum + Number(row[answer.columns.indexOf('runs')]), 0)
    expect(rows).toBeGreaterThan(tagged[0]!.n)
  })
})
