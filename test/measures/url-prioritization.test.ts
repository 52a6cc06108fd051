import { beforeAll, describe, expect, it } from 'vitest'
import { testDatabase } from '../database.ts'
import { importFiles } from '../imported.ts'
import { completeRun } from '../importers/playbook-fixture.ts'

const database = testDatabase()

/** Chosen URLs by run, as category and score; how the run ended. */
const RUNS: { status: string; urls: [string | null, number | null][] }[] = [
  {
    status: 'completed',
    urls: [
      ['blog', 8],
      ['docs', 9],
      ['blog', 5],
      [null, null],
      ['about', 3],
    ],
  },
  { status: 'completed', urls: [['blog', 4]] },
  {
    status: 'completed',
    urls: [
      ['blog', 7],
      ['docs', 6],
    ],
  },
  {
    status: 'completed',
    urls: [
      ['blog', 1],
      ['docs', 2],
      ['blog', 9],
      ['blog', 10],
    ],
  },
  { status: 'failed', urls: [['blog', 0]] },
]

beforeAll(async () => {
  const files = RUNS.map(({ status, urls }, index) => {
    const run = completeRun({ run_id: `run-${index}`, status })
    const phase = run.phase1_output as Record<string, Record<string, unknown>>
    phase.vendor_url_prioritization = {
      prioritized_urls: urls.map(([category, priority_score], place) => ({
        url: `https://vendor.example/${place}`,
        category,
        priority_score,
      })),
      total_urls_evaluated: 40,
      urls_selected: urls.length,
    }
    return [`run-${index}.json`, run]
  })
  await importFiles(database, {
    ...Object.fromEntries(files),
    'none.json': completeRun({ run_id: 'none', phase1_output: null }),
  })
})

async function prioritizationOf(name: string, side = 'VENDOR') {
  const { run } = await database.data(
    `query ($name: String!, $side: CompanySide!) { run(by: { externalId: $name }) { urlPrioritization(side: $side) {
      urlsDiscovered urlsEvaluated urlsSelected lowestSelectedScore pagesScraped failedUrls
      byCategory { category urls averageScore } urls { url category priorityScore scraped }
      usual { runs medianUrlsSelected medianLowestSelectedScore }
    } } }`,
    { name, side },
  )
  return run.urlPrioritization
}

describe('URL prioritization', () => {
  it('counts as the artifact does', async () => {
    expect(await prioritizationOf('run-0')).toMatchObject({
      urlsDiscovered: 2,
      urlsEvaluated: 40,
      urlsSelected: 5,
      lowestSelectedScore: 3,
      pagesScraped: 1,
      failedUrls: ['https://vendor.example/b'],
    })
  })

  it('groups by category, most URLs first, then by category, none last', async () => {
    expect((await prioritizationOf('run-0')).byCategory).toEqual([
      { category: 'blog', urls: 2, averageScore: 6.5 },
      { category: 'about', urls: 1, averageScore: 3 },
      { category: 'docs', urls: 1, averageScore: 9 },
      { category: null, urls: 1, averageScore: null },
    ])
  })

  it('compares with the other completed runs of the pipeline on the same side', async () => {
    // The others chose 1, 2 and 4 URLs, down to scores of 4, 6 and 1; the failed run does not count, nor does one that chose none.
    expect((await prioritizationOf('run-0')).usual).toEqual({
      runs: 3,
      medianUrlsSelected: 2,
      medianLowestSelectedScore: 4,
    })
  })

  it('tells the sides apart', async () => {
    const { urls, usual } = await prioritizationOf('run-0', 'PROSPECT')
    expect(urls.map(({ url, scraped }: { url: string; scraped: boolean }) => [url, scraped])).toEqual([
      ['https://prospect.example/a', true],
      ['https://prospect.example/b', false],
    ])
    expect(usual.medianUrlsSelected).toBe(2)
  })

  it('is null for a run that did not look at the site', async () => {
    expect(await prioritizationOf('none')).toBe(null)
  })
})
