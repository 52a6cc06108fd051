import { sql } from 'kysely'
import { ofOrganization, rowOf, type Scope } from '../filters/scope.ts'
import type { Db } from '../store/transaction-kysely.ts'
import { planSearch } from './plan-search.ts'

/** A piece of a text: a word, by its stem, or what stands between words. */
type Piece = { text: string; stem: string | null }

/**
 * The descriptions of pain points with what a search found in them marked: `<mark>…</mark>` around words, everything else
 * escaped for HTML. One statement.
 * @param ids of the organization's pain points
 */
export async function highlightPainPoints(
  db: Db,
  scope: Scope,
  search: string,
  ids: readonly string[],
): Promise<Map<string, string>> {
  const { marks } = await planSearch(db, search)
  const { rows } = await sql<{ id: string; pieces: Piece[] }>`
    select p.id, (
      select json_agg(json_build_object('text', t.piece[1], 'stem', ${STEM}) order by t.place)
      from ${sql.raw(`regexp_matches(p.description collate "default", '[[:alnum:]]+|[^[:alnum:]]+', 'g')`)}
        with ordinality as t (piece, place)
    ) as pieces
    from pain_points as p where ${ofOrganization(rowOf('p'), scope)} and p.id = any(${ids}::text[]::uuid[])`.execute(db)
  return new Map(rows.map(({ id, pieces }) => [id, highlight(pieces, marks)]))
}

const STEM = sql.raw(`nullif(phraseto_tsquery('public.crossrun_stems', crossrun_words(t.piece[1]))::text, '')`)

/** Marks every run of words that has one of these runs of stems; neighbours are marked together. */
export function highlight(pieces: readonly Piece[], marks: readonly (readonly string[])[]): string {
  const words = pieces.flatMap(({ stem }, place) => (stem === null ? [] : [{ stem, place }]))
  const marked = new Set<number>()
  words.forEach((_, at) => {
    for (const stems of marks) {
      if (!stems.every((stem, place) => words[at + place]?.stem === stem)) continue
      // What stands between two words of a run belongs to it.
      const last = words[at + stems.length - 1]!.place
      for (let place = words[at]!.place; place <= last; place++) marked.add(place)
    }
  })
  return pieces
    .map(({ text }, place) => {
      const opens = marked.has(place) && !marked.has(place - 1) ? '<mark>' : ''
      const closes = marked.has(place) && !marked.has(place + 1) ? '</mark>' : ''
      return `${opens}${escapeHtml(text)}${closes}`
    })
    .join('')
}

const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (sign) => ENTITIES[sign]!)
}
