import type { Attack } from './documents.ts'

export type Outcome = Pick<Attack, 'kind' | 'name'> & {
  /** Whether nothing was answered and the reason is one that a client can act on. */
  isRefused: boolean
  status: number
  codes: string[]
  milliseconds: number
}

/** What a refusal may be called; an unexpected error is none. */
const REFUSALS = new Set([
  'BAD_REQUEST',
  'BAD_USER_INPUT',
  'CSRF_HEADER_REQUIRED',
  'FORBIDDEN_ORIGIN',
  'GRAPHQL_PARSE_FAILED',
  'GRAPHQL_VALIDATION_FAILED',
  'LIMIT_EXCEEDED',
  'UNSUPPORTED_MEDIA_TYPE',
])

/** Sends an attack over HTTP and looks at what came back. */
export async function send(url: string, attack: Attack): Promise<Outcome> {
  const { kind, name, body, headers, method = 'POST', address = '' } = attack
  const started = performance.now()
  const response = await fetch(`${url}/graphql${address}`, {
    method,
    headers: { 'content-type': 'application/json', ...headers },
    ...(method === 'GET' ? {} : { body: body as string }),
  })
  const text = await response.text()
  const milliseconds = performance.now() - started
  const answers = read(text)
  const codes = answers.flatMap(({ errors = [] }) => errors.map(({ extensions }) => extensions?.code ?? 'NO_CODE'))
  const isRefused = answers.every(
    ({ data = null, errors = [] }) =>
      data === null && errors.length > 0 && errors.every(({ extensions }) => REFUSALS.has(extensions?.code ?? '')),
  )
  return { kind, name, isRefused, status: response.status, codes: [...new Set(codes)], milliseconds }
}

type Answer = { data?: unknown; errors?: { extensions?: { code?: string } }[] }

function read(text: string): Answer[] {
  try {
    const value = JSON.parse(text) as Answer | Answer[]
    return Array.isArray(value) ? value : [value]
  } catch {
    return [{}]
  }
}
