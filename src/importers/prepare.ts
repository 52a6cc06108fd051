import { basename } from 'node:path'
import type { Identifiers } from '../model/identifiers.ts'
import type { PriceList } from '../pricing/price-list.ts'
import type { EncodeRow } from '../store/bulk/row-batch.ts'
import { prepareArtifactDirectory } from './briefing/prepare.ts'
import { Decoding } from './decoding.ts'
import { isUnchanged } from './ledger.ts'
import { FORMATS, type ImportOptions } from './options.ts'
import { OWNED_TABLES } from './owners.ts'
import { packPayload } from './payload-rows.ts'
import { stemOf } from './playbook/documents.ts'
import { type Layout, layoutOf } from './playbook/layouts.ts'
import {
  isDirectoryPart,
  type LaidOutFile,
  type ParsedFile,
  placeInDirectory,
  prepareDirectory,
  preparePhases,
  prepareRun,
} from './playbook/prepare.ts'
import type { LargeUnit, LedgerEntry, PreparedRecord, PreparedUnit, ReadFile, RecordFile } from './prepared.ts'
import { type Issue, reject } from './read/issue.ts'
import { salvageSmall } from './read/open.ts'
import { parseJson } from './read/parse-json.ts'
import { heldRecords, shapeOf } from './records/record-file.ts'
import type { SettlerName } from './settlers.ts'
import type { UnchangedFile } from './tally.ts'
import type { SourceFile, Unit } from './units.ts'

export type PrepareContext = {
  ids: Identifiers
  options: ImportOptions
  optionsHash: string
  /** As they were when the import began. */
  prices: PriceList
  encodeRow: EncodeRow
  /** Phase outputs wait here when they are to be merged into one run. */
  merging: LaidOutFile[]
}

/** What became of a unit: rows to write, a file to read by parts, files that need nothing. */
export type Prepared = PreparedUnit | LargeUnit | RecordFile | { unchanged: UnchangedFile[] }

/** A file's bytes, unpacked, and what is wrong with their end. */
type Content = { file: ReadFile; content: Buffer; damage: Issue | null }

/** Reads a unit's files and decodes them. Whatever is wrong with them becomes issues; nothing is thrown for data. */
export async function prepareUnit(
  unit: Unit,
  ledger: Map<string, LedgerEntry>,
  context: PrepareContext,
): Promise<Prepared> {
  const files: ReadFile[] = []
  const contents: Content[] = []
  const packing: Promise<void>[] = []
  const raws: Buffer[] = []
  for (const source of unit.files) {
    const file = newReadFile(source, ledger.get(source.path) ?? null)
    files.push(file)
    const read = await salvageSmall(source.readPath, context.options.smallBytes)
    if (read === null) {
      if (unit.kind === 'file') return { large: file }
      setAside(file, reject('TOO_LARGE', `A part of a run directory may hold ${context.options.smallBytes} bytes.`))
    } else if ('code' in read) setAside(file, read)
    else {
      file.sha256 = read.sha256
      file.bytes = read.raw.length
      raws.push(read.raw)
      contents.push({ file, content: read.content, damage: read.damage })
    }
  }
  const { optionsHash } = context
  if (
    !context.options.rebuild &&
    contents.length === files.length &&
    files.every(({ path, sha256 }) => isUnchanged(ledger.get(path) ?? null, sha256!, optionsHash))
  ) {
    return { unchanged: files.map(({ bytes, path }) => ({ bytes, records: ledger.get(path)!.records })) }
  }
  contents.forEach(({ file }, place) => {
    packing.push(
      packPayload(raws[place]!).then((payload) => {
        file.payload = payload
      }),
    )
  })
  const weight = contents.reduce((sum, { content }) => sum + content.length, 0)
  const decoded = await decodeUnit(unit, contents, context)
  if ('records' in decoded) decoded.records = decoded.records.filter((record) => encoded(record, context))
  await Promise.all(packing)
  if ('units' in decoded) return decoded
  if ('isFinal' in decoded) return { ...decoded, weight }
  const waiting = new Set(context.merging.map(({ file }) => file))
  return {
    // What waits to be merged is written with the run it becomes.
    files: files.filter((file) => !waiting.has(file)),
    records: decoded.records,
    weight,
    isFinal: true,
  }
}

/** Makes text of a record's rows; a record that has no text, which is a fault of ours, is set aside with its files. */
function encoded({ rows, files }: PreparedRecord, { encodeRow }: PrepareContext): boolean {
  try {
    rows.encode(OWNED_TABLES, encodeRow)
    return true
  } catch (error) {
    for (const file of files) setAside(file, reject('SCHEMA', `It cannot be stored: ${(error as Error).message}`))
    return false
  }
}

/** What the contents hold: records to be written with their files, or a file of records that comes in units. */
async function decodeUnit(
  unit: Unit,
  contents: Content[],
  context: PrepareContext,
): Promise<{ records: PreparedRecord[] } | PreparedUnit | RecordFile> {
  if (unit.kind === 'file') {
    const [only] = contents
    return only ? decodeFile(only, context) : { records: [] }
  }
  const whole = contents.filter(({ file, damage }) => {
    if (damage) setAside(file, damage)
    return !damage
  })
  if (unit.kind === 'artifact-directory') return { records: prepareArtifactDirectory(unit, whole, context) }
  return { records: directoryRecords(unit, whole.flatMap(parseFile), context) }
}

