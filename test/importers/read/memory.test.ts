import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { expect, it } from 'vitest'
import { readCsv, readElements, readLines, readParts } from '../../../src/importers/read/records.ts'

setFlagsFromString('--expose-gc')
const collectGarbage: () => void = runInNewContext('gc')

const MB = 1024 * 1024
const TOTAL = 30 * MB
/** What is held between two looks may grow by a few pieces of the source and of records, not with the file. */
const GROWTH = 8 * MB

const record = JSON.stringify({
  id: 'signal_20260129_100000_ab12cd',
  text: 'naïve — “text” '.repeat(20),
  list: [1, 2, { deep: null }],
})

async function* generated(head: string, line: string, separator: string, tail: string): AsyncGenerator<Buffer> {
  const piece = Buffer.from((line + separator).repeat(200))
  yield Buffer.from(head)
  for (let bytes = 0; bytes < TOTAL; bytes += piece.length) yield piece
  yield Buffer.from(line + tail)
}

/** Reads to the end and looks at the memory in use after each fifth of the events. */
async function growthOf(events: AsyncIterable<object>, expected: number): Promise<number> {
  const used: number[] = []
  let count = 0
  for await (const event of events) {
    if ('issue' in event) throw new Error(JSON.stringify(event.issue))
    if (count++ % Math.floor(expected / 5) !== 0) continue
    collectGarbage()
    const { heapUsed, external } = process.memoryUsage()
    used.push(heapUsed + external)
  }
  expect(count).toBeGreaterThan(expected * 0.9)
  return Math.max(...used.slice(1)) - used[1]!
}

const records = TOTAL / Buffer.byteLength(record)
const csvRow = `id,"${'naïve — ""text"" '.repeat(20)}","[1, 2]"`

it.each([
  ['JSON lines', readLines(generated('', record, '\n', '')), records],
  ['an array', readElements(generated('[', record, ',\n', ']'), ['/*']), records],
  ['a table of a dump', readElements(generated('{"a":1,"rows":[', record, ',', ']}'), ['/*/*']), records],
  ['the parts of a run', readParts(generated('{"a":{"list":[', record, ',', ']}}'), ['/a/list/*']), records],
  ['CSV', readCsv(generated('a,b,c\n', csvRow, '\n', '')), TOTAL / Buffer.byteLength(csvRow)],
])('%s of any length need no more memory at the end than at the start', async (_, events, expected) => {
  expect(await growthOf(events, expected)).toBeLessThan(GROWTH)
})
