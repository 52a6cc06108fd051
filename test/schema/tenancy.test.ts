import {
  type GraphQLField,
  type GraphQLObjectType,
  type GraphQLOutputType,
  getNamedType,
  isCompositeType,
  isListType,
  isNonNullType,
  isObjectType,
} from 'graphql'
import { beforeAll, describe, expect, it } from 'vitest'
import { organizationIdOf } from '../../src/model/identifiers.ts'
import { schema } from '../../src/schema/index.ts'
import type { Server } from '../../src/server/index.ts'
import { testDatabase } from '../database.ts'
import { importFiles } from '../imported.ts'
import { accountsDump } from '../importers/accounts-fixture.ts'
import { briefing } from '../importers/briefing-fixture.ts'
import { dump as extractionDump } from '../importers/extraction-fixture.ts'
import {
  completeAlert,
  completeCheck,
  completeDiagnosis,
  completeIssue,
  completeResolution,
  completeStatus,
} from '../importers/ops-fixture.ts'
import { completeRun } from '../importers/playbook-fixture.ts'
import { completeCandidate, completeSignal } from '../importers/scoring-fixture.ts'

const database = testDatabase()
const OTHERS = 'OTHERS'
let ours: Server
let theirs: Server

beforeAll(async () => {
  // The same natural keys, the same companies, agents and competitors; what differs is what must not be seen.
  const run = completeRun()
  const marked = JSON.parse(
    JSON.stringify(run).replaceAll(
      /"(Excerpt\.|Velo|CFO|Prospect Inc\.|No valid JSON|Difficulty proving ROI|\{\\"answer\\": 1\})"/g,
      `"${OTHERS} $1"`,
    ),
  )
  const markedAccounts = JSON.parse(
    JSON.stringify(accountsDump).replaceAll(/"(Ada|Same practice|Wants a pilot\.|Hello Ada)"/g, `"${OTHERS} $1"`),
  )
  const ops = [completeCheck(), completeDiagnosis(), completeResolution(), completeAlert(), completeIssue()]
  const records = [completeSignal(), completeCandidate(), ...ops, completeStatus()].map((record) => [record])
  const files = Object.fromEntries(records.map((record, place) => [`record-${place}.json`, record]))
  const markedFiles = JSON.parse(
    JSON.stringify(files).replaceAll(
      /"(Invoice reminders[a-z ]*|Reminders are not read|High latency|Slow|Works with errors|No answer|Moved it|h1)"/g,
      `"${OTHERS} $1"`,
    ),
  )
  const articles = [{ url: 'https://news.example/1', title: 'Prices rise', source: 'Daily Ledger', rank: 1 }]
  const artifacts = {
    ...briefing('20251020_060230', { data: { 4: { articles }, 6: { articles } } }),
    'campaigns.json': extractionDump(),
  }
  const markedArtifacts = JSON.parse(
    JSON.stringify(artifacts).replaceAll(
      /"(Prices rise|Price watch|Field Research|Report the price\.|Pages|\$10)"/g,
      `"${OTHERS} $1"`,
    ),
  )
  await importFiles(database, {
    'run.json': run,
    'accounts.json': accountsDump,
    ...files,
    ...artifacts,
    'broken.json': '{',
  })
  await importFiles(
    database,
    {
      'run.json': marked,
      'accounts.json': markedAccounts,
      'second.json': { ...marked, run_id: `${OTHERS}-2` },
      ...markedFiles,
      ...markedArtifacts,
      [`${OTHERS}.json`]: '{',
    },
    'others',
  )
  // Without the condition on the organization, row-level security alone keeps them apart.
  ours = database.newServer({ organizationCondition: false })
  theirs = database.newServer({ organizationCondition: false, organizationId: organizationIdOf('others') })
})

const isScalarLike = (type: GraphQLOutputType) => !isCompositeType(getNamedType(type))

