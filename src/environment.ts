import { z } from 'zod'
import { CrossrunError } from './errors.ts'

/** Every variable Crossrun reads; the table in the README is checked against this shape. */
const environmentShape = z.object({
  DATABASE_URL: z
    .string()
    .regex(/^postgres(ql)?:\/\//, 'must start with postgres:// or postgresql://')
    .optional()
    .describe('PostgreSQL 15 or newer. When set, nothing embedded starts.'),
  CROSSRUN_DATA_DIR: z.string().min(1).default('.crossrun').describe('Where the embedded PostgreSQL keeps its data.'),
  HOST: z.string().min(1).default('127.0.0.1').describe('Address the server listens on.'),
  PORT: z.coerce
    .number()
    .int()
    .min(0)
    .max(65535)
    .default(4000)
    .describe('Port the server listens on; 0 picks a free one.'),
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
  const result = environmentShape.safeParse(set)
  if (result.success) return result.data
  const wrong = result.error.issues.map((issue) => `${issue.path.join('.')} ${issue.message}`).join('; ')
  throw new CrossrunError('BAD_ENVIRONMENT', `The environment is not usable: ${wrong}`, {
    hint: 'The README lists every variable with its default.',
  })
}
