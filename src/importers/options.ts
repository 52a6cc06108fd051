/** What a person may say about an import. */
export type ImportOptions = {
  /** Slug of the organization that the rows belong to. */
  organization: string
  /** `auto` reads the format from each file's content. */
  format: 'auto' | FormatName
  /** Merges the phase outputs of this import into one run of this name. */
  asRun: string | null
  /** Pipeline of phase-artifact runs, instead of the name of the directory above them. */
  pipeline: string | null
  /** A run that broke off counts as running for this long after its newest phase, in minutes. */
  runningGraceMinutes: number
  /** IANA zone of naive timestamps. */
  timeZone: string
  /** Reads and checks everything, and writes nothing. */
  dryRun: boolean
  /** The import stops when more records than this were set aside; null never stops it. */
  maxErrors: number | null
  /** Database connections that write at the same time. */
  concurrency: number
  /** A file up to this many bytes, unpacked, is parsed at once; a larger one goes through by parts. */
  smallBytes: number
  /** How much the stored files of the organization may take, in bytes; more is warned of. Null for no limit. */
  payloadBudget: number | null
  /** Reads unchanged files too, and writes their rows anew. */
  rebuild: boolean
}

export const FORMATS = ['playbook', 'briefing', 'scoring', 'ops', 'extraction', 'accounts'] as const
export type FormatName = (typeof FORMATS)[number]

export const DEFAULT_IMPORT_OPTIONS: ImportOptions = {
  organization: 'default',
  format: 'auto',
  asRun: null,
  pipeline: null,
  runningGraceMinutes: 15,
  timeZone: 'UTC',
  dryRun: false,
  maxErrors: null,
  concurrency: 1,
  smallBytes: 32 * 1024 * 1024,
  payloadBudget: null,
  rebuild: false,
}

/** Written with every row of the ledger; a new one makes unchanged files be read again. */
export const IMPORTER_VERSION = '1'
