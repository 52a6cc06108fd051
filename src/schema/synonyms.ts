import { listSynonyms, removeSynonyms, type Synonyms as SynonymsValue, setSynonyms } from '../search/synonyms.ts'
import { builder } from './builder.ts'
import { organizationOf } from './context.ts'

const Synonyms = builder.objectRef<SynonymsValue>('Synonyms').implement({
  description: 'Terms that mean the same to a search, whichever of them is asked for.',
  fields: (t) => ({
    term: t.exposeString('term', { description: 'The term that the list is of: a word or several.' }),
    synonyms: t.exposeStringList('synonyms', { description: 'The other terms, words or several words each.' }),
    isShipped: t.exposeBoolean('isShipped', {
      description: 'Whether it came with Crossrun; false once the organization gave the term a list of its own.',
    }),
  }),
})

builder.queryField('synonyms', (t) =>
  t.field({
    type: [Synonyms],
    description: "The organization's lists of synonyms and the shipped ones, by term.",
    resolve: (_root, _args, { db }) => listSynonyms(db),
  }),
)

builder.mutationFields((t) => ({
  setSynonyms: t.field({
    type: Synonyms,
    description: 'Gives a term a list of synonyms, in place of the one that it has.',
    args: {
      term: t.arg.string({
        required: true,
        description: 'A word or several, up to 100 characters; case and accents do not matter.',
      }),
      synonyms: t.arg.stringList({ required: true, description: 'The terms that mean the same, at most 50.' }),
    },
    resolve: (_root, { term, synonyms }, context) => setSynonyms(context.db, organizationOf(context), term, synonyms),
  }),
  removeSynonyms: t.field({
    type: 'Boolean',
    description: 'Takes the list of synonyms of a term away, a shipped one too; says whether there was one.',
    args: { term: t.arg.string({ required: true, description: 'The term that the list is of.' }) },
    resolve: (_root, { term }, context) => removeSynonyms(context.db, organizationOf(context), term),
  }),
}))
