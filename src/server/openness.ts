import { lookup } from 'node:dns/promises'
import { CrossrunError } from '../errors.ts'
import type { Openness } from './authentication.ts'
import { isLoopback } from './loopback.ts'

/**
 * Whom a server at this address answers without a key. Whoever can reach a port of this machine alone can reach its
 * files too; anywhere else somebody must have said who may come in.
 * @throws CrossrunError `NOT_PROTECTED`
 */
export async function opennessOf(
  host: string,
  { isProtected, insecureOpen }: { isProtected: boolean; insecureOpen: boolean },
): Promise<Openness> {
  if (insecureOpen) return 'always'
  if (isProtected) return 'never'
  if (await isOfThisMachine(host)) return 'untilFirstKey'
  throw new CrossrunError(
    'NOT_PROTECTED',
    `Whoever reaches ${host} could read and change everything: there is no key, and no identity provider is set up.`,
    {
      hint: 'Make a key with `crossrun keys create --name … --scopes read`, or leave HOST at 127.0.0.1; --insecure-open lets everybody in.',
    },
  )
}

/** Whether every address that the name stands for is of this machine alone; a name that stands for none is not. */
async function isOfThisMachine(host: string): Promise<boolean> {
  const addresses = await lookup(host, { all: true }).catch(() => [])
  return addresses.length > 0 && addresses.every(({ address }) => isLoopback(address))
}
