import fc from 'fast-check'
import { identifiersOf } from '../../src/model/identifiers.ts'
import type { TenantSession } from '../../src/store/tenant-session.ts'

/** A run as it is stored, with its calls. */
export type RunWithCalls = { run: Record<string, unknown>; calls: Record<string, unknown>[] }
/** All runs that there are, by their names. */
export type Fleet = Map<string, RunWithCalls>

type Change =
  | { kind: 'import'; runs: { name: string; content: Omit<RunWithCalls, never> }[] }
  | { kind: 'reprice'; factor: number }
  | { kind: 'retime'; hours: number }
  | { kind: 'delete'; names: string[] }
  | { kind: 'rename' }
  | { kind: 'fold' }

const PIPELINES = ['playbook', 'briefing', 'other']
export const agents = ['offerings', 'personas', 'personae']
const PHASES = ['research', 'writing']
const MODELS = ['m1', 'm2', 'Ümlaut', null]

// Around the ends of months, days and hours, where cells begin.
const time = fc.oneof(
  fc.constant(null),
  fc
    .tuple(
      fc.constantFrom(
        Date.UTC(2026, 0, 1),
        Date.UTC(2026, 1, 1),
        Date.UTC(2026, 2, 1),
        Date.UTC(2026, 2, 29, 1),
        Date.UTC(2025, 11, 15),
      ),
      fc.integer({ min: -16, max: 16 }),
      fc.constantFrom(0, -1, 1, 1_800_000, 3_599_999),
    )
    .map(([base, hours, rest]) => new Date(base + hours * 3_600_000 + rest).toISOString()),
)
const money = fc.oneof(
  fc.constant(null),
  fc
    .bigInt({ min: 0n, max: 10n ** 13n })
    .map((number) => `${number / 10n ** 12n}.${String(number % 10n ** 12n).padStart(12, '0')}`),
)
const count = fc.oneof(fc.constant(null), fc.integer({ min: 0, max: 100_000 }))
const seconds = fc.oneof(fc.constant(null), fc.constant(0), fc.double({ min: 0.001, max: 5000, noNaN: true }))

const call = fc.record({
  phase_name: fc.constantFrom(...PHASES, null),
  agent: fc.constantFrom(...agents),
  version: fc.constantFrom('v1', 'v2', null),
  model: fc.constantFrom(...MODELS),
  status: fc.constantFrom('COMPLETED', 'FAILED', 'RUNNING'),
  cost_source: fc.constantFrom('REPORTED', 'PRICED', 'UNKNOWN'),
  calls: fc.integer({ min: 1, max: 4 }),
  prompt_tokens: count,
  completion_tokens: count,
  cached_tokens: count,
  total_tokens: count,
  cost_usd: money,
  started_at: time,
  duration_seconds: seconds,
})
const content = fc.record({
  run: fc.record({
    pipeline: fc.constantFrom(...PIPELINES),
    status: fc.constantFrom('COMPLETED', 'FAILED', 'PARTIAL', 'RUNNING'),
    running_until: fc.constantFrom(null, '2020-01-01T00:00:00Z', '2099-01-01T00:00:00Z'),
    run_type: fc.constantFrom('PRODUCTION', null),
    started_at: time,
    duration_seconds: seconds,
    cost_usd: money,
    reported_cost_usd: money,
    calls_cost_usd: money,
    total_tokens: count,
    llm_calls: count,
  }),
  calls: fc.array(call, { maxLength: 5 }),
})
const name = fc.integer({ min: 1, max: 60 }).map((number) => `run-${number}`)

/** What may become of runs: imports and re-imports, new prices, other times, deletions; and the folding of cells. */
export const fleet: fc.Arbitrary<Change[]> = fc.array(
  fc.oneof(
    {
      weight: 5,
      arbitrary: fc
        .uniqueArray(fc.record({ name, content }), { selector: (run) => run.name, minLength: 1, maxLength: 6 })
        .map((runs): Change => ({ kind: 'import', runs })),
    },
    fc.integer({ min: 0, max: 3 }).map((factor): Change => ({ kind: 'reprice', factor })),
    fc.integer({ min: -30, max: 30 }).map((hours): Change => ({ kind: 'retime', hours })),
    fc.array(name, { maxLength: 3 }).map((names): Change => ({ kind: 'delete', names })),
    fc.constant<Change>({ kind: 'rename' }),
    fc.constant<Change>({ kind: 'fold' }),
  ),
  { minLength: 1, maxLength: 3 },
)

