import type { RecordKind } from '../records/record-kind.ts'
import { decodeDiagnosis, decodeHealthCheck, decodeResolution } from './decode-chain.ts'
import { decodeAgentStatus, decodeAlert, decodeIssueResolution } from './decode-others.ts'

type Keys = Record<string, unknown>

const has = (record: Keys, ...keys: string[]): boolean => keys.some((key) => Object.hasOwn(record, key))

/** What the operations agent writes; `resolutions` are its actions, `ops_resolutions` what was learned from issues. */
export const opsKinds: readonly RecordKind[] = [
  {
    name: 'issue resolution',
    format: 'ops',
    tables: ['ops_resolutions', 'issue_resolutions'],
    fits: (record) =>
      has(record, 'issue_name') && has(record, 'action_taken', 'lesson_learned', 'resolution_status', 'symptoms'),
    decode: decodeIssueResolution,
  },
  {
    name: 'resolution',
    format: 'ops',
    tables: ['resolutions'],
    fits: (record) => has(record, 'issue_name') && has(record, 'steps_completed', 'steps_failed', 'status'),
    decode: decodeResolution,
  },
  {
    name: 'diagnosis',
    format: 'ops',
    tables: ['diagnoses', 'diagnosis'],
    fits: (record) => has(record, 'issue_name') && has(record, 'root_cause', 'suggested_action', 'confidence'),
    decode: decodeDiagnosis,
  },
  {
    name: 'health check',
    format: 'ops',
    tables: ['health_checks'],
    fits: (record) => has(record, 'service') && has(record, 'status') && !has(record, 'issue_name', 'level', 'version'),
    decode: decodeHealthCheck,
  },
  {
    name: 'alert',
    format: 'ops',
    tables: ['alerts'],
    fits: (record) => has(record, 'level') && has(record, 'title', 'message') && has(record, 'service', 'action'),
    decode: decodeAlert,
  },
  {
    name: 'agent status',
    format: 'ops',
    tables: ['agent_statuses', 'agent_status', 'ops_agent_statuses'],
    fits: (record) =>
      has(record, 'running') && has(record, 'total_checks', 'issues_detected', 'auto_resolutions', 'last_check'),
    decode: decodeAgentStatus,
  },
]
