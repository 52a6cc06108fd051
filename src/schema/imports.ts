import { entities } from '../filters/entities/index.ts'
import { builder } from './builder.ts'
import { columnsOf, described, nodeOf } from './columns.ts'
import { connectionOf } from './connection.ts'
import { enumOf } from './enums.ts'
import { listArguments, MOST_AT_TOP, MOST_NESTED } from './list-arguments.ts'
import { addList, nestedListField } from './list-fields.ts'
import { nestedList, topList } from './lists.ts'
import { addLookup } from './lookups.ts'

const { importRecord, importedFile, rejectedRecord } = entities

const ImportFiles = builder
  .objectRef<{ read: number; unchanged: number; quarantined: number }>('ImportFiles')
  .implement({
    description: 'What became of the files of an import.',
    fields: (t) => ({
      read: t.exposeInt('read', { description: 'Files that were read.' }),
      unchanged: t.exposeInt('unchanged', {
        description: 'Files that were skipped because nothing in them had changed.',
      }),
      quarantined: t.exposeInt('quarantined', { description: 'Files that were set aside.' }),
    }),
  })

type Records = { read: number; inserted: number; updated: number; unchanged: number; quarantined: number }

const ImportRecords = builder.objectRef<Records>('ImportRecords').implement({
  description: 'What became of the records of an import or of a file.',
  fields: (t) => ({
    read: t.exposeInt('read', { description: 'Records that were read: the sum of the others.' }),
    inserted: t.exposeInt('inserted', { description: 'Records that were new.' }),
    updated: t.exposeInt('updated', { description: 'Records that were known and differed.' }),
    unchanged: t.exposeInt('unchanged', { description: 'Records that were known and did not differ.' }),
    quarantined: t.exposeInt('quarantined', { description: 'Records that were set aside.' }),
  }),
})

const RECORD_COLUMNS = {
  recordsRead: true,
  recordsInserted: true,
  recordsUpdated: true,
  recordsUnchanged: true,
  recordsQuarantined: true,
} as const

function recordsOf(row: Record<keyof typeof RECORD_COLUMNS, number>): Records {
  return {
    read: row.recordsRead,
    inserted: row.recordsInserted,
    updated: row.recordsUpdated,
    unchanged: row.recordsUnchanged,
    quarantined: row.recordsQuarantined,
  }
}

/** Records that were kept with a remark are listed only when they are asked for. */
const severities = builder.args((t) => ({
  severity: t.field({
    type: [enumOf('RejectSeverity')],
    defaultValue: ['REJECT'],
    description: 'What became of the records: those set aside unless given.',
  }),
}))

const ofSeverity = (severity: readonly string[] | null | undefined) =>
  severity ? { severity: { in: severity } } : undefined

export const Import = builder.prismaNode('Import', {
  ...nodeOf(importRecord),
  fields: (t) => ({
    ...columnsOf(t, importRecord, ['filesRead', 'filesUnchanged', 'filesQuarantined', ...Object.keys(RECORD_COLUMNS)]),
    files: t.field({
      type: ImportFiles,
      description: 'What became of its files.',
      select: { filesRead: true, filesUnchanged: true, filesQuarantined: true },
      resolve: (row) => ({ read: row.filesRead, unchanged: row.filesUnchanged, quarantined: row.filesQuarantined }),
    }),
    records: t.field({
      type: ImportRecords,
      description: 'What became of its records.',
      select: RECORD_COLUMNS,
      resolve: recordsOf,
    }),
    importedFiles: nestedListField(
      t,
      importedFile,
      ImportedFile,
      ['import_id'],
      'The files whose newest import it is.',
    ),
    rejects: t.field({
      type: connectionOf('RejectedRecord', RejectedRecord as never),
      args: { ...severities, ...listArguments(rejectedRecord, MOST_NESTED) },
      description: 'Records that it set aside or remarked on.',
      select: { id: true },
      resolve: (parent, { severity, ...args }, context, info) =>
        nestedList(rejectedRecord, { columns: ['import_id'] }, parent.id, args, context, info, {
          only: ofSeverity(severity),
        }),
    }),
  }),
})

export const ImportedFile = builder.prismaNode('ImportedFile', {
  ...nodeOf(importedFile),
  fields: (t) => ({
    ...columnsOf(t, importedFile, Object.keys(RECORD_COLUMNS)),
    records: t.field({
      type: ImportRecords,
      description: 'What became of its records.',
      select: RECORD_COLUMNS,
      resolve: recordsOf,
    }),
    import: t.relation('import', described(importedFile, 'import')),
  }),
})

export const RejectedRecord = builder.prismaNode('RejectedRecord', {
  ...nodeOf(rejectedRecord),
  fields: (t) => ({
    ...columnsOf(t, rejectedRecord),
    import: t.relation('import', described(rejectedRecord, 'import')),
  }),
})

addList('imports', importRecord, Import, 'All invocations of the importer.')
addList('importedFiles', importedFile, ImportedFile, 'What is known of every path that was imported.')

builder.queryField('rejectedRecords', (t) =>
  t.field({
    type: connectionOf('RejectedRecord', RejectedRecord as never),
    args: { ...severities, ...listArguments(rejectedRecord, MOST_AT_TOP) },
    description: 'Records that could not be read, with what is wrong with them.',
    resolve: (_root, { severity, ...args }, context, info) =>
      topList(rejectedRecord, args, context, info, { only: ofSeverity(severity) }),
  }),
)

addLookup('import', {
  entity: importRecord,
  node: Import,
  description: 'One invocation of the importer.',
  keys: {},
})
