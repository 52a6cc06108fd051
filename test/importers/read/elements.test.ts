import { describe, expect, it } from 'vitest'
import { readElements } from '../../../src/importers/read/elements.ts'
import { collect, inPieces } from './sources.ts'

async function read(text: string, patterns: string[], size = 16) {
  const events = await collect(readElements(inPieces(text, size), patterns))
  return {
    records: events.flatMap((event) => ('record' in event ? [event.record] : [])),
    issues: events.flatMap((event) => ('issue' in event ? [event.issue] : [])),
    rest: events.flatMap((event) => ('rest' in event ? [event.rest] : [])),
  }
}

describe('records in a JSON file', () => {
  it('are the elements of an array', async () => {
    const { records, rest } = await read('[\n {"é":1},\n {"b":2}\n]', ['/*'])
    expect(records).toEqual([
      { value: { é: 1 }, line: null, pointer: '/0', byteOffset: 3, issues: [] },
      { value: { b: 2 }, line: null, pointer: '/1', byteOffset: 14, issues: [] },
    ])
    expect(rest).toEqual([[]])
  })

  it('are the rows of a dump of tables, each with its table', async () => {
    const text = JSON.stringify({ campaigns: [{ id: 1 }], 'odd/name': [{ id: 2 }], version: 3, empty: [] })
    const { records, rest } = await read(text, ['/*/*'])
    expect(records.map(({ pointer, table, value }) => [pointer, table, value])).toEqual([
      ['/campaigns/0', 'campaigns', { id: 1 }],
      ['/odd~1name/0', 'odd/name', { id: 2 }],
    ])
    expect(rest).toEqual([{ campaigns: [], 'odd/name': [], version: 3, empty: [] }])
  })

  it('are those of an envelope, and the rest is the envelope', async () => {
    const text = JSON.stringify({
      success: true,
      candidates: [{ id: 'a' }, { id: 'b' }],
      errors: [{ code: 1 }],
      processed: 2,
    })
    const { records, rest } = await read(text, ['/candidates/*'])
    expect(records.map(({ value }) => value)).toEqual([{ id: 'a' }, { id: 'b' }])
    expect(rest).toEqual([{ success: true, candidates: [], errors: [{ code: 1 }], processed: 2 }])
  })

  it('carry their warnings, with pointers from the root', async () => {
    const { records, issues } = await read('[{"a":NaN},{"b":"\\u0000"},{}]', ['/*'])
    expect(records.map(({ issues }) => issues.map(({ code, pointer }) => `${code} ${pointer}`))).toEqual([
      ['NOT_A_NUMBER /0/a'],
      ['NUL_CHARACTER /1/b'],
      [],
    ])
    expect(issues).toEqual([])
  })

  it('are read up to where the file is cut, and from around one that is broken', async () => {
    const cut = await read('[{"id":1},{"id":2},{"id":', ['/*'])
    expect(cut.records.map(({ pointer }) => pointer)).toEqual(['/0', '/1'])
    expect(cut.issues).toMatchObject([{ code: 'TRUNCATED', byteOffset: 25 }])
    expect(cut.rest).toEqual([])
    const broken = await read('[{"id":1},{"id":},{"id":3}]', ['/*'])
    expect(broken.records.map(({ pointer }) => pointer)).toEqual(['/0', '/2'])
    expect(broken.issues).toMatchObject([{ code: 'SYNTAX', pointer: '/1', byteOffset: 16 }])
  })
})
