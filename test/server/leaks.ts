import { expect } from 'vitest'

/** What no answer may hold, whatever happens: SQL, a path, a stack, a secret, the names of what it is built of. */
const LEAKS = [
  /select\b[^"]*\bfrom\b|insert\s+into|update\s+\w+\s+set|delete\s+from|raise exception/i,
  /\/usr\/|\/src\/|\/work\/|\/home\/|\/root\/|file:\/\/|node_modules|\.[tj]s:\d+/,
  /\n\s+at |\bat \w[\w.<> ]* \(/,
  /postgres(ql)?:\/\/|db\.internal|hunter2/,
  /crossrun_[0-9a-f]{32}_[0-9a-f]{8}|Bearer \w/,
  /prisma\.|PrismaClient|DriverAdapter|SQLSTATE|ECONNREFUSED/i,
]

export function expectNoLeak(text: string): void {
  for (const leak of LEAKS) expect(text).not.toMatch(leak)
}
