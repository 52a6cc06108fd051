import { chownSync, closeSync, mkdirSync, openSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'

/**
 * Writes a file only its owner can read. Root gives it to the owner of its directory, so that a user's database stays
 * the user's after one command under sudo.
 * @param flag `wx` fails when the file exists; then a file that cannot be written (the disk is full) is not left.
 */
export function writePrivateFile(file: string, text: string, flag: 'w' | 'wx' = 'w'): void {
  const descriptor = openSync(file, flag, 0o600)
  try {
    writeFileSync(descriptor, text)
    handToOwnerOf(dirname(file), file)
  } catch (error) {
    if (flag === 'wx') rmSync(file, { force: true })
    throw error
  } finally {
    closeSync(descriptor)
  }
}

/** Makes a directory only its owner can enter, owned like the directory above it; an existing one stays as it is. */
export function makePrivateDirectory(directory: string): void {
  if (mkdirSync(directory, { recursive: true, mode: 0o700 })) handToOwnerOf(dirname(directory), directory)
}

function handToOwnerOf(parent: string, path: string): void {
  if (process.getuid?.() !== 0) return
  const owner = statSync(parent)
  if (owner.uid !== 0) chownSync(path, owner.uid, owner.gid)
}
