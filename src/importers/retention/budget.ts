import type { ClientBase } from 'pg'

/** How much of an organization's files is stored, in bytes as they are packed. */
export type PayloadUsage = { files: number; bytes: number }

export async function payloadUsage(client: ClientBase): Promise<PayloadUsage> {
  const { rows } = await client.query<PayloadUsage>(
    `select count(*)::float8 as files, coalesce(sum(stored_bytes), 0)::float8 as bytes from payloads
     where organization_id = (select crossrun_organization_id())`,
  )
  return rows[0]!
}

/** What to say when more is stored than the budget; null when there is nothing to say. */
export function overBudget({ files, bytes }: PayloadUsage, budget: number | null): string | null {
  if (budget === null || bytes <= budget) return null
  return (
    `Stored files take ${inWords(bytes)} (${files.toLocaleString('en-US')} files), ${inWords(bytes - budget)} more than the budget of ` +
    `${inWords(budget)} (CROSSRUN_PAYLOAD_BUDGET): \`crossrun retention --dry-run\` says what packing and dropping those of old runs frees.`
  )
}

function inWords(bytes: number): string {
  if (bytes >= 1e9) return `${(bytes / 1e9).toFixed(1)} GB`
  return bytes >= 1e6 ? `${(bytes / 1e6).toFixed(1)} MB` : `${(bytes / 1e3).toFixed(1)} kB`
}
