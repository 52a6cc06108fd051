import type { Logger } from 'pino'
import type { Environment } from '../environment.ts'
import { Replicas } from '../store/replicas.ts'

/**
 * The replicas that the environment names, with a line in the log when one begins or ceases to serve. What is wrong with
 * one stops nothing: the primary answers.
 * @param url of the primary
 */
export function openReplicas(url: string, environment: Environment, logger: Logger): Replicas {
  return new Replicas({
    url,
    environment,
    onChange({ replica, state, why }) {
      if (state === 'serving') logger.info({ replica }, 'a replica serves')
      else logger.warn({ replica, state, why }, 'a replica does not serve')
    },
  })
}
