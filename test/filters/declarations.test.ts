import { beforeAll, describe, expect, it } from 'vitest'
import type { Entity, Field } from '../../src/filters/declaration.ts'
import { entities } from '../../src/filters/entities/index.ts'
import { getDatamodel } from '../../src/schema/generated/pothos.ts'
import { testDatabase } from '../database.ts'

const database = testDatabase()

/** PostgreSQL's types that a kind may stand for. */
const TYPES: Record<Field['kind'], string[]> = {
  uuid: ['uuid'],
  text: ['text'],
  enum: [],
  integer: ['int4'],
  bigint: ['int8'],
  float: ['float8', 'int4'],
  decimal: ['numeric'],
  dateTime: ['timestamptz'],
  date: ['date'],
  boolean: ['bool'],
  textList: ['_text'],
  json: ['jsonb'],
}

type Column = { type: string; nullable: boolean; collation: string | null }
const columns = new Map<string, Column>()

beforeAll(async () => {
  const rows = await database.sql(
    `select table_name || '.' || column_name as name, udt_name as type, is_nullable = 'YES' as nullable, collation_name as collation
     from information_schema.columns where table_schema = 'public'`,
  )
  for (const { name, ...column } of rows) columns.set(name, column as Column)
})

const { models } = getDatamodel().datamodel
const all = Object.values(entities) as Entity[]
const allFields = all.flatMap((entity) =>
  Object.entries(entity.fields).map(([name, field]) => [`${entity.name}.${name}`, entity, name, field] as const),
)

describe('a declared field is what the database and the Prisma schema have', () => {
  it.each(allFields)('%s', (_label, entity, name, field) => {
    const column = columns.get(`${entity.table}.${field.column}`)
    expect(column).toBeDefined()
    expect(field.kind === 'enum' ? [field.enumName] : TYPES[field.kind]).toContain(column!.type)
    // Lists are never null, although Prisma does not say so to the database.
    if (field.kind !== 'textList') expect(column!.nullable).toBe(!field.required)
    // Sorted text sorts by code point.
    if (field.kind === 'text' && field.sortable) expect(column!.collation).toBe('C')
    expect(models[entity.name]?.fields.some((each) => each.name === name)).toBe(true)
  })
})

describe('a declared relation refers by a column that is there', () => {
  const relations = all.flatMap((entity) =>
    Object.entries(entity.relations).map(
      ([name, relation]) => [`${entity.name}.${name}`, entity, name, relation] as const,
    ),
  )

  it.each(relations)('%s', (_label, entity, name, relation) => {
    const { on, column } = relation.reference
    const found = columns.get(`${on === 'this' ? entity.table : relation.entity().table}.${column}`)
    expect(found?.type).toBe('uuid')
    if (on === 'this') expect(found!.nullable).toBe(relation.optional)
    const declared = models[entity.name]?.fields.find((each) => each.name === name)
    if (declared) {
      expect(declared.type).toBe(relation.entity().name)
      expect(declared.isList).toBe(relation.cardinality === 'some')
    }
  })
})

/** Columns that are no field of their own: bookkeeping, and what is shown in another form. */
const NOT_FIELDS: Record<string, string[]> = {
  '*': ['organizationId', 'recordAt', 'recordSha256'],
  Run: ['runningUntil'],
  Playbook: ['qualityPoints'],
  TalkScript: ['discoveryQuestions', 'objectionResponses'],
  BattleCard: ['objectionResponses'],
  CompetitivePositioning: ['competitorKey'],
  IssueResolution: ['embedding'],
  Contact: ['emailKey'],
  Relationship: ['pairKey'],
}

describe('every column of a declared entity is declared', () => {
  it.each(all.map((entity) => [entity.name, entity] as const))('%s', (name, entity) => {
    const without = [...NOT_FIELDS['*']!, ...(NOT_FIELDS[name] ?? [])]
    const scalars = models[name]!.fields.filter(({ kind }) => kind !== 'object').map((field) => field.name)
    // References are relations.
    const isReference = (field: string) =>
      field !== 'id' && /Id$/.test(field) && columns.get(`${entity.table}.${snakeCase(field)}`)?.type === 'uuid'
    const missing = scalars.filter(
      (field) => !(field in entity.fields) && !without.includes(field) && !isReference(field),
    )
    expect(missing).toEqual([])
  })
})

const snakeCase = (name: string) => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
