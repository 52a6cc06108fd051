import type { GraphQLResolveInfo } from 'graphql'
import { record } from '../access/audit.ts'
import { BadInputError, CrossrunError } from '../errors.ts'
import { decodeGlobalId } from '../filters/global-ids.ts'
import { deleteImport as removeImport } from '../importers/deletion/delete-import.ts'
import { deleteOrganization as removeOrganization } from '../importers/deletion/delete-organization.ts'
import { type DeletionOptions, deleteRun as removeRun } from '../importers/deletion/delete-run.ts'
import { eraseContact as eraseWhole } from '../importers/deletion/erase-contact.ts'
import type { DeletionReport } from '../importers/deletion/report.ts'
import { organizationIdOf } from '../model/identifiers.ts'
import type { TenantSession } from '../store/tenant-session.ts'
import { builder } from './builder.ts'
import type { Context } from './context.ts'
import { executedFields } from './executed-fields.ts'

/** How long a request waits for a gap between the transactions of imports, in milliseconds. */
const PATIENCE_MS = 15_000

const DeletedRows = builder.objectRef<DeletionReport['tables'][number]>('DeletedRows').implement({
  description: 'Rows of one table that were deleted or cleared.',
  fields: (t) => ({
    table: t.exposeString('table', { description: 'The name of the table.' }),
    rows: t.expose('rows', { type: 'SafeInt', description: 'How many rows.' }),
  }),
})

const DeletedFiles = builder.objectRef<DeletionReport['storedFiles']>('DeletedFiles').implement({
  description: 'Stored files whose bytes are gone.',
  fields: (t) => ({
    files: t.exposeInt('files', { description: 'How many files.' }),
    bytes: t.field({
      type: 'SafeInt',
      description: 'What was stored of them, in bytes.',
      resolve: ({ bytes }) => bytes,
    }),
  }),
})

const Deletion = builder.objectRef<DeletionReport>('Deletion').implement({
  description: 'What was deleted, or would be.',
  fields: (t) => ({
    dryRun: t.exposeBoolean('dryRun', { description: 'Whether nothing was changed.' }),
    rows: t.expose('rows', { type: 'SafeInt', description: 'How many rows, of all tables.' }),
    tables: t.expose('tables', {
      type: [DeletedRows],
      description: 'The rows by table; tables with none are left out.',
    }),
    storedFiles: t.expose('storedFiles', { type: DeletedFiles, description: 'The stored files that are gone.' }),
  }),
})

/** For administrators, whatever else a key may do. */
const forAdmins = { skipTypeScopes: true, authScopes: { admin: true } } as const
const ALONE = 'It is done at once and cannot be undone: a mutation that asks for it asks for nothing else.'
const dryRunArgument = 'Says what would be deleted, and changes nothing.'

builder.mutationFields((t) => ({
  deleteRun: t.field({
    type: Deletion,
    ...forAdmins,
    description: `Deletes a run with all that hangs on it; importing its files again brings it back. ${ALONE}`,
    args: {
      id: t.arg.id({ required: true, description: "The run's id." }),
      dryRun: t.arg.boolean({ required: true, defaultValue: false, description: dryRunArgument }),
    },
    resolve: (_root, { id, dryRun }, context, info) =>
      alone(context, info, (session, options) => removeRun(session, idOf(id, 'Run'), { ...options, dryRun })),
  }),
  deleteImport: t.field({
    type: Deletion,
    ...forAdmins,
    description: `Deletes what only this import brought in, and its files from the ledger. ${ALONE}`,
    args: {
      id: t.arg.id({ required: true, description: "The import's id." }),
      dryRun: t.arg.boolean({ required: true, defaultValue: false, description: dryRunArgument }),
    },
    resolve: (_root, { id, dryRun }, context, info) =>
      alone(context, info, (session, options) => removeImport(session, idOf(id, 'Import'), { ...options, dryRun })),
  }),
  deleteOrganization: t.field({
    type: Deletion,
    ...forAdmins,
    description: `Deletes the organization: its keys, and the rows of every table but its audit events. ${ALONE}`,
    args: {
      slug: t.arg.string({
        required: true,
        description: 'Its slug, to say that it is meant; no other can be deleted.',
      }),
      dryRun: t.arg.boolean({ required: true, defaultValue: false, description: dryRunArgument }),
    },
    resolve: (_root, { slug, dryRun }, context, info) => {
      if (organizationIdOf(slug) !== context.viewer.organizationId) throw notFound('Organization')
      return alone(context, info, (session, options) => removeOrganization(session, { ...options, dryRun }))
    },
  }),
  eraseContact: t.field({
    type: Deletion,
    ...forAdmins,
    description: `Erases a person's data: the contact stays, and nothing tells who it is, in rows, texts or stored files; no later import brings it back. ${ALONE}`,
    args: {
      id: t.arg.id({ required: true, description: "The contact's id." }),
      dryRun: t.arg.boolean({
        required: true,
        defaultValue: false,
        description: 'Says what would be erased, and changes nothing.',
      }),
    },
    resolve: (_root, { id, dryRun }, context, info) =>
      alone(context, info, (session, options) =>
        eraseWhole(session, { id: idOf(id, 'Contact') }, { ...options, dryRun }),
      ),
  }),
}))

/**
 * Runs a deletion on a connection of its own: it waits for imports, and must see what they wrote. So it cannot be undone
 * with the rest of a mutation, and there must be no rest.
 */
async function alone(
  { viewer, requestId, openSession }: Context,
  info: GraphQLResolveInfo,
  work: (session: TenantSession, options: DeletionOptions) => Promise<DeletionReport>,
): Promise<DeletionReport> {
  const { operation, variableValues: variables } = info
  if (executedFields({ operation, fragments: new Map(Object.entries(info.fragments)), variables }).length !== 1)
    throw new BadInputError(`${info.fieldName} cannot be undone with the rest of a mutation.`, {
      hint: 'Ask for it alone.',
    })
  const session = await openSession()
  try {
    return await work(session, {
      organizationId: viewer.organizationId,
      dryRun: false,
      patienceMs: PATIENCE_MS,
      note: (send, event) => record(send, { ...event, actor: viewer.actor, requestId, outcome: 'SUCCEEDED' }),
    })
  } finally {
    await session.close()
  }
}

/** @throws CrossrunError `NOT_FOUND` when it is no id, or that of something else */
function idOf(globalId: string, typeName: 'Contact' | 'Import' | 'Run'): string {
  const decoded = decodeGlobalId(globalId)
  if (decoded?.typeName !== typeName) throw notFound(typeName)
  return decoded.id
}

function notFound(typeName: string): CrossrunError {
  return new CrossrunError('NOT_FOUND', `There is no such ${typeName.toLowerCase()}.`)
}
