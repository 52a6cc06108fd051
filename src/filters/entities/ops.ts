import {
  boolean,
  dateTime,
  entity,
  extra,
  integer,
  json,
  long,
  many,
  one,
  oneOf,
  required,
  text,
  textList,
} from '../declaration.ts'

const unsorted = { sortable: false }

export const healthCheck = entity({
  name: 'HealthCheck',
  table: 'health_checks',
  description: 'One look of the operations agent at one service.',
  fields: {
    service: text('The service.', required),
    status: oneOf('ServiceStatus', 'How the service was.', required),
    message: text('What was seen.', long),
    details: json('What was measured, as written.'),
    checkedAt: dateTime('When it was looked at.'),
    extra,
  },
  relations: {
    diagnoses: many(() => diagnosis, 'health_check_id', 'The diagnoses of the service until its next check.'),
  },
  order: { checkedAt: 'DESC' },
})

export const diagnosis = entity({
  name: 'Diagnosis',
  table: 'diagnoses',
  description: 'What the operations agent takes for the cause of an issue.',
  fields: {
    issueName: text('The issue; where it is about a service, its name.', required),
    confidence: oneOf('Confidence', 'How sure it is.'),
    summary: text('The issue in short.', long),
    rootCause: text('The cause.', long),
    suggestedAction: text('What to do.', long),
    reasoning: text('What it is concluded from.', long),
    similarIssues: json('Issues that resemble it: a list, as written.', required),
    diagnosedAt: dateTime('When it was made.'),
    extra,
  },
  relations: {
    healthCheck: one(
      () => healthCheck,
      'health_check_id',
      'The health check of the service of this name nearest before it, or at the same moment.',
    ),
    resolutions: many(() => resolution, 'diagnosis_id', 'What was done about the issue until its next diagnosis.'),
  },
  order: { diagnosedAt: 'DESC' },
})

export const resolution = entity({
  name: 'Resolution',
  table: 'resolutions',
  description: 'What the operations agent did about an issue, step by step.',
  fields: {
    issueName: text('The issue.', required),
    status: oneOf('ResolutionStatus', 'How it ended.', required),
    stepsCompleted: textList('The steps that were done, in order.'),
    stepsFailed: textList('The steps that failed, in order.'),
    message: text('How it went.', long),
    details: json('More of how it went, as written.'),
    resolvedAt: dateTime('When it ended.'),
    extra,
  },
  relations: {
    diagnosis: one(
      () => diagnosis,
      'diagnosis_id',
      'The diagnosis of the same issue nearest before it, or at the same moment.',
    ),
  },
  order: { resolvedAt: 'DESC' },
})

export const alert = entity({
  name: 'Alert',
  table: 'alerts',
  description: 'A message that the operations agent sent.',
  fields: {
    level: oneOf('AlertLevel', 'How grave it is.', required),
    title: text('Its title.', long),
    message: text('What it says.', long),
    service: text('The service it is about.'),
    details: json('More of what it says, as written.'),
    action: oneOf('AlertAction', 'What was done with it; null when the artifact does not say.', unsorted),
    raisedAt: dateTime('When it was sent.'),
    extra,
  },
  order: { raisedAt: 'DESC' },
})

export const issueResolution = entity({
  name: 'IssueResolution',
  table: 'issue_resolutions',
  description: 'What was learned from an issue: the memory in which similar issues are looked up.',
  fields: {
    sourceId: text('Its id in the artifacts, when it has one.', long),
    issueName: text('The issue.', required),
    symptoms: json('What was seen, as written.'),
    diagnosis: text('The cause.', long),
    actionTaken: text('What was done.', long),
    resolutionStatus: oneOf('ResolutionStatus', 'How it ended.'),
    lessonLearned: text('What to do better.', long),
    tags: textList('Its tags.'),
    recordedAt: dateTime('When it was noted.'),
    extra,
  },
  order: { recordedAt: 'DESC' },
})

export const opsAgentStatus = entity({
  name: 'OpsAgentStatus',
  table: 'ops_agent_statuses',
  description: "The operations agent's own counters at one moment.",
  fields: {
    running: boolean('Whether it was at work.', unsorted),
    startedAt: dateTime('When it was started.', unsorted),
    lastCheckAt: dateTime('When it last looked at a service.'),
    totalChecks: integer('Looks at services since its start, as reported.', unsorted),
    issuesDetected: integer('Issues it found, as reported.', unsorted),
    autoResolutions: integer('Issues it ended by itself, as reported.', unsorted),
    escalations: integer('Issues it handed on, as reported.', unsorted),
    extra,
  },
  order: { lastCheckAt: 'DESC' },
})
