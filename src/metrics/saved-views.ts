import { sql } from 'kysely'
import { BadInputError } from '../errors.ts'
import { ofOrganization, rowOf, type Scope } from '../filters/scope.ts'
import { identifiersOf } from '../model/identifiers.ts'
import type { Db } from '../store/transaction-kysely.ts'
import { readTable, type TableInput } from './table.ts'

/** A question to the metrics that an organization gave a name. */
export type SavedView = {
  name: string
  description: string | null
  query: TableInput
  createdAt: Date
  updatedAt: Date
}

const MOST_VIEWS = 1000
const LONGEST_NAME = 200
const LONGEST_DESCRIPTION = 2000

const view = rowOf('v')
const columns = sql`v.name, v.description, v.query, v.created_at as "createdAt", v.updated_at as "updatedAt"`

/** The organization's views, by name. One statement. */
export async function listViews(db: Db, scope: Scope): Promise<SavedView[]> {
  const { rows } = await sql<SavedView>`
    select ${columns} from saved_views as v where ${ofOrganization(view, scope)} order by v.name, v.id`.execute(db)
  return rows
}

/** One view; null when there is none of this name. One statement. */
export async function findView(db: Db, scope: Scope, name: string): Promise<SavedView | null> {
  const { rows } = await sql<SavedView>`
    select ${columns} from saved_views as v where ${ofOrganization(view, scope)} and v.name = ${readName(name)} limit 1`.execute(
    db,
  )
  return rows[0] ?? null
}

/**
 * Gives a question a name; a view that has the name already is replaced.
 * @throws BadInputError when the name is none, or the question could not be run
 */
export async function saveView(
  db: Db,
  organizationId: string,
  { name, description, query }: { name: string; description?: string | null | undefined; query: unknown },
): Promise<SavedView> {
  const own = readName(name)
  const text = readText(description ?? null, 'description', LONGEST_DESCRIPTION)
  readTable(query, { organizationId })
  const views = await listViews(db, { organizationId })
  if (views.length >= MOST_VIEWS && views.every((each) => each.name !== own))
    throw new BadInputError(`An organization has room for ${MOST_VIEWS} saved views.`, { argument: 'name' })
  const id = identifiersOf(organizationId).of('saved-view', own)
  const { rows } = await sql<SavedView>`
    insert into saved_views as v (id, organization_id, name, description, query, created_at, updated_at)
    values (${id}::uuid, ${organizationId}::uuid, ${own}, ${text}, ${jsonOf(query)}::text::jsonb, now(), now())
    on conflict (organization_id, name) do update
      set description = excluded.description, query = excluded.query, updated_at = excluded.updated_at
    returning ${columns}`.execute(db)
  return rows[0]!
}

/** @returns whether there was one of this name */
export async function removeView(db: Db, organizationId: string, name: string): Promise<boolean> {
  const { rows } = await sql`
    delete from saved_views as v where ${ofOrganization(view, { organizationId })} and v.name = ${readName(name)}
    returning v.id`.execute(db)
  return rows.length > 0
}

/** As PostgreSQL takes it: half a character, which its texts cannot hold, becomes the sign for what cannot be shown. */
function jsonOf(query: unknown): string {
  return JSON.stringify(query, (_key, value) => (typeof value === 'string' ? value.toWellFormed() : value))
}

function readName(name: string): string {
  const own = readText(name.trim(), 'name', LONGEST_NAME)!
  if (own === '') throw new BadInputError('name is empty.', { argument: 'name' })
  return own
}

function readText(text: string | null, argument: string, longest: number): string | null {
  if (text === null) return null
  if (text.includes('\u0000')) throw new BadInputError(`${argument} holds a NUL character.`, { argument })
  if (text.length <= longest) return text
  throw new BadInputError(`${argument} is longer than ${longest} characters.`, { argument })
}
