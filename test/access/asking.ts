import type { Server } from '../../src/server/index.ts'
import type { Answer } from '../database.ts'

export type Reply = Answer & { status: number; headers: Headers; code: string | undefined }

/** Asks a server as whoever has the key or token; null comes without. */
export async function askAs(
  server: Pick<Server, 'fetch'> | string,
  bearer: string | null,
  query: string,
  variables: object = {},
): Promise<Reply> {
  const init = {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(bearer === null ? {} : { authorization: `Bearer ${bearer}` }) },
    body: JSON.stringify({ query, variables }),
  }
  const response = await (typeof server === 'string'
    ? fetch(`${server}/graphql`, init)
    : server.fetch('http://test/graphql', init))
  const answer = (await response.json()) as Answer
  return {
    ...answer,
    status: response.status,
    headers: response.headers,
    code: answer.errors?.[0]?.extensions.code as string | undefined,
  }
}

const CREATE = `mutation ($name: String!, $scopes: [ApiScope!]!, $expiresAt: DateTime) {
  createApiKey(name: $name, scopes: $scopes, expiresAt: $expiresAt) { text key { id name scopes } }
}`

/** Makes a key by way of the API. */
export async function makeKey(
  server: Pick<Server, 'fetch'> | string,
  bearer: string | null,
  scopes: string[],
  { name = scopes.join(' '), expiresAt = null as string | null } = {},
): Promise<{ id: string; text: string }> {
  const { data, errors } = await askAs(server, bearer, CREATE, { name, scopes, expiresAt })
  if (errors) throw new Error(JSON.stringify(errors))
  return { id: data.createApiKey.key.id, text: data.createApiKey.text }
}
