import { createHash } from 'node:crypto'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { runCli } from '../../src/cli/run.ts'
import { readEnvironment } from '../../src/environment.ts'
import { testDatabase } from '../database.ts'
import { keyOf, type Served, serve } from './served.ts'

const database = testDatabase()
const COUNT = 'query Count($where: RunWhere) { runs(where: $where) { totalCount } }\n'
const NAMES = 'query Names { companies { nodes { name } } }\n'
const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')
let folder: string
let file: string
let only: Served
let also: Served

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'crossrun-trusted-'))
  await mkdir(join(folder, 'queries', 'more'), { recursive: true })
  await writeFile(join(folder, 'queries', 'count.graphql'), COUNT)
  await writeFile(join(folder, 'queries', 'more', 'names.graphql'), NAMES)
  file = join(folder, 'trusted.json')
  await writeFile(file, JSON.stringify({ count: COUNT, [sha256(NAMES)]: NAMES }))
  only = await serve(database, {
    CROSSRUN_TRUSTED_DOCUMENTS: join(folder, 'queries'),
    CROSSRUN_TRUSTED_DOCUMENTS_ONLY: 'true',
  })
  also = await serve(database, { CROSSRUN_TRUSTED_DOCUMENTS: file })
})
afterAll(async () => {
  await only.close()
  await also.close()
  await rm(folder, { recursive: true, force: true })
})

const persisted = (hash: string) => ({ extensions: { persistedQuery: { version: 1, sha256Hash: hash } } })
const ANSWER = { runs: { totalCount: 0 } }

describe('a document that the server knows', () => {
  it('is answered by its id, however clients send that', async () => {
    const variables = { where: { status: { equals: 'FAILED' } } }
    expect((await only.post({ documentId: sha256(COUNT), variables })).data).toEqual(ANSWER)
    expect((await only.post({ ...persisted(sha256(COUNT)), variables })).data).toEqual(ANSWER)
    expect((await only.post({ documentId: sha256(NAMES) })).data).toEqual({ companies: { nodes: [] } })
    expect((await also.post({ documentId: 'count' })).data).toEqual(ANSWER)
    const headers = { 'x-crossrun-csrf': '1' }
    expect((await also.send('/graphql?documentId=count', { headers })).data).toEqual(ANSWER)
    const extensions = encodeURIComponent(JSON.stringify(persisted(sha256(COUNT)).extensions))
    expect((await only.send(`/graphql?extensions=${extensions}`, { headers })).data).toEqual(ANSWER)
  })

  it('is checked like any other', async () => {
    const { error } = await only.post({ documentId: sha256(COUNT), variables: { where: 1 } })
    expect(error.extensions.code).toBe('BAD_USER_INPUT')
  })

  it('is the only one answered, if the server is told so', async () => {
    const { status, data, error } = await only.ask('{ runs { totalCount } }')
    expect([status, data, error.extensions.code]).toEqual([403, undefined, 'PERSISTED_QUERY_ONLY'])
    const both = await only.post({ query: '{ runs { totalCount } }', documentId: sha256(COUNT) })
    expect([both.status, both.data]).toEqual([403, undefined])
    expect((await also.ask('{ runs { totalCount } }')).data).toEqual(ANSWER)
  })

  it('is not told of to whoever may not come in', async () => {
    const closed = await serve(database, { CROSSRUN_TRUSTED_DOCUMENTS: file }, { openness: 'never' })
    for (const documentId of ['count', 'unknown'])
      expect((await closed.post({ documentId })).error.extensions.code).toBe('UNAUTHENTICATED')
    expect((await closed.post({ documentId: 'count' }, await keyOf(database, ['READ']))).data).toEqual(ANSWER)
    await closed.close()
    await database.sql('delete from api_keys')
    await database.sql('delete from x_first_key')
  })
})

it('says that a document is unknown, or that none was named', async () => {
  const unknown = await only.post({ documentId: sha256('x') })
  expect([unknown.status, unknown.error.extensions.code]).toEqual([404, 'PERSISTED_QUERY_NOT_FOUND'])
  const none = await only.post({ variables: {} })
  expect([none.status, none.error.extensions.code]).toEqual([400, 'BAD_REQUEST'])
})

describe('crossrun trusted-documents', () => {
  async function run(...argv: string[]) {
    const out: string[] = []
    const context = {
      stdout: (line: string) => void out.push(line),
      stderr: (line: string) => void out.push(line),
      environment: () => readEnvironment({}),
    }
    const code = await runCli(['trusted-documents', ...argv], context as never)
    return { code, text: out.join('\n') }
  }

  it('makes the file of a folder, by which the server answers', async () => {
    const made = join(folder, 'made.json')
    expect(await run(join(folder, 'queries'), '--out', made)).toEqual({
      code: 0,
      text: `2 documents written to ${made}.`,
    })
    const expected = { [sha256(COUNT)]: COUNT, [sha256(NAMES)]: NAMES }
    expect(JSON.parse(await readFile(made, 'utf8'))).toEqual(expected)
    expect(JSON.parse((await run(join(folder, 'queries'))).text)).toEqual(expected)
    expect(JSON.parse((await run(made)).text)).toEqual(expected)
  })

  it.each([
    ['a field that is not there', '{ rums { totalCount } }', /wrong\.graphql.*rums/],
    ['a document that breaks off', '{ runs {', /wrong\.graphql.*Syntax Error/],
  ])('names the file with %s', async (_what, text, message) => {
    const wrong = join(folder, 'wrong')
    await mkdir(wrong, { recursive: true })
    await writeFile(join(wrong, 'wrong.graphql'), text)
    const { code, text: said } = await run(wrong)
    expect([code, said]).toEqual([1, expect.stringMatching(message)])
    await expect(serve(database, { CROSSRUN_TRUSTED_DOCUMENTS: wrong })).rejects.toMatchObject({
      code: 'BAD_TRUSTED_DOCUMENTS',
    })
  })

  it('does not take a hash for a document that it is not of', async () => {
    await writeFile(join(folder, 'false.json'), JSON.stringify({ [sha256('x')]: COUNT }))
    expect((await run(join(folder, 'false.json'))).text).toContain('is not the SHA-256 of its document')
  })
})
