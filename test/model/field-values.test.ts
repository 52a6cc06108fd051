import { describe, expect, it } from 'vitest'
import { isEmptyValue, isSameValue, textOfValue } from '../../src/model/field-values.ts'

describe('two values are the same', () => {
  it.each([
    ['Team Plan', 'ＴＥＡＭ　ｐｌａｎ', 'full width, case and an ideographic space'],
    [' Team \t\n Plan ', 'team plan', 'white space'],
    ['Straße', 'STRASSE', 'full case folding'],
    ['ﬁne', 'FINE', 'a ligature'],
    ['99.0', 99, 'numbers by value'],
    ['５０', '50.00', 'full-width digits'],
    ['+5', 5, 'a sign'],
    ['1e3', 1000, 'an exponent'],
    [0.1, '0.10', 'fractions'],
    ['9007199254740993', '9007199254740993.0', 'numbers beyond the language'],
    [true, 'TRUE', 'flags as words'],
    [{ a: 1, b: 2 }, { b: 2, a: 1 }, 'objects whatever the order of their keys'],
    [['a', 'b'], '["a","b"]', 'lists as JSON'],
  ] as [unknown, unknown, string][])('%j and %j: %s', (a, b) => {
    expect(isSameValue(a, b)).toBe(true)
    expect(isSameValue(b, a)).toBe(true)
  })

  it.each([
    ['$10/mo', '$10/yr'],
    ['102', '$102/mo'],
    ['9007199254740993', '9007199254740992'],
    ['1,000', '1000'],
    ['a b', 'ab'],
    [
      ['a', 'b'],
      ['b', 'a'],
    ],
  ])('but not %j and %j', (a, b) => {
    expect(isSameValue(a, b)).toBe(false)
  })
})

it('nothing, white space and empty lists and objects are no value; zero and false are', () => {
  expect([null, undefined, '', ' \t\u00a0', [], {}].map(isEmptyValue)).toEqual(Array(6).fill(true))
  expect([0, false, '-', [null], { a: null }].map(isEmptyValue)).toEqual(Array(5).fill(false))
})

it('a value as text is as it was written, objects and lists as JSON', () => {
  expect([null, ' a ', 5, true, { b: 1, a: [2] }].map(textOfValue)).toEqual([
    null,
    ' a ',
    '5',
    'true',
    '{"a":[2],"b":1}',
  ])
})
