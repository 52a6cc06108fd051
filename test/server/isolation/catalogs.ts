import type { Asker } from './asking.ts'

type Answer = { data: Record<string, unknown> | null; errors?: { message: string; extensions: { code: string } }[] }

async function change(asker: Asker, mutation: string, variables: object): Promise<Answer> {
  return JSON.parse(await asker.ask({ name: 'change', query: `mutation ${mutation}`, variables }))
}

/** What an organization makes itself: a view, rules, synonyms, a price. */
export async function makeCatalogs(asker: Asker, name: string, note: string, price: number): Promise<void> {
  const { errors } = await change(
    asker,
    `($name: String!, $note: String!, $price: Decimal!) {
      saveView(name: $name, description: $note, query: { subject: RUNS, dimensions: ["pipeline"], measures: ["runs"] }) { name }
      setScoringConfig(name: $name, config: { thresholds: { go: ${price} } }, isDefault: true) { name }
      setSynonyms(term: $name, synonyms: [$note]) { term }
      setModelPrice(pattern: $name, inputUsdPerMillion: $price, outputUsdPerMillion: $price) { pattern }
    }`,
    { name, note, price: String(price) },
  )
  if (errors) throw new Error(JSON.stringify(errors))
}

/** Keeps the results of the extraction run of this name or id; its refusal when it cannot. */
export async function keepResults(asker: Asker, run: string, name: string): Promise<string | null> {
  const { errors } = await change(
    asker,
    '($run: ID!, $name: String!) { createResultSnapshot(run: $run, name: $name) { url } }',
    { run, name },
  )
  return errors ? `${errors[0]!.extensions.code}: ${errors[0]!.message}` : null
}

/** Takes it away again; true for each that was there. */
export async function removeCatalogs(asker: Asker, name: string): Promise<unknown> {
  const { data } = await change(
    asker,
    `($name: String!) {
      removeView(name: $name) removeScoringConfig(name: $name) removeSynonyms(term: $name) removeModelPrice(pattern: $name)
    }`,
    { name },
  )
  return data
}

/** Mutations of something by its id, with the type that it is of. */
export const BY_ID: Record<string, string> = {
  deleteImport: 'Import',
  deleteRun: 'Run',
  eraseContact: 'Contact',
  revokeApiKey: 'ApiKey',
  revokeResultSnapshot: 'ResultSnapshot',
}
/** Mutations by name, which are tried above and in tests. */
export const BY_NAME = ['removeView', 'removeScoringConfig', 'removeSynonyms', 'removeModelPrice', 'deleteOrganization']
export const MAKING = [
  'saveView',
  'setScoringConfig',
  'setSynonyms',
  'setModelPrice',
  'createApiKey',
  'createResultSnapshot',
]

/** The code and the message of the refusal to change what has this id. */
export async function refusalOf(asker: Asker, mutation: string, id: string): Promise<string> {
  const { data, errors } = await change(asker, `($id: ID!) { ${mutation}(id: $id) { __typename } }`, { id })
  return `${JSON.stringify(data)} ${errors?.[0]?.extensions.code}: ${errors?.[0]?.message}`.replaceAll(id, 'ID')
}

export async function refusalOfOrganization(asker: Asker, slug: string): Promise<string> {
  const { errors } = await change(asker, '($slug: String!) { deleteOrganization(slug: $slug) { rows } }', { slug })
  return `${errors?.[0]?.extensions.code}`
}