/**
 * Selects everything that can be reached in so many steps; fields that need arguments get them. A type that the way
 * here came through is left out, and so are edges, whose nodes are in `nodes` too: else the document has no end.
 */
function selectionOf(type: GraphQLOutputType, depth: number, way: string[]): string {
  const named = getNamedType(type)
  if (!isObjectType(named)) return ''
  return `{ __typename ${fieldsOf(named, depth, way)
    .map((field) => `${field.name}${argumentsOf(field)} ${selectionOf(field.type, depth - 1, [...way, named.name])}`)
    .join(' ')} }`
}

function fieldsOf(type: GraphQLObjectType, depth: number, way: string[]) {
  return Object.values(type.getFields()).filter((field) => {
    if (isScalarLike(field.type)) return true
    // A key can be asked only for what is grouped by; metrics are looked at by name.
    if (field.name === 'key') return false
    return depth > 0 && field.name !== 'edges' && ![...way, type.name].includes(getNamedType(field.type).name)
  })
}

const VALUES: Record<string, string> = { fromPhase: '4', side: 'VENDOR', asOf: '"2026-06-01T00:00:00Z"' }

function argumentsOf({ args }: GraphQLField<unknown, unknown>): string {
  const given = args.filter(({ type, name }) => isNonNullType(type) || name === 'severity')
  if (given.length === 0) return ''
  return `(${given.map(({ name }) => `${name}: ${name === 'severity' ? '[REJECT, WARNING]' : VALUES[name]}`).join(', ')})`
}

const queries = Object.values(schema.getQueryType()!.getFields())
const lists = queries.filter(
  (field) => isObjectType(getNamedType(field.type)) && getNamedType(field.type).name.endsWith('Connection'),
)

/** Answers that are no list of objects: what they derive is looked at below. */
const derived = queries.filter(({ name }) => ['rescoreCandidates'].includes(name))

/** Connection and edge are steps too: this reaches two objects beyond the listed one. */
const DEPTH = 5

