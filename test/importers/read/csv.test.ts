import { expect, it } from 'vitest'
import { readCsv } from '../../../src/importers/read/csv.ts'
import { collect, inPieces, splits } from './sources.ts'

async function read(text: string | Buffer, limit?: number) {
  const events = await collect(readCsv([Buffer.from(text)], limit))
  return events.map((event) =>
    'record' in event
      ? { line: event.record.line, value: event.record.value }
      : `${event.issue.line} ${event.issue.code}`,
  )
}

it('a row is an object of the header, its cells text or null', async () => {
  expect(await read('id,name,size\r\n1,Ana,\r\n2,"Bo, ""B""",0012\r\n')).toEqual([
    { line: 2, value: { id: '1', name: 'Ana', size: null } },
    { line: 3, value: { id: '2', name: 'Bo, "B"', size: '0012' } },
  ])
})

it('cells that hold a JSON object or array are parsed, what only looks so stays text', async () => {
  const text = 'a,b,c,d\n"{""x"": [1, ""é""]}","[""jazz"", ""chess""]",[see note],{{name}}\n'
  expect(await read(text)).toEqual([
    { line: 2, value: { a: { x: [1, 'é'] }, b: ['jazz', 'chess'], c: '[see note]', d: '{{name}}' } },
  ])
})

it('lines are counted through quoted line breaks and blank rows', async () => {
  expect(await read('a,b\n"x\ny\nz",1\n\n,\n2,3\n4\n5,6')).toEqual([
    { line: 2, value: { a: 'x\ny\nz', b: '1' } },
    { line: 7, value: { a: '2', b: '3' } },
    '8 SCHEMA',
    { line: 9, value: { a: '5', b: '6' } },
  ])
})

it('a row with too few or too many cells is a reject and the others are read', async () => {
  expect(await read('a,b\n1\n2,3\n4,5,6\n')).toEqual(['2 SCHEMA', { line: 3, value: { a: '2', b: '3' } }, '4 SCHEMA'])
})

it('a quote that is not closed makes the file TRUNCATED from its row on', async () => {
  expect(await read('a,b\n1,2\n3,"x\n4,5\n')).toEqual([{ line: 2, value: { a: '1', b: '2' } }, '3 TRUNCATED'])
})

it('quotes where none belong are text', async () => {
  expect(await read('a,b\n1,5" pipe\n2,"x"\n')).toEqual([
    { line: 2, value: { a: '1', b: '5" pipe' } },
    { line: 3, value: { a: '2', b: 'x' } },
  ])
})

it('a row longer than the limit is TOO_LARGE, after the rows before it', async () => {
  expect(await read(`a,b\n1,2\n3,"${'x'.repeat(200)}"\n`, 100)).toEqual([
    { line: 2, value: { a: '1', b: '2' } },
    '3 TOO_LARGE',
  ])
})

it('a row that is not UTF-8 is UNREADABLE and the others are read', async () => {
  const bytes = Buffer.concat([Buffer.from('a\nx\n'), Buffer.from([0xe9]), Buffer.from('\né\n')])
  expect(await read(bytes)).toEqual([{ line: 2, value: { a: 'x' } }, '3 UNREADABLE', { line: 4, value: { a: 'é' } }])
})

it('a file without a header is EMPTY, one with nothing else has no records', async () => {
  expect(await read('')).toEqual(['null EMPTY'])
  expect(await read('\n\n')).toEqual(['null EMPTY'])
  expect(await read('a,b\n')).toEqual([])
})

it('warnings point to line and cell, within a parsed cell too', async () => {
  const events = await collect(readCsv([Buffer.from('a/b,c\n"x\0",\n"{""d"":NaN}",\n')]))
  const issues = events.flatMap((event) => ('record' in event ? event.record.issues : []))
  expect(issues.map(({ code, line, pointer }) => [code, line, pointer])).toEqual([
    ['NUL_CHARACTER', 2, '/a~1b'],
    ['NOT_A_NUMBER', 3, '/a~1b/d'],
  ])
})

it('columns of one name are a warning, and one named __proto__ is a column', async () => {
  const events = await collect(readCsv([Buffer.from('a,__proto__,a\n1,2,3\n')]))
  expect(events[0]).toMatchObject({ issue: { severity: 'WARNING', code: 'DUPLICATE_KEY', line: 1, pointer: '/a' } })
  expect(JSON.stringify(events[1])).toContain('"value":{"a":"3","__proto__":"2"}')
})

it('where the pieces of the source end makes no difference', async () => {
  const text = '\uFEFF"é",b\r\n"x\r\n😀","[1, ""€""]"\r\n1\r\n2,"3"'
  const whole = await collect(readCsv([Buffer.from(text)]))
  expect(whole).toHaveLength(3)
  for (const pieces of splits(text)) expect(await collect(readCsv(pieces))).toEqual(whole)
  expect(await collect(readCsv(inPieces(text, 1)))).toEqual(whole)
})
