import { type PlaybookRun, playbookRun, type Setting } from '../playbook-run.ts'
import type { Random } from '../random.ts'
import type { Cast } from './cast.ts'
import type { Folder } from './files.ts'
import type { Questions } from './questions.ts'
import { compact, DAY, HOUR, naive, written } from './times.ts'

const BEGIN = Date.UTC(2025, 5, 2, 8)
/** Short pages: a run's rows are what a world is made for, not its text. */
const PAGE_CHARACTERS = 160
const LARGE_PAGE_CHARACTERS = 4_000
/** One run in so many is about the first company. */
const FIRST_COMPANY_EVERY = 10
/** One run in so many fails in its first phase, loses an agent, or finds few pages worth reading. */
const FAILED_EVERY = 19
const AGENT_FAILED_EVERY = 13
const FEW_URLS_EVERY = 11

/** Playbook runs in all the forms they lie on disks: complete, of one phase, playbook alone, as a directory. */
export function writePlaybooks(folder: Folder, cast: Cast): Questions {
  const { playbookRuns, playbookDirectories } = cast.sizes
  const runs = folder.in('runs')
  let largest = ''
  let fewUrls = ''
  let ofFirstCompany = 0
  for (let number = 0; number < playbookRuns; number++) {
    const random = cast.random('playbook', number)
    const setting = settingOf(cast, random, number, playbookRuns)
    const isLargest = number === 1
    const run = playbookRun(random, number + 1, isLargest ? LARGE_PAGE_CHARACTERS : PAGE_CHARACTERS, setting)
    run.run_timestamp = written(random, setting.startedAt.getTime())
    vary(run, random, number)
    if (number % FIRST_COMPANY_EVERY === 0) ofFirstCompany++
    if (isLargest) largest = run.run_id
    if (number === FEW_URLS_EVERY - 1) fewUrls = run.run_id
    runs.write(`run_${String(number).padStart(6, '0')}.json${number % 8 === 7 ? '.gz' : ''}`, run)
  }
  for (let number = 0; number < playbookDirectories; number++) writeOtherForms(folder, cast, number)
  const industry = cast.company(0).industry
  return {
    'run-detail': {
      variables: { run: largest },
      holds: { 'run.externalId': largest, 'run.status': 'COMPLETED', 'run.phases.length': 4 },
    },
    replay: { variables: { run: largest }, holds: { 'run.replay.possible': true, 'run.replay.inputs.length': 1 } },
    'url-prioritization': {
      variables: { run: fewUrls },
      holds: { 'run.urlPrioritization.urlsSelected': 5, 'run.urlPrioritization.urls.length': 5 },
    },
    'runs-by-industry': { variables: { industry }, holds: { 'runs.edges.0.node.prospect.industry': industry } },
    'playbook-quality': { variables: { below: 60 }, holds: {} },
    competitors: { variables: {}, holds: {} },
    'account-360': {
      variables: { domain: cast.company(0).domain },
      holds: {
        'company.runs.totalCount': ofFirstCompany,
        'company.contacts.totalCount': cast.sizes.largestAccountContacts,
      },
    },
  }
}

function settingOf(cast: Cast, random: Random, number: number, runs: number): Setting {
  const { companies, vendors } = cast.sizes
  const company = number % FIRST_COMPANY_EVERY === 0 ? 0 : random.integer(1, companies - 1)
  // Eight months, however many runs.
  const startedAt = new Date(BEGIN + Math.floor((number * 240 * DAY) / runs) + random.integer(0, 59) * 1000)
  return { vendor: cast.vendor(random.integer(0, vendors - 1)), prospect: cast.company(company), startedAt }
}

