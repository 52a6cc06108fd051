import { identifiersOf, organizationIdOf } from '../../src/model/identifiers.ts'
import { Random } from '../generate/random.ts'

const MONTHS = 18
const SPAN = [Date.UTC(2025, 0, 1), Date.UTC(2025, MONTHS, 1)] as const
const AGENTS = 19
const MODELS = 6
const VERSIONS = 40
const ORGANIZATIONS = 12
const COMPANIES = 300
const CALLS_A_RUN = [12, 26] as const
const INDUSTRIES = ['B2B SaaS', 'Construction', 'Education', 'Energy', 'Finance', 'Healthcare', 'Logistics', 'Retail']
const PIPELINES = ['playbook', 'briefing', 'extraction']
/** Which agents work in which pipeline: the first one, and how many. */
const AGENTS_OF = [
  [0, 12],
  [12, 5],
  [17, 2],
] as const
const SOURCES = ['REPORTED', 'PRICED', 'ALLOCATED']
const PHASES = ['research', 'analysis', 'writing', 'review']

export type Organization = { slug: string; id: string; calls: number }

/** Twelve organizations of uneven size: each has about two thirds of the one before it. */
export function organizationsOf(calls: number): Organization[] {
  const weights = Array.from({ length: ORGANIZATIONS }, (_, place) => 0.66 ** place)
  const all = weights.reduce((sum, weight) => sum + weight, 0)
  return weights.map((weight, place) => {
    const slug = place === 0 ? 'default' : `organization-${place + 1}`
    return { slug, id: organizationIdOf(slug), calls: Math.max(1, Math.round((calls * weight) / all)) }
  })
}

/** Lines of COPY text by table. */
export type Chunk = Map<string, { columns: string[]; text: string }>

/** What calls and runs name. */
export function namesOf({ id, slug }: Organization): Chunk {
  const ids = identifiersOf(id)
  const rows = (columns: string[], lines: string[][]) => ({
    columns,
    text: lines.map((line) => `${line.join('\t')}\n`).join(''),
  })
  return new Map([
    ['organizations', rows(['id', 'slug', 'name'], [[id, slug, slug]])],
    [
      'pipelines',
      rows(
        ['id', 'organization_id', 'name'],
        PIPELINES.map((name) => [ids.of('pipeline', name), id, name]),
      ),
    ],
    [
      'agents',
      rows(
        ['id', 'organization_id', 'name'],
        range(AGENTS).map((n) => [ids.of('agent', n), id, agentName(n)]),
      ),
    ],
    [
      'prompt_versions',
      rows(
        ['id', 'organization_id', 'agent_id', 'version'],
        range(VERSIONS).map((n) => [
          ids.of('version', n),
          id,
          ids.of('agent', n % AGENTS),
          `v${1 + Math.floor(n / AGENTS)}`,
        ]),
      ),
    ],
    [
      'companies',
      rows(
        ['id', 'organization_id', 'key', 'domain', 'name', 'industry'],
        range(COMPANIES).map((n) => {
          const domain = `company-${n}.example`
          return [ids.of('company', n), id, domain, domain, `Company ${n}`, INDUSTRIES[n % INDUSTRIES.length]!]
        }),
      ),
    ],
  ])
}

const CALL_COLUMNS =
  'id organization_id run_id pipeline_id phase_name agent_id prompt_version_id position model status calls prompt_tokens completion_tokens cached_tokens total_tokens cost_usd cost_source started_at duration_seconds'
const RUN_COLUMNS =
  'id organization_id pipeline_id external_id status started_at finished_at duration_seconds cost_usd reported_cost_usd calls_cost_usd total_tokens llm_calls prospect_id prospect_domain created_via tags record_sha256'

