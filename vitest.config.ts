import { defineConfig } from 'vitest/config'

/** What changes modules, leaves something of its process behind, or measures its memory: each file has its own process. */
const ALONE = [
  'test/store/embedded/**/*.test.ts',
  'test/metrics/one-declaration.test.ts',
  'test/importers/read/memory.test.ts',
  'test/exports/export-stream.test.ts',
]

const options = {
  // Real servers are started and stopped; on a busy machine that takes its time.
  testTimeout: 60_000,
  hookTimeout: 60_000,
}
// Vitest would take graphql's ES module where Node, which loads the libraries, takes the CommonJS one: two realms.
const resolve = { alias: [{ find: /^graphql$/, replacement: 'graphql/index.js' }] }

export default defineConfig({
  test: {
    globalSetup: ['test/global-setup.ts'],
    maxWorkers: 2,
    projects: [
      // To load the program takes longer than most files' tests, so the files of a process share it.
      {
        resolve,
        test: { ...options, name: 'together', include: ['test/**/*.test.ts'], exclude: ALONE, isolate: false },
      },
      { resolve, test: { ...options, name: 'alone', include: ALONE } },
    ],
  },
})