/** What happens to runs: prompts that change, agents that fail, costs that are known for all calls or for none. */
function vary(run: PlaybookRun, random: Random, number: number): void {
  if (number % FEW_URLS_EVERY === FEW_URLS_EVERY - 1) {
    for (const side of ['vendor', 'prospect']) {
      const chosen = run.phase1_output[`${side}_url_prioritization`]
      chosen.prioritized_urls = chosen.prioritized_urls.slice(0, 5)
      chosen.urls_selected = 5
    }
  }
  if (number % 3 === 0) {
    for (const agents of agentResults(run))
      for (const result of Object.values(agents)) result.cost_usd = random.decimal(0.0008, 0.03, 6)
  }
  if (number % AGENT_FAILED_EVERY === AGENT_FAILED_EVERY - 1 && run.phase4_output) {
    const { battle_cards: result } = run.phase4_output.specialist_results
    Object.assign(result, { status: 'failed', error: 'Rate limit: 429 after 3 retries', raw_output: null })
    run.phase4_output.sales_playbook.battle_cards = []
    run.status = 'partial'
  }
  if (number % FAILED_EVERY === FAILED_EVERY - 1) {
    Object.assign(run, { status: 'failed', phase2_output: null, phase3_output: null, phase4_output: null })
    run.errors = [
      {
        phase: 'phase1',
        step: 'scrape_prospect_home',
        message: 'HTTP 403',
        error_type: 'ScrapeError',
        occurred_at: null,
      },
    ]
  }
  if (random.chance(0.1)) run.execution_time_seconds = null
  if (random.chance(0.3)) run.prompt_versions = { battle_cards: 'v2', pain_points: 'v3' }
}

function agentResults(run: PlaybookRun): PlaybookRun[] {
  return [
    run.phase1_output.agent_results,
    run.phase2_output?.specialist_results,
    run.phase3_output?.analyst_results,
    run.phase4_output?.specialist_results,
  ].filter((results) => results)
}

/** One run as a directory, one whose phases were written apart, and one playbook whose run is lost. */
function writeOtherForms(folder: Folder, cast: Cast, number: number): void {
  const random = cast.random('playbook directory', number)
  const at = Date.UTC(2026, 1, 1) + number * 7 * HOUR
  const setting = { ...settingOf(cast, random, 1, cast.sizes.playbookRuns), startedAt: new Date(at) }
  const run = playbookRun(random, 1, PAGE_CHARACTERS, setting)
  const elements = run.phase2_output.vendor_elements
  const prospect = run.phase3_output.prospect_intelligence
  const playbook = run.phase4_output.sales_playbook
  const parts: Record<string, unknown> = {
    'metadata.json': {
      timestamp: compact(at),
      vendor_domain: setting.vendor,
      prospect_domain: setting.prospect.domain,
      workflow_name: 'sales_playbook',
      completed_at: naive(at + HOUR / 10),
    },
    'step6_vendor_extraction/offerings.json': { offerings: elements.offerings },
    'step6_vendor_extraction/case_studies.json': elements.case_studies,
    'step6_vendor_extraction/use_cases.json': {},
    'step7_prospect_analysis/company_profile.json': prospect.company_profile,
    'step7_prospect_analysis/pain_points.json': { pain_points: prospect.pain_points },
    'step7_prospect_analysis/buyer_personas.json': { target_buyer_personas: prospect.target_buyer_personas },
    'step8_playbook_generation/talk_tracks.json': { error: 'Timed out after 120 s' },
    'step8_playbook_generation/battle_cards.json': { battle_cards: playbook.battle_cards },
  }
  const directory = folder.in(`run_dirs/${compact(at)}`)
  for (const [name, part] of Object.entries(parts)) directory.write(name, part)
  if (number % 2 === 1) return
  folder.write(`phase_outputs/phase2_output_${compact(at + HOUR)}.json`, { offerings: elements.offerings })
  folder.write(`phase_outputs/phase3_output_${compact(at + 2 * HOUR)}.json`, { pain_points: prospect.pain_points })
  folder.write(`playbooks/output_${number}.txt`, { sales_playbook: playbook })
}
