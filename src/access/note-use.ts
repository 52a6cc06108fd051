import type { Send } from '../store/send.ts'

/**
 * Notes that what lets somebody in is in use, to the minute; not while somebody else writes its row. One statement.
 * @param table of keys or permalinks
 */
export async function noteUse(send: Send, table: 'api_keys' | 'x_result_permalinks', id: string): Promise<void> {
  await send(
    `update ${table} set last_used_at = date_trunc('minute', now())
     where id = (
       select id from ${table}
       where organization_id = (select crossrun_organization_id()) and id = $1::uuid
         and (last_used_at is null or last_used_at < date_trunc('minute', now()))
       for update skip locked)`,
    [id],
  )
}
