import { entities } from '../filters/entities/index.ts'
import { firstDiagnosesOf, firstResolutionsOf } from '../measures/ops-chain.ts'
import { builder } from './builder.ts'
import { columnsOf, described, nodeOf } from './columns.ts'
import { addList, nestedListField } from './list-fields.ts'
import { question } from './loaders.ts'

const { healthCheck, diagnosis, resolution, alert, opsAgentStatus } = entities

const firstDiagnosisOf = question<void, string | null>(({ db, scope }, ids) => firstDiagnosesOf(db, scope, ids), null)
const firstResolutionOf = question<void, string | null>(
  ({ db, scope }, ids) => firstResolutionsOf(db, scope, ids),
  null,
)

export const Resolution = builder.prismaNode('Resolution', {
  ...nodeOf(resolution),
  fields: (t) => ({
    ...columnsOf(t, resolution),
    diagnosis: t.relation('diagnosis', { nullable: true, ...described(resolution, 'diagnosis') }),
  }),
})

export const Diagnosis = builder.prismaNode('Diagnosis', {
  ...nodeOf(diagnosis),
  fields: (t) => ({
    ...columnsOf(t, diagnosis),
    healthCheck: t.relation('healthCheck', { nullable: true, ...described(diagnosis, 'healthCheck') }),
    resolution: t.prismaField({
      type: Resolution,
      nullable: true,
      description: 'The first of its resolutions: the nearest after it. Null when there is none.',
      select: { id: true },
      resolve: async (query, { id }, _args, context) => {
        const first = await firstResolutionOf(context, id)
        return first === null ? null : context.tx.resolution.findUnique({ ...query, where: { id: first } })
      },
    }),
    resolutions: nestedListField(
      t,
      resolution,
      Resolution,
      ['diagnosis_id'],
      'All that was done about the issue until its next diagnosis.',
    ),
  }),
})

export const HealthCheck = builder.prismaNode('HealthCheck', {
  ...nodeOf(healthCheck),
  fields: (t) => ({
    ...columnsOf(t, healthCheck),
    diagnosis: t.prismaField({
      type: Diagnosis,
      nullable: true,
      description: 'The first of its diagnoses: the nearest after it. Null when there is none.',
      select: { id: true },
      resolve: async (query, { id }, _args, context) => {
        const first = await firstDiagnosisOf(context, id)
        return first === null ? null : context.tx.diagnosis.findUnique({ ...query, where: { id: first } })
      },
    }),
    diagnoses: nestedListField(
      t,
      diagnosis,
      Diagnosis,
      ['health_check_id'],
      'All diagnoses of the service until its next check.',
    ),
  }),
})

export const Alert = builder.prismaNode('Alert', { ...nodeOf(alert), fields: (t) => columnsOf(t, alert) })

export const OpsAgentStatus = builder.prismaNode('OpsAgentStatus', {
  ...nodeOf(opsAgentStatus),
  fields: (t) => columnsOf(t, opsAgentStatus),
})

addList('healthChecks', healthCheck, HealthCheck, 'Looks of the operations agent at services.')
addList('diagnoses', diagnosis, Diagnosis, 'What the operations agent takes for the causes of issues.')
addList('resolutions', resolution, Resolution, 'What the operations agent did about issues.')
addList('alerts', alert, Alert, 'Messages that the operations agent sent.')
addList('opsAgentStatuses', opsAgentStatus, OpsAgentStatus, "The operations agent's own counters over time.")
