import { expect, it } from 'vitest'
import { countCharacters, countPlaceholders, countWords, foldName, themeOf } from '../../src/model/text.ts'

it('a theme is the same for every spelling of a pain point', () => {
  const spellings = [
    'Slow onboarding of new representatives',
    'SLOW ONBOARDING — of new representatives!',
    '  slow  onboarding of\nnew representatives.',
  ]
  expect(new Set(spellings.map(themeOf))).toEqual(new Set(['slow onboarding of new representatives']))
  expect(themeOf('Straße, naïve')).toBe('strasse naïve')
})

it('names are compared trimmed and case-folded', () => {
  expect(foldName('  Gift WAVE ')).toBe('gift wave')
  expect(foldName('ΣΊΣΥΦΟΣ')).toBe(foldName('Σίσυφος'))
})

it('words are split at white space, characters are code points, placeholders have two braces', () => {
  expect([countWords(''), countWords('one\n two\u00a0three')]).toEqual([0, 3])
  expect(countCharacters('a😀')).toBe(2)
  expect(countPlaceholders('{{a}} {{ b }} {c} {{d')).toBe(2)
})
