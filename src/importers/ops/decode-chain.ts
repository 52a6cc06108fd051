import type { Decoding } from '../decoding.ts'
import type { DecodedRecord, RecordSource } from '../records/record-kind.ts'
import { identify } from './identify.ts'
import { diagnosis, diagnosisShape, healthCheck, healthCheckShape, resolution, resolutionShape } from './wire.ts'

type Keys = Record<string, unknown>

/** One look at one service. */
export function decodeHealthCheck(decoding: Decoding, record: Keys, source: RecordSource): DecodedRecord | null {
  const read = decoding.read(healthCheck, record, '')
  if (!read) return null
  const { service, status, message, details, timestamp } = read
  const row = identify(decoding, 'health_check', service, { record, shape: healthCheckShape, source }, timestamp)
  decoding.rows.add('health_checks', { ...row, service, status, message, details, checked_at: row.record_at })
  return {
    owner: 'healthCheck',
    id: row.id,
    recordAt: row.record_at,
    touches: [['healthChecksOfDiagnoses', service]],
  }
}

/** What was taken for the cause; which check it belongs to is settled when its file is done. */
export function decodeDiagnosis(decoding: Decoding, record: Keys, source: RecordSource): DecodedRecord | null {
  const read = decoding.read(diagnosis, record, '')
  if (!read) return null
  const { id: _, timestamp, ...columns } = read
  const issue = read.issue_name
  const row = identify(decoding, 'diagnosis', issue, { record, shape: diagnosisShape, source }, timestamp)
  decoding.rows.add('diagnoses', { ...row, ...columns, diagnosed_at: row.record_at })
  return {
    owner: 'diagnosis',
    id: row.id,
    recordAt: row.record_at,
    touches: [
      ['healthChecksOfDiagnoses', issue],
      ['diagnosesOfResolutions', issue],
    ],
  }
}

/** What was done about it; which diagnosis it belongs to is settled when its file is done. */
export function decodeResolution(decoding: Decoding, record: Keys, source: RecordSource): DecodedRecord | null {
  const read = decoding.read(resolution, record, '')
  if (!read) return null
  const { id: _, timestamp, ...columns } = read
  const issue = read.issue_name
  const row = identify(decoding, 'resolution', issue, { record, shape: resolutionShape, source }, timestamp)
  decoding.rows.add('resolutions', { ...row, ...columns, resolved_at: row.record_at })
  return {
    owner: 'resolution',
    id: row.id,
    recordAt: row.record_at,
    touches: [['diagnosesOfResolutions', issue]],
  }
}
