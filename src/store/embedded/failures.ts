import { CrossrunError, DatabaseError } from '../../errors.ts'

/** Turns an error of the file system into one a person can act on; any other error is returned as it is. */
export function fromSystemError(error: unknown, path: string): unknown {
  if (error instanceof CrossrunError || !(error instanceof Error)) return error
  const { code, path: failedPath } = error as NodeJS.ErrnoException
  const where = failedPath ?? path
  if (code === 'ENOSPC' || code === 'EDQUOT' || code === 'EFBIG') return diskFull(where, error)
  if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS') {
    return new DatabaseError('DATABASE_NO_PERMISSION', `${where} cannot be read or written by this user.`, {
      hint: 'Run as the user who owns it, give it to this user (chown -R), or set CROSSRUN_DATA_DIR to another directory.',
      cause: error,
    })
  }
  if (code === 'ENOTDIR' || code === 'EEXIST') {
    return new DatabaseError('DATABASE_NO_PERMISSION', `${where} is not a directory.`, {
      hint: 'Set CROSSRUN_DATA_DIR to a directory.',
      cause: error,
    })
  }
  return error
}

/**
 * Turns what PostgreSQL wrote before it gave up into one error with a code and a next step.
 * @param doing What was being done, for the sentence: "create the database", "start the database".
 */
export function fromServerOutput(output: string, doing: string, directory: string): DatabaseError {
  const cause = new Error(output.trim())
  if (/No space left on device|Disk quota exceeded|File too large/.test(output)) return diskFull(directory, cause)
  if (/has wrong ownership|has invalid permissions|Permission denied/.test(output)) {
    return new DatabaseError('DATABASE_NO_PERMISSION', `Could not ${doing}: ${reason(output)}`, {
      hint: `Check who owns ${directory}, or set CROSSRUN_DATA_DIR to another directory.`,
      cause,
    })
  }
  if (/incompatible with server|was initialized by PostgreSQL version/.test(output))
    return otherVersion(directory, 'another version', cause)
  return new DatabaseError('DATABASE_START_FAILED', `Could not ${doing}: ${reason(output)}`, {
    hint: `\`crossrun db status\` says where the log is. \`crossrun db restore <file>\` puts a backup back.`,
    cause,
  })
}

export function otherVersion(cluster: string, found: string, cause?: unknown): DatabaseError {
  return new DatabaseError(
    'DATABASE_VERSION_MISMATCH',
    `The data in ${cluster} belongs to PostgreSQL ${found}; this Crossrun runs PostgreSQL 18.`,
    {
      hint: 'Use the Crossrun version that wrote it, or move the data over with that version’s pg_dump; CROSSRUN_DATA_DIR starts a new database elsewhere.',
      cause,
    },
  )
}

export function noCluster(cluster: string): DatabaseError {
  return new DatabaseError(
    'DATABASE_START_FAILED',
    `${cluster} is not a PostgreSQL data directory (it has no PG_VERSION).`,
    {
      hint: 'Move it away to start with an empty database, or put a backup back with `crossrun db restore <file> --force`.',
    },
  )
}

function diskFull(path: string, cause: unknown): DatabaseError {
  return new DatabaseError('DATABASE_DISK_FULL', `The disk that holds ${path} is full.`, {
    hint: 'Free some space (an empty database takes about 50 MB, plus up to 2 GB of write-ahead log), or set CROSSRUN_DATA_DIR to another disk.',
    cause,
  })
}

/** The line that says why: a setting it rejects, else the first that is fatal, else its last words. */
function reason(output: string): string {
  const lines = output
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !/skipping missing configuration|log output/.test(line))
  const telling =
    lines.find((line) => /in file ".*" line \d+/.test(line)) ??
    lines.find((line) => /(FATAL|PANIC|ERROR|error):/.test(line))
  const words = telling ?? lines.slice(-3).join(' ')
  return words.replace(/^.*?\b(LOG|FATAL|PANIC|ERROR|error|postgres): */, '') || 'it ended without a word.'
}
