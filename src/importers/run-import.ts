import { identifiersOf, organizationIdOf } from '../model/identifiers.ts'
import type { PriceList } from '../pricing/price-list.ts'
import { TenantSession } from '../store/tenant-session.ts'
import { applyLatest } from './briefing/latest.ts'
import { holdRecords } from './import-lock.ts'
import { ImportRecord } from './import-record.ts'
import { hashFile, writeLargeRun } from './large-run.ts'
import { isUnchanged, optionsHashOf, readLedger } from './ledger.ts'
import { loadPrices, ownPrices } from './load-prices.ts'
import type { ImportOptions } from './options.ts'
import { mergePhases, newReadFile, type PrepareContext, type Prepared, prepareUnit, setAside } from './prepare.ts'
import type { LedgerEntry, PreparedUnit, ReadFile, RecordFile } from './prepared.ts'
import { type Issue, issueOf, reject } from './read/issue.ts'
import { streamedRecords } from './records/record-file.ts'
import { danglingReferences, healDangling } from './resolve-references.ts'
import { overBudget, payloadUsage } from './retention/budget.ts'
import { type ImportSummary, Tally } from './tally.ts'
import { type Found, findUnits, type Latest, type Unit } from './units.ts'
import { type WriteContext, writeUnits } from './write-batch.ts'

/** A transaction writes about this much; more would keep its rows in memory for no gain. */
const BATCH_BYTES = 6 * 1024 * 1024
const BATCH_UNITS = 128
/** Files read ahead, so that the disk and the hashes work while rows are made. */
const READ_AHEAD = 2
const LEDGER_PATHS = 256

export type ImportWatcher = {
  /** After each batch and each unchanged stretch. */
  progress?(tally: Tally): void
  note?(text: string): void
  /** Asked between batches; true ends the import after the batch at hand. */
  isInterrupted?(): boolean
  /** Where files that are read from elsewhere belong, such as stored payloads. */
  pathOf?(readPath: string): { path: string; shown: string }
}

/**
 * Imports what lies below the roots. Whatever cannot be read is set aside and the rest goes on; what a file becomes is
 * written in one transaction with its ledger entry. A second import of the same files writes no row of theirs.
 * @param url of the database, migrated
 * @returns counts and everything that was set aside
 * @throws when the database fails; what was committed before stays and is skipped next time
 */
export async function runImport(
  url: string,
  roots: string[],
  options: ImportOptions,
  watcher: ImportWatcher = {},
): Promise<ImportSummary> {
  const ids = identifiersOf(organizationIdOf(options.organization))
  const session = await TenantSession.open(url, ids.organizationId)
  const writers = [session]
  try {
    for (let extra = 1; extra < options.concurrency; extra++)
      writers.push(await TenantSession.open(url, ids.organizationId))
    const record = await ImportRecord.start(session, ids, roots, options)
    const tally = new Tally(record.importId)
    try {
      const prices = await loadPrices(session, record.startedAt)
      await new Importing({ session, writers, ids, options, prices, record, tally, watcher }).run(roots)
      return await record.finish(tally)
    } catch (error) {
      await record.fail(tally, error)
      throw error
    }
  } finally {
    await Promise.all(writers.map((writer) => writer.close()))
  }
}

type Setup = {
  session: TenantSession
  writers: TenantSession[]
  ids: ReturnType<typeof identifiersOf>
  options: ImportOptions
  prices: PriceList
  record: ImportRecord
  tally: Tally
  watcher: ImportWatcher
}

/** One import under way: reads and decodes a batch while the one before is written. */
class Importing {
  readonly #setup: Setup
  readonly #context: PrepareContext
  readonly #write: WriteContext
  readonly #idle: TenantSession[]
  readonly #writing = new Set<Promise<void>>()
  #failure: unknown = null
  /** Records set aside so far, those of the batch at hand included. */
  #quarantined = 0
  /** Settles when the server has the rows of the batch being written: until then decoding would only delay them. */
  #staged: Promise<void> = Promise.resolve()
  #batch: PreparedUnit[] = []
  readonly #latests: Latest[] = []
  #weight = 0

