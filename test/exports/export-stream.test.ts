import { once } from 'node:events'
import type { Readable } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import { parse } from 'csv-parse/sync'
import { type RawBuilder, sql } from 'kysely'
import { describe, expect, it } from 'vitest'
import { type ExportOptions, openExport } from '../../src/exports/export-stream.ts'
import { formatNamed } from '../../src/exports/formats.ts'
import type { Source } from '../../src/exports/source.ts'
import { testDatabase } from '../database.ts'

const database = testDatabase()

const sourceOf = (columns: string[], query: RawBuilder<unknown>): Source => ({
  name: 'test',
  description: 'Rows of a test.',
  columns: columns.map((name) => ({ name, description: `What ${name} is.` })),
  query,
})

function open(source: Source, format: string, options: Partial<ExportOptions> = {}) {
  return openExport({
    url: database.url,
    organizationId: database.organizationId,
    statementTimeoutMs: 60_000,
    source,
    format: formatNamed(format)!,
    ...options,
  })
}

async function textOf(stream: Readable): Promise<string> {
  const pieces: Buffer[] = []
  for await (const piece of stream) pieces.push(piece as Buffer)
  return Buffer.concat(pieces).toString()
}

const exported = async (source: Source, format: string, options: Partial<ExportOptions> = {}) =>
  textOf((await open(source, format, options)).stream)

const VALUES = sourceOf(
  ['t', 'n', 'i', 'f', 'b', 'at', 'on'],
  sql`select * from (values
    ('plain', 12.340000::numeric(24,12), 9007199254740993::int8, 0.1::float8, true, '2026-03-01 12:00:00.5+02'::timestamptz, '2026-03-01'::date),
    ('a "quote", and
a break', 0.000000000001, -1, 'NaN'::float8, false, '1969-12-31 23:59:59.999Z', '0001-01-01'),
    ('', 123456789012.123456789012, 0, '-Infinity'::float8, null, '9999-12-31 23:59:59.999Z', '9999-12-31'),
    (null, null, null, null, null, null, null)
  ) as v (t, n, i, f, b, at, "on")`,
)

describe('CSV', () => {
  it('is as RFC 4180 says, with null apart from an empty text', async () => {
    expect(await exported(VALUES, 'csv')).toBe(
      [
        't,n,i,f,b,at,on',
        'plain,12.34,9007199254740993,0.1,true,2026-03-01T10:00:00.500Z,2026-03-01',
        '"a ""quote"", and\na break",0.000000000001,-1,NaN,false,1969-12-31T23:59:59.999Z,0001-01-01',
        '"",123456789012.123456789012,0,-Infinity,,9999-12-31T23:59:59.999Z,9999-12-31',
        ',,,,,,',
        '',
      ].join('\r\n'),
    )
  })

  it('reads back to the same values', async () => {
    const texts = ['\r', '\r\n', '""', '"', ',', '\\.', '\\N', ' x ', 'ß∂ 漢字 😀', "'", '\t']
    const rows = texts.map((text, place) => sql`(${text}::text, ${place}::int)`)
    const source = sourceOf(
      ['t', 'place'],
      sql`select * from (values ${sql.join(rows)}) as v (t, place) order by place`,
    )
    const read = parse(await exported(source, 'csv'), { record_delimiter: '\r\n' })
    expect(read).toEqual([['t', 'place'], ...texts.map((text, place) => [text, String(place)])])
  })

  it('guards spreadsheets from formulas when it is asked to, and changes no number', async () => {
    const source = sourceOf(
      ['t', 'n'],
      sql`select * from (values ('=1+1', -1), ('+a', 1), ('-a', 2), ('@a', 3), (E'\ta', 4), ('＝a', 5), ('a=b', 6), (null, 7), ('', 8)) as v (t, n)`,
    )
    const text = async (guardFormulas: boolean) =>
      (await exported(source, 'csv', { guardFormulas })).split('\r\n').slice(1)
    expect(await text(false)).toEqual(['=1+1,-1', '+a,1', '-a,2', '@a,3', '\ta,4', '＝a,5', 'a=b,6', ',7', '"",8', ''])
    expect(await text(true)).toEqual([
      "'=1+1,-1",
      "'+a,1",
      "'-a,2",
      "'@a,3",
      "'\ta,4",
      "'＝a,5",
      'a=b,6',
      ',7',
      '"",8',
      '',
    ])
  })

  it('guards from names that look like formulas too: they may come from artifacts', async () => {
    const source = sourceOf(['=a', '-b', 'c'], sql`select 1 as "=a", 2 as "-b", 3 as c`)
    expect(await exported(source, 'csv')).toBe('=a,-b,c\r\n1,2,3\r\n')
    expect(await exported(source, 'csv', { guardFormulas: true })).toBe("'=a,'-b,c\r\n1,2,3\r\n")
  })

  it('begins with the mark that Excel wants when it is asked to', async () => {
    const text = await exported(VALUES, 'csv', { byteOrderMark: true })
    expect([text.codePointAt(0), text.startsWith('t,', 1)]).toEqual([0xfeff, true])
  })

  it('without rows is its header', async () => {
    const source = sourceOf(['a', 'b c'], sql`select 1 as a, 2 as "b c" where false`)
    expect(await exported(source, 'csv')).toBe('a,b c\r\n')
  })
})

