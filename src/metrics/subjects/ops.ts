import { sql } from 'kysely'
import { entities } from '../../filters/entities/index.ts'
import type { Subject } from '../declaration.ts'
import {
  column,
  columnOf,
  distinct,
  facts,
  has,
  is,
  joined,
  ofFact,
  oneOf,
  share,
  summed,
  text,
  those,
  total,
} from './shared.ts'

const status = column('status')

export const resolutions: Subject = {
  name: 'RESOLUTIONS',
  field: 'resolutionMetrics',
  description: 'What the operations agent did about issues, and how it ended.',
  entity: entities.resolution,
  time: { description: 'When it was resolved.', value: column('resolved_at') },
  joins: { diagnosis: joined('diagnoses', 'diagnosis', ofFact, 'diagnosis_id') },
  dimensions: {
    issueName: text('Name of the issue.', column('issue_name')),
    status: oneOf('ResolutionStatus', 'How it ended.', status),
    confidence: oneOf('Confidence', 'How sure the diagnosis before it is.', columnOf('diagnosis', 'confidence')),
  },
  measures: {
    resolutions: facts('Resolutions.'),
    succeeded: those('Resolutions that are a SUCCESS.', is(status, 'SUCCESS')),
    failed: those('Resolutions that FAILED.', is(status, 'FAILED')),
    successRate: share('SUCCESS ÷ resolutions.', is(status, 'SUCCESS')),
    issues: distinct('Different issues.', column('issue_name')),
    stepsCompleted: total('Steps that were done.', (fact) => sql`cardinality(${column('steps_completed')(fact)})`),
    stepsFailed: total('Steps that failed.', (fact) => sql`cardinality(${column('steps_failed')(fact)})`),
    diagnosed: those('Resolutions with a diagnosis before them.', has(column('diagnosis_id'))),
  },
}

export const alerts: Subject = {
  name: 'ALERTS',
  field: 'alertMetrics',
  description: 'Alerts of the operations agent.',
  entity: entities.alert,
  time: { description: 'When it was raised.', value: column('raised_at') },
  joins: {},
  dimensions: {
    level: oneOf('AlertLevel', 'How grave it is.', column('level')),
    service: text('The service it is about.', column('service')),
    action: oneOf('AlertAction', 'What was done with it.', column('action')),
  },
  measures: {
    alerts: facts('Alerts.'),
    critical: those('Alerts of the level CRITICAL.', is(column('level'), 'CRITICAL')),
    services: distinct('Different services.', column('service')),
  },
}

export const health: Subject = {
  name: 'HEALTH',
  field: 'healthMetrics',
  description: 'Health checks of services.',
  entity: entities.healthCheck,
  time: { description: 'When the service was checked.', value: column('checked_at') },
  joins: { diagnoses: summed('diagnoses', 'diagnoses', 'health_check_id', () => ({ diagnoses: sql`count(*)` })) },
  dimensions: {
    service: text('The service.', column('service')),
    status: oneOf('ServiceStatus', 'What the check found.', status),
  },
  measures: {
    checks: facts('Checks.'),
    healthy: those('Checks that found the service HEALTHY.', is(status, 'HEALTHY')),
    degraded: those('Checks that found it DEGRADED.', is(status, 'DEGRADED')),
    critical: those('Checks that found it CRITICAL.', is(status, 'CRITICAL')),
    unknown: those('Checks that could not tell.', is(status, 'UNKNOWN')),
    diagnosed: those(
      'Checks with a diagnosis after them.',
      (fact) => sql`coalesce(${columnOf('diagnoses', 'diagnoses')(fact)}, 0) > 0`,
    ),
    healthyRate: share('HEALTHY checks ÷ all checks, UNKNOWN ones included.', is(status, 'HEALTHY')),
    services: distinct('Different services.', column('service')),
  },
}
