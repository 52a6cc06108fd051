import type { PhaseRef } from '../measures/known-phases.ts'
import { builder } from './builder.ts'

export const PhaseReference = builder.objectRef<PhaseRef>('PhaseReference').implement({
  description: 'A phase of a pipeline.',
  fields: (t) => ({
    number: t.exposeInt('number', { description: 'Its number; the first is 1.' }),
    name: t.exposeString('name', { description: 'Its name.' }),
  }),
})
