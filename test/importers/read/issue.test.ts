import { expect, it } from 'vitest'
import {
  isIssue,
  issueOf,
  ReadError,
  reject,
  snippetAt,
  unreadable,
  warning,
} from '../../../src/importers/read/issue.ts'

it('a snippet is the text around the place, 80 characters of it at most', () => {
  const text = `${'a'.repeat(100)}X${'b'.repeat(100)}`
  expect(snippetAt(text, 100)).toBe(`${'a'.repeat(40)}X${'b'.repeat(39)}`)
  expect(snippetAt(text, 0)).toBe('a'.repeat(80))
  expect(snippetAt(text, 200)).toBe('b'.repeat(80))
  expect(snippetAt('short', 3)).toBe('short')
})

it('a snippet can be printed and stored: no control characters, no half characters', () => {
  expect(snippetAt('a\u0000b\nc\td\u001be\u2028f', 0)).toBe('a\\u0000b\\nc\\td\\u001be\\u2028f')
  expect(snippetAt(`${'😀'.repeat(60)}`, 61)).not.toMatch(/\p{Surrogate}/u)
})

it('what the operating system says becomes an issue, a bug is thrown on', () => {
  const failure = Object.assign(new Error('EACCES: permission denied'), { code: 'EACCES', syscall: 'open' })
  expect(issueOf(failure)).toEqual(unreadable(failure))
  expect(unreadable(failure)).toMatchObject({ code: 'UNREADABLE', message: 'cannot be read: permission denied' })
  expect(issueOf(new ReadError(reject('TRUNCATED', 'cut')))).toMatchObject({ code: 'TRUNCATED' })
  expect(() => issueOf(new TypeError('bug'))).toThrow('bug')
})

it('issues are told from other answers', () => {
  expect(isIssue(warning('DUPLICATE_KEY', 'twice'))).toBe(true)
  expect(isIssue({ raw: Buffer.alloc(0) })).toBe(false)
  expect(isIssue(null)).toBe(false)
})
