import type { Plugin } from 'graphql-yoga'
import type { Environment } from '../environment.ts'
import { type Limit, LimitError } from '../errors.ts'
import { refusal } from './refusal.ts'

/** Refuses requests that bring too many operations at once. */
export function useBatchLimit({ CROSSRUN_BATCH_LIMIT }: Environment): Plugin {
  const limit: Limit = { name: 'batch', allowed: CROSSRUN_BATCH_LIMIT, variable: 'CROSSRUN_BATCH_LIMIT' }
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
