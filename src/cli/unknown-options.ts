import { parseArgs } from 'node:util'
import type { ArgsDef } from 'citty'
import { BadInputError } from '../errors.ts'

/**
 * Refuses options that a command does not have: one that is misspelt would be as if it were not there, and
 * `--dryrun` would delete.
 * @param words of the command line, after those that name the command
 * @throws BadInputError naming the first of them
 */
export function checkOptions(definitions: ArgsDef, words: readonly string[]): void {
  const known = new Map<string, 'string' | 'boolean'>([['help', 'boolean']])
  for (const [name, definition] of Object.entries(definitions)) {
    if (definition.type === 'positional') continue
    const type = definition.type === 'boolean' ? 'boolean' : 'string'
    const aliases = 'alias' in definition && definition.alias ? [definition.alias].flat() : []
    for (const each of [name, ...aliases]) {
      known.set(each, type)
      known.set(
        each.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase()),
        type,
      )
      if (type === 'boolean') known.set(`no-${each}`, type)
    }
  }
  const options = Object.fromEntries(
    [...known].map(([name, type]) => [name, { type, ...(name.length === 1 ? { short: name } : {}) }]),
  )
  const { tokens } = parseArgs({ args: [...words], options, strict: false, allowPositionals: true, tokens: true })
  for (const token of tokens) {
    if (token.kind !== 'option' || known.has(token.name)) continue
    throw new BadInputError(`There is no option ${token.rawName}.`, {
      hint: 'With --help the command lists those it has.',
    })
  }
}
