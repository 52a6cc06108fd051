import { readFileSync } from 'node:fs'
import {
  type GraphQLNamedType,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isIntrospectionType,
  isObjectType,
  isSpecifiedScalarType,
  lexicographicSortSchema,
  printSchema,
} from 'graphql'
import { describe, expect, it } from 'vitest'
import { schema } from '../../src/schema/index.ts'

type Described = { description?: string | null }

/** Everything in a type that a reader sees, by its path. */
function partsOf(type: GraphQLNamedType): [string, Described][] {
  const parts: [string, Described][] = [[type.name, type]]
  if (isEnumType(type)) for (const value of type.getValues()) parts.push([`${type.name}.${value.name}`, value])
  if (isInputObjectType(type))
    for (const field of Object.values(type.getFields())) parts.push([`${type.name}.${field.name}`, field])
  if (isObjectType(type) || isInterfaceType(type)) {
    for (const field of Object.values(type.getFields())) {
      parts.push([`${type.name}.${field.name}`, field])
      for (const arg of field.args) parts.push([`${type.name}.${field.name}(${arg.name})`, arg])
    }
  }
  return parts
}

const types = Object.values(schema.getTypeMap()).filter(
  (type) => !isIntrospectionType(type) && !isSpecifiedScalarType(type),
)
const parts = types.flatMap(partsOf)

describe('the schema', () => {
  it('describes every type, field, argument, enum value and input field', () => {
    expect(parts.filter(([, part]) => !part.description?.trim()).map(([path]) => path)).toEqual([])
  })

  it('describes in sentences', () => {
    expect(
      parts
        .filter(([, part]) => !/^[A-Z`].*[.)]$/s.test(part.description ?? ''))
        .map(([path, part]) => `${path}: ${part.description}`),
    ).toEqual([])
  })

  it('says the unit of every amount', () => {
    const UNITS: [RegExp, RegExp][] = [
      [/CostUsd$|^costUsd$/, /US dollars/],
      [/Seconds$/, /seconds/],
      [/Ms$/, /milliseconds/],
      [/bytes/i, /bytes/i],
      [/Percent$|[a-z]Score$|^score$/, /\d+(\.\d+)?–\d+|percent/],
    ]
    const without = types
      .filter((type) => isObjectType(type))
      .flatMap((type) => Object.values(type.getFields()).map((field) => [`${type.name}.${field.name}`, field] as const))
      .filter(([, field]) => UNITS.some(([name, unit]) => name.test(field.name) && !unit.test(field.description ?? '')))
    expect(without.map(([path, field]) => `${path}: ${field.description}`)).toEqual([])
  })

  it('is the one in schema.graphql; if not, run: npm run generate', () => {
    const file = readFileSync(new URL('../../schema.graphql', import.meta.url), 'utf8')
    expect(`${printSchema(lexicographicSortSchema(schema))}\n` === file).toBe(true)
  })
})
