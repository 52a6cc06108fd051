import type { ZodType } from 'zod'
import { parseTimestamp } from '../../model/time.ts'
import type { Decoding } from '../decoding.ts'
import { pointerTo } from '../read/pointer.ts'
import { extraOf, isObject } from '../wire.ts'
import type { PhaseFile } from './run-files.ts'
import { DIMENSIONS, type Dimension, type Item, item, itemShape, type Scores, scores } from './wire.ts'

/** The list whose fields the format has; other lists hold items of any kind. */
const ARTICLES = 'articles'

type PhaseItem = {
  key: string
  phase: PhaseFile
  position: number
  read: Partial<Item>
  dimensions: Partial<Scores>
  extra: Record<string, unknown>
  payload: unknown
}

/** What items are part of: ids of the run's rows. */
export type ItemContext = {
  decoding: Decoding
  runId: string
  owner: { organization_id: string; run_id: string }
  phaseIdOf(number: number): string
}

/** Where issues of a phase's file go. */
export type PhaseIssues = (phase: PhaseFile) => void

/** The run's distinct items and how they stood in each phase. `onPhase` is called when a phase's issues are complete. */
export function decodeItems(context: ItemContext, phases: readonly PhaseFile[], onPhase: PhaseIssues): void {
  const items = new Map<string, PhaseItem[]>()
  const keyOf = keysIn(phases)
  for (const phase of phases) {
    const inPhase = new Map<string, PhaseItem>()
    for (const found of itemsOf(context.decoding, phase, keyOf)) {
      const earlier = inPhase.get(found.key)
      // Listed twice, it stands where it came first; the other adds what that one does not say.
      if (earlier) complete(earlier, found)
      else inPhase.set(found.key, { ...found, position: inPhase.size })
    }
    for (const found of inPhase.values()) {
      addPhaseRow(context, found)
      items.set(found.key, [...(items.get(found.key) ?? []), found])
    }
    onPhase(phase)
  }
  for (const found of items.values()) addRow(context, found)
}

/** The lists of a phase's data that hold items, by key; under `''` when the data is such a list itself. */
export function itemLists({ document }: PhaseFile): [string, unknown[]][] {
  const { data } = document
  const lists: [string, unknown][] = Array.isArray(data) ? [['', data]] : isObject(data) ? Object.entries(data) : []
  return lists.filter((entry): entry is [string, unknown[]] => Array.isArray(entry[1]) && entry[1].some(isItem))
}

function isItem(value: unknown): value is Record<string, unknown> {
  return isObject(value) && (isKey(value.url) || isKey(value.id))
}

function isKey(value: unknown): value is string | number {
  return typeof value === 'number' || (typeof value === 'string' && value.trim() !== '')
}

/** An item is its URL; one that has only an id is that whose URL is known from another phase. */
function keysIn(phases: readonly PhaseFile[]): (value: Record<string, unknown>) => string {
  const urls = new Map<string, string>()
  for (const phase of phases) {
    for (const [, list] of itemLists(phase)) {
      for (const value of list) {
        if (!isItem(value) || !isKey(value.id) || !isKey(value.url)) continue
        const id = String(value.id)
        if (!urls.has(id)) urls.set(id, String(value.url).trim())
      }
    }
  }
  return ({ url, id }) => (isKey(url) ? String(url).trim() : (urls.get(String(id)) ?? String(id).trim()))
}

function* itemsOf(
  decoding: Decoding,
  phase: PhaseFile,
  keyOf: (value: Record<string, unknown>) => string,
): Generator<PhaseItem> {
  for (const [list, values] of itemLists(phase)) {
    const pointer = list === '' ? '/data' : pointerTo('/data', list)
    for (const [place, value] of values.entries()) {
      if (!isItem(value)) continue
      const read = list === ARTICLES ? readArticle(decoding, value, pointerTo(pointer, place)) : readAny(value)
      if (read) yield { key: keyOf(value), phase, position: place, payload: value, ...read }
    }
  }
}

type Read = Pick<PhaseItem, 'read' | 'dimensions' | 'extra'>

function readArticle(decoding: Decoding, value: Record<string, unknown>, pointer: string): Read | null {
  const read = decoding.read(item, value, pointer)
  const dimensions = read && decoding.read(scores, read.scores ?? {}, `${pointer}/scores`)
  return dimensions && { read, dimensions, extra: extraOf(value, itemShape) }
}

