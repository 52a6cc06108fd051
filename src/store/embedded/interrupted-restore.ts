import { existsSync } from 'node:fs'
import { rename } from 'node:fs/promises'
import { join } from 'node:path'
import { removeTree } from './cluster.ts'
import type { Places } from './places.ts'

/** Where a restore keeps the cluster that it replaces until the new one has been seen to work. */
export const oldCluster = (places: Places): string => join(places.home, 'cluster.before-restore')

/** Puts the old cluster back after a restore that was killed between its two renames. Call it with the lock held. */
export async function undoInterruptedRestore(places: Places): Promise<void> {
  if (existsSync(oldCluster(places)) && !existsSync(places.cluster)) await rename(oldCluster(places), places.cluster)
}

/** Removes what a restore that was killed after its renames left; call it once the cluster has been seen to work. */
export function dropOldCluster(places: Places): Promise<void> {
  return removeTree(oldCluster(places))
}
