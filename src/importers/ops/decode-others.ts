import type { Decoding } from '../decoding.ts'
import type { DecodedRecord, RecordSource } from '../records/record-kind.ts'
import { identify, idOf } from './identify.ts'
import { agentStatus, agentStatusShape, alert, alertShape, issueResolution, issueResolutionShape } from './wire.ts'

type Keys = Record<string, unknown>

/** A message that the agent sent. */
export function decodeAlert(decoding: Decoding, record: Keys, source: RecordSource): DecodedRecord | null {
  const read = decoding.read(alert, record, '')
  if (!read) return null
  const { id: _, timestamp, ...columns } = read
  const row = identify(decoding, 'alert', read.service ?? '', { record, shape: alertShape, source }, timestamp)
  decoding.rows.add('alerts', { ...row, ...columns, raised_at: row.record_at })
  return { owner: 'alert', id: row.id, recordAt: row.record_at }
}

/** What was learned from an issue. */
export function decodeIssueResolution(decoding: Decoding, record: Keys, source: RecordSource): DecodedRecord | null {
  const read = decoding.read(issueResolution, record, '')
  if (!read) return null
  const { id: _, timestamp, embedding, ...columns } = read
  const given = { record, shape: issueResolutionShape, source }
  const { extra, ...row } = identify(decoding, 'issue_resolution', read.issue_name, given, timestamp)
  const { id: __, ...others } = extra
  // An embedding with a hole has no direction; it is kept as it was written.
  const isWhole = embedding.every((each) => each !== null)
  decoding.rows.add('issue_resolutions', {
    ...row,
    ...columns,
    source_id: idOf(record),
    embedding: isWhole ? (embedding as number[]) : [],
    recorded_at: row.record_at,
    extra: isWhole ? others : { ...others, embedding: record.embedding },
  })
  return { owner: 'issueResolution', id: row.id, recordAt: row.record_at }
}

/** The agent's own counters at one moment: a later one is another row. */
export function decodeAgentStatus(decoding: Decoding, record: Keys, source: RecordSource): DecodedRecord | null {
  const read = decoding.read(agentStatus, record, '')
  if (!read) return null
  const at = read.last_check ?? read.start_time
  const startedAt = decoding.time(read.start_time)
  const given = { record, shape: agentStatusShape, source }
  const row = identify(decoding, 'ops_agent_status', startedAt?.toISOString() ?? '', given, at)
  decoding.rows.add('ops_agent_statuses', {
    ...row,
    running: read.running,
    started_at: startedAt,
    last_check_at: decoding.time(read.last_check),
    total_checks: read.total_checks,
    issues_detected: read.issues_detected,
    auto_resolutions: read.auto_resolutions,
    escalations: read.escalations,
  })
  return { owner: 'opsAgentStatus', id: row.id, recordAt: row.record_at }
}
