import {
  type GraphQLArgument,
  type GraphQLField,
  type GraphQLInputObjectType,
  type GraphQLObjectType,
  type GraphQLOutputType,
  getNamedType,
  getNullableType,
  isCompositeType,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
  isObjectType,
} from 'graphql'
import { schema } from '../../../src/schema/index.ts'

/** A document, by what it asks for. */
export type Asked = { name: string; query: string; variables?: object }

type Field = GraphQLField<unknown, unknown>

export const rootFields = Object.values(schema.getQueryType()!.getFields())
const named = (type: GraphQLOutputType) => getNamedType(type)
const isLeaf = (type: GraphQLOutputType) => !isCompositeType(named(type))
const fieldsOf = (type: GraphQLObjectType) => Object.values(type.getFields())

/** The type whose objects a connection lists; null for what is no connection. */
export function listedBy(type: GraphQLOutputType): GraphQLObjectType | null {
  const connection = named(type)
  if (!isObjectType(connection) || !connection.name.endsWith('Connection')) return null
  return getNamedType(connection.getFields().nodes!.type) as GraphQLObjectType
}

/** Whether a list is of objects that have been stored, and can be sorted and filtered by what they are. */
export const isEntityList = (field: Field) =>
  listedBy(field.type) !== null && field.args.some(({ name }) => name === 'orderBy') && !isMetrics(field)

export const isMetrics = (field: Field) => field.name.endsWith('Metrics') || field.name === 'usage'

/** Values of arguments that have to be given, or whose answer depends on the moment unless they are. */
const VALUES: Record<string, string> = {
  fromPhase: '4',
  side: 'VENDOR',
  asOf: '"2026-06-01T00:00:00Z"',
  severity: '[REJECT, WARNING]',
  config: '{ thresholds: { go: 88 } }',
  'savedView.name': '"of acme"',
  'compareRuns.baseline': '{ pipeline: { name: { equals: "playbook" } } }',
  'compareRuns.candidate': '{}',
  'comparePromptVersions.baseline': '{ campaign: "Price watch", version: "1.0" }',
  'comparePromptVersions.candidate': '{ campaign: "Price watch", version: "2.0" }',
  'compareTwoRuns.a': '{ externalId: "20251020_060230" }',
  'compareTwoRuns.b': '{ externalId: "20251020_060230" }',
  'metricsTable.query': '{ subject: RUNS, dimensions: ["pipeline"], measures: ["runs"] }',
}

export function argumentsOf(field: Field, more: Record<string, string> = {}): string {
  const given = { ...more }
  for (const argument of field.args) {
    const value = VALUES[`${field.name}.${argument.name}`] ?? VALUES[argument.name]
    if (given[argument.name] === undefined && value !== undefined) given[argument.name] = value
    if (given[argument.name] === undefined && isNonNullType(argument.type))
      throw new Error(`${field.name} needs ${argument.name}: say in VALUES what to ask it for.`)
  }
  const texts = Object.entries(given).map(([name, value]) => `${name}: ${value}`)
  return texts.length === 0 ? '' : `(${texts.join(', ')})`
}

/** All values of a type, and its objects so many lists further on; a key is asked for where something is grouped by. */
export function selectionOf(type: GraphQLOutputType, lists: number, way: string[] = []): string {
  const object = named(type)
  if (!isObjectType(object)) return isLeaf(type) ? '' : '{ __typename }'
  const parts = fieldsOf(object).flatMap((field) => {
    if (field.name === 'key' || field.name === 'edges') return []
    if (isLeaf(field.type)) return [`${field.name}${argumentsOf(field)}`]
    const further = isListed(object, field) ? lists - 1 : lists
    const next = named(field.type).name
    if (further < 0 || way.includes(next)) return []
    return [`${field.name}${argumentsOf(field)} ${selectionOf(field.type, further, [...way, object.name, next])}`]
  })
  return `{ ${parts.join(' ') || '__typename'} }`
}

