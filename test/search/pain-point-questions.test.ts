import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { execute, parse } from 'graphql'
import { beforeAll, describe, expect, it } from 'vitest'
import { levelsOf, STATEMENTS_BEYOND_LEVELS } from '../../scripts/bench/documents.ts'
import { DEFAULT_IMPORT_OPTIONS } from '../../src/importers/options.ts'
import { runImport } from '../../src/importers/run-import.ts'
import { schema } from '../../src/schema/index.ts'
import { newLog, testDatabase } from '../database.ts'
import { sharedFolder } from '../shared-folder.ts'

const database = testDatabase()
const read = (...path: string[]) => readFileSync(join(sharedFolder!, ...path), 'utf8')

/** The answers leave these orders open. */
const byText = (list: readonly object[]) =>
  list.map((each) => JSON.stringify(each, Object.keys(flat(each)).sort())).sort()
const flat = (value: object): Record<string, unknown> =>
  Object.assign({}, value, ...Object.values(value).map((each) => (each && typeof each === 'object' ? flat(each) : {})))

async function statementsOf(document: string, variableValues: Record<string, unknown>): Promise<number> {
  const log = newLog()
  const { errors } = await database.transaction(
    async (transaction) =>
      execute({ schema, document: parse(document), variableValues, contextValue: database.contextOf(transaction) }),
    log,
  )
  expect(errors).toBe(undefined)
  return log.statements - 1
}

describe.skipIf(!sharedFolder)('the questions about pain points', () => {
  beforeAll(async () => {
    await runImport(database.url, [join(sharedFolder!, 'world/data')], DEFAULT_IMPORT_OPTIONS)
  }, 120_000)

  it('pain-point-search: has its answer', async () => {
    const { variables, data } = JSON.parse(read('world/expected/pain-point-search.json'))
    const question = read('questions/pain-point-search.graphql')
    const { painPoints, painPointCompanies } = await database.data(question, variables)
    type Edge = { node: object; relevance: number; highlight: string }
    expect(painPoints.totalCount).toBe(data.painPoints.totalCount)
    expect(byText(painPoints.edges.map(({ node }: Edge) => node))).toEqual(
      byText(data.painPoints.edges.map(({ node }: Edge) => node)),
    )
    expect(byText(painPointCompanies.nodes)).toEqual(byText(data.painPointCompanies.nodes))
    const relevances = painPoints.edges.map(({ relevance }: Edge) => relevance)
    expect(relevances).toEqual([...relevances].sort((a, b) => b - a))
    for (const { highlight } of painPoints.edges) expect(highlight).toMatch(/<mark>roi<\/mark>/i)
    for (const { highlight } of painPoints.edges) expect(highlight).toMatch(/<mark>(proof|proving)<\/mark>/i)
    expect(await statementsOf(question, variables)).toBeLessThanOrEqual(levelsOf(question) + STATEMENTS_BEYOND_LEVELS)
  })

  it('pain-point-themes: has its answer', async () => {
    const question = read('questions/pain-point-themes.graphql')
    const { data } = JSON.parse(read('world/expected/pain-point-themes.json'))
    type Theme = { categories: object[] }
    const open = (themes: Theme[]) => themes.map((theme) => ({ ...theme, categories: byText(theme.categories) }))
    const { painPointThemes } = await database.data(question)
    expect(open(painPointThemes.nodes)).toEqual(open(data.painPointThemes.nodes))
    expect(await statementsOf(question, {})).toBe(1)
  })

  it('can be asked of the companies, runs, conversations and signals that have them', async () => {
    const { companies, runs } = await database.data(`{
      companies(first: 100) { nodes { painPoints(search: "ROI proof") { totalCount nodes { description } edges { relevance highlight } } } }
      runs(first: 500) { nodes { painPoints(search: "ROI proof", first: 1) { totalCount edges { relevance highlight } } } }
    }`)
    const { data } = JSON.parse(read('world/expected/pain-point-search.json'))
    const total = (nodes: { painPoints: { totalCount: number } }[]) =>
      nodes.reduce((sum, { painPoints }) => sum + painPoints.totalCount, 0)
    const edges: { node: { company: object | null; run: object | null } }[] = data.painPoints.edges
    expect(total(companies.nodes)).toBe(edges.filter(({ node }) => node.company).length)
    expect(total(runs.nodes)).toBe(edges.filter(({ node }) => node.run).length)
    const texts = companies.nodes.flatMap(({ painPoints }: { painPoints: { edges: { highlight: string }[] } }) =>
      painPoints.edges.map(({ highlight }) => highlight),
    )
    expect(texts.every((text: string) => /<mark>roi<\/mark>/i.test(text))).toBe(true)
    // The search is looked up once, and read once for all companies.
    const nested = `{ companies(first: 100) { nodes { painPoints(search: "ROI proof") { totalCount edges { highlight node { description } } } } } }`
    expect(await statementsOf(nested, {})).toBeLessThanOrEqual(levelsOf(nested) + STATEMENTS_BEYOND_LEVELS)
  })

  it('search beside lists that do not, in one request', async () => {
    const { companies } = await database.data(`{
      companies(first: 100, orderBy: [{ domain: ASC }]) { nodes {
        all: painPoints { totalCount edges { relevance } }
        proof: painPoints(search: "proof") { totalCount nodes { description } }
        data: painPoints(search: "data", orderBy: [{ occurredAt: DESC }]) { totalCount nodes { description } }
      } }
    }`)
    for (const { all, proof, data } of companies.nodes) {
      expect(all.totalCount).toBeGreaterThanOrEqual(proof.totalCount)
      for (const { relevance } of all.edges) expect(relevance).toBe(null)
      for (const { description } of proof.nodes) expect(description).toMatch(/proof|prov/i)
      for (const { description } of data.nodes) expect(description).toMatch(/data/i)
    }
    const sum = (name: 'proof' | 'data') =>
      companies.nodes.reduce(
        (total: number, node: Record<string, { totalCount: number }>) => total + node[name]!.totalCount,
        0,
      )
    expect(sum('proof')).toBeGreaterThan(0)
    expect(sum('data')).toBeGreaterThan(0)
  })
})
