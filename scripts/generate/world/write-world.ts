import { writeAccounts } from './accounts.ts'
import { writeBriefings } from './briefing.ts'
import { Cast } from './cast.ts'
import { writeExtraction } from './extraction.ts'
import { Folder } from './files.ts'
import { writeLegacyDump } from './legacy.ts'
import { writeOps } from './ops.ts'
import { writePlaybooks } from './playbook.ts'
import type { Questions } from './questions.ts'
import { writeScoring } from './scoring.ts'
import { sizesOf } from './sizes.ts'

/**
 * Writes a made-up world of every format: artifacts into `data`, and into `questions.json` what to ask of it. Memory
 * stays flat, and the same numbers make the same files everywhere.
 * @param factor 1 or more, a whole number: how many times a small team's first weeks
 * @returns what questions.json says
 */
export function writeWorld(directory: string, { factor = 1, seed = 1 } = {}): Questions {
  const cast = new Cast(seed, sizesOf(factor))
  const root = new Folder(directory)
  const data = root.in('data')
  writeLegacyDump(data.in('extraction/legacy'), cast)
  const questions: Questions = {
    ...writePlaybooks(data.in('playbook'), cast),
    ...writeBriefings(data.in('briefing'), cast),
    ...writeScoring(data.in('scoring'), cast),
    ...writeOps(data.in('ops'), cast),
    ...writeExtraction(data.in('extraction/new'), cast),
    ...writeAccounts(data.in('accounts'), cast),
  }
  root.write('questions.json', `${JSON.stringify(questions, null, 2)}\n`)
  return questions
}
