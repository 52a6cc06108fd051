import pg from 'pg'
import { CrossrunError } from '../errors.ts'
import { DEFAULT_IMPORT_OPTIONS } from '../importers/options.ts'
import { organizationIdOf } from '../model/identifiers.ts'
import { isSlug } from '../store/organizations.ts'
import { APP_ROLE } from '../store/tenant-session.ts'

/** As many organizations as an error names. */
const MOST_NAMED = 5

/**
 * Checks that the organization is there; the default one always is, whether or not anything was imported into it.
 * @throws CrossrunError `NOT_FOUND`, naming some that are
 */
export async function requireOrganization(url: string, slug: string): Promise<void> {
  if (organizationIdOf(slug) === organizationIdOf(DEFAULT_IMPORT_OPTIONS.organization)) return
  if (!(await connected(url, (client) => isKnown(client, slug)))) throw await noOrganization(url, slug)
}

/** The error of who names an organization that is not there. */
export async function noOrganization(url: string, slug: string): Promise<CrossrunError> {
  const known = await connected(url, someSlugs)
  const named = known.slice(0, MOST_NAMED).map((each) => `'${each}'`)
  const there = named.length > 0 ? [`There is ${named.join(', ')}${known.length > MOST_NAMED ? ' and more' : ''}.`] : []
  const next = isSlug(slug) ? [`\`crossrun import … --organization ${slug.trim()}\` makes it.`] : []
  const hint = [...there, ...next].join(' ')
  return new CrossrunError('NOT_FOUND', `There is no organization '${slug}'.`, hint === '' ? {} : { hint })
}

async function connected<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url })
  try {
    await client.connect()
    return await work(client)
  } finally {
    await client.end()
  }
}

async function isKnown(client: pg.Client, slug: string): Promise<boolean> {
  const id = organizationIdOf(slug)
  await client.query('begin')
  await client.query(`select set_config('role', $1, true), set_config('app.organization_id', $2, true)`, [APP_ROLE, id])
  const { rowCount } = await client.query('select from organizations where id = $1', [id])
  await client.query('rollback')
  return rowCount === 1
}

/** One more than is named; none where row-level security binds the owner too. */
async function someSlugs(client: pg.Client): Promise<string[]> {
  const { rows } = await client.query<{ slug: string }>(`select slug from organizations order by slug limit $1`, [
    MOST_NAMED + 1,
  ])
  return rows.map(({ slug }) => slug)
}
