import type { ClientBase } from 'pg'
import type { Identifiers } from '../../model/identifiers.ts'
import type { Latest } from '../units.ts'

/**
 * Notes where `latest` links point and marks the runs of those directories: of the runs in one directory at most one is
 * the latest. A link moves without any file changing, so this is done at the end of every import.
 * @param latests all that the import found
 */
export async function applyLatest(client: ClientBase, ids: Identifiers, latests: readonly Latest[]): Promise<void> {
  if (latests.length === 0) return
  const links = new Map(latests.map(({ directory, target }) => [directory, target]))
  await client.query(
    `insert into latest_links as l (id, organization_id, directory, target)
     select id, $1, directory, target from unnest($2::uuid[], $3::text[], $4::text[]) as found (id, directory, target) order by id
     on conflict (id) do update set target = excluded.target where l.target <> excluded.target`,
    [
      ids.organizationId,
      [...links.keys()].map((directory) => ids.of('latest_link', directory)),
      [...links.keys()],
      [...links.values()],
    ],
  )
  await client.query(
    `update runs r set is_latest = p.is_latest
     from (
       select o.id, exists (select from latest_links l where l.organization_id = o.organization_id and l.target = o.directory) as is_latest
       from runs o
       where o.organization_id = (select crossrun_organization_id()) and o.directory is not null
         and (o.is_latest or o.directory = any($1::text[]))
     ) as p
     where r.id = p.id and r.is_latest <> p.is_latest`,
    [[...links.values()]],
  )
}
