import { describe, expect, it } from 'vitest'
import { inJson, patternOf } from '../../../src/importers/deletion/needles.ts'
import { testDatabase } from '../../database.ts'

const database = testDatabase()

/** What is left of a text, and of JSON that holds it, in columns of the collation that tables have. */
async function left(names: string[], text: string): Promise<[string, unknown]> {
  const [row] = await database.sql(
    `select regexp_replace($1::text collate "C", $2, '#', 'gi') as text, regexp_replace(($3::jsonb)::text collate "C", $4, '#', 'gi')::jsonb as json`,
    [text, patternOf(names), JSON.stringify({ text }), patternOf(names.map(inJson))],
  )
  return [row!.text, row!.json.text]
}

describe('a name in a text', () => {
  it.each([
    ['in another case', 'john doering and JOHN DOERING', '# and #'],
    ['with letters beyond ASCII in another case', 'Élodie Ünalp, ÉLODIE ÜNALP, élodie ünalp', '#, #, #'],
    ['with accents of their own', 'E\u0301lodie U\u0308nalp', '#'],
    ['after a line break or a tab', 'People:\nJohn Doering\tJohn Doering\r\nJohn Doering', 'People:\n#\t#\r\n#'],
    ['after a control character', 'a\u0001John Doering', 'a\u0001#'],
    ['in brackets and quotes', '"John Doering" (John Doering)', '"#" (#)'],
    ['that has signs of a pattern', 'Mail j.d+x@doe.example, not jxd+x@doe.example', 'Mail #, not jxd+x@doe.example'],
    ['inside another word is another name', 'xJohn Doering, John Doerings', 'xJohn Doering, John Doerings'],
  ])('%s', async (_how, text, expected) => {
    const names = ['John Doering', 'Élodie Ünalp', 'j.d+x@doe.example']
    expect(await left(names, text)).toEqual([expected, expected])
  })
})
