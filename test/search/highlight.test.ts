import { describe, expect, it } from 'vitest'
import { highlight } from '../../src/search/highlight.ts'

/** Words with a capital letter stand for themselves in lower case. */
const pieces = (text: string) =>
  (text.match(/\w+|\W+/g) ?? []).map((piece) => ({ text: piece, stem: /\w/.test(piece) ? piece.toLowerCase() : null }))

describe('a highlight', () => {
  it.each([
    ['marks each word', 'No proof of ROI', [['proof'], ['roi']], 'No <mark>proof</mark> of <mark>ROI</mark>'],
    [
      'marks a run as one',
      'The Return, on investment!',
      [['return', 'on', 'investment']],
      'The <mark>Return, on investment</mark>!',
    ],
    ['marks no part of a run', 'return on effort', [['return', 'on', 'investment']], 'return on effort'],
    [
      'marks overlapping runs as one',
      'a b c d',
      [
        ['a', 'b'],
        ['b', 'c'],
      ],
      '<mark>a b c</mark> d',
    ],
    ['marks a word as often as it is there', 'roi roi', [['roi']], '<mark>roi</mark> <mark>roi</mark>'],
    [
      'escapes what is not marked',
      `<b>"R&D"</b> isn't proof`,
      [['proof']],
      '&lt;b&gt;&quot;R&amp;D&quot;&lt;/b&gt; isn&#39;t <mark>proof</mark>',
    ],
    ['escapes what is marked', 'a<b', [['a', 'b']], '<mark>a&lt;b</mark>'],
    ['escapes marks that were written', '<mark>x</mark> roi', [['roi']], '&lt;mark&gt;x&lt;/mark&gt; <mark>roi</mark>'],
  ])('%s', (_what, text, marks, expected) => {
    expect(highlight(pieces(text), marks)).toBe(expected)
  })
})