/** What calls name. */
export async function insertNamed(session: TenantSession, organizationId: string): Promise<void> {
  const ids = identifiersOf(organizationId)
  const named = (kind: string, names: string[]) =>
    names.map((each) => ({ id: ids.of(kind, each), organization_id: organizationId, name: each }))
  const versions = agents.flatMap((agent) =>
    ['v1', 'v2'].map((version) => ({
      id: ids.of('prompt_version', ids.of('agent', agent), version),
      organization_id: organizationId,
      agent_id: ids.of('agent', agent),
      version,
      extra: {},
    })),
  )
  await session.transaction(async (client) => {
    for (const [table, rows] of [
      ['pipelines', named('pipeline', PIPELINES)],
      ['agents', named('agent', agents)],
      ['prompt_versions', versions],
    ] as const) {
      await client.query(`insert into ${table} select * from jsonb_populate_recordset(null::${table}, $1::jsonb)`, [
        JSON.stringify(rows),
      ])
    }
  })
}

/** Makes the changes in the database, each in a transaction of its own, and notes which runs there are. */
export async function rewrite(
  session: TenantSession,
  organizationId: string,
  there: Fleet,
  changes: readonly Change[],
): Promise<void> {
  const ids = identifiersOf(organizationId)
  const idOf = (run: string) => ids.of('run', 'playbook', run)
  for (const change of changes) {
    await session.transaction(async (client) => {
      const populate = (table: string, rows: object[]) =>
        client.query(
          `insert into ${table} select * from jsonb_populate_recordset(null::${table}, $1::jsonb)
           on conflict (id) do update set ${table === 'runs' ? 'status = excluded.status, running_until = excluded.running_until, run_type = excluded.run_type, pipeline_id = excluded.pipeline_id, started_at = excluded.started_at, duration_seconds = excluded.duration_seconds, cost_usd = excluded.cost_usd, reported_cost_usd = excluded.reported_cost_usd, calls_cost_usd = excluded.calls_cost_usd, total_tokens = excluded.total_tokens, llm_calls = excluded.llm_calls' : 'organization_id = excluded.organization_id'}`,
          [JSON.stringify(rows)],
        )
      switch (change.kind) {
        case 'import': {
          await client.query('delete from agent_calls where run_id = any($1::uuid[])', [
            change.runs.map((run) => idOf(run.name)),
          ])
          await populate(
            'runs',
            change.runs.map(({ name: external_id, content: { run } }) => ({
              ...run,
              id: idOf(external_id),
              organization_id: organizationId,
              pipeline_id: ids.of('pipeline', run.pipeline as string),
              external_id,
              is_latest: false,
              tags: [],
              extra: {},
              record_sha256: '',
            })),
          )
          await populate(
            'run_phases',
            change.runs.flatMap(({ name: run }) =>
              PHASES.map((phase, place) => ({
                id: ids.of('phase', run, phase),
                organization_id: organizationId,
                run_id: idOf(run),
                number: place + 1,
                name: phase,
                status: 'COMPLETED',
                extra: {},
              })),
            ),
          )
          await populate(
            'agent_calls',
            change.runs.flatMap(
              ({
                name: run,
                content: {
                  run: { pipeline },
                  calls,
                },
              }) =>
                calls.map(({ agent, version, ...each }, position) => ({
                  ...each,
                  id: ids.of('agent_call', run, position),
                  organization_id: organizationId,
                  run_id: idOf(run),
                  pipeline_id: ids.of('pipeline', pipeline as string),
                  agent_id: ids.of('agent', agent as string),
                  prompt_version_id:
                    version && ids.of('prompt_version', ids.of('agent', agent as string), version as string),
                  phase_id: each.phase_name && ids.of('phase', run, each.phase_name as string),
                  position,
                  extra: {},
                })),
            ),
          )
          for (const run of change.runs) there.set(run.name, run.content)
          return
        }
        case 'reprice':
          await client.query(
            `update agent_calls set cost_usd = total_tokens * $1::numeric / 1000, cost_source = 'PRICED' where model = 'm1'`,
            [change.factor],
          )
          return
        case 'retime':
          await client.query(
            `update runs set started_at = started_at + $1 * interval '1 hour' where status = 'PARTIAL'`,
            [change.hours],
          )
          await client.query(
            `update agent_calls set started_at = started_at + $1 * interval '1 hour' where model = 'm2'`,
            [change.hours],
          )
          return
        case 'delete':
          await client.query('delete from agent_calls where run_id = any($1::uuid[])', [change.names.map(idOf)])
          await client.query('delete from runs where id = any($1::uuid[])', [change.names.map(idOf)])
          for (const run of change.names) there.delete(run)
          return
        case 'rename':
          await client.query(`update runs set notes = 'seen'; update agent_calls set error = 'seen'`)
          return
        case 'fold':
          await client.query(
            `select crossrun_fold_rollup(c.target, c.dimensions, c.measures)
             from (values ('USAGE'), ('RUNS')) as s (name) cross join crossrun_rollup_cells(s.name, '') as c`,
          )
      }
    })
  }
}
