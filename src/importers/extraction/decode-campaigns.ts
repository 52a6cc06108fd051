import { scheduleError } from '../../model/schedule.ts'
import { latest } from '../own-keys.ts'
import { decoderOf, idOf } from './record.ts'
import { campaignShape, comparisonShape, instructionShape, organizationShape } from './wire.ts'

export const decodeOrganization = decoderOf(organizationShape, ['name', 'slug'], ({ read, decoding, row }) => {
  const id = idOf.organization(decoding, read.id)
  const [createdAt, updatedAt] = [decoding.time(read.created_at), decoding.time(read.updated_at)]
  const recordAt = updatedAt ?? createdAt
  decoding.rows.add('source_organizations', {
    id,
    ...row,
    name: read.name,
    slug: read.slug,
    source_created_at: createdAt,
    source_updated_at: updatedAt,
    record_at: recordAt,
  })
  return { owner: 'sourceOrganization', id, recordAt }
})

export const decodeCampaign = decoderOf(campaignShape, ['name'], ({ read, decoding, older, row }) => {
  const id = idOf.campaign(decoding, read.id)
  const [createdAt, updatedAt] = [decoding.time(read.created_at), decoding.time(read.updated_at)]
  const recordAt = updatedAt ?? latest(createdAt, decoding.time(read.archived_at))
  const timeZone = read.schedule_timezone ?? 'UTC'
  const wrong = read.schedule_expression && scheduleError(read.schedule_expression, timeZone)
  if (wrong) decoding.warn('INVALID_SCHEDULE', `${wrong} The campaign has no next run.`, '/schedule_expression')
  decoding.rows.add('campaigns', {
    id,
    ...row,
    // Newer campaigns have their instructions in a table of their own.
    extra: !older && read.instructions !== null ? { ...row.extra, instructions: read.instructions } : row.extra,
    source_organization_id: read.organization_id,
    name: read.name,
    description: read.description,
    purpose: read.purpose,
    status: read.status,
    source_current_instruction_id: read.current_instruction_version_id,
    schedule_enabled: read.schedule_enabled ?? false,
    schedule_expression: read.schedule_expression,
    schedule_time_zone: read.schedule_timezone,
    alerts_enabled: read.alerts_enabled ?? false,
    alert_channels: read.alert_channels,
    owner_id: read.owner_id,
    team_members: read.team_members,
    tags: read.tags,
    created_by: read.created_by,
    archived_at: decoding.time(read.archived_at),
    source_created_at: createdAt,
    source_updated_at: updatedAt,
    deprecated_name: older?.table ?? null,
    record_at: recordAt,
  })
  if (older && read.instructions !== null) {
    // Settled once the dump is read: it stays only where the campaign has no versions of its own.
    decoding.rows.add('prompt_versions', {
      id: decoding.ids.of('instruction', 'project', read.id),
      organization_id: row.organization_id,
      source_campaign_id: read.id,
      campaign_id: id,
      version: '1',
      version_number: 1,
      prompt_text: read.instructions,
      changed_by: read.created_by,
      source_created_at: createdAt,
      deprecated_name: older.table,
      record_at: recordAt,
      record_sha256: row.record_sha256,
    })
  }
  return { owner: 'campaign', id, recordAt, touches: [['extraction', `campaign:${read.id}`]] }
})

export const decodeInstruction = decoderOf(
  instructionShape,
  ['campaign_id', 'prompt_text'],
  ({ read, decoding, older, row }) => {
    const version = read.version ?? read.version_number
    if (version === null) {
      decoding.reject('SCHEMA', 'version is missing (expected text)', '/version')
      return null
    }
    const id = idOf.instruction(decoding, read.id)
    const times = [read.created_at, read.activated_at, read.deprecated_at].map((time) => decoding.time(time))
    const recordAt = decoding.time(read.updated_at) ?? latest(...times)
    decoding.rows.add('prompt_versions', {
      id,
      ...row,
      source_campaign_id: read.campaign_id,
      version: String(version),
      version_number: read.version_number,
      prompt_text: read.prompt_text,
      change_description: read.change_description,
      changed_by: read.changed_by,
      status: read.status,
      activated_at: times[1],
      deprecated_at: times[2],
      source_created_at: times[0],
      reported_total_runs: read.total_runs,
      reported_accuracy_percent: read.avg_accuracy,
      reported_pass_rate: read.avg_pass_rate,
      reported_average_duration: read.avg_duration,
      deprecated_name: older?.table ?? null,
      record_at: recordAt,
    })
    return {
      owner: 'instruction',
      id,
      recordAt,
      touches: [
        ['extraction', `instruction:${read.id}`],
        ...(read.campaign_id === null ? [] : [['extraction', `campaign:${read.campaign_id}`] as const]),
      ],
    }
  },
)

export const decodeInstructionComparison = decoderOf(
  comparisonShape,
  ['instruction_a_id', 'instruction_b_id'],
  ({ read, decoding, row }) => {
    const id = idOf.comparison(decoding, read.id)
    const createdAt = decoding.time(read.created_at)
    const recordAt = decoding.time(read.updated_at) ?? createdAt
    decoding.rows.add('instruction_comparisons', {
      id,
      ...row,
      source_campaign_id: read.campaign_id,
      name: read.name,
      description: read.description,
      source_instruction_a_id: read.instruction_a_id,
      source_instruction_b_id: read.instruction_b_id,
      source_dataset_id: read.dataset_id,
      sample_size: read.sample_size,
      source_run_a_id: read.run_a_id,
      source_run_b_id: read.run_b_id,
      status: read.status,
      winner: read.winner,
      winner_reason: read.winner_reason,
      created_by: read.created_by,
      source_created_at: createdAt,
      record_at: recordAt,
    })
    return { owner: 'instructionComparison', id, recordAt }
  },
)
