import type { Asked } from './documents.ts'
import { MARKER } from './two-organizations.ts'

/** Words of both, words that only the other has, as a user may mistype them, and words that nobody has. */
const SEARCHES = [
  'roi',
  'proof',
  '"difficulty proving"',
  'rduce cost',
  'latency',
  MARKER,
  `${MARKER} roi`,
  'globexonli',
  `roi -${MARKER}`,
  'zzzz',
]

/** Everything that searches, compares, themes and scores, by words and by names. */
export function everySearch(): Asked[] {
  const searches = SEARCHES.flatMap((search) =>
    [
      {
        name: `pain points ${search}`,
        query: `query ($search: String!) {
        painPoints(search: $search) { totalCount edges { cursor relevance highlight node { id description } } }
        painPointThemes(search: $search) { totalCount nodes { key theme painPoints runs companies categories { painPoints } } }
        painPointMetrics(search: $search, groupBy: [ORIGIN]) { totalCount nodes { key { origin } painPoints } }
      }`,
      },
      {
        name: `issues ${search}`,
        query:
          'query ($search: String!) { issueResolutions(search: $search) { totalCount edges { cursor relevance node { id issueName } } } }',
      },
    ].map((each) => ({ ...each, variables: { search } })),
  )
  const near = [
    {
      name: 'near',
      query: '{ issueResolutions(near: [0.1, 0.2, 0.3]) { totalCount edges { cursor distance node { id } } } }',
    },
  ]
  return [...searches, ...near]
}

/** Questions about what is named, `text` as whatever a name may be and `id` a run's. */
export const NAMED = [
  '($text: String!) { savedView(name: $text) { name } }',
  '($text: String!) { compareTwoRuns(a: { externalId: $text }, b: { externalId: "20251020_060230" }) { items { inBoth } } }',
  '($id: ID!) { compareTwoRuns(a: { id: $id }, b: { externalId: "20251020_060230" }) { items { inBoth } } }',
  '($text: String!) { comparePromptVersions(baseline: { campaign: $text, version: "1.0" }, candidate: { campaign: "Price watch", version: "2.0" }) { winner } }',
  '($text: String!) { comparePromptVersions(baseline: { agent: $text, version: "1" }, candidate: { agent: $text, version: "2" }) { winner } }',
  '($id: ID!) { comparePromptVersions(baseline: { id: $id }, candidate: { id: $id }) { winner } }',
  '($text: String!) { compareRuns(baseline: { externalId: { equals: $text } }, candidate: {}) { winner } }',
  '($id: ID!) { compareRuns(baseline: { id: { equals: $id } }, candidate: {}) { winner } }',
  '($text: String!) { rescoreCandidates(config: {}, where: { externalId: { equals: $text } }) { candidates } }',
  '($text: String!) { run(by: { externalId: $text, pipeline: "playbook" }) { id } }',
  '($text: String!) { runs(orderBy: [{ externalId: ASC }], after: $text) { totalCount } }',
  '($text: String!) { runs(where: { status: { equals: $text } }) { totalCount } }',
  '($text: String!) { metricsTable(query: { subject: RUNS, dimensions: [$text], measures: ["runs"] }) { rows } }',
  '($text: String!) { node(id: $text) { id } }',
  '($id: ID!) { playbook(by: { id: $id }) { id } }',
].map((query) => `query ${query}`)
