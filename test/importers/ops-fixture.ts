type Changes = Record<string, unknown>

/** Records of the operations agent with every field of their formats, and one that these do not have. */
export const completeCheck = (changes: Changes = {}) => ({
  service: 'api',
  status: 'degraded',
  message: 'High latency',
  details: { latency_ms: 3963 },
  timestamp: '2026-02-01T10:00:00Z',
  probe: 'p1',
  ...changes,
})

export const completeDiagnosis = (changes: Changes = {}) => ({
  issue_name: 'api',
  confidence: 'medium',
  summary: 'Slow',
  root_cause: 'Cache without an upper bound',
  suggested_action: 'Set the limit',
  reasoning: 'Memory grows',
  similar_issues: [{ issue_name: 'api', score: 0.8 }],
  timestamp: '2026-02-01T10:05:00Z',
  model: 'm-1',
  ...changes,
})

export const completeResolution = (changes: Changes = {}) => ({
  issue_name: 'api',
  status: 'partial',
  steps_completed: ['collect_logs'],
  steps_failed: ['verify'],
  message: 'Works with errors',
  details: { attempt: 1 },
  timestamp: '2026-02-01T10:10:00Z',
  operator: 'o1',
  ...changes,
})

export const completeAlert = (changes: Changes = {}) => ({
  level: 'critical',
  title: 'api is down',
  message: 'No answer',
  service: 'api',
  details: { tries: 3 },
  timestamp: '2026-02-01T10:01:00Z',
  action: 'alert_founder',
  channel: 'sms',
  ...changes,
})

export const completeIssue = (changes: Changes = {}) => ({
  id: 'issue_1',
  issue_name: 'backup_aborted',
  symptoms: { error_rate: 0.45, disk_full: true },
  diagnosis: 'Audit log kept filling the disk',
  action_taken: 'Moved it',
  resolution_status: 'success',
  lesson_learned: 'Logs need a quota',
  timestamp: '2026-01-01T00:00:00Z',
  tags: ['night'],
  embedding: [0.5, -0.25, 1],
  vendor: 'v1',
  ...changes,
})

export const completeStatus = (changes: Changes = {}) => ({
  running: true,
  last_check: '2026-02-03T21:49:09',
  total_checks: 150,
  issues_detected: 25,
  auto_resolutions: 11,
  escalations: 10,
  start_time: '2026-02-01T00:00:00',
  host: 'h1',
  ...changes,
})
