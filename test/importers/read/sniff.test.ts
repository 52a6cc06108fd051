import { expect, it } from 'vitest'
import { type Shape, sniffShape } from '../../../src/importers/read/sniff.ts'

it.each<[string, string, Shape]>([
  ['{"a": 1}', 'a.json', 'json-object'],
  ['{"a": 1}', 'a.txt', 'json-object'],
  ['{"a": 1}\n', 'a.jsonl', 'json-lines'],
  ['{"a": 1}\n{"b": 2}\n', 'a.json', 'json-lines'],
  ['\n{"a": "}{\\""}\r\n\r\n[1]\n', 'output.txt', 'json-lines'],
  ['{\n  "a": 1,\n  "b": {}\n}', 'a.json', 'json-object'],
  ['{\n  "a": 1\n}', 'a.jsonl', 'json-object'],
  ['{"a": [\n1, 2]}', 'a.jsonl', 'json-object'],
  ['{"a": 1, "b": "cut\n{"a": 2}\n', 'a.jsonl', 'json-lines'],
  ['{"a": 1 "b"}\nnot json\n', 'a.jsonl', 'json-lines'],
  ['not json\n{"a": 1}\n', 'a.ndjson.gz', 'json-lines'],
  ['"text"\n', 'a.jsonl', 'json-lines'],
  ['[{"a": 1}]', 'a.json', 'json-array'],
  ['[\n{"a": 1},\n{"b": 2}\n]', 'a.json', 'json-array'],
  ['[\n{"a": 1},\n{"b": 2}\n]', 'a.jsonl', 'json-array'],
  ['[1]\n[2]\n', 'a.json', 'json-lines'],
  ['\uFEFF {"a": 1}', 'a.json', 'json-object'],
  ['{"a": "so long that it does not', 'a.json.zst', 'json-object'],
  ['not json', 'a.json', 'json-object'],
  ['NaN', 'a.json.gz', 'json-object'],
  ['id,name\n1,x\n', 'a.csv', 'csv'],
  ['id,name\n1,x\n', 'a.CSV.gz', 'csv'],
  ['id,name\n1,"x, y"\n', 'table', 'csv'],
  ['Dear reader,\nhello\n', 'a.txt', 'text'],
  ['# Report\n', 'phase10_final_report.md', 'markdown'],
  ['{{ template }}', 'report.md', 'markdown'],
  ['hello', 'output', 'text'],
  ['', 'a.json', 'empty'],
  [' \r\n\t', 'a.md', 'empty'],
])('%j in %s is %s', (text, name, shape) => {
  expect(sniffShape(Buffer.from(text), name)).toBe(shape)
})

it('a head that ends within a character or a value is told all the same', () => {
  const bytes = Buffer.from('{"a": "é😀"}\n{"b": 2}\n')
  for (let end = 1; end < bytes.length; end++) {
    expect(sniffShape(bytes.subarray(0, end), 'a.jsonl')).toBe('json-lines')
    expect(sniffShape(bytes.subarray(0, end), 'a.json')).toBe(end > 16 ? 'json-lines' : 'json-object')
  }
})
