import { type LastArtifact, type ResumePlan as ResumePlanValue, resumePlansOf } from '../measures/resume-plan.ts'
import { builder } from './builder.ts'
import { question } from './loaders.ts'
import { PhaseReference } from './phase-ref.ts'
import { Run } from './runs.ts'

const NO_PLAN: ResumePlanValue = {
  resumable: false,
  nextPhase: null,
  lastArtifact: null,
  completedPhases: [],
  spentUsd: null,
  spentSeconds: null,
}

const planOf = question<void, ResumePlanValue>(({ db, scope }, runIds) => resumePlansOf(db, scope, runIds), NO_PLAN)

const LastArtifactType = builder.objectRef<LastArtifact>('LastArtifact').implement({
  description: 'The file that a run goes on from.',
  fields: (t) => ({
    phase: t.exposeInt('phase', { description: 'The number of the phase that left it.' }),
    name: t.exposeString('name', { description: 'The name of the phase that left it.' }),
    path: t.exposeString('path', { description: 'Where it was when it was imported.' }),
    sha256: t.exposeString('sha256', { description: 'SHA-256 of the file, in hexadecimal.' }),
  }),
})

const ResumePlan = builder.objectRef<ResumePlanValue>('ResumePlan').implement({
  description: 'Where a run that did not complete can go on, and what starting anew would lose.',
  fields: (t) => ({
    resumable: t.exposeBoolean('resumable', {
      description: 'Whether it is not COMPLETED and at least one of its phases is.',
    }),
    nextPhase: t.field({
      type: PhaseReference,
      nullable: true,
      description:
        'The first phase known for its pipeline after its last completed one; null when it is not resumable.',
      resolve: ({ nextPhase }) => nextPhase,
    }),
    lastArtifact: t.field({
      type: LastArtifactType,
      nullable: true,
      description: 'The stored output of its last completed phase, or of the nearest before it that left one.',
      resolve: ({ lastArtifact }) => lastArtifact,
    }),
    completedPhases: t.exposeIntList('completedPhases', { description: 'Numbers of its completed phases, ascending.' }),
    spentUsd: t.field({
      type: 'Decimal',
      nullable: true,
      description: 'What it cost so far, in US dollars; null when nothing is known.',
      resolve: ({ spentUsd }) => spentUsd,
    }),
    spentSeconds: t.exposeFloat('spentSeconds', {
      nullable: true,
      description: 'How long its phases took so far, in seconds; null when nothing is known.',
    }),
  }),
})

builder.prismaObjectField(Run, 'resumePlan', (t) =>
  t.field({
    type: ResumePlan,
    description: 'Where it can go on when it did not complete, and what starting anew would lose.',
    select: { id: true },
    resolve: ({ id }, _args, context) => planOf(context, id),
  }),
)
