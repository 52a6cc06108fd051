import { randomBytes } from 'node:crypto'
import { readFileSync, renameSync, rmSync } from 'node:fs'
import { z } from 'zod'
import type { Places } from './places.ts'
import { writePrivateFile } from './private-file.ts'

const stateShape = z.object({
  /** Loopback port, chosen once; changes only when something else has taken it. */
  port: z.number().int().min(1).max(65535),
  /** Password of the role `crossrun`. */
  password: z.string().min(20),
  /** The server that `crossrun db start` asked to stay, as `pid/start`; any other server stops with its last client. */
  keptServer: z.string().optional(),
})

export type State = z.infer<typeof stateShape>

/** Reads the state file; undefined when it is missing or damaged. */
export function readState(places: Places): State | undefined {
  try {
    return stateShape.parse(JSON.parse(readFileSync(places.stateFile, 'utf8')))
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'ENOENT' || code === 'ENOTDIR' || error instanceof SyntaxError || error instanceof z.ZodError)
      return undefined
    throw error
  }
}

/** Replaces the state file in one step: a crash leaves the old one or the new one. Readable by its owner only. Returns the state. */
export function writeState(places: Places, state: State): State {
  const draft = `${places.stateFile}.${process.pid}`
  try {
    writePrivateFile(draft, `${JSON.stringify(state, undefined, 2)}\n`)
    renameSync(draft, places.stateFile)
  } finally {
    rmSync(draft, { force: true })
  }
  return state
}

/** Letters, digits, - and _ only: it goes into SQL, a URL and a password file without quoting. */
export const newPassword = (): string => randomBytes(24).toString('base64url')

export const databaseUrl = (state: State): string =>
  `postgresql://crossrun:${state.password}@127.0.0.1:${state.port}/crossrun`
