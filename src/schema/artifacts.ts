import { entities } from '../filters/entities/index.ts'
import { parseDocument, partOf, readTexts } from '../measures/payloads.ts'
import type { ArtifactKind } from '../store/generated/enums.ts'
import { builder } from './builder.ts'
import { columnsOf, described, nodeOf } from './columns.ts'
import type { Context } from './context.ts'
import { addList } from './list-fields.ts'
import { question } from './loaders.ts'

const { artifact } = entities

const fileOf = question<void, string | null>(({ db, scope }, payloadIds) => readTexts(db, scope, payloadIds), null)

/** A stored file's JSON, read and parsed once however many of its parts are asked for. */
const documentOf = question<void, unknown>(async (context, payloadIds) => {
  const texts = await Promise.all(payloadIds.map(async (id) => [id, await fileOf(context, id)] as const))
  return new Map(texts.map(([id, text]) => [id, text === null ? null : parseDocument(text)]))
}, null)

type Stored = { payloadId: string | null; kind: ArtifactKind; pointer: string }

/** What an artifact holds: the JSON value it points to, else the text of its file; null when the file is not stored. */
export async function payloadOf(context: Context, { payloadId, kind, pointer }: Stored): Promise<unknown> {
  if (payloadId === null) return null
  if (kind !== 'JSON') return fileOf(context, payloadId)
  return partOf(await documentOf(context, payloadId), pointer) ?? null
}

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
      resolve: (stored, _args, context) => payloadOf(context, stored),
    }),
    run: t.relation('run', described(artifact, 'run')),
  }),
})

addList('artifacts', artifact, Artifact, 'What the phases of all runs left behind.')
