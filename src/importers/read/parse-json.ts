import { type Issue, reject } from './issue.ts'
export function parseJson(text: string): { value: unknown; issues: Issue[] } | { issue: Issue } {
  if (text.trim() === '') return { issue: reject('EMPTY', 'nothing') }
  try { return { value: JSON.parse(text), issues: [] } } catch (e) { return { issue: reject('SYNTAX', String(e)) } }
}
