import { defineCommand } from 'citty'
import { BadInputError } from '../errors.ts'
import { listSynonyms, removeSynonyms, setSynonyms } from '../search/synonyms.ts'
import { sendOfRequest } from '../store/send.ts'
import type { CommandContext } from './context.ts'
import { jsonArgument } from './json-argument.ts'
import { noteChange } from './note-change.ts'
import { organizationArgument, withReading, withStore } from './reading.ts'
import { formatTable } from './table.ts'

const termArgument = { type: 'positional', required: true, description: 'A word, or several in quotes.' } as const

export function createSynonymsCommand(context: CommandContext) {
  const list = defineCommand({
    meta: {
      name: 'list',
      description: 'List the synonyms that searches know, shipped ones too. Example: crossrun synonyms list',
    },
    args: { organization: organizationArgument, json: jsonArgument },
    async run({ args }) {
      const lists = await withReading(context, args.organization, ({ db }) => listSynonyms(db))
      if (args.json) return context.stdout(JSON.stringify({ synonyms: lists }))
      if (lists.length === 0)
        return context.stdout('There are none. Set some with: crossrun synonyms set TERM SYNONYM…')
      const rows = lists.map(({ term, synonyms, isShipped }) => [
        term,
        synonyms.join(', '),
        isShipped ? 'shipped' : 'own',
      ])
      for (const line of formatTable(['term', 'synonyms', 'list'], rows, { width: context.columns }))
        context.stdout(line)
    },
  })

  const set = defineCommand({
    meta: {
      name: 'set',
      description:
        'Give a term a list of synonyms, in place of the one it has. Example: crossrun synonyms set roi "return on investment" payback',
    },
    args: {
      term: termArgument,
      synonyms: { ...termArgument, description: 'What means the same: one or more words, several in quotes.' },
      organization: organizationArgument,
      json: jsonArgument,
    },
    async run({ args }) {
      // The first word is the term; the parser names only the next of those that follow.
      const [, ...synonyms] = args._
      const set = await withStore(context, args.organization, (store) =>
        store.write(async ({ db }) => {
          const own = await setSynonyms(db, store.organizationId, args.term, synonyms)
          await noteChange(sendOfRequest(db), args.organization, {
            action: 'synonyms.set',
            target: { type: 'Synonyms', id: own.term },
          })
          return own
        }),
      )
      if (args.json) return context.stdout(JSON.stringify(set))
      context.stdout(`${set.term} = ${set.synonyms.join(' = ')}`)
    },
  })

  const remove = defineCommand({
    meta: {
      name: 'remove',
      description: 'Take the synonyms of a term away, shipped ones too. Example: crossrun synonyms remove roi',
    },
    args: { term: termArgument, organization: organizationArgument, json: jsonArgument },
    async run({ args }) {
      await withStore(context, args.organization, (store) =>
        store.write(async ({ db }) => {
          if (!(await removeSynonyms(db, store.organizationId, args.term)))
            throw new BadInputError(`${args.term} has no synonyms.`, {
              hint: 'crossrun synonyms list shows which have.',
            })
          await noteChange(sendOfRequest(db), args.organization, {
            action: 'synonyms.removed',
            target: { type: 'Synonyms', id: args.term.trim() },
          })
        }),
      )
      if (args.json) return context.stdout(JSON.stringify({ term: args.term, removed: true }))
      context.stdout(`${args.term} has no synonyms any more.`)
    },
  })

  return defineCommand({
    meta: { name: 'synonyms', description: 'Words that mean the same to searches: list, set, remove.' },
    subCommands: { list, set, remove },
  })
}
