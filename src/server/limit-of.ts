import type { Environment } from '../environment.ts'
import type { Limit } from '../errors.ts'

type NumberVariable = {
  [Name in keyof Environment]: Environment[Name] extends number ? Name : never
}[keyof Environment] &
  string

/** A limit as the environment sets it. */
export function limitOf(environment: Environment, name: string, variable: NumberVariable): Limit {
  return { name, allowed: environment[variable], variable }
}
