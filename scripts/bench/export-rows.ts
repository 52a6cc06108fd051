import type { Batch, ExportColumn } from '../../src/exports/table.ts'

/** Twelve columns of the kinds that exports have. */
const COLUMNS: (Omit<ExportColumn, 'description'> & {
  valueOf: (row: number, random: () => number) => string | null
})[] = [
  { name: 'id', type: { kind: 'text' }, valueOf: (row, random) => uuid(row, random) },
  { name: 'agent', type: { kind: 'text' }, valueOf: (_, random) => `agent-${Math.floor(random() * 19)}` },
  { name: 'model', type: { kind: 'text' }, valueOf: (_, random) => `claude-${Math.floor(random() * 6)}` },
  { name: 'title', type: { kind: 'text' }, valueOf: (row, random) => title(row, random) },
  {
    name: 'error',
    type: { kind: 'text' },
    valueOf: (_, random) => (random() < 0.97 ? null : 'The tool did not answer in time <30 s> & was asked again.'),
  },
  { name: 'input_tokens', type: { kind: 'integer' }, valueOf: (_, random) => String(Math.floor(random() * 90_000)) },
  { name: 'output_tokens', type: { kind: 'integer' }, valueOf: (_, random) => String(Math.floor(random() * 9_000)) },
  {
    name: 'cost_usd',
    type: { kind: 'decimal', precision: 38, scale: 12 },
    valueOf: (_, random) => (random() < 0.1 ? null : `${Math.floor(random() * 4)}.${digits(random, 6)}000000`),
  },
  { name: 'latency_seconds', type: { kind: 'float' }, valueOf: (_, random) => String(random() * 60) },
  { name: 'is_cached', type: { kind: 'boolean' }, valueOf: (_, random) => (random() < 0.3 ? 't' : 'f') },
  {
    name: 'started_at',
    type: { kind: 'timestamp' },
    valueOf: (row, random) => String(FIRST + row * 400 + Math.floor(random() * 400)),
  },
  {
    name: 'started_on',
    type: { kind: 'date' },
    valueOf: (row) => String(Math.floor((FIRST + row * 400) / 86_400_000)),
  },
]

const FIRST = Date.UTC(2025, 0, 1)
const WORDS = 'run step agent prompt field account dataset signal score price model token retry email touch'.split(' ')

/** So many columns, by turns of the twelve kinds. */
export function benchColumns(count: number): ExportColumn[] {
  return Array.from({ length: count }, (_, place) => {
    const { name, type } = COLUMNS[place % COLUMNS.length]!
    return { name: place < COLUMNS.length ? name : `${name}_${place}`, type, description: `The ${name} of a call.` }
  })
}

/** The same rows every time, in batches as a cursor gives them. */
export async function* benchRows(rows: number, columns: number, batch = 2_000): AsyncGenerator<Batch> {
  const random = generator()
  for (let first = 0; first < rows; first += batch) {
    yield Array.from({ length: Math.min(batch, rows - first) }, (_, place) =>
      Array.from({ length: columns }, (_, column) => COLUMNS[column % COLUMNS.length]!.valueOf(first + place, random)),
    )
  }
}

/** A linear congruential generator: 0 to 1, the same every time. */
function generator(): () => number {
  let state = 1
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
}

function digits(random: () => number, count: number): string {
  return String(Math.floor(random() * 10 ** count)).padStart(count, '0')
}

function uuid(row: number, random: () => number): string {
  const hex = row.toString(16).padStart(8, '0')
  return `${digits(random, 8)}-${hex.slice(0, 4)}-5${hex.slice(4, 7)}-8${digits(random, 3)}-${digits(random, 8)}${hex.slice(4)}`
}

function title(row: number, random: () => number): string {
  const words = Array.from({ length: 6 }, () => WORDS[Math.floor(random() * WORDS.length)])
  return `${words.join(' ')} — no. ${row}`
}