describe('JSON Lines', () => {
  it('are objects of the same values, decimals as texts', async () => {
    const lines = (await exported(VALUES, 'jsonl')).split('\n')
    expect(lines.pop()).toBe('')
    expect(lines[0]).toBe(
      '{"t":"plain","n":"12.34","i":9007199254740993,"f":0.1,"b":true,"at":"2026-03-01T10:00:00.500Z","on":"2026-03-01"}',
    )
    expect(lines.slice(1).map((line) => JSON.parse(line))).toEqual([
      {
        t: 'a "quote", and\na break',
        n: '0.000000000001',
        i: -1,
        f: 'NaN',
        b: false,
        at: '1969-12-31T23:59:59.999Z',
        on: '0001-01-01',
      },
      {
        t: '',
        n: '123456789012.123456789012',
        i: 0,
        f: '-Infinity',
        b: null,
        at: '9999-12-31T23:59:59.999Z',
        on: '9999-12-31',
      },
      { t: null, n: null, i: null, f: null, b: null, at: null, on: null },
    ])
  })

  it('hold backslashes and control characters as JSON does', async () => {
    const texts = ['\\', '\\n', '\u0001\u0002\b', '\u2028', '{"a":1}']
    const rows = texts.map((text) => sql`(${text}::text)`)
    const source = sourceOf(['t'], sql`select * from (values ${sql.join(rows)}) as v (t)`)
    const lines = (await exported(source, 'jsonl')).trimEnd().split('\n')
    expect(lines.map((line) => JSON.parse(line).t)).toEqual(texts)
  })
})

/** What is open in the database on behalf of exports. */
const connections = () =>
  database.sql(
    `select pid, state, query from pg_stat_activity where application_name = 'crossrun export' and datname = current_database()`,
  )

async function untilNone(): Promise<void> {
  for (let tries = 0; (await connections()).length > 0; tries++) {
    if (tries === 500) throw new Error(`They stay: ${JSON.stringify(await connections())}`)
    await sleep(20)
  }
}

const MANY = sourceOf(['i', 't'], sql`select i, repeat('x', 200) as t from generate_series(1, 5000000) as g (i)`)

