/** Why something was not imported; `docs/formats` explains each. */
export type RejectCode =
  | 'EMPTY'
  | 'TRUNCATED'
  | 'SYNTAX'
  | 'SCHEMA'
  | 'UNKNOWN_FORMAT'
  | 'UNREADABLE'
  | 'TOO_DEEP'
  | 'TOO_LARGE'
  | 'SELF_REFERENCE'
  | 'CONFLICT'

/** What was changed or noticed in a record that was kept. */
export type WarningCode =
  | 'NOT_A_NUMBER'
  | 'NUL_CHARACTER'
  | 'LONE_SURROGATE'
  | 'DUPLICATE_ID'
  | 'DUPLICATE_KEY'
  | 'DUPLICATE_PAIR'
  | 'DANGLING_REFERENCE'
  | 'INVALID_SCHEDULE'

/**
 * One finding about a file or a record of it.
 * `line` counts from 1 and is set where a record is a line (JSONL, CSV); `byteOffset` counts from 0 in the decompressed
 * bytes; `pointer` is a JSON pointer within the file, or within the record where a record is a line.
 */
export type Issue = {
  severity: 'REJECT' | 'WARNING'
  code: RejectCode | WarningCode
  message: string
  line: number | null
  byteOffset: number | null
  pointer: string | null
  snippet: string | null
}

/** Where an issue is; what is not known stays null. */
export type Place = Partial<Pick<Issue, 'line' | 'byteOffset' | 'pointer' | 'snippet'>>

const nowhere = { line: null, byteOffset: null, pointer: null, snippet: null }

/** Something that is not imported. */
export function reject(code: RejectCode, message: string, place: Place = {}): Issue {
  return { severity: 'REJECT', code, message, ...nowhere, ...place }
}

/** Something noticed about a record that is imported. */
export function warning(code: WarningCode, message: string, place: Place = {}): Issue {
  return { severity: 'WARNING', code, message, ...nowhere, ...place }
}

/** Tells an issue from the other answers of this layer. */
export function isIssue(value: unknown): value is Issue {
  return typeof value === 'object' && value !== null && 'severity' in value && 'code' in value
}

/** Carries a reject through a stream, whose only way to end early is to throw; readers turn it back into a value. */
export class ReadError extends Error {
  readonly issue: Issue

  constructor(issue: Issue) {
    super(issue.message)
    this.name = 'ReadError'
    this.issue = issue
  }
}

/** The reject that a failing stream carries; anything but a reading error is a bug and is thrown on. */
export function issueOf(error: unknown): Issue {
  if (error instanceof ReadError) return error.issue
  if (error instanceof Error && 'syscall' in error) return unreadable(error as NodeJS.ErrnoException)
  throw error
}

const reasons: Record<string, string> = {
  ENOENT: 'does not exist',
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  EISDIR: 'is a directory',
  ENOTDIR: 'a part of its path is not a directory',
  ELOOP: 'its symbolic links lead in a circle',
  ENAMETOOLONG: 'its path is too long for this system',
  EMFILE: 'too many files are open',
  EIO: 'the disk reported an error',
}

/** `UNREADABLE`, with what the operating system said in plain words. */
export function unreadable(error: NodeJS.ErrnoException): Issue {
  return reject('UNREADABLE', `cannot be read: ${reasons[error.code ?? ''] ?? error.message}`)
}

const SNIPPET_CHARACTERS = 80

/** At most 80 characters around a place of a text, control characters written as escapes. */
export function snippetAt(text: string, index: number): string {
  const from = Math.max(0, Math.min(index - SNIPPET_CHARACTERS / 2, text.length - SNIPPET_CHARACTERS))
  const raw = text.slice(from, from + SNIPPET_CHARACTERS)
  return raw
    .replace(/[\p{Cc}\u2028\u2029]/gu, escapeControl)
    .slice(0, SNIPPET_CHARACTERS)
    .replace(/\p{Surrogate}/gu, '\uFFFD')
}

function escapeControl(character: string): string {
  if (character === '\n') return '\\n'
  if (character === '\t') return '\\t'
  if (character === '\r') return '\\r'
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`
}
