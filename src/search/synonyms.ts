import { sql } from 'kysely'
import { BadInputError } from '../errors.ts'
import { ofOrganization, rowOf } from '../filters/scope.ts'
import { identifiersOf } from '../model/identifiers.ts'
import { themeOf } from '../model/text.ts'
import type { Db } from '../store/transaction-kysely.ts'

/** A list of terms that mean the same to a search; a term is a word or several. */
export type Synonyms = {
  term: string
  synonyms: string[]
  /** It came with Crossrun; the organization has not given the term a list of its own. */
  isShipped: boolean
}

const MOST_LISTS = 1000
const MOST_SYNONYMS = 50
const LONGEST_TERM = 100

/** The lists of the organization, shipped ones with them, by term. */
export async function listSynonyms(db: Db): Promise<Synonyms[]> {
  const { rows } = await sql<Synonyms>`
    select s.term, s.synonyms, s.is_shipped as "isShipped" from crossrun_synonyms() as s
    where s.synonyms <> '{}' order by s.term collate "C", s.key`.execute(db)
  return rows
}

/**
 * Gives a term a list of its own, in place of the one that it has.
 * @throws BadInputError naming the argument that is no term, too long or too many
 */
export async function setSynonyms(
  db: Db,
  organizationId: string,
  term: string,
  synonyms: readonly string[],
): Promise<Synonyms> {
  const own = readTerm(term, 'term')
  const others = new Map(synonyms.map((each, place) => [keyOf(each), readTerm(each, `synonyms[${place}]`)]))
  others.delete(keyOf(own))
  if (others.size === 0)
    throw new BadInputError(`synonyms must have a term other than ${JSON.stringify(own)}.`, {
      argument: 'synonyms',
      hint: 'To take its list away, remove the synonyms of the term.',
    })
  if (others.size > MOST_SYNONYMS)
    throw new BadInputError(`synonyms must be at most ${MOST_SYNONYMS}.`, { argument: 'synonyms' })
  if ((await listSynonyms(db)).length >= MOST_LISTS)
    throw new BadInputError(`An organization has room for ${MOST_LISTS} lists of synonyms.`, { argument: 'term' })
  await write(db, organizationId, own, [...others.values()])
  return { term: own, synonyms: [...others.values()], isShipped: false }
}

/**
 * Takes the list of a term away, a shipped one too.
 * @returns whether there was one
 * @throws BadInputError when it is no term
 */
export async function removeSynonyms(db: Db, organizationId: string, term: string): Promise<boolean> {
  const own = readTerm(term, 'term')
  if (!(await hasList(db, own))) return false
  await sql`delete from synonyms as s where ${ofOrganization(rowOf('s'), { organizationId })} and s.key = crossrun_words(${own})`.execute(
    db,
  )
  // An empty list of its own hides the shipped one.
  if (await hasList(db, own)) await write(db, organizationId, own, [])
  return true
}

async function hasList(db: Db, term: string): Promise<boolean> {
  const { rows } = await sql`
    select s.key from crossrun_synonyms() as s where s.key = crossrun_words(${term}) and s.synonyms <> '{}'`.execute(db)
  return rows.length > 0
}

async function write(db: Db, organizationId: string, term: string, synonyms: readonly string[]): Promise<void> {
  const id = identifiersOf(organizationId).of('synonym', keyOf(term))
  await sql`
    insert into synonyms (id, organization_id, key, term, synonyms)
    values (${id}::uuid, ${organizationId}::uuid, crossrun_words(${term}), ${term}, ${synonyms}::text[])
    on conflict (organization_id, key) do update set term = excluded.term, synonyms = excluded.synonyms`.execute(db)
}

const keyOf = (term: string): string => themeOf(term.normalize('NFKD').replace(/\p{M}/gu, ''))

function readTerm(text: string, argument: string): string {
  const term = text.trim().replace(/\s+/g, ' ')
  if (term.includes('\u0000')) throw new BadInputError(`${argument} holds a NUL character.`, { argument })
  if (term.length > LONGEST_TERM)
    throw new BadInputError(`${argument} is longer than ${LONGEST_TERM} characters.`, { argument })
  if (keyOf(term) === '') throw new BadInputError(`${argument} has no word.`, { argument })
  return term
}
