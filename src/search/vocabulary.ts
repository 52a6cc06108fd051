import { sql } from 'kysely'
import type { Db } from '../store/transaction-kysely.ts'
import type { Search } from './parse-search.ts'

/** A word as searches compare it: lower case, without accents. */
export type Word = {
  word: string
  /** Its English stem as a tsquery, which tells words of one stem from others. */
  stem: string
  /** Says nothing in English. */
  isStopWord: boolean
}

/** A term of a list of synonyms. */
export type Term = { list: string; words: Word[] }

/** A word that pain points have and that resembles one that they do not. */
export type Resembling = {
  asked: string
  stem: string
  /** Trigram similarity, 0.4–1. */
  likeness: number
}

/** What the organization's pain points and synonyms make of the words of a search. */
export type Vocabulary = {
  /** The words of each part, alternative by alternative. */
  parts: Word[][][]
  terms: Term[]
  /** The stems, of those in the search and in the synonyms, that pain points have. */
  known: Set<string>
  resembling: Resembling[]
}

type Place = { alternative: number; part: number }
type Found = {
  words: (Word & Place)[]
  terms: (Word & { list: string; term: number })[]
  known: string[]
  resembling: Resembling[]
}

/** Looks the words of a search up; what full text search does not take for words is left out. One statement. */
export async function lookUpWords(db: Db, search: Search): Promise<Vocabulary> {
  const places = search.flatMap((parts, alternative) =>
    parts.map(({ kind, text }, part) => ({ alternative, part, kind, text })),
  )
  const { rows } = await sql<Found>`
    with parts as (
      select * from jsonb_to_recordset(${JSON.stringify(places)}::text::jsonb)
        as p (alternative int4, part int4, kind text, text text)
    ),
    words as materialized (
      select p.alternative, p.part, p.kind, w.place, ${WORD}
      from parts as p cross join lateral ${sql.raw(`string_to_table(nullif(crossrun_words(p.text), ''), ' ')`)}
        with ordinality as w (word, place)
    ),
    terms as materialized (
      select s.key as list, t.place as term, w.place, ${WORD}
      from crossrun_synonyms() as s cross join lateral unnest(s.term || s.synonyms) with ordinality as t (text, place)
        cross join lateral ${sql.raw(`string_to_table(nullif(crossrun_words(t.text), ''), ' ')`)}
        with ordinality as w (word, place)
    ),
    known as materialized (
      select k.stem
      from crossrun_known_stems(array(select stem from words where kind = 'words' union select stem from terms)) as k
    ),
    resembling as (
      select r.asked, r.stem, r.likeness
      from crossrun_resembling_words(array(
        select w.word from words as w
        where w.kind = 'words' and not w."isStopWord" and w.stem not in (select k.stem from known as k)
      )) as r
    )
    select
      (select coalesce(json_agg(w order by w.alternative, w.part, w.place) filter (where w.stem <> ''), '[]') from words as w) as words,
      (select coalesce(json_agg(t order by t.list, t.term, t.place) filter (where t.stem <> ''), '[]') from terms as t) as terms,
      (select coalesce(json_agg(k.stem), '[]') from known as k) as known,
      (select coalesce(json_agg(r order by r.asked, r.likeness desc, r.stem), '[]') from resembling as r) as resembling
    `.execute(db)
  const { words, terms, known, resembling } = rows[0]!
  const byTerm = new Map<string, Term>()
  for (const { list, term, ...word } of terms) {
    const key = `${term} ${list}`
    byTerm.set(key, { list, words: [...(byTerm.get(key)?.words ?? []), word] })
  }
  return {
    parts: search.map((parts, alternative) =>
      parts.map((_, part) => words.filter((word) => word.alternative === alternative && word.part === part)),
    ),
    terms: [...byTerm.values()],
    known: new Set(known),
    resembling,
  }
}

/** Columns of a word `w.word`, as `Word` names them. */
const WORD = sql.raw(
  `w.word, phraseto_tsquery('public.crossrun_stems', w.word)::text as stem, to_tsvector('english', w.word) = '' as "isStopWord"`,
)