/** Runs and their calls in the order of time, some thousands of calls a chunk. */
export function* factsOf(organization: Organization, callsAChunk = 50_000): Generator<Chunk & { calls?: number }> {
  const ids = identifiersOf(organization.id)
  const random = Random.of(7, organization.slug)
  const agents = range(AGENTS).map((n) => ids.of('agent', n))
  const versions = range(VERSIONS).map((n) => ids.of('version', n))
  const pipelines = PIPELINES.map((name) => ids.of('pipeline', name))
  const companies = range(COMPANIES).map((n) => ids.of('company', n))
  let [runs, calls] = ['', '']
  let [inChunk, made, run] = [0, 0, 0]
  while (made < organization.calls) {
    const count = Math.min(random.integer(...CALLS_A_RUN), organization.calls - made)
    const share = (made + random.next() * count) / organization.calls
    const startedAt = Math.floor(SPAN[0] + (SPAN[1] - SPAN[0]) * Math.min(share, 1 - 1e-9))
    const runId = ids.of('run', run)
    const pipeline = random.chance(0.7) ? 0 : random.integer(1, 2)
    const pipelineId = pipelines[pipeline]!
    const [first, agentsOfPipeline] = AGENTS_OF[pipeline]!
    let [at, tokensOfRun, millionths, failed] = [startedAt, 0, 0, false]
    for (let position = 0; position < count; position++) {
      const agent = first + random.integer(0, agentsOfPipeline - 1)
      const choices = agent + AGENTS * 2 < VERSIONS ? 3 : 2
      const version = agent + AGENTS * random.integer(0, choices - 1)
      const seconds = Math.round(1e6 * Math.exp(0.5 + (agent % 5) * 0.4 + gaussian(random) * 0.7)) / 1e6
      const [prompt, completion] = [random.integer(300, 9000), random.integer(50, 2500)]
      const cost = random.chance(0.95) ? prompt * 3 + completion * 15 : null
      const isFailed = random.chance(0.02)
      failed ||= isFailed
      tokensOfRun += prompt + completion
      millionths += cost ?? 0
      calls += `${ids.of('call', run, position)}\t${organization.id}\t${runId}\t${pipelineId}\t${PHASES[agent % 4]}\t${agents[agent]}\t${versions[version]}\t${position}\tmodel-${random.integer(1, MODELS)}\t${isFailed ? 'FAILED' : 'COMPLETED'}\t1\t${prompt}\t${completion}\t${random.chance(0.5) ? Math.floor(prompt / 2) : '\\N'}\t${prompt + completion}\t${cost === null ? '\\N' : cost / 1e6}\t${cost === null ? 'UNKNOWN' : SOURCES[pipeline]}\t${new Date(at).toISOString()}\t${seconds}\n`
      at += Math.round(seconds * 1000)
    }
    const reported = random.chance(0.1) ? (millionths + 1000) / 1e6 : null
    const company = random.integer(0, COMPANIES - 1)
    runs += `${runId}\t${organization.id}\t${pipelineId}\trun-${run}\t${failed && random.chance(0.5) ? 'FAILED' : 'COMPLETED'}\t${new Date(startedAt).toISOString()}\t${new Date(at).toISOString()}\t${(at - startedAt) / 1000}\t${reported ?? millionths / 1e6}\t${reported ?? '\\N'}\t${millionths / 1e6}\t${tokensOfRun}\t${count}\t${companies[company]}\tcompany-${company}.example\t${random.chance(0.5) ? 'CLI' : 'API'}\t${random.chance(0.2) ? '{prompt-A}' : random.chance(0.2) ? '{prompt-B,nightly}' : '{}'}\t\n`
    made += count
    inChunk += count
    run += 1
    if (inChunk < callsAChunk && made < organization.calls) continue
    yield new Map([
      ['agent_calls', { columns: CALL_COLUMNS.split(' '), text: calls }],
      ['runs', { columns: RUN_COLUMNS.split(' '), text: runs }],
    ])
    ;[runs, calls, inChunk] = ['', '', 0]
  }
}

function gaussian(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - random.next())) * Math.cos(2 * Math.PI * random.next())
}

function agentName(place: number): string {
  return `agent-${String(place + 1).padStart(2, '0')}`
}

function range(length: number): number[] {
  return Array.from({ length }, (_, place) => place)
}
