import { pino } from 'pino'
import { newKey } from '../../../src/access/secrets.ts'
import { environmentVariables, readEnvironment } from '../../../src/environment.ts'
import { organizationIdOf } from '../../../src/model/identifiers.ts'
import { createServer } from '../../../src/server/index.ts'
import { openClient } from '../../../src/store/client.ts'
import type { TestDatabase } from '../../database.ts'
import type { Asked } from './documents.ts'

export type Asker = {
  /** Data and errors as JSON; not what it cost. */
  ask(asked: Asked): Promise<string>
  /** The answers by the documents' names; some at once. */
  askAll(documents: readonly Asked[]): Promise<Map<string, string>>
}

export type Served = { as(key: string): Asker; close(): Promise<void> }

const AT_ONCE = 6

/** Documents of any size, as often as anybody likes. */
export const NO_LIMITS: Record<string, string> = {
  ...Object.fromEntries(
    environmentVariables.filter(({ name }) => name.startsWith('CROSSRUN_MAX_')).map(({ name }) => [name, '1000000000']),
  ),
  CROSSRUN_RATE_LIMIT: '0',
  CROSSRUN_FAILED_KEYS_LIMIT: '0',
  CROSSRUN_POOL_WAIT_MS: '60000',
}

/** A server on a port, that answers nobody without a key. */
export async function serve(database: TestDatabase, organizationCondition: boolean): Promise<Served> {
  const environment = readEnvironment({ ...NO_LIMITS, CROSSRUN_POOL_SIZE: String(AT_ONCE) })
  const server = createServer({
    prisma: openClient(database.url, environment).prisma,
    organizationId: organizationIdOf('nobody'),
    openness: 'never',
    environment,
    logger: pino({ level: 'silent' }),
    organizationCondition,
  })
  const { url } = await server.listen({ host: '127.0.0.1', port: 0 })
  return { as: (key) => askerOf(new URL('/graphql', url), key), close: () => server.close() }
}

function askerOf(url: URL, key: string): Asker {
  const ask = async ({ query, variables = {} }: Asked) => {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${key}` },
      body: JSON.stringify({ query, variables }),
    })
    const { data, errors } = (await response.json()) as { data: unknown; errors: unknown }
    return JSON.stringify({ data, errors })
  }
  const askAll = async (documents: readonly Asked[]) => {
    const answers = new Map<string, string>()
    const waiting = [...documents]
    const askNext = async () => {
      for (let next = waiting.shift(); next; next = waiting.shift()) answers.set(next.name, await ask(next))
    }
    await Promise.all(Array.from({ length: AT_ONCE }, askNext))
    return answers
  }
  return { ask, askAll }
}

/** Makes a key that may do everything, and gives its text and id. */
export async function makeKey(database: TestDatabase, organizationId: string, name: string) {
  const { id, text, ...kept } = newKey()
  await database.insert('api_keys', [
    {
      id,
      organization_id: organizationId,
      name,
      salt: kept.salt,
      secret_sha256: kept.secretSha256,
      fragment: kept.fragment,
      scopes: ['ADMIN'],
      created_by: 'a test',
      created_at: new Date(),
    },
  ])
  return { id, text }
}

const UUID = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g

/** The ids that stand in an answer, as they are or within ids and cursors of the API, and the texts of those. */
export function readHidden(answer: string): { ids: string[]; texts: string } {
  const hidden = [...answer.matchAll(/[\w-]{24,}/g)].map(([token]) => Buffer.from(token, 'base64url').toString())
  const texts = [answer, ...hidden].join('\n')
  return { ids: texts.match(UUID) ?? [], texts }
}
