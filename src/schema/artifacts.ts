import { entities } from '../filters/entities/index.ts'
import { parseDocument, partOf, readTexts } from '../measures/payloads.ts'
import { builder } from './builder.ts'
import { columnsOf, described, nodeOf } from './columns.ts'
import { addList } from './list-fields.ts'
import { question } from './loaders.ts'

const { artifact } = entities

const fileOf = question<void, string | null>(({ db, scope }, payloadIds) => readTexts(db, scope, payloadIds), null)

/** A stored file's JSON, read and parsed once however many of its parts are asked for. */
export const documentOf = question<void, unknown>(async (context, payloadIds) => {
  const texts = await Promise.all(payloadIds.map(async (id) => [id, await fileOf(context, id)] as const))
  return new Map(texts.map(([id, text]) => [id, text === null ? null : parseDocument(text)]))
}, null)

export const Artifact = builder.prismaNode('Artifact', {
  ...nodeOf(artifact),
  fields: (t) => ({
    ...columnsOf(t, artifact),
    payload: t.field({
      type: 'JSON',
      nullable: true,
      description:
        'What it holds: the JSON value it points to, else the text of its file; null when the file is not stored.',
      select: { payloadId: true, kind: true, pointer: true },
      resolve: async ({ payloadId, kind, pointer }, _args, context) => {
        if (payloadId === null) return null
        return kind === 'JSON'
          ? (partOf(await documentOf(context, payloadId), pointer) ?? null)
          : fileOf(context, payloadId)
      },
    }),
    run: t.relation('run', described(artifact, 'run')),
  }),
})

addList('artifacts', artifact, Artifact, 'What the phases of all runs left behind.')
