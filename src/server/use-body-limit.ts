import type { GraphQLError } from 'graphql'
import type { Plugin } from 'graphql-yoga'
import type { Environment } from '../environment.ts'
import { LimitError } from '../errors.ts'
import { limitOf } from './limit-of.ts'
import { refusal } from './refusal.ts'

/** What Yoga calls it; it counts what arrives, whatever Content-Length says, given `maxRequestBodySize`. */
const YOGAS_CODE = 'REQUEST_ENTITY_TOO_LARGE'

/** Gives Yoga's refusal of large bodies the code that limits have. */
export function useBodyLimit(environment: Environment): Plugin {
  const limit = limitOf(environment, 'bodyBytes', 'CROSSRUN_MAX_BODY_BYTES')
  return {
    onResultProcess({ result, setResult }) {
      if (!('errors' in result) || !(result.errors as GraphQLError[] | undefined)?.some(isTooLarge)) return
      const error = new LimitError(
        `The request has more than ${limit.allowed} bytes.`,
        limit,
        `more than ${limit.allowed}`,
      )
      // What is still on its way is not waited for.
      setResult({ errors: [refusal(error, 413, { connection: 'close' })] })
    },
  }
}

function isTooLarge({ extensions }: GraphQLError): boolean {
  return extensions?.code === YOGAS_CODE
}
