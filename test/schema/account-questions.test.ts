import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { DEFAULT_IMPORT_OPTIONS } from '../../src/importers/options.ts'
import { runImport } from '../../src/importers/run-import.ts'
import { testDatabase } from '../database.ts'
import { sharedFolder } from '../shared-folder.ts'

const database = testDatabase()
const read = (...path: string[]) => readFileSync(join(sharedFolder!, ...path), 'utf8')

type RunEdge = { node: { externalId: string } }

/** The answers leave the order of runs open. */
const byRun = (a: RunEdge, b: RunEdge) => a.node.externalId.localeCompare(b.node.externalId)

describe.skipIf(!sharedFolder)('the questions about accounts have their answers', () => {
  beforeAll(async () => {
    const folders = ['accounts', 'playbook', 'extraction'].map((name) => join(sharedFolder!, 'world/data', name))
    await runImport(database.url, folders, DEFAULT_IMPORT_OPTIONS)
  })

  it.each([
    ['account-overview', 'account-overview.acme'],
    ['account-overview', 'account-overview.other'],
    ['expansion-targets', 'expansion-targets.acme'],
    ['expansion-targets', 'expansion-targets.several'],
    ['conversation-context', 'conversation-context.acme'],
    ['follow-ups', 'follow-ups'],
    ['account-360', 'account-360.1'],
    ['account-360', 'account-360.2'],
  ])('%s: %s', async (question, answer) => {
    const { variables, data } = JSON.parse(read('world/expected', `${answer}.json`))
    const found = await database.data(read('questions', `${question}.graphql`), variables)
    for (const { company } of [found, data]) company?.runs?.edges.sort(byRun)
    expect(found).toMatchObject(data)
  })
})
