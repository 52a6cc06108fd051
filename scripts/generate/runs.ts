/**
 * Writes generated playbook runs, about 120 kB each: the same numbers make the same files everywhere.
 *
 *   npx tsx scripts/generate/runs.ts FOLDER [COUNT]
 */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { playbookRun } from './playbook-run.ts'
import { Random } from './random.ts'

const PAGE_CHARACTERS = 2_000
const [folder, count = '100'] = process.argv.slice(2)
if (!folder) throw new Error('Usage: npx tsx scripts/generate/runs.ts FOLDER [COUNT]')
mkdirSync(folder, { recursive: true })
const random = new Random(7)
for (let number = 0; number < Number(count); number++) {
  const name = `run_${String(number).padStart(6, '0')}.json`
  writeFileSync(join(folder, name), JSON.stringify(playbookRun(random, number, PAGE_CHARACTERS), null, 1))
}