  constructor(setup: Setup) {
    const { ids, options, prices, record, writers } = setup
    const optionsHash = optionsHashOf(options)
    this.#setup = setup
    this.#context = { ids, options, optionsHash, prices, encodeRow: writers[0]!.writer.encodeRow, merging: [] }
    this.#write = { ids, importId: record.importId, optionsHash, rebuild: options.rebuild, now: record.startedAt }
    this.#idle = [...writers]
  }

  async run(roots: string[]): Promise<void> {
    for await (const prepared of this.#prepared(roots)) {
      await this.#take(prepared)
      if (this.#mustStop()) break
    }
    const merged = mergePhases(this.#context)
    if (merged) await this.#take(merged)
    await this.#written()
    await this.#finish()
  }

  /** Writes the batch at hand and waits for all that is being written. */
  async #written(): Promise<void> {
    await this.#flush()
    await Promise.all(this.#writing)
    if (this.#failure) throw this.#failure
  }

  /** What can be said only when everything was read. */
  async #finish(): Promise<void> {
    const { session, ids, options, prices, tally, watcher } = this.#setup
    const { payloadBudget } = options
    const { arePricesCurrent, warning, dangling } = await session.retried(
      async (client) => {
        const arePricesCurrent = prices.isOf(await ownPrices(client))
        await holdRecords(client)
        await applyLatest(client, ids, this.#latests)
        await healDangling(client)
        const warning = payloadBudget === null ? null : overBudget(await payloadUsage(client), payloadBudget)
        return { arePricesCurrent, warning, dangling: await danglingReferences(client) }
      },
      { keep: !options.dryRun },
    )
    if (!arePricesCurrent)
      watcher.note?.('Prices changed while this import ran, and it used the old ones: run `crossrun reprice`.')
    if (warning !== null) watcher.note?.(warning)
    tally.dangling = dangling.reduce((sum, { rows }) => sum + rows, 0)
  }

  #mustStop(): boolean {
    const { tally, options, watcher } = this.#setup
    if (watcher.isInterrupted?.()) tally.stop('INTERRUPTED')
    else if (options.maxErrors !== null && this.#quarantined > options.maxErrors) tally.stop('TOO_MANY_ERRORS')
    return tally.stopped !== null || this.#failure !== null
  }

  /** Units in the order they were found, some of them being read ahead. */
  async *#prepared(roots: string[]): AsyncGenerator<Prepared> {
    const ahead: Promise<Prepared>[] = []
    for await (const { unit, ledger } of this.#withLedger(findUnits(roots, this.#setup.watcher.pathOf))) {
      await this.#staged
      const preparing = prepareUnit(unit, ledger, this.#context)
      // A failure is thrown when its turn comes, not before anyone waits for it.
      preparing.catch(() => undefined)
      ahead.push(preparing)
      if (ahead.length >= READ_AHEAD) yield await ahead.shift()!
    }
    while (ahead.length > 0) yield await ahead.shift()!
  }

  /** Looks up what the ledger knows, many paths at a time. */
  async *#withLedger(found: AsyncGenerator<Found>): AsyncGenerator<{ unit: Unit; ledger: Map<string, LedgerEntry> }> {
    let units: Unit[] = []
    const looked = async () => {
      const ledger = await this.#read(units.flatMap((unit) => unit.files.map(({ path }) => path)))
      const ready = units.map((unit) => ({ unit, ledger }))
      units = []
      return ready
    }
    for await (const one of found) {
      if ('note' in one) this.#setup.watcher.note?.(one.note)
      else if ('latest' in one) this.#latests.push(one.latest)
      else if ('issue' in one) await this.#unreadable(one)
      else {
        units.push(one.unit)
        if (units.length >= LEDGER_PATHS) yield* await looked()
      }
    }
    yield* await looked()
  }

  async #unreadable(found: Extract<Found, { issue: unknown }>): Promise<void> {
    const file = newReadFile({ readPath: found.path, path: found.path, shown: found.file, bytes: 0 }, null)
    await this.#setAside(file, found.issue)
  }

  /** Writes nothing of a file but what is the matter with it. */
  async #setAside(file: ReadFile, issue: Issue): Promise<void> {
    setAside(file, issue)
    await this.#take(withoutRecords(file))
  }

