import { mkdtemp, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { cliActor, record } from '../../access/audit.ts'
import { organizationIdOf } from '../../model/identifiers.ts'
import { sendOfSession } from '../../store/send.ts'
import { TenantSession } from '../../store/tenant-session.ts'
import { compressPayloads, type Damaged, pack } from './compress.ts'
import { dropPayloads } from './drop.ts'
import { onlyOne } from './lock.ts'
import { IS_COMPRESSED, makePlan, type PipelinePlan, type Plan } from './plan.ts'

export type RetentionOptions = {
  organization: string
  /** The only pipeline whose payloads may change; null for all. */
  pipeline: string | null
  /** Says what would be done, and changes nothing. */
  dryRun: boolean
}

export type PipelineRetention = {
  pipeline: string
  /** How its runs are to be kept, by its rule. */
  runs: { whole: number; compressed: number; dropped: number }
  /** What was done to the stored files of its runs, or would be: kept as they are, packed more tightly, dropped. */
  payloads: { kept: number; compressed: number; dropped: number }
  /** Stored before, and freed by each; after a dry run, see `estimate`. */
  bytes: { before: number; freedByCompressing: number; freedByDropping: number }
  /** Of a dry run: how many of the files to be packed were packed to see what it gains; null when nothing is estimated. */
  estimate: { payloads: number; bytes: number; sampledPayloads: number; sampledBytes: number } | null
}

export type RetentionReport = {
  dryRun: boolean
  isInterrupted: boolean
  pipelines: PipelineRetention[]
  /** Files that are not runs', such as accounts: always kept. */
  records: { payloads: number; bytes: number }
  /** Files that nothing refers to any more, because newer versions of them came: dropped. */
  orphans: { payloads: number; bytes: number }
  bytesFreed: number
  /** Stored files that are not what was imported, and are left as they are. */
  damaged: Damaged[]
}

export type RetentionWatcher = {
  /** Asked between batches; true ends the work after the batch at hand. */
  isInterrupted?(): boolean
  /** After each batch. */
  progress?(report: RetentionReport): void
}

/** What a dry run packs of each pipeline, to see what packing gains. */
const SAMPLE_PAYLOADS = 24
const SAMPLE_BYTES = 8 * 1024 * 1024

/**
 * Applies the retention rules of an organization: packs and drops payloads, never telemetry. Batch by batch, each a
 * transaction; a second time changes nothing. Imports may run meanwhile.
 * @param url of the database, migrated
 * @throws RetryableError when another process is at it, or imports leave no gap
 */
export async function retain(
  url: string,
  options: RetentionOptions,
  watcher: RetentionWatcher = {},
): Promise<RetentionReport> {
  const organizationId = organizationIdOf(options.organization)
  const session = await TenantSession.open(url, organizationId)
  try {
    if (options.dryRun) return await foresee(session, options)
    return await onlyOne(session, organizationId, () => noted(session, options, () => apply(session, options, watcher)))
  } finally {
    await session.close()
  }
}

/** Writes down that it began, since what it drops is gone however it ends, and what became of it. */
async function noted(
  session: TenantSession,
  { pipeline }: RetentionOptions,
  work: () => Promise<RetentionReport>,
): Promise<RetentionReport> {
  const note = (action: string, outcome: 'FAILED' | 'SUCCEEDED', done: object) =>
    session.transaction((client) =>
      record(sendOfSession(client), {
        actor: cliActor(),
        action,
        outcome,
        details: { ...(pipeline !== null && { pipeline }), ...done },
      }),
    )
  await note('retention.started', 'SUCCEEDED', {})
  try {
    const report = await work()
    await note('retention.finished', 'SUCCEEDED', countsOf(report))
    return report
  } catch (error) {
    // The connection may be what failed; the first error says why.
    await note('retention.finished', 'FAILED', {}).catch(() => undefined)
    throw error
  }
}

function countsOf({ pipelines, orphans, bytesFreed, damaged, isInterrupted }: RetentionReport) {
  const count = (of: 'compressed' | 'dropped') => pipelines.reduce((sum, { payloads }) => sum + payloads[of], 0)
  return {
    compressed: count('compressed'),
    dropped: count('dropped') + orphans.payloads,
    bytesFreed,
    damaged: damaged.length,
    isInterrupted,
  }
}

async function apply(
  session: TenantSession,
  options: RetentionOptions,
  watcher: RetentionWatcher,
): Promise<RetentionReport> {
  const plan = await makePlan(session, options.pipeline)
  const report = newReport(plan, options)
  const byPipeline = new Map(report.pipelines.map((each) => [each.pipeline, each]))
  const mustStop = () => {
    watcher.progress?.(report)
    report.isInterrupted = watcher.isInterrupted?.() === true
    return report.isInterrupted
  }
  for await (const batch of dropPayloads(session)) {
    for (const { pipeline, bytes } of batch) {
      const of = pipeline === null ? undefined : byPipeline.get(pipeline)
      if (of) {
        of.payloads.dropped++
        of.bytes.freedByDropping += bytes
      } else {
        report.orphans.payloads++
        report.orphans.bytes += bytes
      }
      report.bytesFreed += bytes
    }
    if (mustStop()) break
  }
  if (!report.isInterrupted)
    for await (const { packed, damaged } of compressPayloads(session)) {
      for (const { pipeline, before, after } of packed) {
        const of = byPipeline.get(pipeline)!
        of.payloads.compressed++
        of.bytes.freedByCompressing += before - after
        report.bytesFreed += before - after
      }
      report.damaged.push(...damaged)
      if (mustStop()) break
    }
  for (const { pipeline, compress, drop, keep } of plan.pipelines) {
    const { payloads } = byPipeline.get(pipeline)!
    payloads.kept = compress.payloads + drop.payloads + keep.payloads - payloads.compressed - payloads.dropped
  }
  return report
}

/** A dry run: what would be dropped is known, what packing gains is seen in a sample. */
async function foresee(session: TenantSession, options: RetentionOptions): Promise<RetentionReport> {
  const plan = await makePlan(session, options.pipeline)
  const report = newReport(plan, options)
  report.orphans = plan.orphans
  report.bytesFreed = plan.orphans.bytes
  for (const [place, { compress, drop, keep }] of plan.pipelines.entries()) {
    const of = report.pipelines[place]!
    const sample = await packSample(session, of.pipeline)
    const gain = sample.bytes === 0 ? 0 : sample.freed / sample.bytes
    of.payloads = { kept: keep.payloads, compressed: compress.payloads, dropped: drop.payloads }
    of.bytes.freedByDropping = drop.bytes
    of.bytes.freedByCompressing = Math.round(compress.bytes * gain)
    report.bytesFreed += drop.bytes + of.bytes.freedByCompressing
    if (sample.payloads < compress.payloads)
      of.estimate = { ...compress, sampledPayloads: sample.payloads, sampledBytes: sample.bytes }
  }
  return report
}

/** Packs some payloads of a pipeline, chosen by the hashes of their contents, into files that are thrown away. */
async function packSample(session: TenantSession, pipeline: string) {
  const sample = { payloads: 0, bytes: 0, freed: 0 }
  const { rows } = await session.transaction((client) =>
    client.query<{ id: string }>(
      `select payload_id as id from pg_temp.retention_payloads where pipeline = $1 and ${IS_COMPRESSED}
       order by payload_id limit ${SAMPLE_PAYLOADS}`,
      [pipeline],
    ),
  )
  const folder = await mkdtemp(join(tmpdir(), 'crossrun-retention-'))
  try {
    for (const { id } of rows) {
      if (sample.bytes >= SAMPLE_BYTES) break
      const path = join(folder, id)
      const payload = await pack(session, id, path).catch(() => null)
      if (!payload) continue
      const { size } = await stat(path)
      sample.payloads++
      sample.bytes += payload.storedBytes
      sample.freed += Math.max(0, payload.storedBytes - size)
      await rm(path)
    }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
  return sample
}

function newReport(plan: Plan, { dryRun }: RetentionOptions): RetentionReport {
  return {
    dryRun,
    isInterrupted: false,
    pipelines: plan.pipelines.map(({ pipeline, runs, compress, drop, keep }: PipelinePlan) => ({
      pipeline,
      runs: { whole: runs.whole, compressed: runs.compress, dropped: runs.drop },
      payloads: { kept: 0, compressed: 0, dropped: 0 },
      bytes: { before: compress.bytes + drop.bytes + keep.bytes, freedByCompressing: 0, freedByDropping: 0 },
      estimate: null,
    })),
    records: plan.records,
    orphans: { payloads: 0, bytes: 0 },
    bytesFreed: 0,
    damaged: [],
  }
}
