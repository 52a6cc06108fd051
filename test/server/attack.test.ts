import { afterAll, beforeAll, expect, it } from 'vitest'
import { StatementCount } from '../../scripts/attack/count-statements.ts'
import { attacks } from '../../scripts/attack/documents.ts'
import { type Outcome, send } from '../../scripts/attack/send.ts'
import { testDatabase } from '../database.ts'
import { type Served, serve } from './served.ts'

const database = testDatabase()
const count = new StatementCount()
let server: Served

beforeAll(async () => {
  server = await serve(database, { CROSSRUN_RATE_LIMIT: '0' }, { openness: 'always' })
  count.start()
})
afterAll(async () => {
  count.stop()
  await server.close()
})

it('sees the statements of a request that is answered', async () => {
  expect((await server.ask('{ runs { totalCount } }')).data).toEqual({ runs: { totalCount: 0 } })
  expect(count.texts.some((text) => /from "?runs/.test(text))).toBe(true)
})

it('refuses every attack without a statement, and soon', async () => {
  count.texts.length = 0
  const outcomes: Outcome[] = []
  for (const attack of attacks()) outcomes.push(await send(server.url, attack))
  expect(outcomes.length).toBeGreaterThanOrEqual(200)
  const nameOf = ({ kind, name, status, codes }: Outcome) => `${kind}: ${name} ${status} ${codes.join(' ')}`
  expect(outcomes.filter(({ isRefused }) => !isRefused).map(nameOf)).toEqual([])
  expect(count.texts).toEqual([])
  // `npm run attack` measures; here only what takes for ever is found.
  expect(outcomes.filter(({ milliseconds }) => milliseconds > 10_000).map(nameOf)).toEqual([])
})
