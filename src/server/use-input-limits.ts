import type { Plugin } from 'graphql-yoga'
import type { Environment } from '../environment.ts'
import { type Limit, LimitError } from '../errors.ts'
import { limitOf } from './limit-of.ts'
import { refusal } from './refusal.ts'
import { knownViewerOf } from './use-viewer.ts'

/** Refuses variables that are nested too deep, hold too many values, or too long a text, before anything reads them. */
export function useInputLimits(environment: Environment): Plugin {
  const depth = limitOf(environment, 'inputDepth', 'CROSSRUN_MAX_INPUT_DEPTH')
  const values = limitOf(environment, 'inputValues', 'CROSSRUN_MAX_INPUT_VALUES')
  const characters = limitOf(environment, 'inputCharacters', 'CROSSRUN_MAX_INPUT_CHARACTERS')
  return {
    onParams({ request, params }) {
      if (!knownViewerOf(request)) return
      // A list of operations may hold what is none.
      const variables = (params as typeof params | null)?.variables
      if (typeof variables !== 'object' || variables === null) return
      let count = 0
      const check = (name: string, value: unknown, level: number): void => {
        count += 1
        if (count > values.allowed) throw tooMuch(`hold more than ${values.allowed} values`, values)
        if (typeof value === 'string' && value.length > characters.allowed) {
          const message = `$${name} holds a text of more than ${characters.allowed} characters.`
          throw refusal(new LimitError(message, characters, value.length), 400)
        }
        if (typeof value !== 'object' || value === null) return
        if (level >= depth.allowed) throw tooMuch(`are nested more than ${depth.allowed} levels deep`, depth)
        if (Array.isArray(value)) for (const part of value) check(name, part, level + 1)
        // One after the other: a list of all of them would be long before it is found too long.
        else for (const key in value) check(name, (value as Record<string, unknown>)[key], level + 1)
      }
      for (const name in variables) check(name, (variables as Record<string, unknown>)[name], 0)
    },
  }
}

function tooMuch(what: string, limit: Limit) {
  return refusal(new LimitError(`The variables ${what}.`, limit, `more than ${limit.allowed}`), 400)
}
