import { execFileSync } from 'node:child_process'
import { chmodSync, mkdirSync, mkdtempSync, symlinkSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { byCodePoint } from '../../../src/importers/read/names.ts'
import { type Walked, walk } from '../../../src/importers/read/walk.ts'
import { collect, temporaryFolder } from './sources.ts'

const parent = temporaryFolder()

/** A folder with files; a value that starts with `->` is a symbolic link. */
function folder(files: Record<string, string>): string {
  const root = mkdtempSync(join(parent, 'walk-'))
  for (const [name, content] of Object.entries(files)) {
    const path = join(root, name)
    mkdirSync(join(path, '..'), { recursive: true })
    if (content.startsWith('->')) symlinkSync(content.slice(2), path)
    else writeFileSync(path, content)
  }
  return root
}

const found = (all: Walked[]) => all.flatMap((one) => ('relativePath' in one ? [one.relativePath] : []))
const notes = (all: Walked[]) => all.flatMap((one) => ('note' in one ? [one] : []))
const issues = (all: Walked[]) => all.flatMap((one) => ('issue' in one ? [one] : []))

describe('a folder', () => {
  it('is walked for the names that hold artifacts, compressed or not', async () => {
    const names = ['a.json', 'b.jsonl', 'c.ndjson', 'd.txt', 'e.csv', 'f.md', 'g.json.gz', 'h.csv.zst', 'I.JSON']
    const others = ['a.yaml', 'b', 'json', 'c.json.bak', 'd.gz', 'e.jsonx', 'f.zip', 'g.json.bz2']
    const root = folder(Object.fromEntries([...names, ...others].map((name) => [name, 'x'])))
    const all = await collect(walk([root]))
    expect(found(all)).toEqual([...names].sort())
    expect(all).toHaveLength(names.length)
    expect(all.find((one) => one.path.endsWith('a.json'))).toEqual({
      path: join(root, 'a.json'),
      relativePath: 'a.json',
      root,
      bytes: 1,
    })
  })

  it('gives whole paths in code-point order', async () => {
    const names = [
      'a.json',
      'a/b.json',
      'a/b/c.json',
      'a-b/c.json',
      'a0.json',
      'B.json',
      'é.json',
      '\uFF21.json',
      '😀.json',
      'a/b-c.json',
    ]
    const all = await collect(walk([folder(Object.fromEntries(names.map((name) => [name, ''])))]))
    const order = (a: string, b: string) => Buffer.compare(Buffer.from(a), Buffer.from(b))
    expect(found(all)).toEqual([...names].sort(order))
    expect(['😀', '\uFF21', 'b', 'ab', 'a', ''].sort(byCodePoint)).toEqual(['', 'a', 'ab', 'b', '\uFF21', '😀'])
  })

  it('is not searched for artifacts in .git, node_modules and .crossrun, unless one is the root', async () => {
    const root = folder({
      '.git/a.json': '',
      'node_modules/a/b.json': '',
      '.crossrun/c.json': '',
      'deep/.git/d.json': '',
      'e.json': '',
    })
    expect(await collect(walk([root]))).toHaveLength(1)
    expect(found(await collect(walk([join(root, '.crossrun')])))).toEqual(['c.json'])
  })

  it('of a thousand levels overflows no stack', async () => {
    const root = folder({ [`${'d/'.repeat(1000)}a.json`]: '' })
    expect(found(await collect(walk([root])))).toEqual([`${'d/'.repeat(1000)}a.json`])
  })
})

describe('a file that is named', () => {
  it('is read whatever its name', async () => {
    const path = join(folder({ output: '{}' }), 'output')
    expect(await collect(walk([path]))).toEqual([{ path, relativePath: 'output', root: path, bytes: 2 }])
  })

  it('is an issue when it does not exist', async () => {
    const path = join(parent, 'nothing.json')
    expect(await collect(walk([path]))).toMatchObject([
      { path, issue: { code: 'UNREADABLE', message: 'cannot be read: does not exist' } },
    ])
  })

  it('is read once, however often and in whatever folder it is named', async () => {
    const root = folder({ 'a.json': '', 'b/c.json': '', 'b/d.bin': '' })
    const all = await collect(
      walk([join(root, 'b/c.json'), root, root, join(root, 'b'), join(root, 'a.json'), join(root, 'b/d.bin')]),
    )
    expect(found(all)).toEqual(['c.json', 'a.json', 'd.bin'])
    expect(notes(all).map(({ path }) => path)).toEqual([
      join(root, 'b/c.json'),
      root,
      join(root, 'b'),
      join(root, 'a.json'),
    ])
  })
})

describe('a symbolic link', () => {
  it('to what is walked anyway is noted with its target, and read once', async () => {
    const root = folder({ 'run_1/a.json': '', latest: '->run_1', 'copy.json': '->run_1/a.json' })
    const all = await collect(walk([root]))
    expect(found(all)).toEqual(['run_1/a.json'])
    expect(notes(all)).toMatchObject([
      {
        note: 'symbolic link to run_1/a.json, which is read itself',
        link: { path: join(root, 'copy.json'), target: join(root, 'run_1/a.json') },
      },
      {
        note: 'symbolic link to run_1, which is read itself',
        link: { path: join(root, 'latest'), target: join(root, 'run_1') },
      },
    ])
  })

  it('out of the root is never followed', async () => {
    const outside = folder({ 'secret.json': '' })
    const root = folder({
      'a.json': '',
      'out.json': `->${outside}/secret.json`,
      up: '->..',
      [`${'sibling'}`]: `->${outside}`,
    })
    const all = await collect(walk([root]))
    expect(found(all)).toEqual(['a.json'])
    expect(notes(all).map(({ note }) => note.slice(0, 20))).toEqual(Array(3).fill('symbolic link out of'))
  })

  it('to a folder whose name only starts like the root is out of the root', async () => {
    const root = folder({ 'runs/x': '->../runs-private', 'runs-private/a.json': '' })
    const all = await collect(walk([join(root, 'runs')]))
    expect(found(all)).toEqual([])
    expect(notes(all)[0]!.note).toContain('out of')
  })

  it('in a circle, to itself, to a parent or to nothing ends the walk for nobody', async () => {
    const root = folder({
      'a/b.json': '',
      'a/up': '->..',
      'self.json': '->self.json',
      'x.json': '->y.json',
      'y.json': '->x.json',
      'gone.json': '->nowhere',
    })
    const all = await collect(walk([root]))
    expect(found(all)).toEqual(['a/b.json'])
    expect(notes(all)).toHaveLength(5)
    expect(issues(all)).toEqual([])
  })

  it('is the way in when its target has a name that is not read', async () => {
    const root = folder({ 'data/blob.bin': '{}', 'a.json': '->data/blob.bin', 'b.json': '->data/blob.bin' })
    expect(found(await collect(walk([root])))).toEqual(['a.json'])
  })

  it('is followed when it is the root itself', async () => {
    const root = folder({ 'run_1/a.json': '', latest: '->run_1' })
    const all = await collect(walk([join(root, 'latest')]))
    expect(all).toMatchObject([{ relativePath: 'a.json', path: join(root, 'latest/a.json') }])
  })
})

describe('what is no file', () => {
  it('is an issue when it is named and a note when it is met', async () => {
    const root = folder({ 'a.json': '' })
    execFileSync('mkfifo', [join(root, 'pipe.json')])
    const server = createServer().listen(join(root, 'socket'))
    await new Promise((resolve) => server.once('listening', resolve))
    const all = await collect(walk([root, join(root, 'pipe.json'), join(root, 'socket'), '/dev/null']))
    server.close()
    expect(found(all)).toEqual(['a.json'])
    expect(notes(all).map(({ note }) => note)).toEqual([
      'passed over: it is a named pipe',
      'passed over: it is a socket',
    ])
    expect(issues(all).map(({ issue }) => issue.message)).toEqual([
      'cannot be read: it is a named pipe',
      'cannot be read: it is a socket',
      'cannot be read: it is a device',
    ])
  })

  it.skipIf(process.platform !== 'linux')('a name that is not UTF-8 is an issue, and the others are read', async () => {
    const root = folder({ 'a.json': '', '\uFFFD.json': '' })
    writeFileSync(Buffer.concat([Buffer.from(`${root}/caf`), Buffer.from([0xe9]), Buffer.from('.json')]), '{}')
    const all = await collect(walk([root]))
    expect(found(all)).toEqual(['a.json', '\uFFFD.json'])
    expect(issues(all)).toMatchObject([
      { issue: { code: 'UNREADABLE', message: 'cannot be read: its name is not UTF-8' } },
    ])
  })

  it.skipIf(process.getuid?.() === 0)('a folder without permission is an issue, and the others are read', async () => {
    const root = folder({ 'a/b.json': '', 'c.json': '' })
    chmodSync(join(root, 'a'), 0)
    const all = await collect(walk([root]))
    chmodSync(join(root, 'a'), 0o755)
    expect(found(all)).toEqual(['c.json'])
    expect(issues(all)).toMatchObject([{ issue: { code: 'UNREADABLE', message: 'cannot be read: permission denied' } }])
  })
})
