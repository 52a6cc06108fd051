import { createHash } from 'node:crypto'
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { type GraphQLSchema, parse, validate } from 'graphql'
import { CrossrunError } from '../errors.ts'
import { schema as ownSchema } from '../schema/index.ts'

/** Documents by what clients call them: the SHA-256 of their text, or any other id of the file. */
export type TrustedDocuments = ReadonlyMap<string, string>

/**
 * Reads a JSON object of documents by id, or a folder (and those within) of `.graphql` files, whose ids are the SHA-256
 * of their text.
 * @throws CrossrunError `BAD_TRUSTED_DOCUMENTS` naming the file, or the document that does not fit the schema
 */
export function readTrustedDocuments(path: string, schema: GraphQLSchema = ownSchema): TrustedDocuments {
  const documents = isFolder(path) ? readFolder(path) : readObject(path)
  for (const [id, { text, place }] of documents) {
    const [error] = problemsOf(text, schema)
    if (error) throw bad(`${place}: ${error} (${id})`)
    const isHash = /^[0-9a-f]{64}$/.test(id)
    if (isHash && id !== idOf(text)) throw bad(`${place}: ${id} is not the SHA-256 of its document.`)
  }
  return new Map([...documents].map(([id, { text }]) => [id, text]))
}

/** The SHA-256 of a document's text, as hexadecimal digits. */
export function idOf(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}

type Read = Map<string, { text: string; place: string }>

function readFolder(folder: string): Read {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.graphql'))
    .sort()
  if (names.length === 0) throw bad(`${folder} holds no .graphql file.`)
  return new Map(
    names.map((name) => {
      const place = join(folder, name)
      const text = readFileSync(place, 'utf8')
      return [idOf(text), { text, place }]
    }),
  )
}

function readObject(path: string): Read {
  let value: unknown
  try {
    value = JSON.parse(readFileSync(path, 'utf8'))
  } catch (cause) {
    throw bad(`${path} cannot be read: ${(cause as Error).message}`)
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw bad(`${path} is not a JSON object.`)
  return new Map(
    Object.entries(value).map(([id, text]) => {
      if (typeof text !== 'string') throw bad(`${path}: ${id} is not a text.`)
      return [id, { text, place: path }]
    }),
  )
}

function isFolder(path: string): boolean {
  try {
    return statSync(path).isDirectory()
  } catch {
    throw bad(`${path} is not there.`)
  }
}

function problemsOf(text: string, schema: GraphQLSchema): string[] {
  try {
    return validate(schema, parse(text), undefined, { maxErrors: 1 }).map(({ message }) => message)
  } catch (error) {
    return [(error as Error).message]
  }
}

function bad(message: string): CrossrunError {
  return new CrossrunError('BAD_TRUSTED_DOCUMENTS', message, {
    hint: '`crossrun trusted-documents <folder>` makes the file of a folder of .graphql files.',
  })
}
