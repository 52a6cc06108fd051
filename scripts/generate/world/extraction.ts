import type { Cast } from './cast.ts'
import { FIELDS, type Files, type Row, TRUE_FIELDS, truthOf, writeTask } from './extraction-tasks.ts'
import type { Folder, RecordFile } from './files.ts'
import type { Questions } from './questions.ts'
import { DAY, HOUR, MINUTE, utc } from './times.ts'

const BEGIN = Date.UTC(2026, 0, 5, 7)
const PURPOSES = ['Know every public price before the quarterly review', 'Keep contacts of partners fresh', null]
/** Every third row is a site of no company that is known otherwise. */
const STRANGER_EVERY = 3

type Tables = Files & Record<'campaigns' | 'instructions' | 'datasets' | 'runs' | 'results' | 'comparisons', RecordFile>
type RunPlan = { type: string; instruction: number; tasks: number; isRunning: boolean }
type RunSummary = { id: string; tasks: number; failed: number }

/** Extraction campaigns as a dump with a file for each table. */
export function writeExtraction(folder: Folder, cast: Cast): Questions {
  const organization = cast.random('organization').uuid()
  const tables: Tables = {
    campaigns: folder.list('campaigns.json'),
    instructions: folder.lines('instructions.jsonl'),
    datasets: folder.list('datasets.json'),
    runs: folder.list('runs.json'),
    tasks: folder.lines('tasks.jsonl'),
    attempts: folder.lines('attempts.jsonl'),
    results: folder.list('results.json'),
    comparisons: folder.list('instruction_comparisons.json'),
  }
  folder.write('organizations.json', [{ id: organization, name: 'Field Research', slug: 'field-research' }])
  const first = writeCampaign(tables, cast, organization, 0)
  for (let number = 1; number < cast.sizes.campaigns; number++) writeCampaign(tables, cast, organization, number)
  for (const file of Object.values(tables)) file.close()
  // The first campaign's second run reads its whole dataset.
  const largest = first.runs[1]!
  return {
    campaign: {
      variables: { campaign: first.name },
      holds: { 'campaign.runs.totalCount': first.runs.length, 'campaign.instructions.length': 3 },
    },
    'run-health': { variables: { run: largest.id }, holds: { 'run.progress.total': largest.tasks } },
    'task-attempts': { variables: { run: largest.id }, holds: { 'run.tasks.totalCount': largest.failed } },
  }
}

