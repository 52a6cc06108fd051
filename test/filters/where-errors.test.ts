import { describe, expect, it } from 'vitest'
import { BadInputError } from '../../src/errors.ts'
import { entities } from '../../src/filters/entities/index.ts'
import { sortKeys } from '../../src/filters/order.ts'
import { rowOf } from '../../src/filters/scope.ts'
import { compileWhere } from '../../src/filters/where.ts'

const scope = { organizationId: '00000000-0000-5000-8000-000000000000' }

/** What is wrong with a filter, or null. */
function problem(where: unknown): { argument: string | undefined; message: string } | null {
  try {
    compileWhere(entities.run, where, rowOf('t'), scope)
    return null
  } catch (error) {
    if (!(error instanceof BadInputError)) throw error
    return { argument: error.argument, message: error.message }
  }
}

const nested = (depth: number): object => (depth === 0 ? {} : { NOT: nested(depth - 1) })

describe('a filter that cannot be meant is refused by the path of what is wrong', () => {
  const cases: [string, unknown, string][] = [
    ['no object', 'status', 'where'],
    ['a list', [], 'where'],
    ['an unknown field', { colour: { equals: 'blue' } }, 'where.colour'],
    ['a name of every object', { constructor: { equals: 'x' } }, 'where.constructor'],
    ['a field that is only shown', { extra: { isNull: true } }, 'where.extra'],
    ['an unknown operator', { createdBy: { like: 'x' } }, 'where.createdBy.like'],
    ['an operator of another type', { isLatest: { gt: true } }, 'where.isLatest.gt'],
    ['a value in place of operators', { createdBy: 'Ada' }, 'where.createdBy'],
    ['null as a value', { createdBy: { equals: null } }, 'where.createdBy.equals'],
    ['null in a list', { createdBy: { in: ['a', null] } }, 'where.createdBy.in[1]'],
    ['a number as text', { createdBy: { equals: 1 } }, 'where.createdBy.equals'],
    ['a NUL character', { createdBy: { contains: 'a\u0000' } }, 'where.createdBy.contains'],
    ['a text of a megabyte', { createdBy: { contains: 'a'.repeat(1_000_000) } }, 'where.createdBy.contains'],
    ['a word that the enum does not have', { status: { in: ['COMPLETED', 'DONE'] } }, 'where.status.in[1]'],
    ['a fraction as a whole number', { reportedApiCalls: { equals: 1.5 } }, 'where.reportedApiCalls.equals'],
    ['a number beyond 64 bits', { totalTokens: { gt: 2n ** 64n } }, 'where.totalTokens.gt'],
    ['infinity', { durationSeconds: { lt: Number.POSITIVE_INFINITY } }, 'where.durationSeconds.lt'],
    ['a word as a decimal', { costUsd: { lt: 'much' } }, 'where.costUsd.lt'],
    ['a day as a time', { startedAt: { gte: '2025-01-01' } }, 'where.startedAt.gte'],
    ['a time that is none', { startedAt: { gte: '2025-13-01T00:00:00Z' } }, 'where.startedAt.gte'],
    ['a text as a flag', { createdBy: { isNull: 'yes' } }, 'where.createdBy.isNull'],
    [
      'the id of something else',
      { id: { equals: Buffer.from(`Company:${scope.organizationId}`).toString('base64url') } },
      'where.id.equals',
    ],
    ['no id', { id: { equals: 'run-1' } }, 'where.id.equals'],
    ['isNull of a relation that is always there', { pipeline: { isNull: true } }, 'where.pipeline.isNull'],
    ['isNull of a list', { phases: { isNull: true } }, 'where.phases.isNull'],
    ['isNull of the row itself', { isNull: true }, 'where.isNull'],
    ['a fault deep within', { OR: [{}, { prospect: { name: { equals: 1 } } }] }, 'where.OR[1].prospect.name.equals'],
  ]

  it.each(cases)('%s', (_what, where, argument) => {
    expect(problem(where)?.argument).toBe(argument)
    expect(problem(where)?.message).toContain(argument)
  })

  it('nesting beyond ten levels', () => {
    expect(problem(nested(9))).toBe(null)
    expect(problem(nested(10))?.argument).toBe(`where${'.NOT'.repeat(10)}`)
  })

  it('lists beyond a thousand values', () => {
    const values = (count: number) => ({ createdBy: { in: Array.from({ length: count }, String) } })
    expect(problem(values(1_000))).toBe(null)
    expect(problem(values(1_001))?.argument).toBe('where.createdBy.in')
  })

  it('more than five hundred conditions', () => {
    const where = { OR: Array.from({ length: 600 }, () => ({ createdBy: { equals: 'a' } })) }
    expect(problem(where)?.argument).toMatch(/^where\.OR\[\d+\]\.createdBy$/)
  })
})

describe('an order that cannot be meant is refused by the path of what is wrong', () => {
  const cases: [string, unknown, string][] = [
    ['two fields in one key, whose order is nobody’s', [{ startedAt: 'ASC', externalId: 'ASC' }], 'orderBy[0]'],
    ['no field', [{ startedAt: 'ASC' }, {}], 'orderBy[1]'],
    ['an unknown field', [{ colour: 'ASC' }], 'orderBy[0].colour'],
    ['a field that cannot be sorted by', [{ tags: 'ASC' }], 'orderBy[0].tags'],
    ['an unknown direction', [{ startedAt: 'UP' }], 'orderBy[0].startedAt'],
    ['a field twice', [{ startedAt: 'ASC' }, { startedAt: 'DESC' }], 'orderBy[1].startedAt'],
  ]

  it.each(cases)('%s', (_what, orderBy, argument) => {
    try {
      sortKeys(entities.run, orderBy)
      expect.unreachable()
    } catch (error) {
      expect(error).toBeInstanceOf(BadInputError)
      expect((error as BadInputError).argument).toBe(argument)
    }
  })
})
