import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { lexicographicSortSchema, printSchema } from 'graphql'
import { schema } from '../src/schema/index.ts'

// Writes schema.graphql; with --check it only says whether the file is what the code makes.
const path = fileURLToPath(new URL('../schema.graphql', import.meta.url))
const text = `${printSchema(lexicographicSortSchema(schema))}\n`

if (!process.argv.includes('--check')) writeFileSync(path, text)
else if (!existsSync(path) || readFileSync(path, 'utf8') !== text) {
  console.error('schema.graphql is not what the code makes. Run: npx tsx scripts/build-schema.ts')
  process.exitCode = 1
}
