import { BadInputError } from '../errors.ts'
import { type ReplayInput, type Replay as ReplayValue, replaysFrom } from '../measures/replay.ts'
import { payloadOf } from './artifacts.ts'
import { builder } from './builder.ts'
import { question } from './loaders.ts'
import { Run } from './runs.ts'

const replayOf = question<number, ReplayValue>(
  ({ db, scope }, runIds, fromPhase) => replaysFrom(db, scope, fromPhase, runIds),
  { missing: [], inputs: [], savedCostUsd: null, savedSeconds: null },
)

const MissingPhase = builder.objectRef<{ phase: number; name: string }>('MissingPhase').implement({
  description: 'A phase whose output is not stored.',
  fields: (t) => ({
    phase: t.exposeInt('phase', { description: 'Its number.' }),
    name: t.exposeString('name', { description: 'Its name.' }),
  }),
})

const ReplayInputType = builder.objectRef<ReplayInput>('ReplayInput').implement({
  description: 'A stored output of a phase, to be fed in instead of running the phase.',
  fields: (t) => ({
    phase: t.exposeInt('phase', { description: 'The number of the phase.' }),
    name: t.exposeString('name', { description: 'The name of the output.' }),
    path: t.exposeString('path', { description: 'The path of the file it came from.' }),
    sha256: t.exposeString('sha256', { description: 'SHA-256 of the file it came from, in hexadecimal.' }),
    bytes: t.expose('bytes', { type: 'SafeInt', description: 'Size of the file it came from, in bytes.' }),
    payload: t.field({
      type: 'JSON',
      nullable: true,
      description:
        'The output itself, unchanged: JSON, or the text of a report; NaN and infinities, which JSON does not have, are null.',
      resolve: (input, _args, context) => payloadOf(context, input),
    }),
  }),
})

const Replay = builder.objectRef<ReplayValue>('Replay').implement({
  description: 'What running a run again from a phase on takes, and what it saves.',
  fields: (t) => ({
    possible: t.boolean({
      description: 'Whether the outputs of all phases before are stored.',
      resolve: ({ missing }) => missing.length === 0,
    }),
    missing: t.field({
      type: [MissingPhase],
      description: 'The phases before whose output is not stored, by number.',
      resolve: ({ missing }) => missing,
    }),
    inputs: t.field({
      type: [ReplayInputType],
      description: 'What to feed in, by phase.',
      resolve: ({ inputs }) => inputs,
    }),
    savedCostUsd: t.field({
      type: 'Decimal',
      nullable: true,
      description: 'What the calls of the phases before cost, in US dollars; null when nothing is known.',
      resolve: ({ savedCostUsd }) => savedCostUsd,
    }),
    savedSeconds: t.exposeFloat('savedSeconds', {
      nullable: true,
      description: 'How long the calls of the phases before took, in seconds; null when nothing is known.',
    }),
  }),
})

builder.prismaObjectField(Run, 'replay', (t) =>
  t.field({
    type: Replay,
    args: {
      fromPhase: t.arg.int({
        required: true,
        description: 'The number of the first phase to run again; the first of all is 1.',
      }),
    },
    description: 'What running it again from a phase on takes, with the stored outputs of the phases before.',
    select: { id: true },
    resolve: ({ id }, { fromPhase }, context) => {
      if (fromPhase < 1) throw new BadInputError('fromPhase must be 1 or more.', { argument: 'fromPhase' })
      return replayOf(context, id, fromPhase)
    },
  }),
)