/** Whether a step from an object leads to another list or object that is stored by itself. */
const isListed = (parent: GraphQLObjectType, field: Field) =>
  parent.name.endsWith('Connection')
    ? false
    : listedBy(field.type) !== null || isNode(field.type) || isListType(getNullableType(field.type))

const isNode = (type: GraphQLOutputType) => {
  const object = named(type)
  return isObjectType(object) && object.getInterfaces().some(({ name }) => name === 'Node')
}

/**
 * Every root field by itself; every field of what it lists, and what that lists in turn. What can be reached from a type
 * is asked for once, from the first list that leads there.
 */
export function everyField(): Asked[] {
  const asked: Asked[] = []
  const reached = new Set<string>()
  for (const field of rootFields) {
    if (isMetrics(field) || field.args.some(({ name }) => ['by', 'id', 'ids'].includes(name))) continue
    const listed = listedBy(field.type)
    if (!listed) {
      asked.push({ name: field.name, query: `{ ${field.name}${argumentsOf(field)} ${selectionOf(field.type, 1)} }` })
      continue
    }
    const whole = `${field.name}${argumentsOf(field, isEntityList(field) ? { first: '200' } : {})}`
    asked.push({ name: field.name, query: `{ ${whole} ${selectionOf(field.type, 0)} }` })
    for (const nested of fieldsOf(listed)) {
      if (isLeaf(nested.type) || nested.name === 'key') continue
      const next = (listedBy(nested.type) ?? named(nested.type)).name
      const selection = selectionOf(nested.type, reached.has(next) ? 0 : 1, [listed.name])
      reached.add(next)
      const identity = listed.getFields().id ? 'id ' : ''
      asked.push({
        name: `${field.name}.${nested.name}`,
        query: `{ ${field.name}${argumentsOf(field)} { nodes { ${identity}${nested.name}${argumentsOf(nested)} ${selection} } } }`,
      })
    }
  }
  return asked
}

/** Every list in every order. */
export function everyOrder(): Asked[] {
  return rootFields.filter(isEntityList).flatMap((field) => {
    const order = getNamedType(argument(field, 'orderBy').type)
    if (!isInputObjectType(order)) return []
    return Object.keys(order.getFields()).map((by) => ({
      name: `${field.name} by ${by}`,
      query: `{ ${field.name}${argumentsOf(field, { first: '3', orderBy: `[{ ${by}: DESC }]` })} {
        totalCount nodes { id } pageInfo { startCursor endCursor hasNextPage } } }`,
    }))
  })
}

/** Every filter of every list: by the text that only others have, or else by whether there is something. */
export function everyFilter(text: string): (Asked & { isOfOthers: boolean })[] {
  return rootFields.filter(isEntityList).flatMap((field) => {
    const where = getNamedType(argument(field, 'where').type)
    if (!isInputObjectType(where)) return []
    return Object.values(where.getFields()).flatMap(({ name, type }) => {
      const condition = getNamedType(type)
      if (!isInputObjectType(condition) || ['AND', 'OR', 'NOT'].includes(name)) return []
      const value = valueFor(condition, text)
      const query = `{ ${field.name}${argumentsOf(field, { where: `{ ${name}: ${value} }` })} { totalCount } }`
      return value ? [{ name: `${field.name} where ${name}`, query, isOfOthers: value.includes(text) }] : []
    })
  })
}

function valueFor(condition: GraphQLInputObjectType, text: string): string | null {
  // Of what is related, whether there is any.
  if (condition.name.endsWith('Where')) return '{}'
  const { contains, has, isNull, equals } = condition.getFields()
  if (contains) return `{ contains: "${text}" }`
  if (has) return isEnumType(getNamedType(has.type)) ? null : `{ has: "${text}" }`
  if (isNull) return '{ isNull: false }'
  return equals && getNamedType(equals.type).name === 'Boolean' ? '{ equals: true }' : null
}

export const argument = (field: Field, name: string): GraphQLArgument => field.args.find((each) => each.name === name)!