function writeCampaign(tables: Tables, cast: Cast, organization: string, number: number) {
  const random = cast.random('campaign', number)
  const { largestRunTasks } = cast.sizes
  const id = random.uuid()
  const owner = random.uuid()
  const createdAt = BEGIN + number * 5 * HOUR
  const name = number === 0 ? 'Competitor pricing watch' : `Price survey ${number}`
  const versions = number % 2 === 0 ? ['1.0', '1.1', '2.0'] : ['1.0', '1.1']
  const instructions = versions.map((version, index) => ({
    id: random.uuid(),
    campaign_id: id,
    version,
    version_number: index + 1,
    prompt_text: `Version ${version}. Open the page and report ${FIELDS.join(', ')}. ${random.words(12)}`,
    change_description: index === 0 ? null : 'Read the plan table first, then the FAQ — ask for seats',
    changed_by: owner,
    status: index === versions.length - 1 ? 'active' : 'deprecated',
    activated_at: utc(createdAt + index * DAY),
    deprecated_at: index === versions.length - 1 ? null : utc(createdAt + (index + 1) * DAY),
    total_runs: 0,
    created_at: utc(createdAt),
  }))
  for (const instruction of instructions) tables.instructions.add(instruction)
  tables.campaigns.add({
    id,
    organization_id: organization,
    name,
    description: null,
    purpose: random.pick(PURPOSES),
    status: number < 2 ? 'active' : random.pick(['active', 'paused', 'completed', 'archived']),
    current_instruction_version_id: instructions.at(-1)!.id,
    schedule_enabled: number % 2 === 0,
    schedule_expression: number % 2 === 0 ? '15 7 * * 2' : null,
    schedule_timezone: 'Europe/Berlin',
    alerts_enabled: false,
    owner_id: owner,
    team_members: [owner],
    tags: ['pricing', random.pick(['weekly', 'once'])],
    created_at: utc(createdAt),
    updated_at: utc(createdAt + 3 * DAY),
  })

  const hasGroundTruth = number < 2 || random.chance(0.4)
  const length = number < 2 && largestRunTasks > 100 ? largestRunTasks : number === 0 ? largestRunTasks : 16
  const rows = Array.from({ length }, (_, place) => rowOf(cast, number, place, hasGroundTruth))
  const dataset = random.uuid()
  tables.datasets.add({
    id: dataset,
    campaign_id: id,
    organization_id: organization,
    name: `Pricing pages ${number}`,
    version: 1,
    schema: schemaOf(hasGroundTruth),
    data: rows,
    total_rows: rows.length,
    has_ground_truth: hasGroundTruth,
    ground_truth_columns: hasGroundTruth ? TRUE_FIELDS : [],
    source_type: 'csv_upload',
    status: 'active',
    created_at: utc(createdAt),
    created_by: owner,
  })

  const ids = { campaign_id: id, dataset_id: dataset, organization_id: organization }
  const runs = runPlans(cast, number, rows.length).map((plan, place) => {
    const instruction = instructions[Math.min(plan.instruction, instructions.length - 1)]!
    const startedAt = createdAt + (place + 1) * DAY + random.integer(0, 600) * MINUTE
    return writeRun(tables, cast, { plan, ids, instruction: instruction.id, startedAt, owner, hasGroundTruth }, rows)
  })
  if (number % 2 === 0) {
    const [, baseline, candidate] = instructions
    tables.comparisons.add({
      id: random.uuid(),
      campaign_id: id,
      name: '2.0 against 1.1',
      instruction_a_id: baseline!.id,
      instruction_b_id: candidate!.id,
      dataset_id: dataset,
      sample_size: rows.length,
      run_a_id: runs[1]!.id,
      run_b_id: runs[2]!.id,
      status: 'completed',
      winner: random.pick(['a', 'b', 'tie', 'inconclusive']),
      winner_reason: random.pick(['Higher accuracy', null]),
      created_at: utc(createdAt + 4 * DAY),
      created_by: owner,
    })
  }
  return { name, runs }
}

/** A test on ten rows, then the whole dataset with two versions, then samples; every other campaign is still at work. */
function runPlans({ sizes }: Cast, campaign: number, rows: number): RunPlan[] {
  const test = { type: 'test_sample', instruction: 0, tasks: Math.min(10, rows), isRunning: false }
  const whole = { type: 'production', tasks: rows, isRunning: false }
  const samples = campaign === 0 ? sizes.largestCampaignRuns - 3 : 0
  if (campaign % 2 === 1) return [test, { ...whole, instruction: 1, isRunning: true }]
  return [
    test,
    { ...whole, instruction: 1 },
    { ...whole, instruction: 2 },
    ...Array.from({ length: samples }, () => ({
      ...test,
      type: 'test_custom',
      instruction: 2,
      tasks: Math.min(20, rows),
    })),
  ]
}

type RunSetting = {
  plan: RunPlan
  ids: { campaign_id: string; dataset_id: string; organization_id: string }
  instruction: string
  startedAt: number
  owner: string
  hasGroundTruth: boolean
}

