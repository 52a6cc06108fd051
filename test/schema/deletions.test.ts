import { beforeAll, describe, expect, it } from 'vitest'
import { encodeGlobalId } from '../../src/filters/global-ids.ts'
import type { Server } from '../../src/server/index.ts'
import { askAs, makeKey } from '../access/asking.ts'
import { testDatabase } from '../database.ts'
import { importFiles } from '../imported.ts'
import { accountsDump } from '../importers/accounts-fixture.ts'
import { completeRun } from '../importers/playbook-fixture.ts'

const database = testDatabase()
/** Lets everybody in without a key, keys or not. */
let server: Server
const data = (query: string, variables: object = {}) => database.data(query, variables, server)
const ask = (query: string, variables: object = {}) => database.ask(query, variables, server)
/** Another mutation. */
const SAVING = 'saveView(name: "v", query: { subject: USAGE, measures: ["calls"] }) { name }'
const counts = 'dryRun rows tables { table rows } storedFiles { files bytes }'
const idOf = async (type: string, table: string, where = 'true') =>
  encodeGlobalId(
    type,
    (
      await database.sql(`select id from ${table} where organization_id = $1 and ${where} limit 1`, [
        database.organizationId,
      ])
    )[0]!.id,
  )
const events = async (action: string) =>
  database.sql(
    'select actor_kind::text as kind, outcome::text, target_id as target, details from audit_events where action = $1',
    [action],
  )

beforeAll(async () => {
  server = database.newServer({ openness: 'always' })
  const files = {
    'run.json': completeRun(),
    'second.json': completeRun({ run_id: 'second' }),
    'accounts.json': accountsDump,
  }
  await importFiles(database, files)
  await importFiles(database, files, 'others')
})

