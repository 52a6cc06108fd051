import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type FragmentDefinitionNode, getOperationAST, Kind, parse, type SelectionSetNode } from 'graphql'

/** A question document: a file `<name>.graphql` with one operation. */
export type QuestionDocument = { name: string; text: string; levels: number }

/** A document may cost this many SQL statements more than it has levels, whatever the number of objects. */
export const STATEMENTS_BEYOND_LEVELS = 3

/** The question documents of a folder, by name. */
export function readDocuments(folder: string): QuestionDocument[] {
  return readdirSync(folder)
    .filter((file) => file.endsWith('.graphql'))
    .sort()
    .map((file) => {
      const text = readFileSync(join(folder, file), 'utf8')
      return { name: file.replace(/\.graphql$/, ''), text, levels: levelsOf(text) }
    })
}

/** How deep a document's deepest field is: `{ runs { nodes { status } } }` has 3 levels. */
export function levelsOf(text: string): number {
  const document = parse(text)
  const fragments = new Map(
    document.definitions
      .filter((definition): definition is FragmentDefinitionNode => definition.kind === Kind.FRAGMENT_DEFINITION)
      .map((fragment) => [fragment.name.value, fragment]),
  )
  const depthOf = ({ selections }: SelectionSetNode): number =>
    Math.max(
      ...selections.map((selection) => {
        if (selection.kind === Kind.FIELD) return 1 + (selection.selectionSet ? depthOf(selection.selectionSet) : 0)
        const { selectionSet } =
          selection.kind === Kind.INLINE_FRAGMENT ? selection : fragments.get(selection.name.value)!
        return depthOf(selectionSet)
      }),
    )
  return depthOf(getOperationAST(document, null)!.selectionSet)
}

/**
 * The value at a path such as `run.phases.length` or `runs.edges.0.node.status`; undefined when there is none.
 * @param answer the data of an answer
 */
export function valueAt(answer: unknown, path: string): unknown {
  return path.split('.').reduce<unknown>((value, step) => (value as Record<string, unknown> | null)?.[step], answer)
}
