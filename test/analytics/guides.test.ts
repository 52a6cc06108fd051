import { randomBytes } from 'node:crypto'
import { existsSync, readdirSync } from 'node:fs'
import { mkdtemp, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join, normalize } from 'node:path'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { viewsOf } from '../../src/analytics/views.ts'
import { commandLine } from '../cli/command-line.ts'
import { testDatabase } from '../database.ts'
import { type Served, serve } from '../server/served.ts'
import { ask, importWorld, read, root } from './answers.ts'
import { biLogin } from './bi-login.ts'
import { expandMacros } from './grafana-macros.ts'
import { commandsOf, readPage } from './markdown.ts'

const GUIDES = ['numbers', 'metabase', 'superset', 'grafana', 'power-bi', 'tableau', 'excel']
const guides = GUIDES.map((name) => {
  const page = readPage(read(`docs/bi/${name}.md`))
  const shell = page.blocks.filter(({ language }) => language === 'sh')
  return { name, ...page, commands: shell.flatMap(({ text }) => commandsOf(text)) }
})
const views = new Map(viewsOf().map(({ name, columns }) => [name, new Set(columns.map((column) => column.name))]))
views.set('catalog', new Set())
const everyColumn = new Set([...views.values()].flatMap((columns) => [...columns]))
/** Of the world: what asks for the last months finds some. */
const LAST_DAY = `timestamptz '2026-02-01'`
const ALWAYS = { from: '2000-01-01T00:00:00Z', to: '2100-01-01T00:00:00Z', interval: '1d' }

const database = testDatabase({ isOwn: true })
const crossrun = commandLine(database)
let bi: pg.Client
let server: Served
let key: string
let folder: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'crossrun-guides-'))
  await importWorld(database)
  ;({ bi } = await biLogin(database.url))
  server = await serve(database)
  const makeKey = guides.flatMap(({ commands }) => commands).find((words) => words.includes('keys'))!
  key = /crossrun_\S+/.exec((await crossrun(...argumentsOf(makeKey))).stdout)![0]
})

afterAll(async () => {
  await server?.close()
  await bi?.end()
  await rm(folder, { recursive: true, force: true })
})

describe.each(guides)('the guide $name', ({ name, blocks, codes, commands, links }) => {
  it('has SQL that runs as a BI login', async () => {
    const statements = blocks.filter(({ language }) => language === 'sql').map(({ text }) => text)
    expect(statements.length).toBeGreaterThan(0)
    for (const statement of statements) {
      const { rows } = await ask(bi, expandMacros(statement, ALWAYS).replace('now()', LAST_DAY))
      if (/^select/.test(statement)) expect(rows.length, statement).toBeGreaterThan(0)
    }
  })

  it('names views and columns that are there', () => {
    const named = codes.flatMap((code) => [...code.matchAll(/(?<![\w./])([a-z_]+)\.([a-z_]+)(?![\w.])/g)])
    const wrong = named.filter(([, view, column]) =>
      view === 'analytics' ? !views.has(column!) : view !== 'public' && !views.get(view!)?.has(column!),
    )
    expect(wrong.map(([text]) => text)).toEqual([])
  })

  it('has formulas over columns that are there, as the tool writes them', () => {
    const formulas = [...codes, ...blocks.filter(({ language }) => language === 'dax').map(({ text }) => text)]
    const wrong = formulas
      .flatMap((formula) => [...formula.matchAll(/(\w+)?\[([A-Za-z_ ]+)\]/g)])
      .filter(([, view, column]) => {
        const columns = view ? (views.get(view) ?? new Set()) : everyColumn
        return !columns.has(column!.toLowerCase().replaceAll(' ', '_'))
      })
    expect(wrong.map(([text]) => text)).toEqual([])
  })

  it('leads to pages that are there', () => {
    expect(broken(`docs/bi/${name}.md`, links)).toEqual([])
  })

  it('has commands that there are, with options that they take', async () => {
    expect(commands.length).toBeGreaterThan(0)
    for (const command of commands.filter(([program]) => program === 'npm')) {
      const given = argumentsOf(command)
      const firstOption = given.findIndex((word) => word.startsWith('-'))
      const { stdout, exitCode } = await crossrun(...given.slice(0, firstOption), '--help')
      expect(exitCode).toBe(0)
      for (const option of given.filter((word) => word.startsWith('-'))) expect(stdout).toContain(option)
      if (given[0] === 'bi') await grantAndRead(given)
      if (given[0] === 'export') await exportToFile(given)
    }
  })

  it('asks what can be asked with psql and curl', async () => {
    for (const words of commands.filter(([program]) => program === 'psql')) {
      const { hostname, port, pathname } = new URL(words[1]!.replace('…', 'x'))
      expect([hostname, port, pathname]).toEqual(['127.0.0.1', '5433', '/crossrun'])
      expect((await ask(bi, words[words.indexOf('-c') + 1]!)).rows).toHaveLength(1)
    }
    for (const words of commands.filter(([program]) => program === 'curl')) {
      const url = new URL(words.find((word) => word.startsWith('http'))!)
      const headers = words
        .filter((_, place) => words[place - 1] === '-H')
        .map((header) => header.replace('$CROSSRUN_KEY', key).split(': ') as [string, string])
      const place = words.indexOf('-d')
      const request = place === -1 ? { headers } : { headers, method: 'POST', body: words[place + 1]! }
      const { status, body } = await server.send(url.pathname, request)
      expect([status, body.errors]).toEqual([200, undefined])
    }
  })
})

