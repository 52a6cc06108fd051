import type { SourceReference as SourceReferenceRow } from '../store/generated/prisma/client.ts'
import { builder, type Types } from './builder.ts'
import type PrismaTypes from './generated/pothos.ts'
import { question } from './loaders.ts'

export const SourceReference = builder.objectRef<SourceReferenceRow>('SourceReference').implement({
  description: "Where a finding was read: a page of the vendor's or the prospect's site.",
  fields: (t) => ({
    url: t.exposeString('url', { nullable: true, description: 'The address of the page.' }),
    pageType: t.exposeString('pageType', { nullable: true, description: 'The kind of page, as written.' }),
    excerpt: t.exposeString('excerpt', { nullable: true, description: 'What the page says.' }),
    extra: t.expose('extra', {
      type: 'JSON',
      description: 'Fields of the artifact that its format does not list, as written.',
    }),
  }),
})

/** One question for the findings of every type: asked at once, they are read in one statement. */
const sourcesOf = question<void, SourceReferenceRow[]>(async ({ tx }, owners) => {
  const rows = await tx.sourceReference.findMany({
    where: { ownerId: { in: [...owners] } },
    orderBy: [{ position: 'asc' }, { id: 'asc' }],
  })
  const found = new Map<string, SourceReferenceRow[]>(owners.map((owner) => [owner, []]))
  for (const row of rows) found.get(row.ownerId)?.push(row)
  return found
}, [])

/** The `sources` field of a finding's type. */
export function sourcesField(t: unknown) {
  return (t as PothosSchemaTypes.PrismaObjectFieldBuilder<Types, PrismaTypes['Offering']>).field({
    type: [SourceReference],
    description: 'Where it was read, in order.',
    select: { id: true } as never,
    resolve: (finding, _args, context) => sourcesOf(context, (finding as { id: string }).id),
  })
}
