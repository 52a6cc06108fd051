import type { InputFieldMap } from '@pothos/core'
import type { Entity, Field } from '../filters/declaration.ts'
import { entities } from '../filters/entities/index.ts'
import { OPERATORS } from '../filters/operators.ts'
import type { Where } from '../filters/where.ts'
import { builder } from './builder.ts'
import { enumOf } from './enums.ts'

const IS: Record<string, string> = {
  equals: 'Equal to this; case matters.',
  notEquals: 'Not equal to this; rows without a value are kept.',
  in: 'Equal to one of these.',
  notIn: 'Equal to none of these; rows without a value are kept.',
  contains: 'Holds this text, in any case.',
  startsWith: 'Starts with this text, in any case.',
  isNull: 'Whether there is no value.',
  gt: 'Greater than this.',
  gte: 'Greater than or equal to this.',
  lt: 'Less than this.',
  lte: 'Less than or equal to this.',
  has: 'Holds this element.',
  hasSome: 'Holds at least one of these elements.',
  hasEvery: 'Holds all of these elements.',
  isEmpty: 'Whether it holds no element.',
}

/** Operators whose argument is a list, and those that are flags; the others take one value. */
const TAKES_LIST = new Set(['in', 'notIn', 'hasSome', 'hasEvery'])
const TAKES_FLAG = new Set(['isNull', 'isEmpty'])

/** The scalar and the name of the conditions of each kind; an enum has conditions of its own. */
const KINDS = {
  uuid: ['ID', 'Id', 'an id'],
  text: ['String', 'Text', 'a text'],
  textList: ['String', 'TextList', 'a list of texts'],
  integer: ['Int', 'Int', 'a whole number'],
  bigint: ['SafeInt', 'SafeInt', 'a whole number beyond 32 bits'],
  float: ['Float', 'Float', 'a number'],
  decimal: ['Decimal', 'Decimal', 'an exact decimal number'],
  dateTime: ['DateTime', 'DateTime', 'a moment'],
  date: ['Date', 'Date', 'a day'],
  boolean: ['Boolean', 'Boolean', 'a yes or no'],
  json: ['JSON', 'JSON', 'a JSON value'],
} as const

type ConditionRef = ReturnType<typeof builder.inputRef<Where>>

/** The fields come from the declaration, at run time. */
type Fields = never

const conditions = new Map<string, ConditionRef>()

/** The input of conditions on a field: `TextFilter`, `RunStatusFilter`, … */
function conditionsOn(field: Field): ConditionRef {
  const [scalar, name, what] =
    field.kind === 'enum'
      ? [enumOf(field.enumName!), field.enumName!, `a value of ${field.enumName}`]
      : KINDS[field.kind]
  const known = conditions.get(name)
  if (known) return known
  const ref = builder.inputRef<Where>(`${name}Filter`)
  conditions.set(name, ref)
  ref.implement({
    description: `Conditions on ${what}; all of them must hold.`,
    fields: (t) => {
      const condition = (operator: string) =>
        t.field({
          type: TAKES_FLAG.has(operator)
            ? 'Boolean'
            : TAKES_LIST.has(operator)
              ? [scalar as 'String']
              : (scalar as 'String'),
          description: IS[operator]!,
        })
      return Object.fromEntries(
        Object.keys(OPERATORS[field.kind]).map((operator) => [operator, condition(operator)]),
      ) as Fields
    },
  })
  return ref
}

const wheres = new Map<string, ConditionRef>()

/** The input of an entity's filter: `RunWhere`, … */
export function whereOf(entity: Entity): ConditionRef {
  const known = wheres.get(entity.name)
  if (known) return known
  const ref = builder.inputRef<Where>(`${entity.name}Where`)
  wheres.set(entity.name, ref)
  ref.implement({
    description: `Which ${entity.name} objects to take; all conditions must hold.`,
    fields: (t) => {
      const fields: InputFieldMap = {
        AND: t.field({ type: [ref], description: 'All of these must hold.' }),
        OR: t.field({ type: [ref], description: 'One of these must hold; none does when the list is empty.' }),
        NOT: t.field({ type: ref, description: 'This must not hold.' }),
      }
      if (canBeMissing(entity))
        fields.isNull = t.boolean({ description: 'As a condition on a relation: whether there is none.' })
      for (const [name, field] of Object.entries(entity.fields)) {
        if (field.filterable) fields[name] = t.field({ type: conditionsOn(field), description: field.description })
      }
      for (const [name, relation] of Object.entries(entity.relations)) {
        const description =
          relation.cardinality === 'some' ? `${relation.description} One of them must meet this.` : relation.description
        fields[name] = t.field({ type: whereOf(relation.entity()), description })
      }
      return fields as Fields
    },
  })
  return ref
}

/** Whether some entity has at most one of these, and may have none. */
function canBeMissing(entity: Entity): boolean {
  const relations = Object.values(entities).flatMap((each) => Object.values(each.relations))
  return relations.some((relation) => relation.optional && relation.entity() === entity)
}
