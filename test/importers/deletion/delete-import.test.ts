import { describe, expect, it } from 'vitest'
import { holdImport } from '../../../src/importers/import-lock.ts'
import { organizationIdOf } from '../../../src/model/identifiers.ts'
import { accountsDump } from '../accounts-fixture.ts'
import { briefing } from '../briefing-fixture.ts'
import { dump, olderDump } from '../extraction-fixture.ts'
import { completeCheck, completeDiagnosis, completeResolution } from '../ops-fixture.ts'
import { completeRun } from '../playbook-fixture.ts'
import { completeCandidate, completeSignal } from '../scoring-fixture.ts'
import { importWorkspace, Workspace } from '../workspace.ts'
import { deletionsIn, dumpOf } from './deletions.ts'

const { fresh } = importWorkspace()

/** What runs and tasks only name stays, whoever deletes what names it. */
const SHARED = ['agents', 'companies', 'pipelines', 'prompt_versions']

/** Folders that are imported one by one, whose records refer to each other. */
const { runs, attempts, tasks, results, ...campaigns } = dump()
const accounts = (...tables: (keyof typeof accountsDump)[]) =>
  Object.fromEntries(tables.map((table) => [table, accountsDump[table]]))
const FOLDERS: Record<string, Record<string, unknown>> = {
  playbook: { 'a.json': completeRun() },
  briefings: { ...briefing('20251020_060230'), ...briefing('20251021_060230') },
  campaigns: { 'campaigns.json': campaigns },
  runs: { 'runs.json': { runs, results } },
  tasks: { 'tasks.json': { tasks, attempts } },
  older: { 'older.json': olderDump() },
  companies: { 'companies.json': accounts('companies') },
  contacts: { 'contacts.json': accounts('contacts', 'relationships') },
  talks: { 'talks.json': accounts('conversations', 'touchpoints') },
  scoring: { 'signals.json': [completeSignal()], 'candidates.json': [completeCandidate()] },
  checks: { 'checks.json': [completeCheck()] },
  resolutions: { 'diagnoses.json': [completeDiagnosis()], 'resolutions.json': [completeResolution()] },
}

/** @param folder where the files are to lie: rows say where they come from */
async function imported(
  names: readonly string[],
  folder?: string,
): Promise<{ workspace: Workspace; imports: Map<string, string> }> {
  const made = await fresh()
  const workspace = folder === undefined ? made : new Workspace(made.url, folder)
  const imports = new Map<string, string>()
  for (const name of names) {
    for (const [file, content] of Object.entries(FOLDERS[name]!)) await workspace.write(`${name}/${file}`, content)
    const { importId } = await workspace.import({}, [`${workspace.folder}/${name}`])
    imports.set(name, importId)
  }
  return { workspace, imports }
}

const comparable = (rows: Record<string, unknown[]>) =>
  Object.fromEntries(Object.entries(rows).filter(([table]) => !SHARED.includes(table)))

/** The same numbers for the same seed. */
function random(seed: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return state / 2 ** 32
  }
}

describe('deleting an import', () => {
  it.each([1, 2])(
    'leaves what there would be without it, whichever goes (%i)',
    async (seed) => {
      const next = random(seed)
      const all = Object.keys(FOLDERS)
      const { workspace, imports } = await imported(all)
      const whole = await dumpOf(workspace.url)
      const deletions = deletionsIn(workspace.url)
      const going = all.filter(() => next() < 0.4).sort(() => next() - 0.5)
      for (const name of going) await deletions.import(imports.get(name)!)
      const staying = all.filter((name) => !going.includes(name))
      const without = await imported(staying, workspace.folder)
      const [left, expected] = [await dumpOf(workspace.url), await dumpOf(without.workspace.url)]
      expect(comparable(left)).toEqual(comparable(expected))
      // Companies that are named by what stays are what they are without the rest.
      const named = new Set((expected.companies ?? []).map(({ id }) => id))
      expect((left.companies ?? []).filter(({ id }) => named.has(id))).toEqual(expected.companies ?? [])
      expect(await deletions.dangling()).toEqual(await deletionsIn(without.workspace.url).dangling())
      expect(await deletions.wrongSums()).toEqual([])
      const [ledger] = await workspace.query(
        `select (select count(*)::int from imported_files) as files, (select count(*)::int from imports) as imports`,
      )
      expect(ledger).toMatchObject({ imports: staying.length })
      await workspace.import()
      expect(await dumpOf(workspace.url)).toEqual(whole)
    },
    60_000,
  )

  it('leaves what a file of another import holds too, and a file that another import read since', async () => {
    const workspace = await fresh()
    const deletions = deletionsIn(workspace.url)
    await workspace.write('one/signals.json', [completeSignal({ id: 'signal_1' }), completeSignal({ id: 'signal_2' })])
    const first = await workspace.import({}, [`${workspace.folder}/one`])
    await workspace.write('two/signals.json', [completeSignal({ id: 'signal_2' }), completeSignal({ id: 'signal_3' })])
    const second = await workspace.import({}, [`${workspace.folder}/two`])
    const signals = async () =>
      (await workspace.query('select external_id as id from signals order by 1')).map(({ id }) => id)
    expect((await deletions.import(first.importId, { dryRun: true })).tables).toContainEqual({
      table: 'signals',
      rows: 1,
    })
    expect(await signals()).toHaveLength(3)
    await deletions.import(first.importId)
    expect(await signals()).toEqual(['signal_2', 'signal_3'])
    await workspace.write('two/signals.json', [completeSignal({ id: 'signal_4' })])
    const third = await workspace.import({}, [`${workspace.folder}/two`])
    await deletions.import(second.importId)
    expect(await signals()).toEqual(['signal_2', 'signal_3', 'signal_4'])
    await deletions.import(third.importId)
    expect(await signals()).toEqual(['signal_2', 'signal_3'])
  })

  it('takes away what an import brought that broke off', async () => {
    const workspace = await fresh()
    const lines = Array.from({ length: 6_000 }, (_, place) => JSON.stringify(completeSignal({ id: `signal_${place}` })))
    await workspace.write('signals.jsonl', lines.join('\n'))
    let isStopped = false
    const { importId, status } = await workspace.import({}, undefined, {
      isInterrupted: () => isStopped,
      progress: () => {
        isStopped = true
      },
    })
    expect(status).toBe('INTERRUPTED')
    expect((await workspace.query('select from signals')).length).toBeGreaterThan(0)
    await deletionsIn(workspace.url).import(importId)
    expect(await dumpOf(workspace.url)).toEqual({})
  })

  it('is refused while the import is under way, and says that there is no such import', async () => {
    const workspace = await fresh()
    const deletions = deletionsIn(workspace.url)
    await workspace.write('a.json', completeRun())
    const { importId } = await workspace.import()
    await deletions.session(async (importing) => {
      await holdImport(importing, organizationIdOf('default'), importId)
      await expect(deletions.import(importId)).rejects.toMatchObject({ code: 'IMPORT_RUNNING' })
    })
    expect(await workspace.query('select from runs')).toHaveLength(1)
    await expect(deletionsIn(workspace.url, 'other').import(importId)).rejects.toMatchObject({ code: 'NOT_FOUND' })
  })
})
