import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import type { Batch } from '../../src/exports/table.ts'
import { writeArrow } from '../../src/exports/write-arrow.ts'
import { writeParquet } from '../../src/exports/write-parquet.ts'
import { writeXlsx } from '../../src/exports/write-xlsx.ts'
import { column } from './written-files.ts'

const COLUMNS = [column('text', { kind: 'text' })]
const BATCH: Batch = Array.from({ length: 2_000 }, (_, row) => [`row ${row} ${Math.sin(row)}`])

describe.each(Object.entries({ parquet: writeParquet, arrow: writeArrow, xlsx: writeXlsx }))('%s', (_, write) => {
  it.each([0, 1, 40])('fails as its rows do, after %i batches', async (batches) => {
    const failure = new Error('The connection is gone.')
    async function* rows() {
      for (let batch = 0; batch < batches; batch += 1) yield BATCH
      throw failure
    }
    const read = async () => {
      for await (const _ of write(COLUMNS, rows()));
    }
    await expect(read()).rejects.toBe(failure)
  })

  it('asks for no more rows than are read', async () => {
    let asked = 0
    async function* rows() {
      for (;;) {
        asked += 1
        yield BATCH
      }
    }
    const pieces = write(COLUMNS, rows())[Symbol.asyncIterator]()
    await pieces.next()
    await pieces.next()
    await new Promise((resolve) => setTimeout(resolve, 200))
    expect(asked).toBeLessThan(25)
    await pieces.return?.()
  })

  it('ends its rows when nobody reads on', async () => {
    let isEnded = false
    async function* rows() {
      try {
        for (;;) yield BATCH
      } finally {
        isEnded = true
      }
    }
    let pieces = 0
    for await (const _ of write(COLUMNS, rows())) {
      pieces += 1
      if (pieces === 3) break
    }
    expect(isEnded).toBe(true)
  })

  it('does not end the process when its rows fail after it was left', async () => {
    let fail = (_: Error) => {}
    async function* rows() {
      yield BATCH
      await new Promise((_, reject) => {
        fail = reject
      })
    }
    const pieces = write(COLUMNS, rows())[Symbol.asyncIterator]()
    const next = pieces.next()
    next.catch(() => undefined)
    await new Promise((resolve) => setTimeout(resolve, 50))
    fail(new Error('The connection is gone.'))
    // Vitest fails a file in which an error was not handled.
    await new Promise((resolve) => setTimeout(resolve, 50))
  })
})

it('the libraries are loaded by whoever writes such a file, and by nobody else', () => {
  const source = fileURLToPath(new URL('../../src', import.meta.url))
  const files = readdirSync(source, { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith('.ts'))
  const library = /^import (?!type ).*from '(?:apache-arrow|hyparquet-writer|yazl)'/m
  expect(files.filter((path) => library.test(readFileSync(`${source}/${path}`, 'utf8')))).toEqual([])
})