describe('an organization sees nothing of another that has the same natural keys', () => {
  it.each(lists.map((field) => [field.name, field] as const))(
    '%s, and everything that is reached from it',
    async (name, field) => {
      const document = `{ ${name}${argumentsOf(field)} ${selectionOf(field.type, DEPTH, [])} }`
      const [seen, hidden] = [await database.ask(document, {}, ours), await database.ask(document, {}, theirs)]
      expect(seen.errors).toBe(undefined)
      expect(hidden.errors).toBe(undefined)
      expect(seen.data[name].totalCount).toBeGreaterThan(0)
      expect(JSON.stringify(seen.data)).not.toContain(OTHERS)
      // What the others see is there to be seen; without it the test would show nothing.
      if (!['pipelines', 'agents', 'promptVersions', 'competitors'].includes(name) && !name.endsWith('Metrics'))
        expect(JSON.stringify(hidden.data)).toContain(OTHERS)
    },
  )

  it('every list of the schema is looked at', () => {
    const looked = new Set<string>()
    const visit = (type: GraphQLOutputType, depth: number, way: string[]) => {
      const named = getNamedType(type)
      if (!isObjectType(named)) return
      for (const field of fieldsOf(named, depth, way)) {
        looked.add(`${named.name}.${field.name}`)
        visit(field.type, depth - 1, [...way, named.name])
      }
    }
    for (const field of [...lists, ...derived]) visit(field.type, DEPTH, [])
    const all = Object.values(schema.getTypeMap())
      .filter((type) => isObjectType(type))
      .filter(
        (type) => type !== schema.getQueryType() && !type.name.startsWith('__') && !type.name.endsWith('Connection'),
      )
      .flatMap((type) => Object.values(type.getFields()).map((field) => [`${type.name}.${field.name}`, field] as const))
      .filter(([, field]) => !isScalarLike(field.type))
      .filter(
        ([, { type }]) =>
          isListType(isNonNullType(type) ? type.ofType : type) || getNamedType(type).name.endsWith('Connection'),
      )
    const elsewhere = [
      // The catalog holds no rows; comparisons and tables of metrics have tests of their own.
      'CatalogSubject.dimensions',
      'CatalogSubject.measures',
      'Comparison.metrics',
      'MetricsTable.columns',
      // A type below itself, and what needs two runs named: they are asked for by hand below.
      'PromptVersion.children',
      'TwoRunsComparison.phases',
      'TwoRunsComparison.rankChanges',
    ]
    expect(all.map(([path]) => path).filter((path) => !looked.has(path))).toEqual(elsewhere)
  })

  it('counts, sums and other derived numbers are its own', async () => {
    const document = `{
      runs { totalCount nodes { agentCalls { totalCount } } }
      promptVersions(where: { campaign: { isNull: false } }) { nodes { promptText children { promptText } } }
      compareTwoRuns(a: { externalId: "20251020_060230" }, b: { externalId: "20251020_060230" }) {
        phases { number } items { inBoth } rankChanges { url }
      }
      competitors { nodes { name battleCards runs prospects } }
      company(by: { domain: "prospect.example" }) { runs { totalCount } runCostUsd painPoints { totalCount } }
      rescoreCandidates(config: { thresholds: { go: 88 } }) {
        candidates verdicts { candidates } transitions { candidates } verdictMismatches { candidate { title } }
      }
    }`
    const [seen, hidden] = [await database.data(document, {}, ours), await database.data(document, {}, theirs)]
    expect(seen.runs.totalCount).toBe(3)
    expect(hidden.runs.totalCount).toBe(4)
    expect(JSON.stringify(seen.promptVersions)).not.toContain(OTHERS)
    expect(
      JSON.stringify(hidden.promptVersions.nodes.map((version: { children: object }) => version.children)),
    ).toContain(OTHERS)
    expect(seen.compareTwoRuns.items.inBoth).toBe(1)
    expect(seen.competitors.nodes).toEqual([{ name: 'Rival', battleCards: 1, runs: 1, prospects: 1 }])
    expect(hidden.competitors.nodes).toEqual([{ name: 'Rival', battleCards: 2, runs: 2, prospects: 1 }])
    for (const [answer, title] of [
      [seen, 'Invoice reminders'],
      [hidden, `${OTHERS} Invoice reminders`],
    ]) {
      expect(answer.rescoreCandidates).toEqual({
        candidates: 1,
        verdicts: [{ candidates: 1 }],
        transitions: [{ candidates: 1 }],
        verdictMismatches: [{ candidate: { title } }],
      })
    }
    expect(seen.company).toMatchObject({ runs: { totalCount: 1 }, runCostUsd: '0.01' })
    expect(hidden.company).toMatchObject({ runs: { totalCount: 2 }, runCostUsd: '0.02' })
  })

  it('an id of the other organization names nothing', async () => {
    const { runs } = await database.data(
      '{ runs(where: { pipeline: { name: { equals: "playbook" } } }, first: 1) { nodes { id playbook { id } } } }',
      {},
      theirs,
    )
    const { id, playbook } = runs.nodes[0]
    const document = `query ($id: ID!, $ids: [ID!]!) {
      node(id: $id) { id } nodes(ids: $ids) { id } run(by: { id: $id }) { id }
      runs(where: { id: { equals: $id } }) { totalCount }
    }`
    const seen = await database.data(document, { id, ids: [id, playbook.id] }, ours)
    expect(seen).toEqual({ node: null, nodes: [null, null], run: null, runs: { totalCount: 0 } })
  })

  it('a filter does not tell whether the other organization has a row', async () => {
    const where = { prospect: { buyerPersonas: { personaTitle: { startsWith: OTHERS } } } }
    const document = 'query ($where: RunWhere) { runs(where: $where) { totalCount } }'
    expect((await database.data(document, { where }, theirs)).runs.totalCount).toBe(2)
    expect((await database.data(document, { where }, ours)).runs.totalCount).toBe(0)
  })
})
