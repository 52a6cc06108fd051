import { chownSync, mkdirSync, statSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'

/**
 * Writes a file only its owner can read. Root gives it to the owner of its directory, so that a user's database stays
 * the user's after one command under sudo.
 * @param flag `wx` fails when the file exists.
 */
export function writePrivateFile(file: string, text: string, flag: 'w' | 'wx' = 'w'): void {
  writeFileSync(file, text, { mode: 0o600, flag })
  handToOwnerOf(dirname(file), file)
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
