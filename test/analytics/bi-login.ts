import { randomBytes } from 'node:crypto'
import pg from 'pg'
import { grantLogin } from '../../src/access/bi-logins.ts'
import { organizationIdOf } from '../../src/model/identifiers.ts'

/** A client that reads as a BI tool of the organization does, and the login's name. */
export async function biLogin(url: string, organization = 'default'): Promise<{ bi: pg.Client; login: string }> {
  const owner = new pg.Client({ connectionString: url })
  await owner.connect()
  const login = `bi_${randomBytes(6).toString('hex')}`
  const password = await grantLogin(owner, login, organizationIdOf(organization), 'test')
  await owner.end()
  const address = new URL(url)
  address.username = login
  address.password = password
  const bi = new pg.Client({ connectionString: address.href })
  // A connection that is ended from outside reports it here, and not as an unhandled event.
  bi.on('error', () => undefined)
  await bi.connect()
  return { bi, login }
}
