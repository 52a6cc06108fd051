import { beforeAll, describe, expect, it } from 'vitest'
import { identifiersOf } from '../../src/model/identifiers.ts'
import { testDatabase } from '../database.ts'

const database = testDatabase()
const ids = identifiersOf(database.organizationId)
const global = (type: string, id: string) => Buffer.from(`${type}:${id}`).toString('base64url')
const run = (pipeline: string, name: string) => ids.of('run', ids.of('pipeline', pipeline), name)

beforeAll(async () => {
  const organization_id = database.organizationId
  for (const name of ['playbook', 'briefing']) {
    await database.insert('pipelines', [{ id: ids.of('pipeline', name), organization_id, name }])
    await database.insert('runs', [
      {
        id: run(name, 'twice'),
        organization_id,
        pipeline_id: ids.of('pipeline', name),
        external_id: 'twice',
        status: 'COMPLETED',
        record_sha256: '',
      },
    ])
  }
  await database.insert('runs', [
    {
      id: run('playbook', 'once'),
      organization_id,
      pipeline_id: ids.of('pipeline', 'playbook'),
      external_id: 'once',
      status: 'COMPLETED',
      record_sha256: '',
    },
  ])
  await database.insert('companies', [
    {
      id: ids.of('company', 'acme.example'),
      organization_id,
      key: 'acme.example',
      domain: 'acme.example',
      name: 'Acme',
    },
  ])
})

const find = (by: object) =>
  database.ask('query ($by: RunBy!) { run(by: $by) { id externalId pipeline { name } } }', { by })

describe('run(by:)', () => {
  it('finds by the name in the artifacts', async () => {
    expect((await find({ externalId: 'once' })).data.run.id).toBe(global('Run', run('playbook', 'once')))
  })

  it('finds by the id of the API and by the bare id', async () => {
    for (const id of [global('Run', run('playbook', 'once')), run('playbook', 'once')]) {
      expect((await find({ id })).data.run.externalId).toBe('once')
    }
  })

  it('is null when there is none', async () => {
    expect(await find({ externalId: 'never' })).toMatchObject({ data: { run: null } })
    expect(await find({ externalId: 'once', pipeline: 'briefing' })).toMatchObject({ data: { run: null } })
  })

  it('names the ids when a name means several, and the pipeline decides', async () => {
    const { data, errors } = await find({ externalId: 'twice' })
    expect(data).toEqual({ run: null })
    expect(errors![0]!.extensions).toMatchObject({ code: 'BAD_USER_INPUT', argument: 'by' })
    for (const pipeline of ['playbook', 'briefing']) {
      expect(errors![0]!.message).toContain(global('Run', run(pipeline, 'twice')))
      expect((await find({ externalId: 'twice', pipeline })).data.run.pipeline.name).toBe(pipeline)
    }
  })

  it.each([
    ['no key', {}],
    ['only the pipeline', { pipeline: 'playbook' }],
    ['two keys', { id: run('playbook', 'once'), externalId: 'once' }],
  ])('refuses %s', async (_what, by) => {
    expect((await find(by)).errors![0]!).toMatchObject({
      message: 'by must have exactly one of id, externalId.',
      extensions: { code: 'BAD_USER_INPUT', argument: 'by' },
    })
  })

  it('refuses what is no id of a run before any statement fails', async () => {
    for (const id of ['x', global('Company', run('playbook', 'once')), global('Run', 'x')]) {
      expect((await find({ id })).errors![0]!.extensions).toMatchObject({ code: 'BAD_USER_INPUT', argument: 'by.id' })
    }
    expect((await find({ externalId: 'a\u0000' })).errors![0]!.extensions).toMatchObject({ code: 'BAD_USER_INPUT' })
  })
})

describe('company(by:)', () => {
  it('finds by the domain, however it is written', async () => {
    for (const domain of ['acme.example', 'https://WWW.Acme.example/about']) {
      const { company } = await database.data(
        'query ($domain: String!) { company(by: { domain: $domain }) { name } }',
        { domain },
      )
      expect(company).toEqual({ name: 'Acme' })
    }
  })
})

describe('node and nodes', () => {
  const node = (id: string) =>
    database.ask('query ($id: ID!) { node(id: $id) { __typename id ... on Run { externalId } } }', { id })

  it('find any object by its id', async () => {
    const id = global('Run', run('playbook', 'once'))
    expect((await node(id)).data.node).toEqual({ __typename: 'Run', id, externalId: 'once' })
    const document = 'query ($ids: [ID!]!) { nodes(ids: $ids) { __typename } }'
    const { nodes } = await database.data(document, {
      ids: [id, global('Run', ids.of('run', 'none')), global('Company', ids.of('company', 'acme.example'))],
    })
    expect(nodes).toEqual([{ __typename: 'Run' }, null, { __typename: 'Company' }])
  })

  it('refuse what is no id', async () => {
    expect((await node('x')).errors![0]!.extensions).toMatchObject({ code: 'BAD_USER_INPUT', argument: 'id' })
    expect((await node(global('Nothing', ids.of('run', 'none')))).errors).toBeDefined()
  })
})

describe('lists', () => {
  const list = (args: string) =>
    database.ask(`{ runs(${args}) { totalCount nodes { externalId } pageInfo { hasNextPage hasPreviousPage } } }`)

  it.each([
    ['first: 501', 'first'],
    ['first: -1', 'first'],
    ['last: 501', 'last'],
    ['first: 1, last: 1', 'last'],
    ['first: 1, before: "x"', 'last'],
    ['after: "x"', 'after'],
    ['last: 1, before: "x"', 'before'],
    ['orderBy: [{ startedAt: ASC, externalId: ASC }]', 'orderBy[0]'],
    ['where: { externalId: { equals: null } }', 'where.externalId.equals'],
  ])('refuse %s and name the argument', async (args, argument) => {
    const { data, errors } = await list(args)
    expect(data?.runs ?? null).toBe(null)
    expect(errors![0]!.extensions).toMatchObject({ code: 'BAD_USER_INPUT', argument })
  })

  it('nested ones take at most a hundred', async () => {
    const { errors } = await database.ask('{ companies { nodes { runs(first: 101) { totalCount } } } }')
    expect(errors![0]!).toMatchObject({
      message: 'first must be between 0 and 100.',
      extensions: { code: 'BAD_USER_INPUT' },
    })
  })

  it('say on which side there is more', async () => {
    const pageInfo = async (args: string) => (await list(args)).data.runs.pageInfo
    const { runs } = await database.data('{ runs(first: 2) { edges { cursor } } }')
    const [first, second] = runs.edges.map(({ cursor }: { cursor: string }) => JSON.stringify(cursor))
    expect(await pageInfo('first: 2')).toEqual({ hasNextPage: true, hasPreviousPage: false })
    expect(await pageInfo(`first: 1, after: ${first}`)).toEqual({ hasNextPage: true, hasPreviousPage: true })
    expect(await pageInfo(`after: ${second}`)).toEqual({ hasNextPage: false, hasPreviousPage: true })
    expect(await pageInfo('last: 2')).toEqual({ hasNextPage: false, hasPreviousPage: true })
    expect(await pageInfo(`last: 5, before: ${second}`)).toEqual({ hasNextPage: true, hasPreviousPage: false })
  })
})
