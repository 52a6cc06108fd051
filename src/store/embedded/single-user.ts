import type { Binaries } from './binaries.ts'
import { fromServerOutput } from './failures.ts'
import type { Places } from './places.ts'
import { run } from './run.ts'

/**
 * Runs SQL as the superuser on a cluster whose server is stopped. It is the only way in for the superuser: no
 * password of its can leak. Recovers the cluster first when it was not shut down cleanly.
 * @param statements One line each.
 * @param database In which; roles and databases are the same in all of them.
 * @throws DatabaseError when the cluster cannot be opened or a statement fails.
 */
export async function runAsSuperuser(
  binaries: Binaries,
  places: Places,
  cluster: string,
  statements: string[],
  database = 'postgres',
): Promise<void> {
  const settings = ['exit_on_error=on', 'logging_collector=off', 'log_min_error_statement=panic']
  const outcome = await run(
    binaries.postgres,
    ['--single', '-D', cluster, ...settings.flatMap((setting) => ['-c', setting]), database],
    { account: places.account, cwd: cluster, input: `${statements.join('\n')}\n` },
  )
  if (outcome.code !== 0) {
    throw fromServerOutput(`${outcome.output}\n${outcome.spawnError?.message ?? ''}`, 'prepare the database', cluster)
  }
}

/** Gives the role `crossrun` a password; for a cluster whose state file is lost or came from elsewhere. */
export function setPassword(binaries: Binaries, places: Places, cluster: string, password: string): Promise<void> {
  return runAsSuperuser(binaries, places, cluster, [`ALTER ROLE crossrun PASSWORD '${password}'`])
}
