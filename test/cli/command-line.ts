import type { CommandContext } from '../../src/cli/context.ts'
import { runCli } from '../../src/cli/run.ts'
import { readEnvironment } from '../../src/environment.ts'
import { organizationIdOf } from '../../src/model/identifiers.ts'
import type { TestDatabase } from '../database.ts'

export type Outcome = { exitCode: number; stdout: string; stderr: string; bytes: Buffer }

/** Runs command lines against the database of a test file; those that serve stop at once when they are interrupted. */
export function commandLine(
  database: Pick<TestDatabase, 'url'>,
  given: { columns?: number; environment?: Record<string, string>; isInterrupted?: boolean } = {},
) {
  return async (...argv: string[]): Promise<Outcome> => {
    const written: Buffer[] = []
    const stderr: string[] = []
    const context: CommandContext = {
      stdout: (line) => void written.push(Buffer.from(`${line}\n`)),
      stderr: (line) => void stderr.push(line),
      write: async (bytes) => void written.push(Buffer.from(bytes)),
      environment: () => readEnvironment({ DATABASE_URL: database.url, LOG_LEVEL: 'silent', ...given.environment }),
      isTerminal: false,
      columns: given.columns ?? null,
      onInterrupt(listener) {
        if (given.isInterrupted) setImmediate(listener)
        return () => undefined
      },
    }
    const exitCode = await runCli(argv, context)
    const bytes = Buffer.concat(written)
    return { exitCode, stdout: bytes.toString(), stderr: stderr.join('\n'), bytes }
  }
}

/** Makes organizations that have nothing yet. */
export async function makeOrganizations(database: Pick<TestDatabase, 'sql'>, ...slugs: string[]): Promise<void> {
  for (const slug of slugs)
    await database.sql('insert into organizations (id, slug, name) values ($1, $2, $2)', [organizationIdOf(slug), slug])
}
