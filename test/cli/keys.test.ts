import { userInfo } from 'node:os'
import { describe, expect, it } from 'vitest'
import { organizationIdOf } from '../../src/model/identifiers.ts'
import { askAs } from '../access/asking.ts'
import { testDatabase } from '../database.ts'
import { commandLine, makeOrganizations } from './command-line.ts'

const database = testDatabase()
const crossrun = commandLine(database)
const READ = '{ runs { totalCount } }'

const create = async (...more: string[]) =>
  JSON.parse((await crossrun('keys', 'create', '--name', 'made', '--scopes', 'read', '--json', ...more)).stdout)

describe('crossrun keys create', () => {
  it('prints the key once, alone on its line, with what to do next; the server takes it', async () => {
    const { exitCode, stdout } = await crossrun('keys', 'create', '--name', 'dashboard', '--scopes', 'Write, read')
    const [text, ...rest] = stdout.trim().split('\n')
    expect([exitCode, text]).toEqual([0, expect.stringMatching(/^crossrun_[0-9a-f]{32}_[0-9a-f]{64}$/)])
    expect(rest.join('\n')).toMatch(/not shown again[\s\S]*Next: /)
    expect(rest.join('\n')).not.toContain(text!.split('_')[2])
    const server = database.newServer({ openness: 'never' })
    expect((await askAs(server, text!, READ)).data).toEqual({ runs: { totalCount: 0 } })
    const [row] = await database.sql('select scopes, created_by, expires_at from api_keys')
    expect(row).toEqual({ scopes: ['READ', 'WRITE'], created_by: userInfo().username, expires_at: null })
  })

  it('prints nothing but one JSON object when it is asked to', async () => {
    const { key, text } = await create()
    expect(key).toMatchObject({ name: 'made', scopes: ['READ'], fragment: text.slice(-4), revokedAt: null })
    expect(Object.keys(key).sort()).toEqual(
      ['createdAt', 'createdBy', 'expiresAt', 'fragment', 'id', 'lastUsedAt', 'name', 'revokedAt', 'scopes'].sort(),
    )
  })

  it('makes the organization that is not there yet', async () => {
    await create('--organization', ' Acme ')
    expect(
      await database.sql('select slug, name from organizations where id = $1', [organizationIdOf('acme')]),
    ).toEqual([{ slug: 'acme', name: 'acme' }])
  })

  it('takes an end as a distance or a date', async () => {
    const near = Date.now() + 90 * 86_400_000
    expect(Math.abs(Date.parse((await create('--expires', '90d')).key.expiresAt) - near)).toBeLessThan(600_000)
    expect((await create('--expires', '2099-01-01')).key.expiresAt).toBe('2099-01-01T00:00:00.000Z')
  })

  it.each([
    ['--expires', 'soon'],
    ['--expires', '2020-01-01'],
    ['--scopes', 'read,fly'],
    ['--scopes', ','],
    ['--name', ' '],
  ])('names what is wrong with %s %j, and makes nothing', async (option, value) => {
    const before = await database.sql('select count(*) from api_keys')
    const argv = { '--name': 'x', '--scopes': 'read', [option]: value }
    const { exitCode, stdout, stderr } = await crossrun('keys', 'create', ...Object.entries(argv).flat())
    expect([exitCode, stdout]).toEqual([1, ''])
    expect(stderr).toMatch(new RegExp(`BAD_USER_INPUT: .*${option.slice(2)}`))
    expect(await database.sql('select count(*) from api_keys')).toEqual(before)
  })
})

describe('crossrun keys list', () => {
  it('lists keys of the organization newest first, and nothing that lets anybody in', async () => {
    const { key, text } = await create('--organization', 'lister')
    await create('--organization', 'lister', '--expires', '1d')
    await crossrun('keys', 'revoke', key.id, '--organization', 'lister')
    const { stdout } = await crossrun('keys', '--organization', 'lister')
    const lines = stdout.trim().split('\n')
    expect(lines).toHaveLength(3)
    expect(lines[1]).toMatch(/made .* until \d{4}-/)
    expect(lines[2]).toMatch(new RegExp(`${key.id.slice(0, 8)} .*${key.fragment}.* revoked \\d{4}-.* never `))
    expect(stdout).not.toContain(text.split('_')[2])
    const { keys } = JSON.parse((await crossrun('keys', 'list', '--json', '--organization', 'lister')).stdout)
    expect(keys.map(({ id }: { id: string }) => id)[1]).toBe(key.id)
    expect(JSON.stringify(keys)).not.toMatch(/salt|sha256/i)
    await makeOrganizations(database, 'empty')
    expect((await crossrun('keys', 'list', '--organization', 'empty')).stdout).toMatch(/There are none/)
  })
})

describe('crossrun keys revoke', () => {
  const revoke = (named: string) => crossrun('keys', 'revoke', named, '--organization', 'revoker')

  it('takes an id, its beginning, or the key itself', async () => {
    for (const name of [
      (id: string) => id,
      (id: string) => id.slice(0, 13),
      (id: string) => id.replaceAll('-', ''),
      (_id: string, text: string) => text,
    ]) {
      const { key, text } = await create('--organization', 'revoker')
      const { exitCode, stdout } = await revoke(name(key.id, text))
      expect([exitCode, stdout]).toEqual([0, `Revoked the key 'made' (${key.id}).\n`])
      expect((await askAs(database.newServer(), text, READ)).code).toBe('UNAUTHENTICATED')
    }
  })

  it('says when there is none, when it was revoked, and when several begin so', async () => {
    const { key } = await create('--organization', 'revoker')
    expect((await revoke('00000000')).stderr).toMatch(/^NOT_FOUND: /)
    expect((await revoke('000')).stderr).toMatch(/^BAD_USER_INPUT: /)
    await makeOrganizations(database, 'elsewhere')
    expect((await crossrun('keys', 'revoke', key.id, '--organization', 'elsewhere')).stderr).toMatch(
      /^NOT_FOUND: .*key/,
    )
    expect((await revoke(key.id)).exitCode).toBe(0)
    const again = await revoke(key.id)
    expect([again.exitCode, again.stderr]).toEqual([1, expect.stringMatching(/^CONFLICT: /)])
    const twins = ['abcdef00-0000-4000-8000-000000000001', 'abcdef00-0000-4000-8000-000000000002']
    for (const id of twins)
      await database.sql(
        `insert into api_keys (id, organization_id, name, fragment, salt, secret_sha256, scopes, created_at, created_by)
         values ($1, $2, 'twin', '', '', '', '{READ}', now(), '')`,
        [id, organizationIdOf('revoker')],
      )
    expect((await revoke('abcdef')).stderr).toContain(twins.join(', '))
  })
})
