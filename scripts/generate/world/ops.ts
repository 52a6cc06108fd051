import type { Random } from '../random.ts'
import type { Cast } from './cast.ts'
import type { Folder } from './files.ts'
import type { Questions } from './questions.ts'
import { DAY, MINUTE, SECOND, utc, written } from './times.ts'

const BEGIN = Date.UTC(2026, 0, 1)
/** The service that most checks are of. */
const BUSIEST = 'brain_api'
const BUSIEST_SHARE = 0.7
const OTHERS = ['dashboard', 'litellm', 'scoring_engine', 'vector_store']
const UNHEALTHY_SHARE = 1 / 6
const CAUSES = [
  ['Memory above 92 %', 'Cache without an upper bound', 'Set the cache limit and restart'],
  ['High latency on /health', 'Upstream model server saturated', 'Restart the upstream and raise its timeout'],
  ['Disk above 95 %', 'Debug logs were never rotated', 'Rotate the logs and free the volume'],
] as const
const STEPS = ['collect_logs_bundle', 'drain_traffic', 'restart_service', 'verify_health', 'notify_owner']
const LESSONS = [
  ['disk_full', 'Debug logs filled the disk', 'Rotated the logs, freed the volume', 'Alert before a disk is full'],
  [
    'webhook_refused',
    'Partner refused an expired certificate',
    'Issued a new one',
    'Renewals that fail must page someone',
  ],
  [
    'queue_stuck',
    'A poisoned message blocked the queue',
    'Moved it to the dead letters',
    'Cap the number of deliveries',
  ],
  ['clock_skew', 'Time sync was blocked by a firewall rule', 'Opened port 123', 'Check time sync in the probe'],
] as const

/** The operations agent's records: checks, what they led to, and what was learned before. */
export function writeOps(folder: Folder, cast: Cast): Questions {
  const { healthChecks, issueResolutions } = cast.sizes
  const checks = folder.lines('health_checks.jsonl')
  const diagnoses = folder.lines('diagnoses.jsonl')
  const resolutions = folder.lines('resolutions.jsonl')
  const alerts = folder.lines('alerts.jsonl')
  const found = { issues: 0, resolved: 0, escalated: 0, ofBusiest: 0 }
  let at = BEGIN
  for (let number = 0; number < healthChecks; number++) {
    const random = cast.random('check', number)
    at = BEGIN + Math.floor((number * 30 * DAY) / healthChecks)
    const service = random.chance(BUSIEST_SHARE) ? BUSIEST : random.pick(OTHERS)
    const [message, cause, action] = random.pick(CAUSES)
    const status = statusOf(random)
    const isIssue = status === 'degraded' || status === 'critical'
    checks.add({
      service,
      status,
      message: isIssue ? message : status === 'healthy' ? 'OK' : null,
      details: random.chance(0.05) ? null : { latency_ms: random.integer(20, 4_000) },
      timestamp: written(random, at),
    })
    if (!isIssue) continue
    found.issues++
    if (service === BUSIEST) found.ofBusiest++
    diagnoses.add({
      issue_name: service,
      confidence: random.pick(['high', 'medium', 'low']),
      summary: message,
      root_cause: cause,
      suggested_action: action,
      reasoning: 'Matches the last deploy window',
      similar_issues: random.chance(0.3) ? [{ issue_name: service, score: 0.8 }] : [],
      timestamp: written(random, at + random.integer(5, 20) * SECOND),
    })
    if (random.chance(0.9)) {
      const resolution = resolutionOf(random, service, at + random.integer(30, 60) * SECOND)
      if (resolution.status === 'success') found.resolved++
      resolutions.add(resolution)
    }
    if (status === 'critical' || random.chance(0.7)) {
      found.escalated++
      alerts.add({
        level: status === 'critical' ? random.pick(['critical', 'emergency']) : 'warning',
        title: `${service} is ${status}`,
        message,
        service,
        details: {},
        timestamp: written(random, at + MINUTE),
        action: random.pick(['alert_founder', 'immediate_alert', 'log_only', null]),
      })
    }
  }
  for (const file of [checks, diagnoses, resolutions, alerts]) file.close()
  writeLessons(folder, cast, issueResolutions)
  folder.write('agent_status.json', {
    running: true,
    last_check: utc(at),
    total_checks: healthChecks,
    issues_detected: found.issues,
    auto_resolutions: found.resolved,
    escalations: found.escalated,
    start_time: utc(BEGIN),
  })
  return {
    'ops-chain': { variables: { service: BUSIEST }, holds: { 'healthChecks.totalCount': found.ofBusiest } },
    'similar-issues': { variables: { search: 'logs filling disk' }, holds: {} },
  }
}

function statusOf(random: Random): string {
  if (random.chance(UNHEALTHY_SHARE)) return random.pick(['degraded', 'degraded', 'critical'])
  return random.chance(0.02) ? 'unknown' : 'healthy'
}

function resolutionOf(random: Random, issue: string, at: number) {
  const status = random.pick(['success', 'success', 'success', 'partial', 'failed', 'skipped'] as const)
  const done = { success: 5, partial: 3, failed: 1, skipped: 0 }[status]
  return {
    issue_name: issue,
    status,
    steps_completed: STEPS.slice(0, done),
    steps_failed: status === 'success' || status === 'skipped' ? [] : [STEPS[done]],
    message: status === 'success' ? 'Back to normal' : random.words(4),
    details: { attempt: random.integer(1, 3) },
    timestamp: written(random, at),
  }
}

function writeLessons(folder: Folder, cast: Cast, count: number): void {
  const file = folder.lines('ops_resolutions.jsonl')
  for (let number = 0; number < count; number++) {
    const random = cast.random('lesson', number)
    const [issue, diagnosis, action, lesson] = LESSONS[number % LESSONS.length]!
    file.add({
      ...(number % 2 === 0 && { id: `issue_${number}` }),
      issue_name: issue,
      symptoms: { error_rate: random.decimal(0.1, 0.9, 2), hosts: random.integer(1, 9) },
      diagnosis: `${diagnosis} on host ${random.integer(1, 90)}`,
      action_taken: action,
      resolution_status: random.pick(['success', 'success', 'partial', 'failed']),
      lesson_learned: lesson,
      timestamp: written(random, BEGIN - Math.floor(((number + 1) * 300 * DAY) / count)),
      ...(random.chance(0.5) && { tags: ['night'] }),
    })
  }
  file.close()
}