describe('what all guides refer to', () => {
  const { blocks, tables } = guides.find(({ name }) => name === 'numbers')!

  it('has joins that lead to one row at most, and to some', async () => {
    const joins = tables.flatMap(([from, to]) =>
      (from ?? []).flatMap((left) => (/^\w+\.\w+$/.test(left) && to?.[0] ? [[left, to[0]] as const] : [])),
    )
    expect(joins.length).toBeGreaterThan(20)
    for (const [left, right] of joins) {
      const [from, to] = [left.split('.')[0], right.split('.')[0]]
      const { rows } = await ask(
        bi,
        `select (select count(*) from ${from}) = count(*) as is_many_to_one, count(${right}) > 0 as has_some
         from ${from} left join ${to} on ${left} = ${right}`,
      )
      expect([left, right, ...rows[0]!]).toEqual([left, right, true, true])
    }
  })

  it('has expressions of measures that run', async () => {
    const measures = tables.flatMap(([, view, expression]) =>
      view?.[0] && views.has(view[0]) && expression?.[0] ? [[view[0], expression[0]] as const] : [],
    )
    expect(measures.length).toBeGreaterThan(5)
    for (const [view, expression] of measures)
      expect((await ask(bi, `select ${expression} from ${view}`)).rows, expression).not.toEqual([[null]])
  })

  it("is right that hours, calls and runs show the same dollars, and that a run's tasks show its calls'", async () => {
    const { rows } = await ask(bi, blocks.find(({ text }) => text.includes('as hourly'))!.text)
    const { rows: ofRuns } = await ask(bi, 'select sum(cost_usd) from runs')
    expect(rows).toEqual([[ofRuns[0]![0], ofRuns[0]![0]]])
    const { rows: ofTasks } = await ask(
      bi,
      `select count(*) > 0, bool_and(r.calls_cost_usd = t.cost_usd)
       from (select run_id, sum(cost_usd) as cost_usd from tasks group by run_id) as t join runs as r on r.id = t.run_id
       where t.cost_usd > 0`,
    )
    expect(ofTasks).toEqual([[true, true]])
  })
})

describe('the page of what there is', () => {
  const { tables } = readPage(read('docs/bi.md'))

  it('names every view', () => {
    const named = tables.flatMap(([names]) => names ?? [])
    expect([...views.keys()].filter((view) => !named.includes(view))).toEqual([])
  })
})

/** Grants as the guide does, but under a name that no other test has, and reads as that login. */
async function grantAndRead(given: string[]): Promise<void> {
  const login = `bi_${randomBytes(6).toString('hex')}`
  // The server of the tests has an address of its own, which needs no second port.
  const options = without(without(given, '--sql-port'), '--read-only-user')
  const { stdout } = await crossrun(...options, '--read-only-user', login, '--json')
  const client = new pg.Client({ connectionString: JSON.parse(stdout).url })
  await client.connect()
  expect((await ask(client, 'select * from analytics.runs')).rows.length).toBeGreaterThan(0)
  await client.end()
  expect((await crossrun('bi', 'revoke', login)).exitCode).toBe(0)
}

/** Writes the file that the guide names, elsewhere. */
async function exportToFile(given: string[]): Promise<void> {
  const place = given.indexOf('--output') + 1
  const path = join(folder, given[place]!)
  expect(await crossrun(...given.toSpliced(place, 1, path))).toMatchObject({ exitCode: 0 })
  expect((await stat(path)).size).toBeGreaterThan(100)
}

/** The words without an option and its value. */
function without(words: string[], option: string): string[] {
  const place = words.indexOf(option)
  return place === -1 ? words : words.toSpliced(place, 2)
}

/** What `npm run crossrun --` is given. */
function argumentsOf(command: string[]): string[] {
  const place = command.indexOf('--')
  expect(command.slice(0, place).filter((word) => word !== '-s')).toEqual(['npm', 'run', 'crossrun'])
  return command.slice(place + 1)
}

it('links between the pages of the documentation lead somewhere', () => {
  const pages = [
    'README.md',
    ...readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' }).map((path) => `docs/${path}`),
  ]
  const wrong = pages.filter((path) => path.endsWith('.md')).flatMap((path) => broken(path, readPage(read(path)).links))
  expect(wrong).toEqual([])
})

/** Links of a page that lead to no file, or to no heading of it. */
function broken(page: string, links: string[]): string[] {
  return links
    .filter((link) => !/^[a-z]+:/.test(link))
    .filter((link) => {
      const [path, anchor] = link.split('#')
      const target = path ? normalize(join(dirname(page), path)) : page
      if (!existsSync(join(root, target))) return true
      return anchor !== undefined && !readPage(read(target)).anchors.includes(anchor)
    })
    .map((link) => `${page}: ${link}`)
}
