/**
 * Writes a made-up world of every format: the artifacts into DIR/data, and into DIR/questions.json what to ask of it.
 *
 *   npx tsx scripts/generate/world.ts DIR [--factor 1] [--seed 1]
 */
import { parseArgs } from 'node:util'
import { writeWorld } from './world/write-world.ts'

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: { factor: { type: 'string', default: '1' }, seed: { type: 'string', default: '1' } },
})
const [directory] = positionals
const factor = Number(values.factor)
const seed = Number(values.seed)
if (!directory || !Number.isInteger(factor) || factor < 1 || !Number.isInteger(seed)) {
  console.error('Usage: npx tsx scripts/generate/world.ts DIR [--factor 1] [--seed 1], with whole numbers')
  process.exit(1)
}
writeWorld(directory, { factor, seed })
