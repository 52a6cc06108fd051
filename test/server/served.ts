import http from 'node:http'
import { pino } from 'pino'
import { newKey } from '../../src/access/secrets.ts'
import type { ApiScope } from '../../src/access/viewer.ts'
import { readEnvironment } from '../../src/environment.ts'
import { createServer, type ServerOptions } from '../../src/server/index.ts'
import { openClient } from '../../src/store/client.ts'
import type { TestDatabase } from '../database.ts'

// biome-ignore lint/suspicious/noExplicitAny: answers are compared, not computed with.
export type Json = any

export type Reply = { status: number; headers: Headers; body: Json; data: Json; error: Json }

/** A server of its own on a port, with these environment variables. */
export async function serve(
  database: TestDatabase,
  variables: Record<string, string> = {},
  options: Partial<ServerOptions> = {},
) {
  const environment = readEnvironment(variables)
  const { prisma } = openClient(database.url, environment)
  const { organizationId, url: databaseUrl } = database
  const logger = pino({ level: 'silent' })
  const server = createServer({ prisma, url: databaseUrl, organizationId, environment, logger, ...options })
  const { url, port } = await server.listen({ host: '127.0.0.1', port: 0 })
  const send = async (address: string, init: RequestInit = {}): Promise<Reply> => {
    const response = await fetch(`${url}${address}`, init)
    const text = await response.text()
    const body = text.startsWith('{') || text.startsWith('[') ? JSON.parse(text) : text
    const { status, headers } = response
    return { status, headers, body, data: body.data, error: body.errors?.[0] }
  }
  const post = (body: unknown, headers: Record<string, string> = {}) =>
    send('/graphql', {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    })
  return {
    url,
    port,
    send,
    post,
    ask: (query: string, values?: object, headers: Record<string, string> = {}) =>
      post({ query, variables: values }, headers),
    close: () => server.close(),
  }
}

export type Served = Awaited<ReturnType<typeof serve>>

/** Makes a key; the header that shows it. */
export async function keyOf(database: TestDatabase, scopes: ApiScope[]): Promise<{ authorization: string }> {
  const { id, text, salt, secretSha256, fragment } = newKey()
  const kept = { salt: Buffer.from(salt), secret_sha256: Buffer.from(secretSha256), fragment, scopes }
  await database.insert('api_keys', [
    { id, organization_id: database.organizationId, name: id, created_at: new Date(), created_by: 'a test', ...kept },
  ])
  return { authorization: `Bearer ${text}` }
}

/** A request whose headers are as they are given, such as a Host that `fetch` would not send. */
export function raw(
  port: number,
  headers: Record<string, string>,
  body: string,
): Promise<{ status: number; body: Json }> {
  return new Promise((resolve, reject) => {
    const request = http.request({ host: '127.0.0.1', port, path: '/graphql', method: 'POST', headers }, (response) => {
      let text = ''
      response.on('data', (part) => {
        text += part
      })
      response.on('end', () => resolve({ status: response.statusCode ?? 0, body: JSON.parse(text || 'null') }))
    })
    request.on('error', reject)
    request.end(body)
  })
}
