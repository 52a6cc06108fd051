import { getNamedType, isInputObjectType, isObjectType } from 'graphql'
import type { Asker } from './asking.ts'
import { type Asked, argument, isEntityList, listedBy, rootFields } from './documents.ts'

const MOST = 8

type Lookup = { field: string; by: string; value: string }

/** Every way to look something up, with some values that somebody finds in the lists of the same things. */
export async function everyLookup(asker: Asker): Promise<Lookup[]> {
  const found: Lookup[] = []
  for (const field of rootFields.filter(({ args }) => args.some(({ name }) => name === 'by'))) {
    const type = getNamedType(field.type)
    const by = getNamedType(argument(field, 'by').type)
    const list = rootFields.find((each) => isEntityList(each) && listedBy(each.type) === type)
    if (!isObjectType(type) || !isInputObjectType(by) || !list) throw new Error(`No list has what ${field.name} gives.`)
    const names = Object.keys(by.getFields()).filter((name) => type.getFields()[name]?.args.length === 0)
    const keys = names.filter((name) => !isObjectType(getNamedType(type.getFields()[name]!.type)))
    const answer = await asker.ask({
      name: field.name,
      query: `{ ${list.name}(first: 200) { nodes { ${keys.join(' ')} } } }`,
    })
    const nodes: Record<string, string | null>[] = JSON.parse(answer).data[list.name].nodes
    for (const key of keys) {
      const texts = [...new Set(nodes.flatMap((node) => node[key] ?? []))]
      found.push(...texts.slice(0, MOST).map((value) => ({ field: field.name, by: key, value })))
    }
  }
  return found
}

export function documentOf({ field, by, value }: Lookup): Asked {
  return {
    name: `${field} by ${by} ${value}`,
    query: `{ ${field}(by: { ${by}: ${JSON.stringify(value)} }) { __typename id } }`,
  }
}
