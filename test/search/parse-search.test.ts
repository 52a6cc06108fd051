import { describe, expect, it } from 'vitest'
import { parseSearch } from '../../src/search/parse-search.ts'

const short = { words: '', phrase: '=', notWords: '-', notPhrase: '-=' }
const read = (text: string) =>
  parseSearch(text)
    .map((parts) => parts.map(({ kind, text }) => `${short[kind]}${text}`).join(' · '))
    .join(' | ')

describe('a search is read as web searches are', () => {
  it.each([
    ['ROI proof', 'ROI · proof'],
    ['  ROI\t\nproof ', 'ROI · proof'],
    ['"proof of ROI" slow', '=proof of ROI · slow'],
    ['“proof of ROI” «temps perdu»', '=proof of ROI · =temps perdu'],
    ['"proof of ROI', '=proof of ROI'],
    ['ROI -proof', 'ROI · -proof'],
    ['ROI -"manual entry" --slow', 'ROI · -=manual entry · -slow'],
    ['data-entry', 'data-entry'],
    ['ROI - proof', 'ROI · proof'],
    ['a b or c d', 'a · b | c · d'],
    ['a OR b Or c', 'a | b | c'],
    ['or a or or b or', 'a | b'],
    ['"or" a', '=or · a'],
    ['oracle or order', 'oracle | order'],
    ['a & b | c ! ( ) :*', 'a · b · c'],
    ['a "" "!?" b', 'a · b'],
    ['доказать данные', 'доказать · данные'],
  ])('%j', (text, expected) => {
    expect(read(text)).toBe(expected)
  })
})

describe('a search is refused', () => {
  it.each([
    ['when it is empty', ''],
    ['when it is blank', ' \n '],
    ['when it has only signs', '& | "" -'],
    ['when it has only the operator', 'or'],
    ['when it only excludes', '-ROI -"manual entry"'],
    ['when an alternative only excludes', 'ROI or -proof'],
    ['when it holds a NUL', 'ROI\u0000'],
    ['when it is too long', 'x'.repeat(1001)],
  ])('%s', (_why, text) => {
    expect(() => parseSearch(text, 'query.search')).toThrow(
      expect.objectContaining({ code: 'BAD_USER_INPUT', argument: 'query.search' }),
    )
  })

  it('not when it is as long as may be', () => {
    expect(read('x'.repeat(1000))).toHaveLength(1000)
  })
})
