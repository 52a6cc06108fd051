import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { levelsOf, valueAt } from '../../scripts/bench/documents.ts'
import { writeWorld } from '../../scripts/generate/world/write-world.ts'

let folder: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'crossrun-world-'))
  writeWorld(join(folder, 'one'), { seed: 1 })
  writeWorld(join(folder, 'again'), { seed: 1 })
  writeWorld(join(folder, 'other'), { seed: 2 })
})
afterAll(() => rm(folder, { recursive: true, force: true }))

/** Each file's content, by its name. */
function filesOf(world: string): Record<string, string> {
  const root = join(folder, world)
  const files = readdirSync(root, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
  return Object.fromEntries(
    files.map(({ parentPath, name }) => {
      const path = join(parentPath, name)
      return [path.slice(root.length), createHash('sha256').update(readFileSync(path)).digest('hex')]
    }),
  )
}

describe('a generated world', () => {
  it('is the same for the same seed, to the byte', () => {
    expect(filesOf('again')).toEqual(filesOf('one'))
  })

  it('is another one for another seed', () => {
    const [one, other] = [filesOf('one'), filesOf('other')]
    const same = Object.keys(one).filter((name) => one[name] === other[name])
    // That a step produced nothing, or failed, is said in the same words.
    expect(same.filter((name) => !/use_cases|talk_tracks/.test(name))).toEqual([])
  })
})

describe('the levels of a document', () => {
  it.each([
    ['{ runs { totalCount } }', 2],
    ['query Named($run: String!) { run(by: { externalId: $run }) { phases { steps { name } } status } }', 4],
    ['{ a: runs { nodes { ...Parts } } } fragment Parts on Run { pipeline { ... on Pipeline { name } } }', 4],
  ])('%s', (text, levels) => {
    expect(levelsOf(text)).toBe(levels)
  })
})

it('finds a value by its path, also the length of a list', () => {
  const data = { run: { phases: [{ number: 1 }, { number: 2 }] }, none: null }
  expect(valueAt(data, 'run.phases.length')).toBe(2)
  expect(valueAt(data, 'run.phases.1.number')).toBe(2)
  expect(valueAt(data, 'none.phases.length')).toBe(undefined)
})
