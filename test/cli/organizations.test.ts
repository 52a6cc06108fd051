import { describe, expect, it } from 'vitest'
import { organizationIdOf } from '../../src/model/identifiers.ts'
import { testDatabase } from '../database.ts'
import { commandLine, makeOrganizations } from './command-line.ts'

const QUERY = '{"subject":"RUNS","measures":["runs"]}'

/** Command lines that change settings of the organization that they are given. */
const CHANGES = [
  ['prices', 'set', 'm', '--input', '1', '--output', '1'],
  ['views', 'save', 'v', '--query', QUERY],
  ['synonyms', 'set', 'churn', 'attrition'],
  ['synonyms', 'remove', 'roi'],
  ['scoring-configs', 'set', 's', '--go', '90'],
  ['retention', 'set', '*', '--keep-whole', '5'],
]

describe('an organization that nobody made', () => {
  const database = testDatabase()
  const crossrun = commandLine(database)

  it.each(
    [
      ...CHANGES,
      ['runs', 'list'],
      ['runs', 'show', 'x'],
      ['artifacts', 'list', 'x'],
      ['resume-plan', 'x'],
      ['replay', 'x', '--from-phase', '2', '--out', 'x'],
      ['compare', 'x', 'y'],
      ['results', 'list'],
      ['results', 'export', '--run', 'x'],
      ['export', 'runs'],
      ['export', '--metrics', QUERY],
      ['check'],
      ['rejects'],
      ['imports'],
      ['rollups', 'check'],
      ['rollups', 'rebuild'],
      ['reprice'],
      ['reimport'],
      ['audit'],
      ['keys', 'list'],
      ['keys', 'revoke', 'x'],
      ['bi', 'list'],
      ['bi', 'revoke', 'x'],
      ['prices', 'list'],
      ['prices', 'remove', 'm'],
      ['views', 'list'],
      ['views', 'run', 'v'],
      ['synonyms', 'list'],
      ['scoring-configs', 'list'],
      ['retention'],
      ['retention', 'rules'],
      ['retention', 'status'],
      ['delete', 'run', 'x', '--yes'],
      ['delete', 'import', '5f0c0000-0000-4000-8000-000000000000', '--yes'],
      ['erase', 'contact', 'x', '--yes'],
    ].map((argv) => [argv.slice(0, 2).join(' '), argv] as const),
  )('is not there for %s', async (_name, argv) => {
    const { exitCode, stdout, stderr } = await crossrun(...argv, '--organization', 'typo')
    expect([exitCode, stdout]).toEqual([1, ''])
    expect(stderr).toMatch(/^NOT_FOUND: There is no organization 'typo'\./)
    expect(stderr).toContain('`crossrun import … --organization typo` makes it.')
  })

  it('is still not there after all of these, and neither are rows of it', async () => {
    expect(await database.sql('select slug from organizations')).toEqual([])
    expect(await database.sql('select 1 from audit_events')).toEqual([])
  })

  it('is told from those that are there, of which some are named', async () => {
    await makeOrganizations(database, 'b', 'a', 'c', 'd', 'e')
    const hint = async (slug: string) => (await crossrun('runs', 'list', '--organization', slug)).stderr.split('\n')[1]
    expect(await hint('')).toBe("There is 'a', 'b', 'c', 'd', 'e'.")
    await makeOrganizations(database, 'f')
    expect(await hint('g')).toMatch(/^There is 'a', 'b', 'c', 'd', 'e' and more\. `crossrun import/)
    expect((await crossrun('runs', 'list', '--organization', ' F ')).exitCode).toBe(0)
  })

  it('is not deleted, unless something is left of it', async () => {
    expect((await crossrun('delete', 'organization', 'typo', '--yes')).stderr).toMatch(
      /^NOT_FOUND: There is no organization 'typo'\./,
    )
    await database.sql(
      `insert into model_prices (id, organization_id, pattern, input_usd_per_million, output_usd_per_million)
       values (gen_random_uuid(), $1, 'm', 1, 1)`,
      [organizationIdOf('typo')],
    )
    expect((await crossrun('delete', 'organization', 'typo', '--yes')).exitCode).toBe(0)
    expect(await database.sql('select 1 from model_prices')).toEqual([])
  })
})

describe('the default organization', () => {
  const database = testDatabase()
  const crossrun = commandLine(database)

  it('has nothing before the first import', async () => {
    for (const argv of [['runs', 'list'], ['export', 'runs'], ['check'], ['reprice'], ['prices'], ['audit']])
      expect([argv, (await crossrun(...argv)).exitCode]).toEqual([argv, 0])
    expect(await database.sql('select slug from organizations')).toEqual([])
  })

  it.each(CHANGES.map((argv) => [argv.slice(0, 2).join(' '), argv] as const))(
    'is made by %s, so that deleting it leaves nothing',
    async (_name, argv) => {
      await database.sql('delete from organizations')
      expect((await crossrun(...argv)).exitCode).toBe(0)
      expect(await database.sql('select slug from organizations')).toEqual([{ slug: 'default' }])
      expect((await crossrun('delete', 'organization', 'default', '--yes')).exitCode).toBe(0)
      expect((await crossrun('prices')).stdout).toContain('No own prices')
      expect((await crossrun('delete', 'organization', 'default', '--yes')).stderr).toMatch(/^NOT_FOUND: /)
    },
  )

  it('is made by serving it', async () => {
    const serving = commandLine(database, { isInterrupted: true })
    expect((await serving('serve', '--port', '0')).exitCode).toBe(0)
    expect((await serving('serve', '--port', '0', '--organization', 'New.one')).exitCode).toBe(0)
    const slugs = await database.sql('select slug from organizations order by 1')
    expect(slugs).toEqual([{ slug: 'default' }, { slug: 'new.one' }])
  })
})

describe('the slug of an organization that is made', () => {
  const database = testDatabase()
  const crossrun = commandLine(database, { isInterrupted: true })
  const made = async () => (await database.sql('select slug from organizations order by 1')).map(({ slug }) => slug)

  const making = (slug: string) => [
    ['import', 'package.json', '--organization', slug],
    ['import', 'package.json', '--dry-run', '--organization', slug],
    ['keys', 'create', '--name', 'k', '--scopes', 'read', '--organization', slug],
    ['bi', 'grant', '--read-only-user', 'slug_bi', '--organization', slug],
    ['serve', '--port', '0', '--organization', slug],
    ['start', '--port', '0', '--organization', slug],
  ]

  it.each([['a b'], ['UPPER CASE!'], ['ünlaut'], ['a/b'], [''], ['x'.repeat(64)], ["a'b"]])(
    'may not be %j',
    async (slug) => {
      for (const argv of making(slug)) {
        const { exitCode, stderr } = await crossrun(...argv)
        expect([argv, exitCode, stderr]).toEqual([argv, 1, expect.stringMatching(/^BAD_USER_INPUT: --organization: /m)])
      }
      expect(await made()).toEqual([])
    },
  )

  it('has letters, digits and three signs, and is kept in small letters', async () => {
    const slugs = ['Acme', 'a.b-c_9', 'x'.repeat(63)]
    for (const slug of slugs)
      expect((await crossrun('keys', 'create', '--name', 'k', '--scopes', 'read', '--organization', slug)).stderr).toBe(
        '',
      )
    expect(await made()).toEqual(['a.b-c_9', 'acme', 'x'.repeat(63)])
  })

  it('stays what it is where it was made before', async () => {
    await makeOrganizations(database, 'old one')
    const { exitCode } = await crossrun(
      'keys',
      'create',
      '--name',
      'k',
      '--scopes',
      'read',
      '--organization',
      'Old one',
    )
    expect(exitCode).toBe(0)
    expect((await crossrun('keys', 'list', '--organization', 'old one')).exitCode).toBe(0)
  })
})
