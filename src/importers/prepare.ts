import { basename } from 'node:path'
import type { Identifiers } from '../model/identifiers.ts'
import { Decoding } from './decoding.ts'
import { isUnchanged } from './ledger.ts'
import { FORMATS, type ImportOptions } from './options.ts'
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
import type { LargeUnit, LedgerEntry, PreparedRecord, PreparedUnit, ReadFile } from './prepared.ts'
import { type Issue, reject } from './read/issue.ts'
import { readSmall } from './read/open.ts'
import { parseJson } from './read/parse-json.ts'
import { sniffShape } from './read/sniff.ts'
import type { SourceFile, Unit } from './units.ts'

export type PrepareContext = {
  ids: Identifiers
  options: ImportOptions
  optionsHash: string
  /** Phase outputs wait here when they are to be merged into one run. */
  merging: LaidOutFile[]
}

/** What became of a unit: rows to write, a file to read by parts, files that need nothing. */
export type Prepared = PreparedUnit | LargeUnit | { unchanged: SourceFile[] }

/** Reads a unit's files and decodes them. Whatever is wrong with them becomes issues; nothing is thrown for data. */
export async function prepareUnit(
  unit: Unit,
  ledger: Map<string, LedgerEntry>,
  context: PrepareContext,
): Promise<Prepared> {
  const files: ReadFile[] = []
  const contents: { file: ReadFile; content: Buffer; raw: Buffer }[] = []
  for (const source of unit.files) {
    const file = newReadFile(source, ledger.get(source.path) ?? null)
    files.push(file)
    const read = await readSmall(source.readPath, context.options.smallBytes)
    if (read === null) {
      if (unit.kind === 'file') return { large: file }
      setAside(file, reject('TOO_LARGE', `A part of a run directory may hold ${context.options.smallBytes} bytes.`))
    } else if ('code' in read) setAside(file, read)
    else {
      file.sha256 = read.sha256
      file.bytes = read.raw.length
      contents.push({ file, content: read.content, raw: read.raw })
    }
  }
  const { optionsHash } = context
  if (
    !context.options.rebuild &&
    contents.length === files.length &&
    files.every(({ path, sha256 }) => isUnchanged(ledger.get(path) ?? null, sha256!, optionsHash))
  ) {
    return { unchanged: unit.files }
  }
  const packing = contents.map(async ({ file, raw }) => {
    file.payload = await packPayload(raw)
  })
  const parsed = contents.flatMap(({ file, content }) => parseFile(file, content))
  const records =
    unit.kind === 'run-directory'
      ? directoryRecords(unit, parsed, context)
      : parsed.flatMap((one) => fileRecords(one, context))
  await Promise.all(packing)
  const waiting = new Set(context.merging.map(({ file }) => file))
  return {
    // What waits to be merged is written with the run it becomes.
    files: files.filter((file) => !waiting.has(file)),
    records,
    weight: contents.reduce((sum, { content }) => sum + content.length, 0),
  }
}

/** The one run that all waiting phase outputs become; null when none waits. */
export function mergePhases({ merging, options, ids }: PrepareContext): PreparedUnit | null {
  if (merging.length === 0) return null
  const decoding = new Decoding(ids, options.timeZone)
  const record = preparePhases(decoding, options.asRun!, merging)
  for (const found of decoding.issues) {
    const laidOut =
      merging.find(
        ({ layout }) => layout.phase !== null && found.pointer?.startsWith(`/phase${layout.phase}_output`),
      ) ?? merging[0]!
    place(laidOut.file, found, laidOut.layout)
  }
  return { files: record.files, records: [record], weight: merging.reduce((sum, { file }) => sum + file.bytes, 0) }
}

export function newReadFile(source: SourceFile, before: LedgerEntry | null): ReadFile {
  return {
    ...source,
    sha256: null,
    payload: null,
    format: null,
    issues: [],
    records: { read: 1, quarantined: 0 },
    before,
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

/** A file's first bytes tell what it is. */
const SNIFF_BYTES = 64 * 1024
const NOT_DOCUMENTS = new Map([
  ['json-lines', 'JSON lines'],
  ['csv', 'CSV'],
  ['markdown', 'Markdown'],
])

function parseFile(file: ReadFile, content: Buffer): ParsedFile[] {
  const shape = sniffShape(content.subarray(0, SNIFF_BYTES), basename(file.readPath))
  if (NOT_DOCUMENTS.has(shape)) {
    setAside(
      file,
      reject('UNKNOWN_FORMAT', `This is ${NOT_DOCUMENTS.get(shape)}, and no format that Crossrun knows comes so.`),
    )
    return []
  }
  const parsed = parseJson(content)
  if ('issue' in parsed) {
    setAside(file, parsed.issue)
    return []
  }
  file.issues.push(...parsed.issues)
  return [{ file, value: parsed.value }]
}

function fileRecords({ file, value }: ParsedFile, context: PrepareContext): PreparedRecord[] {
  const layout = layoutOf(value)
  if (!layout) {
    setAside(
      file,
      reject(
        'UNKNOWN_FORMAT',
        `This is JSON, but its keys are those of no format that Crossrun knows (${FORMATS.join(', ')}).`,
      ),
    )
    return []
  }
  file.format = 'playbook'
  if (layout.phase !== null && context.options.asRun !== null) {
    context.merging.push({ file, value, layout })
    return []
  }
  const decoding = new Decoding(context.ids, context.options.timeZone)
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
  const decoding = new Decoding(context.ids, context.options.timeZone)
  const record = prepareDirectory(decoding, unit.directory!, metadata, others)
  for (const { file } of [metadata, ...others]) file.format = 'playbook'
  for (const found of decoding.issues) {
    const placed = found.pointer === null ? null : placeInDirectory(found.pointer, others)
    place(placed?.file ?? metadata.file, placed ? { ...found, pointer: placed.pointer } : found, null)
  }
  return [record]
}
