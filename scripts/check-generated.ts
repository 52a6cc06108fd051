import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'

// Fails when what is written by `npm run generate` is not what it writes now; leaves the fresh files in place.

const generated = ['src/store/generated', 'src/schema/generated', 'schema.graphql']

process.chdir(join(import.meta.dirname, '..'))
const before = snapshot()
execFileSync('npm', ['run', '--silent', 'generate'], { stdio: ['ignore', 'ignore', 'inherit'] })
const after = snapshot()
const stale = [...new Set([...before.keys(), ...after.keys()])].filter((file) => before.get(file) !== after.get(file))
if (stale.length > 0) {
  console.error(
    `Stale, and written anew just now:\n${stale
      .sort()
      .map((file) => `  ${file}\n`)
      .join('')}Commit them.`,
  )
  process.exitCode = 1
}

function snapshot(): Map<string, string> {
  return new Map(generated.flatMap(filesIn).map((file) => [file, hash(readFileSync(file))]))
}

function filesIn(path: string): string[] {
  if (!existsSync(path)) return []
  if (statSync(path).isFile()) return [path]
  return readdirSync(path).flatMap((name) => filesIn(join(path, name)))
}

function hash(content: Buffer): string {
  return createHash('sha256').update(content).digest('hex')
}
