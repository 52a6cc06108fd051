import type { ClientBase } from 'pg'
import type { TenantSession } from '../store/tenant-session.ts'
import type { RejectCode, WarningCode } from './read/issue.ts'

export type ImportRow = {
  id: string
  status: string
  startedAt: Date
  finishedAt: Date | null
  roots: string[]
  files: { read: number; unchanged: number; quarantined: number }
  records: { read: number; inserted: number; updated: number; unchanged: number; quarantined: number }
  error: string | null
}

/** Imports, newest first. */
export async function listImports(session: TenantSession, limit: number): Promise<ImportRow[]> {
  return session.transaction(async (client) => {
    const { rows } = await client.query<ImportRow>(
      `select id, status::text, started_at as "startedAt", finished_at as "finishedAt", roots, error,
              json_build_object('read', files_read, 'unchanged', files_unchanged, 'quarantined', files_quarantined) as files,
              json_build_object('read', records_read, 'inserted', records_inserted, 'updated', records_updated,
                                'unchanged', records_unchanged, 'quarantined', records_quarantined) as records
       from imports where organization_id = (select crossrun_organization_id()) order by started_at desc, id desc limit $1`,
      [limit],
    )
    return rows
  })
}

export type RejectRow = {
  severity: 'REJECT' | 'WARNING'
  file: string
  line: number | null
  byteOffset: number | null
  pointer: string | null
  code: RejectCode | WarningCode
  message: string
  snippet: string | null
  rejectedAt: Date
}

/** What is set aside now, by file and line; with `warnings`, also what was kept with a remark. */
export async function listRejects(
  session: TenantSession,
  options: { warnings: boolean; limit: number },
): Promise<RejectRow[]> {
  return session.transaction(async (client) => {
    const { rows } = await client.query<RejectRow>(
      `select severity::text, file, line, byte_offset::float8 as "byteOffset", pointer, code, message, snippet, rejected_at as "rejectedAt"
       from rejected_records where organization_id = (select crossrun_organization_id()) and (severity = 'REJECT' or $1)
       order by severity, file, line, id limit $2`,
      [options.warnings, options.limit],
    )
    return rows
  })
}

/** Files of which something is set aside, and the number of records set aside. */
export async function countSetAside(client: ClientBase): Promise<{ files: number; records: number }> {
  const { rows } = await client.query<{ files: number; records: number }>(
    `select count(*)::int as files, coalesce(sum(records_quarantined), 0)::int as records from imported_files
     where organization_id = (select crossrun_organization_id()) and status in ('PARTLY_IMPORTED', 'QUARANTINED')`,
  )
  return rows[0]!
}