describe('an export', () => {
  it.each(['csv', 'jsonl', 'parquet', 'arrow', 'xlsx'])(
    'counts its rows, and leaves no connection: %s',
    async (format) => {
      const exporting = await open(VALUES, format)
      await textOf(exporting.stream)
      expect(exporting.rows()).toBe(4)
      await untilNone()
    },
  )

  it('is of one moment: what is written meanwhile is not in it', async () => {
    await database.sql('delete from agents')
    const agent = (name: string, place: number) => ({
      id: `00000000-0000-5000-8000-${String(place).padStart(12, '0')}`,
      organization_id: database.organizationId,
      name,
    })
    await database.insert('agents', [agent('before', 1)])
    const slow = sourceOf(
      ['i', 'agents'],
      sql`select i, (select count(*) from agents where i > 0) as agents from generate_series(1, 200000) as g (i)`,
    )
    const { stream } = await open(slow, 'csv')
    const first = stream.read() as Buffer | null
    await database.insert('agents', [agent('after', 2)])
    const rest = await textOf(stream)
    const lines = `${first?.toString() ?? ''}${rest}`.trimEnd().split('\r\n')
    expect([lines.length, lines.at(-1)]).toEqual([200_001, '200000,1'])
  })

  it.each(['csv', 'jsonl', 'parquet', 'arrow', 'xlsx'])('ends its query when nobody reads on: %s', async (format) => {
    const { stream } = await open(MANY, format)
    await new Promise((resolve) => stream.once('data', resolve))
    stream.destroy()
    await once(stream, 'close')
    await untilNone()
  })

  it('ends its query also before the first row', async () => {
    const controller = new AbortController()
    const opening = open(sourceOf(['a'], sql`select pg_sleep(60)::text as a`), 'csv', { signal: controller.signal })
    const failed = expect(opening).rejects.toMatchObject({ code: 'REQUEST_CANCELLED' })
    while (!(await connections()).some(({ query }) => /copy .*pg_sleep/.test(query))) await sleep(10)
    controller.abort()
    await failed
    await untilNone()
  })

  it.each(['csv', 'jsonl', 'parquet', 'arrow', 'xlsx'])(
    'that breaks off does not end like a whole one: %s',
    async (format) => {
      const failing = sourceOf(
        ['a', 't'],
        sql`select 1 / (400000 - i) as a, repeat('x', 50) as t from generate_series(1, 500000) as g (i)`,
      )
      const { stream } = await open(failing, format)
      await expect(textOf(stream)).rejects.toMatchObject({ code: '22012' })
      expect(stream.readableEnded).toBe(false)
      await untilNone()
    },
  )

  it('says so when its database goes away', async () => {
    const { stream } = await open(MANY, 'csv')
    const reading = expect(textOf(stream)).rejects.toMatchObject({ code: 'DATABASE_UNAVAILABLE' })
    await database.sql(
      `select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'crossrun export'`,
    )
    await reading
  })

  it('has its time', async () => {
    // Nobody reads, so that it cannot be done in time.
    const unread = async () => once((await open(MANY, 'jsonl', { statementTimeoutMs: 1_000 })).stream, 'end')
    await expect(unread()).rejects.toMatchObject({ code: 'QUERY_TIMEOUT' })
    await untilNone()
  })

  it('sees the rows of its organization only, as a role that can do nothing else', async () => {
    const source = sourceOf(
      ['role', 'readonly', 'own'],
      sql`select current_user::text as role, current_setting('transaction_read_only') as readonly,
        not exists (select from agents where organization_id <> ${database.organizationId}::uuid) as own`,
    )
    await database.insert('agents', [
      {
        id: '00000000-0000-5000-8000-0000000000ff',
        organization_id: '00000000-0000-5000-8000-0000000000ee',
        name: 'theirs',
      },
    ])
    expect(await exported(source, 'csv')).toBe('role,readonly,own\r\ncrossrun_app,on,true\r\n')
  })

  it.each(['csv', 'jsonl'])('takes no more memory for more rows: %s', async (format) => {
    const resident = () => process.memoryUsage.rss()
    const { stream } = await open(
      sourceOf(['i', 't'], sql`select i, repeat('x', 300) as t from generate_series(1, 500000) as g (i)`),
      format,
    )
    const before = resident()
    let most = before
    let bytes = 0
    for await (const piece of stream) {
      bytes += (piece as Buffer).length
      most = Math.max(most, resident())
    }
    expect(bytes).toBeGreaterThan(150_000_000)
    expect(most - before).toBeLessThan(100_000_000)
  })
})
