import type { ClientBase } from 'pg'
import { BadInputError } from '../../errors.ts'
import { identifiersOf } from '../../model/identifiers.ts'
import type { TenantSession } from '../../store/tenant-session.ts'

/** How long the payloads of a pipeline's runs are kept. Runs are ranked by their start, the newest first. */
export type RetentionLimits = {
  /** The newest so many runs stay as they were stored. */
  keepWhole: number
  /** Runs behind these, up to this rank, are packed more tightly. */
  compressUntil: number
  /** Runs behind that rank lose their payloads at this age, in days; null never. */
  dropAfterDays: number | null
}

/** `*` is the rule of every pipeline that has none of its own. */
export type RetentionRule = RetentionLimits & { pipeline: string }

/** What holds where nobody said anything else. */
export const DEFAULT_LIMITS: RetentionLimits = { keepWhole: 10, compressUntil: 100, dropAfterDays: 90 }

export const ANY_PIPELINE = '*'

/** The rules that were set, that of `*` first, then by pipeline. */
export async function listRules(session: TenantSession): Promise<RetentionRule[]> {
  return session.transaction(readRules)
}

/**
 * Sets a pipeline's rule in the transaction; what is not said stays as its rule, else that of `*`, else the default has it.
 * @throws BadInputError when runs would be packed before they are no longer kept whole
 */
export async function setRule(
  client: ClientBase,
  organizationId: string,
  pipeline: string,
  said: Partial<RetentionLimits>,
): Promise<RetentionRule> {
  const rules = await readRules(client)
  const known = rules.find((rule) => rule.pipeline === pipeline) ?? rules.find((rule) => rule.pipeline === ANY_PIPELINE)
  const rule = { ...DEFAULT_LIMITS, ...known, ...said, pipeline }
  if (rule.compressUntil < rule.keepWhole)
    throw new BadInputError(
      `--compress-until (${rule.compressUntil}) is a rank behind the runs that are kept whole (--keep-whole ${rule.keepWhole}).`,
      { hint: 'Give both, such as --keep-whole 10 --compress-until 100.' },
    )
  await client.query(
    `insert into retention_rules (id, organization_id, pipeline, keep_whole, compress_until, drop_after_days, updated_at)
     values ($1, $2, $3, $4, $5, $6, now())
     on conflict (organization_id, pipeline) do update set keep_whole = excluded.keep_whole,
       compress_until = excluded.compress_until, drop_after_days = excluded.drop_after_days, updated_at = excluded.updated_at`,
    [
      identifiersOf(organizationId).of('retention_rule', pipeline),
      organizationId,
      pipeline,
      rule.keepWhole,
      rule.compressUntil,
      rule.dropAfterDays,
    ],
  )
  return rule
}

/** Takes a pipeline's rule away in the transaction. @returns false when there was none */
export async function removeRule(client: ClientBase, pipeline: string): Promise<boolean> {
  const { rowCount } = await client.query(
    `delete from retention_rules where organization_id = (select crossrun_organization_id()) and pipeline = $1`,
    [pipeline],
  )
  return rowCount === 1
}

async function readRules(client: ClientBase): Promise<RetentionRule[]> {
  const { rows } = await client.query<RetentionRule>(
    `select pipeline, keep_whole as "keepWhole", compress_until as "compressUntil", drop_after_days as "dropAfterDays"
     from retention_rules where organization_id = (select crossrun_organization_id()) order by pipeline <> '*', pipeline`,
  )
  return rows
}
