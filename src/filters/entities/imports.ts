import {
  bigint,
  dateTime,
  entity,
  integer,
  json,
  long,
  many,
  one,
  oneOf,
  required,
  text,
  textList,
} from '../declaration.ts'

/** Named so because `import` is a word of the language. */
export const importRecord = entity({
  name: 'Import',
  table: 'imports',
  description: 'One invocation of the importer.',
  fields: {
    status: oneOf('ImportStatus', 'How far it is, or how it ended.', required),
    startedAt: dateTime('When it started.', required),
    finishedAt: dateTime('When it ended.'),
    roots: textList('The files and directories it was given.'),
    importerVersion: text('The version of the importer.', required),
    options: json('The options it was given.', { ...required, filterable: false }),
    filesRead: integer('Files that were read.', required),
    filesUnchanged: integer('Files that were skipped because nothing in them had changed.', required),
    filesQuarantined: integer('Files that were set aside.', required),
    bytesRead: bigint('Bytes that were read.', required),
    recordsRead: integer('Records that were read: the sum of inserted, updated, unchanged and quarantined.', required),
    recordsInserted: integer('Records that were new.', required),
    recordsUpdated: integer('Records that were known and differed.', required),
    recordsUnchanged: integer('Records that were known and did not differ.', required),
    recordsQuarantined: integer('Records that were set aside.', required),
    warnings: integer('Remarks on records that were kept.', required),
    error: text('Why it failed.', long),
  },
  relations: {
    files: many(() => importedFile, 'import_id', 'The files whose newest import it is.'),
    rejects: many(() => rejectedRecord, 'import_id', 'What it set aside or remarked on.'),
  },
  order: { startedAt: 'DESC' },
})

export const importedFile = entity({
  name: 'ImportedFile',
  table: 'imported_files',
  description: 'What is known of one path: how its newest import went.',
  fields: {
    path: text('The path.', required),
    format: text('The format it was read as.'),
    status: oneOf('ImportedFileStatus', 'How its import went.', required),
    sha256: text('SHA-256 of its bytes, in hexadecimal.'),
    bytes: bigint('Its size, in bytes.', required),
    importerVersion: text('The version of the importer that read it.', required),
    optionsHash: text('Of the options that change what rows it becomes.', required),
    recordsRead: integer('Records that were read.', required),
    recordsInserted: integer('Records that were new.', required),
    recordsUpdated: integer('Records that were known and differed.', required),
    recordsUnchanged: integer('Records that were known and did not differ.', required),
    recordsQuarantined: integer('Records that were set aside.', required),
    importedAt: dateTime('When it was imported.', required),
  },
  relations: {
    import: one(() => importRecord, 'import_id', 'The import that read it.', { optional: false }),
  },
  order: { path: 'ASC' },
})

export const rejectedRecord = entity({
  name: 'RejectedRecord',
  table: 'rejected_records',
  description: 'A record that was set aside, or kept with a remark.',
  fields: {
    severity: oneOf('RejectSeverity', 'Whether it was set aside or kept.', required),
    file: text('The file it is in.', required),
    line: integer('The line it is in; the first is 1.'),
    byteOffset: bigint('Where it begins in the file, in bytes.'),
    pointer: text('Where in the document it is, as a JSON pointer (RFC 6901).'),
    code: text('What is wrong with it, as a stable word.', required),
    message: text('What is wrong with it, as a sentence.', required),
    snippet: text('The beginning of it.', long),
    rejectedAt: dateTime('When it was found.', required),
  },
  relations: {
    import: one(() => importRecord, 'import_id', 'The import that found it.', { optional: false }),
  },
  order: { rejectedAt: 'DESC' },
})
