import { spawnSync } from 'node:child_process'
import { chmodSync, existsSync, rmSync } from 'node:fs'
import { join } from 'node:path'

// Writes dist/, the JavaScript of src/ file by file, from an empty folder, so that a deleted module does not live on.
// Everything else that runs needs (migrations, schema.graphql, package.json) is read from the package's root.

const root = join(import.meta.dirname, '..')
const dist = join(root, 'dist')
const command = join(dist, 'cli', 'main.js')
const compiler = join(root, 'node_modules', 'typescript', 'bin', 'tsc')

rmSync(dist, { recursive: true, force: true })
const { status, error } = spawnSync(process.execPath, [compiler, '--project', 'tsconfig.build.json'], {
  cwd: root,
  stdio: 'inherit',
})
if (error) throw error
if (status === 0) {
  if (!existsSync(command)) throw new Error(`The compiler wrote no ${command}.`)
  chmodSync(command, 0o755)
}
process.exitCode = status ?? 1
