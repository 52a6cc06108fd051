import type { Environment } from '../environment.ts'
import { BadInputError, DatabaseError } from '../errors.ts'

/**
 * The environment with the port that the command line wants the embedded PostgreSQL shown on.
 * @throws BadInputError when it is no port
 * @throws DatabaseError `DATABASE_NOT_EMBEDDED` when there is one and DATABASE_URL names a server
 */
export function withSqlPort(environment: Environment, wanted: string | undefined): Environment {
  const port = wanted === undefined ? environment.CROSSRUN_SQL_PORT : Number(wanted)
  if (port === undefined) return environment
  if (!Number.isInteger(port) || port < 1 || port > 65535)
    throw new BadInputError(`--sql-port: expected a number from 1 to 65535, found '${wanted}'.`)
  if (environment.DATABASE_URL !== undefined)
    throw new DatabaseError(
      'DATABASE_NOT_EMBEDDED',
      'DATABASE_URL is set, so there is no embedded PostgreSQL to show on a port.',
      {
        hint: 'That server has an address of its own, which BI tools can use: leave --sql-port and CROSSRUN_SQL_PORT away.',
      },
    )
  return { ...environment, CROSSRUN_SQL_PORT: port }
}