function writeRun(tables: Tables, cast: Cast, setting: RunSetting, rows: Row[]): RunSummary {
  const { plan, ids, instruction, startedAt, owner, hasGroundTruth } = setting
  const random = cast.random('extraction run', ids.campaign_id, startedAt)
  const id = random.uuid()
  const resultId = plan.type === 'production' && !plan.isRunning ? random.uuid() : null
  const counts: Record<string, number> = { completed: 0, failed: 0, running: 0, queued: 0, skipped: 0 }
  const results: unknown[] = []
  const tasks = {
    ids: { run_id: id, ...ids },
    startedAt,
    hasGroundTruth,
    accuracy: 0.6 + plan.instruction * 0.12,
    queuedFrom: plan.isRunning ? Math.floor(plan.tasks * 0.6) : Number.POSITIVE_INFINITY,
  }
  for (const [place, row] of rows.slice(0, plan.tasks).entries()) {
    const { status, site_url, extracted_data, overall_confidence, ...task } = writeTask(
      random,
      tasks,
      place,
      row,
      tables,
    )
    counts[status]! += 1
    if (resultId)
      results.push({
        taskId: task.id,
        siteUrl: site_url,
        status,
        extractedData: extracted_data,
        confidence: overall_confidence,
      })
  }
  const completedAt = startedAt + Math.ceil(plan.tasks / 5) * 25_000
  tables.runs.add({
    id,
    ...ids,
    instruction_id: instruction,
    run_type: plan.type,
    sample_strategy: plan.type === 'production' ? 'all' : 'first_n',
    sample_size: plan.type === 'production' ? null : plan.tasks,
    concurrency: 5,
    use_agent_ql: true,
    retry_enabled: true,
    max_retries: 3,
    status: plan.isRunning ? 'running' : 'completed',
    total_tasks: plan.tasks,
    completed_tasks: counts.completed,
    running_tasks: counts.running,
    queued_tasks: counts.queued,
    failed_tasks: counts.failed,
    accuracy_percent: hasGroundTruth ? random.decimal(50, 90, 2) : null,
    health_score: plan.isRunning ? null : random.integer(50, 95),
    estimated_cost: (plan.tasks * 0.1).toFixed(2),
    actual_cost: random.chance(0.3) ? (plan.tasks * 0.031).toFixed(2) : null,
    started_at: utc(startedAt),
    completed_at: plan.isRunning ? null : utc(completedAt),
    result_id: resultId,
    created_by: owner,
    created_at: utc(startedAt - 20_000),
  })
  if (resultId) {
    tables.results.add({
      id: resultId,
      run_id: id,
      ...ids,
      instruction_id: instruction,
      total_tasks: plan.tasks,
      successful_tasks: counts.completed,
      failed_tasks: counts.failed,
      partial_tasks: 0,
      overall_quality_score: random.integer(50, 95),
      task_results: results,
      permalink_token: random.hex(16),
      is_public: false,
      created_at: utc(completedAt),
    })
  }
  return { id, tasks: plan.tasks, failed: counts.failed! }
}

/** The first row is a page of the first company; the others go through the companies and strangers. */
function rowOf(cast: Cast, dataset: number, place: number, hasGroundTruth: boolean): Row {
  const random = cast.random('row', dataset, place)
  const { companies } = cast.sizes
  const isStranger = place % STRANGER_EVERY === STRANGER_EVERY - 1 || place >= companies
  const company = place === 0 ? 0 : 1 + ((dataset * 7 + place) % (companies - 1))
  const site = isStranger ? { domain: `shop${dataset}-${place}.example`, name: null } : cast.company(company)
  return {
    row_id: `row-${place + 1}`,
    site_url: `https://www.${site.domain}/pricing`,
    site_name: site.name,
    ...(hasGroundTruth && truthOf(random)),
  }
}

function schemaOf(hasGroundTruth: boolean) {
  const column = (name: string, type: string, isUrl = false) => ({
    name,
    type,
    isRequired: isUrl,
    isUrl,
    isGroundTruth: hasGroundTruth && (TRUE_FIELDS as readonly string[]).includes(name),
  })
  return [
    column('site_url', 'url', true),
    column('site_name', 'text'),
    ...(hasGroundTruth
      ? [column('plan_name', 'text'), column('monthly_price', 'text'), column('seats', 'number')]
      : []),
  ]
}