  async #read(paths: string[]) {
    const session = await this.#session()
    try {
      return await session.transaction((client) => readLedger(client, paths))
    } finally {
      this.#idle.push(session)
    }
  }

  async #take(prepared: Prepared): Promise<void> {
    const { tally } = this.#setup
    if ('unchanged' in prepared) tally.unchanged(prepared.unchanged)
    else if ('large' in prepared) await this.#large(prepared.large)
    else if ('units' in prepared) await this.#records(prepared)
    else {
      this.#batch.push(prepared)
      for (const { records } of prepared.files) this.#quarantined += records.quarantined
      this.#weight += prepared.weight
      if (this.#weight >= BATCH_BYTES || this.#batch.length >= BATCH_UNITS) await this.#flush()
    }
    this.#setup.watcher.progress?.(tally)
  }

  /** Starts to write the batch, once a connection is free. */
  async #flush(): Promise<void> {
    const units = this.#batch
    this.#batch = []
    this.#weight = 0
    if (units.length === 0) return
    const session = await this.#session()
    const { promise: staged, resolve: onStaged } = withResolvers()
    this.#staged = staged
    const writing = this.#writeBatch(session, units, onStaged)
      .catch((error: unknown) => {
        this.#failure ??= error
      })
      .finally(() => {
        onStaged()
        this.#idle.push(session)
        this.#writing.delete(writing)
      })
    this.#writing.add(writing)
  }

  async #session(): Promise<TenantSession> {
    while (this.#idle.length === 0) await Promise.race(this.#writing)
    return this.#idle.pop()!
  }

  /** Writes a file of records unit by unit, in order: a later record of it may take an earlier one's place. */
  async #records({ file, units }: RecordFile): Promise<void> {
    await this.#written()
    const session = await this.#session()
    const before = this.#quarantined
    let writing = Promise.resolve()
    try {
      for await (const unit of units) {
        await writing
        // Without its ledger entry the file is read again next time; what was written is unchanged then.
        this.#quarantined = before + file.records.quarantined
        if (this.#mustStop()) return
        const { promise: staged, resolve: onStaged } = withResolvers()
        writing = this.#writeBatch(session, [unit], onStaged).finally(onStaged)
        writing.catch(() => undefined)
        // The next unit is made while the server works on this one, not while it waits for its rows.
        await staged
      }
      await writing
    } finally {
      await writing.catch(() => undefined)
      this.#quarantined = before + file.records.quarantined
      this.#idle.push(session)
    }
  }

  /** When a batch fails for its data, its units are tried one by one, so that one cannot take the others with it. */
  async #writeBatch(session: TenantSession, units: PreparedUnit[], onStaged?: () => void): Promise<void> {
    try {
      await this.#commit(session, units, onStaged)
    } catch (error) {
      if (!isDataError(error)) throw error
      if (units.length > 1) for (const unit of units) await this.#writeBatch(session, [unit])
      else for (const part of this.#narrowed(units[0]!, error)) await this.#writeBatch(session, [part])
    }
  }

  async #commit(session: TenantSession, units: PreparedUnit[], onStaged?: () => void): Promise<void> {
    const { options, tally } = this.#setup
    const { outcomes, conflicts, rows } = await session.retried(
      (client, writer) => writeUnits(client, writer, units, { ...this.#write, onStaged }),
      // The import's own last transaction is durable, and these with it.
      { keep: !options.dryRun, durable: false },
    )
    for (const { file, issue } of conflicts) {
      file.issues.push(issue)
      file.records.quarantined++
    }
    const done = new Set(units.flatMap((unit) => (unit.isFinal ? unit.files : [])))
    for (const [file, outcome] of outcomes) {
      for (const key of ['inserted', 'updated', 'unchanged'] as const) file.kept[key] += outcome[key]
      if (done.has(file)) tally.file(file, file.kept)
    }
    tally.rows += rows
    this.#setup.watcher.progress?.(tally)
  }

  /** A unit that the database refuses, in two halves; a record that it refuses is set aside with the reason. */
  #narrowed(unit: PreparedUnit, error: unknown): PreparedUnit[] {
    const { records } = unit
    const [only] = records
    if (only?.place && records.length > 1) {
      const half = Math.ceil(records.length / 2)
      const first = { ...unit, files: [], records: records.slice(0, half), isFinal: false }
      return [first, { ...unit, records: records.slice(half) }]
    }
    const message = refusal(only?.place ? 'record' : 'file', error)
    if (only?.place) {
      const [file] = only.files
      file!.issues.push(reject('SCHEMA', message, only.place))
      file!.records.quarantined++
    } else {
      for (const file of unit.files) {
        file.issues = [reject('SCHEMA', message)]
        file.records = { read: 1, quarantined: 1 }
      }
    }
    // Nothing of its records is left; a file without records that is refused all the same is a fault of ours.
    if (records.length === 0) throw error
    return [{ ...unit, records: [] }]
  }

  async #large(file: ReadFile): Promise<void> {
    await this.#written()
    const { options, tally } = this.#setup
    const units = await streamedRecords(file, this.#context)
    if (units) return this.#largeRecords(file, units)
    const session = await this.#session()
    try {
      const outcome = await writeLargeRun(session, file, { ...this.#write, options, prices: this.#context.prices })
      if (outcome === 'untouched') tally.unchanged([{ bytes: file.bytes, records: file.before?.records ?? 1 }])
      else if (outcome) {
        tally.file(file, outcome.outcome)
        tally.rows += outcome.rows
      } else await this.#take(withoutRecords(file))
    } finally {
      this.#idle.push(session)
    }
  }

  async #largeRecords(file: ReadFile, units: RecordFile['units']): Promise<void> {
    const { options, tally } = this.#setup
    try {
      file.sha256 = await hashFile(file.readPath)
    } catch (error) {
      return this.#setAside(file, issueOf(error))
    }
    if (!options.rebuild && isUnchanged(file.before, file.sha256, this.#context.optionsHash)) {
      tally.unchanged([{ bytes: file.bytes, records: file.before!.records }])
      return
    }
    file.isStreamed = true
    await this.#records({ file, units })
  }
}

/** A file of which nothing is kept but its ledger entry. */
function withoutRecords(file: ReadFile): PreparedUnit {
  return { files: [file], records: [], weight: 0, isFinal: true }
}

function withResolvers(): { promise: Promise<void>; resolve: () => void } {
  let resolve = () => {}
  const promise = new Promise<void>((settle) => {
    resolve = settle
  })
  return { promise, resolve }
}

/** Why the database refuses something, for people who do not know its tables. */
function refusal(what: string, error: unknown): string {
  const message = error instanceof Error ? error.message : String(error)
  if ((error as { code?: unknown } | null)?.code === '54000' && message.includes('index row'))
    return `A name or title in this ${what} is too long to be sorted by; a few thousand characters are the most.`
  return `The database refuses what this ${what} holds: ${message}`
}

/** Class 22 is data that a column cannot take, 54 more of it than the program can. */
function isDataError(error: unknown): boolean {
  const code = (error as { code?: unknown } | null)?.code
  return typeof code === 'string' && /^(22|23|54)/.test(code)
}
