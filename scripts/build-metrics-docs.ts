import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { documentOf } from '../src/metrics/document.ts'

// Writes docs/metrics.md; with --check it only says whether the file is what the declarations make.
const path = fileURLToPath(new URL('../docs/metrics.md', import.meta.url))
const text = documentOf()

if (!process.argv.includes('--check')) writeFileSync(path, text)
else if (!existsSync(path) || readFileSync(path, 'utf8') !== text) {
  console.error('docs/metrics.md is not what the declarations make. Run: npx tsx scripts/build-metrics-docs.ts')
  process.exitCode = 1
}
