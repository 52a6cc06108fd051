import { writeFileSync } from 'node:fs'
import { defineCommand } from 'citty'
import { readTrustedDocuments } from '../server/index.ts'
import type { CommandContext } from './context.ts'

export function createTrustedDocumentsCommand(context: CommandContext) {
  return defineCommand({
    meta: {
      name: 'trusted-documents',
      description:
        'Make the file of documents that clients may ask for by id (CROSSRUN_TRUSTED_DOCUMENTS), from a folder of .graphql files. Example: crossrun trusted-documents queries --out trusted.json',
    },
    args: {
      folder: {
        type: 'positional',
        required: true,
        description: 'Folder of .graphql files, or such a file, which is then checked.',
      },
      out: { type: 'string', description: 'File to write; the standard output unless given.', valueHint: 'file' },
      json: { type: 'boolean', description: 'Print one JSON object; it always is one.' },
    },
    run({ args }) {
      const documents = readTrustedDocuments(args.folder)
      const text = JSON.stringify(Object.fromEntries(documents), null, 2)
      if (args.out === undefined) return context.stdout(text)
      writeFileSync(args.out, `${text}\n`)
      context.stdout(`${documents.size} documents written to ${args.out}.`)
    },
  })
}
