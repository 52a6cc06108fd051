import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, inject } from 'vitest'
import { migrate } from '../../../src/store/migrator.ts'
import { rows } from '../scratch-server.ts'

/**
 * A database that belongs to a role without any rights, as a hosted one does; gone after the tests.
 * @param isMigrated false leaves it empty
 */
export function hostedDatabase({ isMigrated = true } = {}): { url: string } {
  const database = { url: '' }
  const name = `hosted_${randomUUID().replaceAll('-', '')}`

  beforeAll(async () => {
    const server = inject('server')
    await rows(
      server,
      `create role ${name} login password '${name}'; grant crossrun_app, crossrun_analytics to ${name}; grant ${name} to current_user`,
    )
    await rows(server, `create database ${name} owner ${name}`)
    const url = new URL(server)
    url.pathname = url.username = url.password = name
    database.url = url.href
    if (isMigrated) await migrate(database.url)
  })

  afterAll(async () => {
    await rows(inject('server'), `drop database ${name} with (force)`)
    await rows(inject('server'), `drop role ${name}`)
  })

  return database
}
