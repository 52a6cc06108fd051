import type { Cast } from './cast.ts'
import type { Folder } from './files.ts'
import { DAY, MINUTE, naive, SECOND } from './times.ts'

const BEGIN = Date.UTC(2025, 5, 1, 6)
const SITES = 24
const TABLES = ['projects', 'instructionVersions', 'batches', 'executions', 'jobs', 'sessions'] as const
type Tables = Record<(typeof TABLES)[number], Record<string, unknown>[]>

/** The older system's dump: one document with a key for each table, in camel case, decimals as text, times naive. */
export function writeLegacyDump(folder: Folder, cast: Cast): void {
  const file = folder.file('dump.json', { before: '{\n', between: '', after: '\n}\n' })
  for (const [place, table] of TABLES.entries()) {
    file.add(`${place === 0 ? '' : ',\n'}"${table}": [\n`)
    // A project is made anew for each of its tables, so that no more than one is in memory.
    for (let number = 0; number < cast.sizes.legacyProjects; number++) {
      const records = projectOf(cast, number)[table].map((record) => JSON.stringify(record))
      file.add(`${number === 0 ? '' : ',\n'}${records.join(',\n')}`)
    }
    file.add('\n]')
  }
  file.close()
}

function projectOf(cast: Cast, number: number): Tables {
  const random = cast.random('project', number)
  const organizationId = cast.random('organization').uuid()
  const [projectId, batchId] = [random.uuid(), random.uuid()]
  const begin = BEGIN + number * DAY
  const instructions = 'Open the studio page and report the drop-in price and the class count.'
  const rows = Array.from({ length: SITES }, (_, place) => {
    const { domain, name } =
      place < 4 ? cast.company((number * 4 + place) % cast.sizes.companies) : studio(number, place)
    return {
      site_url: `https://${domain}/classes`,
      site_name: name,
      drop_in_price: random.decimal(12, 40, 2).toFixed(2),
      class_count: random.integer(8, 30),
    }
  })
  const owned = { projectId, organizationId }
  const versions = ['1', '2'].map((version, place) => ({
    id: random.uuid(),
    projectId,
    version,
    versionNumber: place + 1,
    instructions: place === 0 ? instructions : `${instructions} Choose today.`,
    changeDescription: place === 0 ? null : 'Choose today',
    createdAt: naive(begin + place * DAY),
  }))
  const tables: Tables = {
    projects: [
      {
        id: projectId,
        organizationId,
        name: `Studio price survey ${number + 1}`,
        description: 'Drop-in prices of studios',
        instructions,
        createdBy: random.uuid(),
        createdAt: naive(begin),
        updatedAt: naive(begin + 3 * DAY),
      },
    ],
    instructionVersions: versions,
    batches: [
      {
        id: batchId,
        ...owned,
        name: `Studios ${number + 1}`,
        hasGroundTruth: true,
        totalSites: SITES,
        columnSchema: [
          { name: 'site_url', type: 'url', isUrl: true, isGroundTruth: false },
          { name: 'drop_in_price', type: 'text', isUrl: false, isGroundTruth: true },
          { name: 'class_count', type: 'number', isUrl: false, isGroundTruth: true },
        ],
        csvData: rows,
        createdAt: naive(begin),
      },
    ],
    executions: [],
    jobs: [],
    sessions: [],
  }
  const testAt = begin + DAY
  const productionAt = begin + 2 * DAY
  for (const [place, row] of rows.entries()) {
    const isFailed = random.chance(0.2)
    const tries = isFailed || random.chance(0.15) ? 2 : 1
    const jobId = random.uuid()
    // The first ten were sites of the test, which production read again.
    const starts = [...(place < 10 ? [testAt] : []), ...Array.from({ length: tries }, () => productionAt)]
    let at = 0
    for (const [session, start] of starts.entries()) {
      at = Math.max(start + place * 20 * SECOND, at + SECOND)
      const isLast = session === starts.length - 1
      const failed = isLast ? isFailed : start === productionAt
      const duration = random.integer(3_000, 20_000)
      const { drop_in_price, class_count } = row
      tables.sessions.push({
        id: random.uuid(),
        jobId,
        sessionNumber: session + 1,
        extractedData: failed ? null : { drop_in_price, class_count: String(class_count) },
        rawOutput: failed ? null : '{"done": true}',
        errorMessage: failed ? 'TimeoutError: page.goto 60000 ms' : null,
        failureReason: failed ? 'timeout' : null,
        executionTimeMs: duration,
        screenshots: [],
        streamingUrl: null,
        startedAt: naive(at),
        completedAt: naive(at + duration),
        createdAt: naive(at),
      })
      at += duration
    }
    const { drop_in_price, class_count } = row
    tables.jobs.push({
      id: jobId,
      ...owned,
      batchId,
      inputId: `in-${String(place + 1).padStart(2, '0')}`,
      siteUrl: row.site_url,
      siteName: row.site_name,
      goal: instructions,
      csvRowData: row,
      groundTruthData: { drop_in_price, class_count },
      hasGroundTruth: true,
      status: isFailed ? 'error' : random.pick(['completed', 'completed', 'labeled']),
      detailedStatus: isFailed ? 'timeout' : 'completed',
      blockedReason: null,
      fieldsExtracted: isFailed ? [] : ['drop_in_price', 'class_count'],
      fieldsMissing: isFailed ? ['drop_in_price', 'class_count'] : [],
      completionPercentage: isFailed ? 0 : 100,
      failureCategory: isFailed ? 'timeout' : null,
      evaluationResult: isFailed ? 'fail' : 'pass',
      executionDurationMs: random.integer(3_000, 20_000),
      retryCount: tries - 1,
      startedAt: naive(productionAt + place * 20 * SECOND),
      completedAt: naive(at),
      createdAt: naive(begin),
    })
  }
  const failed = tables.jobs.filter(({ status }) => status === 'error').length
  const execution = (type: string, version: number, startedAt: number, jobs: number, errors: number) => ({
    id: random.uuid(),
    ...owned,
    batchId,
    instructionVersionId: versions[version]!.id,
    executionType: type,
    status: 'completed',
    concurrency: 1,
    totalJobs: jobs,
    completedJobs: jobs - errors,
    errorJobs: errors,
    passRate: (((jobs - errors) / jobs) * 100).toFixed(2),
    accuracyPercentage: '89.47',
    estimatedCost: (jobs * 0.2).toFixed(2),
    actualCost: null,
    startedAt: naive(startedAt - 5 * SECOND),
    completedAt: naive(startedAt + 30 * MINUTE),
    createdAt: naive(startedAt - 5 * SECOND),
  })
  tables.executions.push(execution('test', 0, testAt, 10, 0), execution('production', 1, productionAt, SITES, failed))
  return tables
}

function studio(project: number, place: number) {
  return { domain: `studio${project}-${place}.example`, name: `Studio ${place}` }
}
