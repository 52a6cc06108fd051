import { z } from 'zod'
import { limitVariables } from './environment-limits.ts'
import { CrossrunError } from './errors.ts'

/** Every variable Crossrun reads; the table in the README is checked against this shape. */
const environmentShape = z.object({
  DATABASE_URL: z
    .string()
    .regex(/^postgres(ql)?:\/\//, 'must start with postgres:// or postgresql://')
    .optional()
    .describe('PostgreSQL 15 or newer. When set, nothing embedded starts.'),
  DATABASE_REPLICA_URLS: z
    .string()
    .transform((text) => text.split(',').map((url) => url.trim()))
    .pipe(z.array(z.string().refine(isDatabaseUrl, 'must be addresses as DATABASE_URL has one, with commas between')))
    .default([])
    .describe('Streaming replicas of that server for queries and exports, with commas between.'),
  CROSSRUN_DATA_DIR: z.string().min(1).default('.crossrun').describe('Where the embedded PostgreSQL keeps its data.'),
  HOST: z.string().min(1).default('127.0.0.1').describe('Address the server listens on.'),
  PORT: z.coerce
    .number()
    .int()
    .min(0)
    .max(65535)
    .default(4000)
    .describe('Port the server listens on; 0 picks a free one.'),
  CROSSRUN_SQL_PORT: z.coerce
    .number()
    .int()
    .min(1)
    .max(65535)
    .optional()
    .describe('A port of 127.0.0.1 on which `serve` also shows the embedded PostgreSQL, for BI tools.'),
  LOG_LEVEL: z
    .enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'])
    .default('info')
    .describe('The least severe log line that is written.'),
  CROSSRUN_POOL_SIZE: z.coerce
    .number()
    .int()
    .min(1)
    .max(1000)
    .default(10)
    .describe('Database connections of one server process.'),
  CROSSRUN_POOL_WAIT_MS: z.coerce
    .number()
    .int()
    .min(1)
    .default(5_000)
    .describe('How long a request waits for a database connection, in milliseconds, before it is told to retry.'),
  CROSSRUN_STATEMENT_TIMEOUT_MS: z.coerce
    .number()
    .int()
    .min(1)
    .default(30_000)
    .describe('The longest one SQL statement of a request may run, in milliseconds.'),
  CROSSRUN_REQUEST_TIMEOUT_MS: z.coerce
    .number()
    .int()
    .min(1)
    .max(3_600_000)
    .default(60_000)
    .describe('The longest a request may take in all, in milliseconds.'),
  CROSSRUN_PAYLOAD_BUDGET: z
    .string()
    .regex(/^\d+(\.\d+)?\s*([kMGT]?B)?$/i, 'must be a number of bytes, such as 10GB')
    .transform(bytesOf)
    .refine((bytes) => bytes > 0, 'must be more than nothing')
    .optional()
    .describe(
      'How much the stored files of an organization may take, such as `10GB`; imports warn when they take more.',
    ),
  CROSSRUN_METRICS: z
    .enum(['on', 'off'])
    .default('off')
    .describe('Whether /metrics answers, in the format of Prometheus.'),
  CROSSRUN_METRICS_TOKEN: z
    .string()
    .min(16)
    .optional()
    .describe('A token that may read /metrics and nothing else; once keys are in use, nothing else may.'),
  // Other programs of the machine may be meant by these, too: what is not understood is no error.
  OTEL_TRACES_EXPORTER: z
    .string()
    .optional()
    .describe('`otlp` sends traces; anything else does not, whatever endpoint is set.'),
  OTEL_EXPORTER_OTLP_ENDPOINT: z
    .string()
    .optional()
    .describe('Where traces are sent by OTLP over HTTP, such as http://localhost:4318; unset, none are.'),
  CROSSRUN_JWT_JWKS_URL: z
    .string()
    .refine(isPrivate, 'must be an address that starts with https://, unless it is of this machine')
    .optional()
    .describe('Where an identity provider publishes its keys: its tokens are let in.'),
  CROSSRUN_JWT_ISSUER: z.string().min(1).optional().describe('The `iss` of its tokens.'),
  CROSSRUN_JWT_AUDIENCE: z.string().min(1).optional().describe('The `aud` of tokens that are for Crossrun.'),
  CROSSRUN_JWT_ORGANIZATION_CLAIM: z
    .string()
    .min(1)
    .default('organization')
    .describe("The claim that holds the organization's slug."),
  CROSSRUN_JWT_SCOPE_CLAIM: z
    .string()
    .min(1)
    .default('scope')
    .describe('The claim that holds scopes, such as `read` or `crossrun:read`: words of a text, or a list.'),
  ...limitVariables,
})

function isDatabaseUrl(text: string): boolean {
  return /^postgres(ql)?:\/\//.test(text) && URL.canParse(text)
}

/** A number of bytes, or of thousands, millions, … of them. */
function bytesOf(text: string): number {
  const [, number, unit = ''] = /^([\d.]+)\s*(.*)$/.exec(text)!
  return Number(number) * 1000 ** ['', 'K', 'M', 'G', 'T'].indexOf(unit.toUpperCase().replace('B', ''))
}

/** Nobody on the way to the address can put keys of their own in the place of the provider's. */
function isPrivate(address: string): boolean {
  if (!URL.canParse(address)) return false
  const { protocol, hostname } = new URL(address)
  return protocol === 'https:' || (protocol === 'http:' && ['localhost', '127.0.0.1', '[::1]'].includes(hostname))
}

/** What goes together: a token of the right issuer that is meant for another program must not be let in. */
const checkedShape = environmentShape.superRefine((environment, context) => {
  const together = ['CROSSRUN_JWT_JWKS_URL', 'CROSSRUN_JWT_ISSUER', 'CROSSRUN_JWT_AUDIENCE'] as const
  const missing = together.filter((name) => environment[name] === undefined)
  if (missing.length === together.length) return
  for (const name of missing)
    context.addIssue({ code: 'custom', path: [name], message: `must be set too: ${together.join(', ')} go together` })
})

export type Environment = z.infer<typeof environmentShape>

export const environmentVariables = Object.entries(environmentShape.shape).map(([name, type]) => ({
  name,
  description: type.description ?? '',
}))

/**
 * Reads and checks the environment; empty variables count as unset.
 * @throws CrossrunError `BAD_ENVIRONMENT` naming each variable that is wrong and why.
 */
export function readEnvironment(source: Record<string, string | undefined> = process.env): Environment {
  const set = Object.fromEntries(Object.entries(source).filter(([, value]) => value !== ''))
  const result = checkedShape.safeParse(set)
  if (result.success) return result.data
  const wrong = result.error.issues.map((issue) => `${issue.path.join('.')} ${issue.message}`).join('; ')
  throw new CrossrunError('BAD_ENVIRONMENT', `The environment is not usable: ${wrong}`, {
    hint: 'The README lists every variable with its default.',
  })
}
