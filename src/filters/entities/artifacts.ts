import { bigint, entity, integer, one, oneOf, required, text } from '../declaration.ts'
import { run } from './runs.ts'

export const artifact = entity({
  name: 'Artifact',
  table: 'artifacts',
  description: 'What a phase left behind: a part of a file, or the whole of it.',
  fields: {
    position: integer('Its place in the run, from 0.', required),
    phaseNumber: integer('The number of its phase.'),
    phaseName: text('The name of its phase.'),
    name: text('Its name.', required),
    kind: oneOf('ArtifactKind', 'What it holds.', required),
    path: text('The path of the file it came from.', required),
    pointer: text('Where in the file it is, as a JSON pointer (RFC 6901); empty for the whole file.', required),
    sha256: text('SHA-256 of the file it came from, in hexadecimal.', required),
    bytes: bigint('Size of the file it came from, in bytes.', required),
  },
  relations: {
    run: one(() => run, 'run_id', 'The run it belongs to.', { optional: false }),
  },
  // Only a run's own artifacts have an order; over all runs any that an index serves will do.
  order: { id: 'ASC' },
})
