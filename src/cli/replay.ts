import { defineCommand } from 'citty'
import { replaysFrom } from '../measures/replay.ts'
import { formatCost, formatDuration } from './amounts.ts'
import type { CommandContext } from './context.ts'
import { CommandExit } from './exit.ts'
import { findRun, pipelineArgument, runArgument } from './find-run.ts'
import { formatBytes } from './import-summary.ts'
import { jsonArgument } from './json-argument.ts'
import { organizationArgument, withStore } from './reading.ts'
import { type WrittenInput, writeReplay } from './replay-files.ts'
import { formatTable } from './table.ts'
import { wholeNumber } from './whole-number.ts'

export function createReplayCommand(context: CommandContext) {
  return defineCommand({
    meta: {
      name: 'replay',
      description:
        'Write the stored outputs of the phases before one as files, to run the pipeline again from there. Example: crossrun replay run_20251026_005500 --from-phase 8 --out replay/',
    },
    args: {
      run: runArgument,
      'from-phase': {
        type: 'string',
        required: true,
        description: 'The number of the first phase to run again.',
        valueHint: 'N',
      },
      out: {
        type: 'string',
        required: true,
        description: 'The folder to write into; made when missing.',
        valueHint: 'DIR',
      },
      force: { type: 'boolean', description: 'Replace files that are there.' },
      pipeline: pipelineArgument,
      organization: organizationArgument,
      json: jsonArgument,
    },
    async run({ args }) {
      const fromPhase = wholeNumber('from-phase', args['from-phase'], 1)
      await withStore(context, args.organization, async (store) => {
        const { run, replay } = await store.read(async (reading) => {
          const found = await findRun(reading, args.run, args.pipeline)
          const replays = await replaysFrom(reading.db, reading.scope, fromPhase, [found.id])
          return { run: found, replay: replays.get(found.id)! }
        })
        const { missing, inputs, savedCostUsd, savedSeconds } = replay
        const { id, externalId, pipeline } = run
        const about = { run: { id, externalId, pipeline }, fromPhase, possible: missing.length === 0, missing }
        if (missing.length > 0) {
          if (args.json) context.stdout(JSON.stringify(about))
          else {
            context.stderr(`${externalId} cannot be replayed from phase ${fromPhase}: these outputs are not stored.`)
            for (const { phase, name } of missing) context.stderr(`  ${phase}  ${name}`)
            const first = missing[0]!.phase
            if (first > 1) context.stderr(`From phase ${first} on it can be: --from-phase ${first}`)
          }
          throw new CommandExit(1)
        }
        const manifest = { ...about, savedCostUsd, savedSeconds }
        const written = await store.session((session) =>
          writeReplay(session, inputs, manifest, { folder: args.out, force: args.force === true }),
        )
        if (args.json) return context.stdout(JSON.stringify({ ...manifest, ...written }))
        for (const line of formatInputs(written.inputs, context.columns)) context.stdout(line)
        context.stdout(`Wrote ${written.inputs.length} files and ${written.manifest}.`)
        context.stdout(formatSavings(savedCostUsd, savedSeconds, fromPhase))
      })
    },
  })
}

function formatSavings(costUsd: string | null, seconds: number | null, fromPhase: number): string {
  const known = [costUsd === null ? null : formatCost(costUsd), seconds === null ? null : formatDuration(seconds)]
  const saved = known.filter((each) => each !== null).join(' and ')
  return saved ? `Saves ${saved} of the calls in the phases before ${fromPhase}.` : 'What that saves is not known.'
}

function formatInputs(inputs: WrittenInput[], width: number | null): string[] {
  if (inputs.length === 0) return ['No phase comes before it: there is nothing to feed in.']
  return formatTable(
    ['phase', 'name', 'file', 'size', 'sha256'],
    inputs.map(({ phase, name, file, writtenBytes, writtenSha256 }) => [
      phase,
      name,
      file,
      formatBytes(writtenBytes),
      writtenSha256.slice(0, 12),
    ]),
    { right: [3], width },
  )
}
