import type { RawBuilder } from 'kysely'
import type { DB } from '../store/generated/database.ts'
import * as enums from '../store/generated/enums.ts'
import type { Row } from './scope.ts'

export type EnumName = keyof typeof enums
export type TableName = keyof DB & string

export type Kind =
  | 'uuid'
  | 'text'
  | 'enum'
  | 'integer'
  | 'bigint'
  | 'float'
  | 'decimal'
  | 'dateTime'
  | 'date'
  | 'boolean'
  | 'textList'
  | 'json'

/** A value of a row that can be shown, filtered and sorted by. */
export type Field = {
  readonly kind: Kind
  readonly enumName?: EnumName
  /** What the value is, with its unit. */
  readonly description: string
  readonly column: string
  /** Never null. */
  readonly required: boolean
  readonly filterable: boolean
  readonly sortable: boolean
  readonly computed?: Computed
}

/** SQL that computes a field from other columns. */
export type Computed = (row: Row) => RawBuilder<unknown>

/** Another entity that a row refers to or is referred to by. */
export type Relation = {
  readonly description: string
  readonly entity: () => Entity
  /** `one`: at most one row; `some`: a condition holds when one of the rows meets it. */
  readonly cardinality: 'one' | 'some'
  /** The column that holds the other row's id: on this entity's table, or on the other's. */
  readonly reference: { on: 'this' | 'other'; column: string }
  /** Whether a row can be without it. */
  readonly optional: boolean
}

export type Direction = 'ASC' | 'DESC'
export type OrderKey = { field: string; direction: Direction }

/** What can be listed: one table, what its rows have, and how they are related. */
export type Entity = {
  /** The name of the GraphQL type and of the Prisma model. */
  readonly name: string
  readonly table: TableName
  readonly description: string
  readonly fields: Readonly<Record<string, Field>>
  readonly relations: Readonly<Record<string, Relation>>
  /** How a list is sorted unless asked otherwise; the id follows. */
  readonly defaultOrder: readonly OrderKey[]
}

type FieldOptions = Partial<Pick<Field, 'column' | 'required' | 'filterable' | 'sortable' | 'computed'>>
type FieldSpec = Omit<Field, 'column'> & { column?: string }

/** Never null. */
export const required: FieldOptions = { required: true }
/** Too long to sort by. */
export const long: FieldOptions = { sortable: false }

const fieldOf =
  (kind: Kind, defaults: FieldOptions = {}) =>
  (description: string, options: FieldOptions = {}): FieldSpec => ({
    kind,
    description,
    required: false,
    filterable: true,
    sortable: true,
    ...defaults,
    ...options,
  })

export const uuid = fieldOf('uuid')
export const text = fieldOf('text')
export const integer = fieldOf('integer')
export const bigint = fieldOf('bigint')
export const float = fieldOf('float')
export const decimal = fieldOf('decimal')
export const dateTime = fieldOf('dateTime')
export const date = fieldOf('date')
export const boolean = fieldOf('boolean')
/** A list of texts, empty when there are none. */
export const textList = fieldOf('textList', { required: true, sortable: false })
export const json = fieldOf('json', { sortable: false })

export function oneOf(enumName: EnumName, description: string, options: FieldOptions = {}): FieldSpec {
  return { ...fieldOf('enum')(description, options), enumName }
}

/** What the artifact holds beyond the fields that its format lists. */
export const extra = json('Fields of the artifact that its format does not list, as written.', {
  required: true,
  filterable: false,
})

type To = () => Entity
type RelationOptions = { optional?: boolean }

/** The row whose id this entity's column holds. */
export function one(entity: To, column: string, description: string, options: RelationOptions = {}): Relation {
  return {
    entity,
    description,
    cardinality: 'one',
    reference: { on: 'this', column },
    optional: options.optional ?? true,
  }
}

/** The row, if there is one, whose column holds this entity's id. */
export function oneOwned(entity: To, column: string, description: string): Relation {
  return { entity, description, cardinality: 'one', reference: { on: 'other', column }, optional: true }
}

/** The rows whose column holds this entity's id. */
export function many(entity: To, column: string, description: string): Relation {
  return { entity, description, cardinality: 'some', reference: { on: 'other', column }, optional: false }
}

type EntitySpec = {
  name: string
  table: TableName
  description: string
  fields: Record<string, FieldSpec>
  relations?: Record<string, Relation>
  order: Record<string, Direction>
}

/** Declares an entity; a field's column is its name in snake case unless it says otherwise. Every entity has an `id`. */
export function entity({ name, table, description, fields, relations = {}, order }: EntitySpec): Entity {
  const all: Record<string, FieldSpec> = { id: uuid('Its id in Crossrun.', required), ...fields }
  return {
    name,
    table,
    description,
    fields: Object.fromEntries(
      Object.entries(all).map(([field, spec]) => [field, { ...spec, column: spec.column ?? snakeCase(field) }]),
    ),
    relations,
    defaultOrder: Object.entries(order).map(([field, direction]) => ({ field, direction })),
  }
}

const allEnums: Record<EnumName, object> = { ...enums }

export function enumValues(name: EnumName): readonly string[] {
  return Object.keys(allEnums[name])
}

function snakeCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
}
