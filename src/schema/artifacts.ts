import { entities } from '../filters/entities/index.ts'
import { builder } from './builder.ts'
import { columnsOf, described, nodeOf } from './columns.ts'
import { addList } from './list-fields.ts'

const { artifact } = entities

export const Artifact = builder.prismaNode('Artifact', {
  ...nodeOf(artifact),
  fields: (t) => ({
    ...columnsOf(t, artifact),
    run: t.relation('run', described(artifact, 'run')),
  }),
})

addList('artifacts', artifact, Artifact, 'What the phases of all runs left behind.')
