import type { Plugin } from 'graphql-yoga'
import type { Environment } from '../environment.ts'
import { LimitError } from '../errors.ts'
import { limitOf } from './limit-of.ts'
import { refusal } from './refusal.ts'

/** Refuses requests that bring too many operations at once. */
export function useBatchLimit(environment: Environment): Plugin {
  const limit = limitOf(environment, 'batch', 'CROSSRUN_BATCH_LIMIT')
  return {
    onRequestParse: () => ({
      onRequestParseDone({ requestParserResult: operations }) {
        if (!Array.isArray(operations) || (operations.length <= limit.allowed && limit.allowed > 0)) return
        const message =
          limit.allowed === 0
            ? 'This server takes one operation a request.'
            : `The request has more than ${limit.allowed} operations.`
        throw refusal(new LimitError(message, limit, operations.length), 413)
      },
    }),
  }
}
