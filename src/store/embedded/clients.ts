import { randomBytes } from 'node:crypto'
import { readdirSync, readFileSync, rmSync } from 'node:fs'
import { basename, join } from 'node:path'
import { makePrivateDirectory, writePrivateFile } from './private-file.ts'
import { isAlive, ownIdentity, type ProcessIdentity } from './process-identity.ts'

/** A process that uses the embedded database and keeps it running. */
export type Client = ProcessIdentity & {
  /** The command line, shortened, so that a person recognizes the process. */
  command: string
  /** ISO time. */
  since: string
}

/** Enters this process; returns the function that leaves again. One process may be in several times. */
export function registerClient(directory: string): () => void {
  makePrivateDirectory(directory)
  const file = join(directory, `${process.pid}-${randomBytes(4).toString('hex')}.json`)
  const client: Client = { ...ownIdentity(), command: describeSelf(), since: new Date().toISOString() }
  writePrivateFile(file, JSON.stringify(client))
  return () => rmSync(file, { force: true })
}

/** The clients whose process lives; entries of dead processes are removed. Call it with the lock held. */
export function liveClients(directory: string): Client[] {
  return readClients(directory, true)
}

/** The same without removing anything, for looking without the lock. */
export function peekClients(directory: string): Client[] {
  return readClients(directory, false)
}

function readClients(directory: string, prune: boolean): Client[] {
  const clients: Client[] = []
  for (const name of namesIn(directory)) {
    const file = join(directory, name)
    const client = readClient(file)
    if (client && isAlive(client)) clients.push(client)
    else if (prune) rmSync(file, { force: true })
  }
  return clients
}

function readClient(file: string): Client | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Client
  } catch {
    return undefined
  }
}

function namesIn(directory: string): string[] {
  try {
    return readdirSync(directory).filter((name) => name.endsWith('.json'))
  } catch {
    return []
  }
}

export function describeSelf(): string {
  return [basename(process.argv[1] ?? 'node'), ...process.argv.slice(2)].join(' ').slice(0, 120)
}

/** Processes for a message: `4711 (crossrun start), 4712 (crossrun import)`. */
export const describeClients = (clients: Client[]): string =>
  clients.map(({ pid, command }) => `${pid} (${command})`).join(', ')
