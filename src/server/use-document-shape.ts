import type { Plugin } from 'graphql-yoga'
import type { Environment } from '../environment.ts'
import { CrossrunError, type Limit, LimitError } from '../errors.ts'
import { FragmentCycleError, type Shape, shapeOf } from './document-shape.ts'
import { limitOf } from './limit-of.ts'
import { refusal, useParserCheck } from './refusal.ts'
import { repeatsOf } from './repeated-fields.ts'

type Measure = keyof Shape | 'repeats'

const VARIABLES = {
  operations: 'CROSSRUN_MAX_OPERATIONS',
  fragments: 'CROSSRUN_MAX_FRAGMENTS',
  depth: 'CROSSRUN_MAX_DEPTH',
  breadth: 'CROSSRUN_MAX_BREADTH',
  fields: 'CROSSRUN_MAX_FIELDS',
  aliases: 'CROSSRUN_MAX_ALIASES',
  directives: 'CROSSRUN_MAX_DIRECTIVES',
  rootFields: 'CROSSRUN_MAX_ROOT_FIELDS',
  inputDepth: 'CROSSRUN_MAX_INPUT_DEPTH',
  repeats: 'CROSSRUN_MAX_REPEATS',
} as const satisfies Record<Measure, keyof Environment>

const TOO_MUCH: Record<Measure, (allowed: number) => string> = {
  operations: (allowed) => `The document has more than ${allowed} operations.`,
  fragments: (allowed) => `The document has more than ${allowed} fragments.`,
  depth: (allowed) => `Fields are nested more than ${allowed} levels deep.`,
  breadth: (allowed) => `A selection has more than ${allowed} fields.`,
  fields: (allowed) => `The document asks for more than ${allowed} fields.`,
  aliases: (allowed) => `The document has more than ${allowed} aliases.`,
  directives: (allowed) => `The document has more than ${allowed} directives.`,
  rootFields: (allowed) => `An operation asks for more than ${allowed} fields at the top.`,
  inputDepth: (allowed) => `An argument is nested more than ${allowed} levels deep.`,
  repeats: (allowed) => `More than ${allowed} pairs of fields have the same name in the answer.`,
}

/** Refuses documents that are too large in whatever direction, before they are validated: validation takes longer than counting. */
export function useDocumentShape(environment: Environment): Plugin {
  const limits = Object.fromEntries(
    Object.entries(VARIABLES).map(([name, variable]) => [name, limitOf(environment, name, variable)]),
  ) as Record<Measure, Limit>
  return useParserCheck({
    document(document) {
      const shape = measured(() => shapeOf(document))
      for (const [name, found] of Object.entries(shape) as [keyof Shape, number][]) check(limits[name], found)
      check(limits.repeats, repeatsOf(document, limits.repeats.allowed))
    },
  })
}

function check(limit: Limit, found: number): void {
  if (found <= limit.allowed) return
  const message = TOO_MUCH[limit.name as Measure](limit.allowed)
  // What fragments multiply to may be more than a number can hold.
  const shown = Number.isSafeInteger(found) && limit.name !== 'repeats' ? found : `more than ${limit.allowed}`
  throw refusal(new LimitError(message, limit, shown), 400)
}

/** @throws Refusal for a fragment cycle, with the code that validation would give it */
function measured<T>(measure: () => T): T {
  try {
    return measure()
  } catch (error) {
    if (!(error instanceof FragmentCycleError)) throw error
    const hint = `Take the spread of ${error.fragment} out of it, or out of what it spreads.`
    throw refusal(new CrossrunError('GRAPHQL_VALIDATION_FAILED', error.message, { hint }), 400)
  }
}