async function decodeFile(
  { file, content, damage }: Content,
  context: PrepareContext,
): Promise<{ records: PreparedRecord[] } | PreparedUnit | RecordFile> {
  const shape = shapeOf(content, file.readPath)
  let document: ParsedFile | null = null
  let broken: Issue | null = damage
  if (shape === 'markdown') {
    setAside(file, reject('UNKNOWN_FORMAT', 'This is Markdown, and belongs to no run.'))
    return { records: [] }
  }
  if (!damage && shape !== 'json-lines' && shape !== 'csv') {
    const parsed = parseJson(content)
    if ('issue' in parsed) broken = parsed.issue
    else {
      for (const issue of parsed.issues) file.issues.push(issue)
      document = { file, value: parsed.value }
      const records = documentRecords(document, context)
      if (records) return { records }
    }
  }
  const units = heldRecords(file, content, damage, document, context)
  if (units) return oneOrMore(file, units)
  setAside(file, broken ?? unknownFormat(context))
  return { records: [] }
}

function unknownFormat({ options }: PrepareContext): Issue {
  const formats = options.format === 'auto' ? FORMATS.join(', ') : options.format
  return reject('UNKNOWN_FORMAT', `Its keys are those of no format that Crossrun knows (${formats}).`)
}

/** Most files of records are one unit, which shares its transaction with others. */
async function oneOrMore(file: ReadFile, units: AsyncGenerator<PreparedUnit>): Promise<PreparedUnit | RecordFile> {
  const first = (await units.next()).value as PreparedUnit
  if (first.isFinal) return first
  return {
    file,
    units: (async function* () {
      yield first
      yield* units
    })(),
  }
}

/** The one run that all waiting phase outputs become; null when none waits. */
export function mergePhases({ merging, options, ids, prices }: PrepareContext): PreparedUnit | null {
  if (merging.length === 0) return null
  const decoding = new Decoding(ids, options.timeZone, prices)
  const record = preparePhases(decoding, options.asRun!, merging)
  for (const found of decoding.issues) {
    const laidOut =
      merging.find(
        ({ layout }) => layout.phase !== null && found.pointer?.startsWith(`/phase${layout.phase}_output`),
      ) ?? merging[0]!
    place(laidOut.file, found, laidOut.layout)
  }
  const weight = merging.reduce((sum, { file }) => sum + file.bytes, 0)
  return { files: record.files, records: [record], weight, isFinal: true }
}

export function newReadFile(source: SourceFile, before: LedgerEntry | null): ReadFile {
  return {
    ...source,
    sha256: null,
    payload: null,
    isStreamed: false,
    format: null,
    issues: [],
    records: { read: 1, quarantined: 0 },
    before,
    kept: { inserted: 0, updated: 0, unchanged: 0 },
    touched: new Map<SettlerName, Set<string>>(),
  }
}

/** Sets a whole file aside. */
export function setAside(file: ReadFile, found: Issue): void {
  file.issues.push(found)
  if (found.severity === 'REJECT') file.records.quarantined = 1
}

/** Puts an issue of a decoded part with its file: the part is a record that was read and set aside. */
export function place(file: ReadFile, found: Issue, layout: Layout | null): void {
  file.issues.push({
    ...found,
    pointer: found.pointer === null || !layout ? found.pointer : layout.original(found.pointer),
  })
  if (found.severity !== 'REJECT') return
  file.records.read++
  file.records.quarantined++
}

function parseFile({ file, content }: Content): ParsedFile[] {
  const shape = shapeOf(content, file.readPath)
  if (shape === 'json-lines' || shape === 'csv' || shape === 'markdown') {
    setAside(file, reject('UNKNOWN_FORMAT', 'A part of a run directory is one JSON document.'))
    return []
  }
  const parsed = parseJson(content)
  if ('issue' in parsed) {
    setAside(file, parsed.issue)
    return []
  }
  for (const issue of parsed.issues) file.issues.push(issue)
  return [{ file, value: parsed.value }]
}

/** The run that a document is; null when it is none. */
function documentRecords({ file, value }: ParsedFile, context: PrepareContext): PreparedRecord[] | null {
  const { format } = context.options
  const layout = format === 'auto' || format === 'playbook' ? layoutOf(value) : null
  if (!layout) return null
  file.format = 'playbook'
  if (layout.phase !== null && context.options.asRun !== null) {
    context.merging.push({ file, value, layout })
    return []
  }
  const decoding = new Decoding(context.ids, context.options.timeZone, context.prices)
  const laidOut = { file, value, layout }
  const record =
    layout.phase === null
      ? prepareRun(decoding, laidOut)
      : preparePhases(decoding, stemOf(basename(file.path)), [laidOut])
  if (record) for (const found of decoding.issues) place(file, found, layout)
  // Without its head there is no run: the file as a whole is set aside, once, with everything that is wrong with it.
  else
    for (const found of decoding.issues.slice(0, 1))
      setAside(file, { ...found, message: decoding.issues.map(({ message }) => message).join('; ') })
  return record ? [record] : []
}

function directoryRecords(unit: Unit, parsed: ParsedFile[], context: PrepareContext): PreparedRecord[] {
  const [first] = unit.files
  const metadata = parsed.find(({ file }) => file.path === first!.path)
  if (!metadata) return []
  const others: ParsedFile[] = []
  for (const one of parsed) {
    if (one === metadata) continue
    if (isDirectoryPart(one.file.readPath)) others.push(one)
    else setAside(one.file, reject('UNKNOWN_FORMAT', 'No agent of a run directory writes a file of this name.'))
  }
  const decoding = new Decoding(context.ids, context.options.timeZone, context.prices)
  const record = prepareDirectory(decoding, unit.directory!, metadata, others)
  for (const { file } of [metadata, ...others]) file.format = 'playbook'
  for (const found of decoding.issues) {
    const placed = found.pointer === null ? null : placeInDirectory(found.pointer, others)
    place(placed?.file ?? metadata.file, placed ? { ...found, pointer: placed.pointer } : found, null)
  }
  return [record]
}