/** Fields that have the names of an article's but hold something else are kept as they are. */
function readAny(value: Record<string, unknown>): Read {
  const extra = extraOf(value, itemShape)
  const read: Record<string, unknown> = {}
  for (const [key, schema] of Object.entries(itemShape)) {
    const result = (schema as ZodType).safeParse(value[key])
    if (result.success) read[key] = result.data
    else extra[key] = value[key]
  }
  const known = read as Partial<Item>
  const dimensions = scores.safeParse(known.scores ?? {})
  return { read: known, dimensions: dimensions.success ? dimensions.data : {}, extra }
}

function complete(earlier: PhaseItem, later: PhaseItem): void {
  earlier.read = latestOf([later.read, earlier.read])
  earlier.dimensions = latestOf([later.dimensions, earlier.dimensions])
  earlier.extra = { ...later.extra, ...earlier.extra }
}

/** Of each field the last value that is there. */
function latestOf<T extends object>(values: readonly T[]): T {
  const latest: Record<string, unknown> = {}
  for (const value of values)
    for (const [key, field] of Object.entries(value)) if (field !== null || !(key in latest)) latest[key] = field
  return latest as T
}

function addPhaseRow({ decoding, owner, runId, phaseIdOf }: ItemContext, found: PhaseItem): void {
  const { key, phase, position, read, payload } = found
  const itemId = decoding.ids.of('run_item', runId, key)
  decoding.rows.add('run_item_phases', {
    id: decoding.ids.of('run_item_phase', itemId, phase.number),
    ...owner,
    item_id: itemId,
    item_key: key,
    phase_id: phaseIdOf(phase.number),
    phase_number: phase.number,
    position,
    ...scoreColumns(read, found.dimensions),
    payload,
  })
}

function addRow({ decoding, owner, runId, phaseIdOf }: ItemContext, found: PhaseItem[]): void {
  const { key, phase } = found.at(-1)!
  const read = latestOf(found.map((each) => each.read))
  // Scores belong together: those of the latest phase that gives any.
  const scored = found.findLast(({ dimensions }) => Object.values(dimensions).some((score) => score !== null))
  const givesScores = found.findLast((each) => each.read.scores && Object.keys(each.read.scores).length > 0)
  decoding.rows.add('run_items', {
    id: decoding.ids.of('run_item', runId, key),
    ...owner,
    item_key: key,
    source_id: read.id ?? null,
    url: read.url ?? null,
    title: read.title ?? null,
    source: read.source ?? null,
    published_date: read.published_date ?? null,
    published_at: publishedAt(decoding, read.published_date ?? null),
    ...scoreColumns({ ...read, scores: givesScores?.read.scores ?? null }, scored?.dimensions ?? {}),
    content: read.content ?? null,
    paraphrased_content: read.paraphrased_content ?? null,
    entities: read.entities ?? null,
    validation: read.validation ?? null,
    last_phase_number: phase.number,
    last_phase_name: phase.name,
    last_phase_id: phaseIdOf(phase.number),
    extra: Object.assign({}, ...found.map(({ extra }) => extra)),
  })
}

function scoreColumns(read: Partial<Item>, dimensions: Partial<Scores>) {
  return {
    rank: read.rank ?? null,
    weighted_score: read.weighted_score ?? null,
    tier1_score: read.tier1_score ?? null,
    tier2_score: read.tier2_score ?? null,
    scores: read.scores ?? null,
    ...(Object.fromEntries(DIMENSIONS.map((name) => [name, dimensions[name] ?? null])) as Record<
      Dimension,
      number | null
    >),
  }
}

/** RFC 2822 dates, which feeds have, beside the timestamps of artifacts. */
const FEED_DATE =
  /^(?:[A-Z][a-z]{2},\s*)?\d{1,2} [A-Z][a-z]{2} \d{4} \d\d:\d\d(?::\d\d)? (?:[+-]\d{4}|GMT|UT|UTC|Z|[ECMP][SD]T)$/

function publishedAt(decoding: Decoding, text: string | null): Date | null {
  if (text === null) return null
  if (!FEED_DATE.test(text.trim())) return parseTimestamp(text) && decoding.time(text)
  const at = new Date(text)
  return Number.isNaN(at.getTime()) ? null : at
}
