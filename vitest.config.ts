import { defineConfig } from 'vitest/config'

export default defineConfig({
  // Vitest would take graphql's ES module where Node, which loads the libraries, takes the CommonJS one: two realms.
  resolve: { alias: [{ find: /^graphql$/, replacement: 'graphql/index.js' }] },
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/global-setup.ts'],
    // Real servers are started and stopped; on a busy machine that takes its time.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    maxWorkers: 2,
  },
})
