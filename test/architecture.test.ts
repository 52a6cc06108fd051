import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { environmentVariables } from '../src/environment.ts'

const root = fileURLToPath(new URL('..', import.meta.url))
const source = join(root, 'src')

/** What the files of a folder may import from, besides their own folder and what stands beside the folders. */
const MAY_IMPORT: Record<string, string[]> = {
  model: [],
  store: ['model'],
  access: ['store', 'model'],
  filters: ['store', 'model'],
  pricing: ['store', 'model'],
  importers: ['access', 'pricing', 'store', 'model'],
  measures: ['filters', 'pricing', 'store', 'model'],
  comparison: ['filters', 'store', 'model'],
  metrics: ['search', 'filters', 'store', 'model'],
  search: ['filters', 'store', 'model'],
  analytics: ['metrics', 'filters', 'store', 'model'],
  exports: ['access', 'analytics', 'metrics', 'filters', 'store', 'model'],
  schema: [
    'access',
    'exports',
    'importers',
    'measures',
    'comparison',
    'metrics',
    'search',
    'filters',
    'pricing',
    'store',
    'model',
  ],
  server: ['access', 'schema', 'exports', 'metrics', 'filters', 'store', 'model'],
  cli: [
    'access',
    'analytics',
    'exports',
    'server',
    'importers',
    'measures',
    'comparison',
    'metrics',
    'search',
    'filters',
    'pricing',
    'store',
    'model',
  ],
}

const files = readdirSync(source, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
  .map((entry) => join(entry.parentPath, entry.name))
  .filter((path) => !path.includes('/generated/'))

it('imports point down only', () => {
  const wrong = files.flatMap((path) => {
    const folder = relative(source, path).split('/')[0]!
    const allowed = MAY_IMPORT[folder]
    if (!allowed) return []
    return [...readFileSync(path, 'utf8').matchAll(/from '(\.[^']+)'/g)].flatMap(([, specifier]) => {
      const target = relative(source, resolve(dirname(path), specifier!)).split('/')
      const isBeside = target.length === 1
      return isBeside || target[0] === folder || allowed.includes(target[0]!)
        ? []
        : [`${relative(source, path)} imports ${target.join('/')}`]
    })
  })
  expect(wrong).toEqual([])
  expect(Object.keys(MAY_IMPORT).sort()).toEqual(
    [
      ...new Set(
        files
          .map((path) => relative(source, path).split('/'))
          .filter((steps) => steps.length > 1)
          .map(([folder]) => folder),
      ),
    ].sort(),
  )
})

it('only environment.ts reads process.env', () => {
  const readers = files.filter((path) =>
    /process\.env/.test(readFileSync(path, 'utf8').replace(/\/\/.*|\/\*[\s\S]*?\*\//g, '')),
  )
  expect(readers.map((path) => relative(source, path))).toEqual(['environment.ts'])
})

it('GraphQL is not known below the schema', () => {
  const below = files.filter((path) =>
    /^(model|store|filters|pricing|importers|measures|comparison|search)\//.test(relative(source, path)),
  )
  expect(below.filter((path) => /from '(graphql|@pothos|graphql-yoga)/.test(readFileSync(path, 'utf8')))).toEqual([])
})

it('the README lists every environment variable', () => {
  const readme = readFileSync(join(root, 'README.md'), 'utf8')
  expect(environmentVariables.filter(({ name }) => !readme.includes(`\`${name}\``))).toEqual([])
})

it('docs/architecture.md says of every package why it is here, and of none that is not', () => {
  const { dependencies, optionalDependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
  const packages = Object.keys({ ...dependencies, ...optionalDependencies })
  const [, section] = readFileSync(join(root, 'docs/architecture.md'), 'utf8').split('\n## Dependencies\n')
  const rows = section!.split('\n').filter((line) => line.startsWith('| `'))
  const named = rows.flatMap((row) => [...row.split('|')[1]!.matchAll(/`([^`]+)`/g)].map(([, name]) => name!))
  const isNamed = (name: string, by: string) => (by.endsWith('*') ? name.startsWith(by.slice(0, -1)) : name === by)
  expect(packages.filter((name) => !named.some((by) => isNamed(name, by)))).toEqual([])
  expect(named.filter((by) => !packages.some((name) => isNamed(name, by)))).toEqual([])
})
