import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const folder = fileURLToPath(new URL('../../shared', import.meta.url))

/** Where reference data lies beside a checkout that has it; null elsewhere, and the tests that need it are skipped. */
export const sharedFolder = existsSync(folder) ? folder : null