describe('deletions by mutation', () => {
  it('are for administrators only', async () => {
    const id = await idOf('Run', 'runs')
    const fields = [
      `deleteRun(id: "${id}")`,
      `deleteImport(id: "${id}")`,
      'deleteOrganization(slug: "default")',
      `eraseContact(id: "${id}")`,
    ]
    for (const scopes of [['READ'], ['IMPORT', 'READ', 'WRITE']]) {
      const { text } = await makeKey(server, null, scopes)
      for (const field of fields)
        expect((await askAs(server, text, `mutation { ${field} { rows } }`)).code).toBe('FORBIDDEN')
    }
    expect(await database.sql('select from runs')).toHaveLength(4)
  })

  it('delete a run of the organization, say what went, and are written down', async () => {
    const id = await idOf('Run', 'runs', `external_id = 'second'`)
    const mutation = `mutation ($id: ID!, $dryRun: Boolean) { deleteRun(id: $id, dryRun: $dryRun) { ${counts} } }`
    const { deleteRun: foreseen } = await data(mutation, { id, dryRun: true })
    expect(foreseen.tables).toContainEqual({ table: 'runs', rows: 1 })
    expect(await database.sql('select from runs')).toHaveLength(4)
    const { deleteRun: done } = await data(mutation, { id })
    expect(done).toEqual({ ...foreseen, dryRun: false })
    expect(await database.sql(`select from runs where external_id = 'second'`)).toHaveLength(1)
    const [event] = await events('run.deleted')
    expect(event).toMatchObject({
      kind: 'OPEN',
      outcome: 'SUCCEEDED',
      details: { name: 'second', pipeline: 'playbook' },
    })
    expect((await ask(mutation, { id })).errors?.[0]?.extensions.code).toBe('NOT_FOUND')
  })

  it('know nothing of what is not there, or another organization has', async () => {
    const others = (
      await database.sql('select id from runs where organization_id <> $1 limit 1', [database.organizationId])
    )[0]!.id
    const [contact] = await database.sql('select id from contacts where organization_id <> $1 limit 1', [
      database.organizationId,
    ])
    for (const [field, id] of [
      ['deleteRun', encodeGlobalId('Run', others)],
      ['deleteRun', encodeGlobalId('Contact', others)],
      ['deleteRun', 'nonsense'],
      ['deleteImport', encodeGlobalId('Import', others)],
      ['eraseContact', encodeGlobalId('Contact', contact!.id)],
    ]) {
      const { errors } = await ask(`mutation { ${field}(id: "${id}") { rows } }`)
      expect(errors?.[0]?.extensions.code).toBe('NOT_FOUND')
      expect(errors?.[0]?.message).toMatch(/^There is no such (run|import|contact)\.$/)
    }
    const { errors } = await ask('mutation { deleteOrganization(slug: "others") { rows } }')
    expect(errors?.[0]?.extensions.code).toBe('NOT_FOUND')
  })

  it('cannot be asked for together with anything else, since they are not undone with it', async () => {
    const id = await idOf('Run', 'runs')
    const deleting = `deleteRun(id: "${id}") { rows }`
    for (const text of [
      `mutation { ${deleting} ${SAVING} }`,
      `mutation { ${deleting} again: ${deleting} }`,
      `mutation { ...both } fragment both on Mutation { ${deleting} ${SAVING} }`,
      `mutation { ... on Mutation { ${deleting} } ...other } fragment other on Mutation { ... { ${SAVING} } }`,
      `mutation ($yes: Boolean = true) { ${deleting} ... @include(if: $yes) { ${SAVING} } }`,
      `mutation { ${deleting} ...other @skip(if: false) } fragment other on Mutation { ${SAVING} }`,
    ]) {
      const { errors } = await ask(text)
      expect([text, errors?.[0]?.extensions.code]).toEqual([text, 'BAD_USER_INPUT'])
    }
    expect(await database.sql('select from saved_views')).toEqual([])
    expect(await database.sql('select from runs where organization_id = $1', [database.organizationId])).toHaveLength(1)
  })

  it('are alone when nothing else is executed, whatever stands beside them or around them', async () => {
    const id = await idOf('Run', 'runs')
    const foreseeing = `deleteRun(id: "${id}", dryRun: true) { rows }`
    await database.sql('delete from audit_events')
    for (const text of [
      `mutation { ${foreseeing} __typename }`,
      `mutation { ${foreseeing} ${foreseeing.replace('rows', 'dryRun')} }`,
      `mutation { ...one } fragment one on Mutation { ${foreseeing} }`,
      `mutation { ... { ... on Mutation { ${foreseeing} } } }`,
      `mutation { ${SAVING.replace('{ name }', '@skip(if: true) { name }')} ${foreseeing} }`,
      `mutation ($no: Boolean = false) { ... @include(if: $no) { ${SAVING} } ${foreseeing} }`,
      `mutation { ...other @skip(if: true) ${foreseeing} } fragment other on Mutation { ${SAVING} }`,
    ]) {
      const { data, errors } = await ask(text)
      expect([text, errors, data?.deleteRun.rows]).toEqual([text, undefined, expect.any(Number)])
    }
    // What is left out does not lend its name to what was done.
    expect(await database.sql('select distinct action, details from audit_events')).toEqual([
      { action: 'mutation.deleteRun', details: {} },
    ])
    expect((await ask(`mutation { ${SAVING.replace('{ name }', '@skip(if: true) { name }')} }`)).data).toEqual({})
    expect(await database.sql(`select from audit_events where action not like '%deleteRun'`)).toEqual([])
    expect(await database.sql('select from runs where organization_id = $1', [database.organizationId])).toHaveLength(1)
  })

  it('erase a contact, delete an import, and the organization as a whole', async () => {
    const contact = await idOf('Contact', 'contacts', `email is not null`)
    const { eraseContact: foreseen } = await data(
      `mutation { eraseContact(id: "${contact}", dryRun: true) { ${counts} } }`,
    )
    const { eraseContact } = await data(`mutation { eraseContact(id: "${contact}") { ${counts} } }`)
    expect(eraseContact).toEqual({ ...foreseen, dryRun: false })
    expect(eraseContact.tables).toContainEqual({ table: 'contacts', rows: 1 })
    expect(JSON.stringify(await events('contact.erased'))).not.toMatch(/prospect\.example|Ada|Ben/)
    const { deleteImport } = await data(
      `mutation { deleteImport(id: "${await idOf('Import', 'imports')}") { ${counts} } }`,
    )
    expect(deleteImport.tables).toContainEqual({ table: 'imports', rows: 1 })
    const { deleteOrganization: whole } = await data(
      `mutation { deleteOrganization(slug: "default", dryRun: true) { ${counts} } }`,
    )
    expect(await database.sql('select slug from organizations')).toHaveLength(2)
    const { deleteOrganization } = await data(`mutation { deleteOrganization(slug: " Default ") { ${counts} } }`)
    expect(deleteOrganization).toEqual({ ...whole, dryRun: false })
    expect(await database.sql('select slug from organizations')).toEqual([{ slug: 'others' }])
    expect((await events('organization.deleted'))[0]).toMatchObject({ details: { slug: 'default' } })
  })
})
