import type { Db } from '../store/transaction-kysely.ts'
import { isLookedFor, parseSearch, type Search } from './parse-search.ts'
import { lookUpWords, type Term, type Vocabulary, type Word } from './vocabulary.ts'

/** What one alternative of a search asks of a pain point, as crossrun_search_pain_points takes it: tsqueries as text. */
export type PlannedAlternative = {
  /** What is looked for, as written: for telling whether it stands there word for word. */
  words: string
  /** All of it together, by stem. */
  phrase: string
  /** All stems. */
  stems: string
  /** All stems, or synonyms of them. */
  meant: string
  /** All stems, synonyms of them, or words that resemble those that no pain point has. */
  looked: string
  /** The same, without what must not be there. */
  wanted: string
  likes: { asked: string; stem: string; likeness: number }[]
}

export type SearchPlan = {
  alternatives: PlannedAlternative[]
  /** Runs of stems that a highlight marks. */
  marks: string[][]
}

const plans = new WeakMap<Db, Map<string, Promise<SearchPlan>>>()

/**
 * Finds out what a search means in the organization; one statement for each search in a transaction.
 * @throws BadInputError as `parseSearch` does
 */
export function planSearch(db: Db, text: string): Promise<SearchPlan> {
  const search = parseSearch(text)
  const known = plans.get(db) ?? new Map<string, Promise<SearchPlan>>()
  plans.set(db, known)
  const plan = known.get(text) ?? lookUpWords(db, search).then((vocabulary) => planOf(search, vocabulary))
  known.set(text, plan)
  return plan
}

/** Puts a search together from what its words mean. */
export function planOf(search: Search, vocabulary: Vocabulary): SearchPlan {
  const marks = new Map<string, string[]>()
  const mark = (words: readonly string[]) => void marks.set(words.join(' '), [...words])
  const alternatives = search.flatMap((parts, alternative) => {
    const planned = planAlternative(
      parts.map(({ kind }, part) => ({ kind, words: vocabulary.parts[alternative]![part]! })),
      vocabulary,
      mark,
    )
    return planned ? [planned] : []
  })
  return { alternatives, marks: [...marks.values()] }
}

type Part = { kind: Search[number][number]['kind']; words: Word[] }
type Mark = (stems: readonly string[]) => void
/** What stands for a word, or for several that are a term together. */
type Slot = { stems: string; meant: string; looked: string }

function planAlternative(parts: Part[], vocabulary: Vocabulary, mark: Mark): PlannedAlternative | null {
  const positive = parts.flatMap((part) => (isLookedFor({ ...part, text: '' }) ? part.words : []))
  if (positive.length === 0) return null
  const phrases = parts.filter(({ kind, words }) => kind === 'phrase' && words.length > 0).map(({ words }) => words)
  const bare = parts.flatMap(({ kind, words }) => (kind === 'words' ? words : []))
  // A stop word must be there only when nothing else is asked for.
  const hasContent = phrases.length > 0 || bare.some(({ isStopWord }) => !isStopWord)
  const likes: PlannedAlternative['likes'] = []
  const slots = [
    ...phrases.map((words) => literal(words, mark)),
    ...slotsOf(bare, (word) => hasContent && word.isStopWord, vocabulary, mark, likes),
  ]
  const excluded = parts.flatMap(({ kind, words }) => {
    if (isLookedFor({ kind, text: '' }) || words.length === 0) return []
    const others = kind === 'notWords' ? synonymsOf(words, vocabulary.terms) : []
    return [`!${either([phraseOf(stemsOf(words)), ...others.map(phraseOf)])}`]
  })
  const looked = both(slots.map((slot) => slot.looked))
  return {
    words: positive.map(({ word }) => word).join(' '),
    phrase: phraseOf(stemsOf(positive)),
    stems: both(slots.map(({ stems }) => stems)),
    meant: both(slots.map(({ meant }) => meant)),
    looked,
    wanted: both([looked, ...excluded]),
    likes,
  }
}

function literal(words: Word[], mark: Mark): Slot {
  mark(stemsOf(words))
  const phrase = phraseOf(stemsOf(words))
  return { stems: phrase, meant: phrase, looked: phrase }
}

