import { createSchema, createYoga } from 'graphql-yoga'
import { pino } from 'pino'
import { describe, expect, it } from 'vitest'
import { openViewer } from '../../src/access/viewer.ts'
import { newContext, type ServerContext } from '../../src/server/context.ts'
import { useErrors } from '../../src/server/use-errors.ts'
import { useRequestTransaction } from '../../src/server/use-request-transaction.ts'
import { testDatabase } from '../database.ts'

const database = testDatabase()
const add = async (_root: unknown, { name }: { name: string }, { tx }: ServerContext) => {
  const id = `00000000-0000-5000-8000-00000000000${name.length}`
  await tx!.agent.create({ data: { id, organizationId: database.organizationId, name } })
  if (name === 'fail') throw new Error('after it has written')
  return name
}

function newYoga() {
  const { prisma, organizationId, environment } = database
  return createYoga<object, ServerContext>({
    schema: createSchema({
      typeDefs: 'type Query { add(name: String!): String } type Mutation { add(name: String!): String }',
      resolvers: { Query: { add }, Mutation: { add } },
    }),
    context: ({ request }) => newContext(request, openViewer(organizationId)),
    logging: false,
    plugins: [
      useRequestTransaction({ prisma, organizationCondition: true, environment }),
      useErrors(pino({ level: 'silent' })),
    ],
  })
}

async function ask(query: string) {
  const headers = { 'content-type': 'application/json' }
  const response = await newYoga().fetch('http://test/graphql', {
    method: 'POST',
    headers,
    body: JSON.stringify({ query }),
  })
  return response.json()
}

const names = async () => (await database.sql('select name from agents order by name')).map(({ name }) => name)

describe('a mutation', () => {
  it('writes', async () => {
    expect(await ask('mutation { add(name: "a") }')).toEqual({ data: { add: 'a' } })
    expect(await names()).toEqual(['a'])
  })

  it('that reports an error leaves nothing written, not even by what succeeded', async () => {
    const { data, errors } = await ask('mutation { first: add(name: "bb") add(name: "fail") }')
    expect([data, errors.length]).toEqual([{ first: 'bb', add: null }, 1])
    expect(await names()).toEqual(['a'])
  })
})

describe('a query', () => {
  it('cannot write', async () => {
    const { errors } = await ask('{ add(name: "ccc") }')
    expect(errors[0].extensions.code).toBe('INTERNAL_SERVER_ERROR')
    expect(await names()).toEqual(['a'])
  })
})
