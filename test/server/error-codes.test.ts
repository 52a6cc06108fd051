import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'

const root = fileURLToPath(new URL('../..', import.meta.url))

/** What the command line and imports tell people in a sentence of their own: docs/import.md and the messages themselves. */
const NOT_OF_THE_API = /^(cli|importers(?!\/(deletion|import-lock))|analytics|store\/(embedded|bulk|generated))\//

/** Codes that libraries of the server give. */
const OF_LIBRARIES = ['graphql-yoga', '@graphql-yoga/plugin-persisted-operations'].flatMap((name) =>
  codesIn(join(root, 'node_modules', name, 'esm'), '.js'),
)

function codesIn(folder: string, extension: string, without = /^$/): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith(extension) && !without.test(file))
    .flatMap((file) =>
      [
        ...readFileSync(join(folder, file), 'utf8').matchAll(
          /(?:Error|super|refused)\(\s*'([A-Z][A-Z_]+)'|\bcode: '([A-Z][A-Z_]+)'|\['code'\] (?:\|\|)?= '([A-Z_]+)'|\.code \|\|= '([A-Z_]+)'/g,
        ),
      ].map(([, ...found]) => found.find((code) => code !== undefined)!),
    )
}

const codesOf = (text: string) =>
  [...text.matchAll(/^\| (`[A-Z_`, ]+`) \|/gm)].flatMap(([, cell]) =>
    cell!.split(', ').map((code) => code.replaceAll('`', '')),
  )

it('docs/operations.md lists every error code, and none that does not exist', () => {
  const operations = readFileSync(join(root, 'docs/operations.md'), 'utf8')
  const ours = codesIn(join(root, 'src'), '.ts', NOT_OF_THE_API)
  const documented = codesOf(operations)
  expect(ours.length).toBeGreaterThan(20)
  expect([...new Set(ours)].filter((code) => !documented.includes(code)).sort()).toEqual([])
  const [, ofTheApi] = operations.split(/^## Errors$/m)
  const known = new Set([...ours, ...OF_LIBRARIES])
  expect(codesOf(ofTheApi!).filter((code) => !known.has(code))).toEqual([])
})