/** Takes words from the left; where several make a term that has synonyms, the longest such term is one slot. */
function slotsOf(
  bare: Word[],
  isSilent: (word: Word) => boolean,
  vocabulary: Vocabulary,
  mark: Mark,
  likes: PlannedAlternative['likes'],
): Slot[] {
  const slots: Slot[] = []
  for (let at = 0; at < bare.length; ) {
    const span = bare.slice(at, at + longestTermAt(bare, at, vocabulary.terms))
    at += span.length
    const said = span.filter((word) => !isSilent(word))
    if (said.length === 0) continue
    const others = span.length > 1 ? synonymsOf(span, vocabulary.terms) : []
    others.forEach(mark)
    const isKnownTerm = others.some((stems) => areKnown(stems, vocabulary))
    const words = said.map((word) => wordSlot(word, isKnownTerm, vocabulary, mark, likes))
    slots.push({
      stems: both(words.map(({ stems }) => stems)),
      meant: either([both(words.map(({ meant }) => meant)), ...others.map(phraseOf)]),
      looked: either([both(words.map(({ looked }) => looked)), ...others.map(phraseOf)]),
    })
  }
  return slots
}

function wordSlot(
  word: Word,
  isKnownTerm: boolean,
  vocabulary: Vocabulary,
  mark: Mark,
  likes: PlannedAlternative['likes'],
): Slot {
  const { terms, known, resembling } = vocabulary
  const others = synonymsOf([word], terms)
  mark([word.stem])
  others.forEach(mark)
  const meant = either([word.stem, ...others.map(phraseOf)])
  // Nobody misspelled a word whose synonyms are in use.
  const isKnown = isKnownTerm || known.has(word.stem) || others.some((stems) => areKnown(stems, vocabulary))
  const instead = isKnown || word.isStopWord ? [] : resembling.filter(({ asked }) => asked === word.word)
  const replacements = instead.map(({ asked, stem, likeness }) => {
    const itsOthers = synonymsOf([{ stem }], terms)
    mark([stem])
    itsOthers.forEach(mark)
    return { asked, stem: either([stem, ...itsOthers.map(phraseOf)]), likeness }
  })
  likes.push(...replacements)
  return { stems: word.stem, meant, looked: either([meant, ...replacements.map(({ stem }) => stem)]) }
}

function longestTermAt(bare: readonly Word[], at: number, terms: readonly Term[]): number {
  const lengths = terms.map(({ words }) => words.length).filter((length) => at + length <= bare.length)
  return Math.max(1, ...lengths.filter((length) => isTerm(bare.slice(at, at + length), terms)))
}

type Stem = Pick<Word, 'stem'>

function isTerm(words: readonly Stem[], terms: readonly Term[]): boolean {
  return terms.some((term) => isSame(term.words, words))
}

/** The stems of each of the other terms of the lists that have this one. */
function synonymsOf(words: readonly Stem[], terms: readonly Term[]): string[][] {
  const lists = new Set(terms.filter((term) => isSame(term.words, words)).map(({ list }) => list))
  return terms.filter((term) => lists.has(term.list) && !isSame(term.words, words)).map((term) => stemsOf(term.words))
}

function isSame(a: readonly Stem[], b: readonly Stem[]): boolean {
  return a.length === b.length && a.every(({ stem }, place) => stem === b[place]!.stem)
}

function areKnown(stems: readonly string[], { known }: Vocabulary): boolean {
  return stems.every((stem) => known.has(stem))
}

const stemsOf = (words: readonly Stem[]): string[] => words.map(({ stem }) => stem)

// Stems are what PostgreSQL wrote as tsqueries: their text is quoted.
const phraseOf = (stems: readonly string[]): string => joined(stems, ' <-> ')
const both = (queries: readonly string[]): string => joined(queries, ' & ')
const either = (queries: readonly string[]): string => joined([...new Set(queries)], ' | ')
const joined = (queries: readonly string[], operator: string): string =>
  queries.length === 1 ? queries[0]! : `(${queries.join(operator)})`
