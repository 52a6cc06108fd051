import { cliActor, record } from '../access/audit.ts'
import { ensureOrganization } from '../store/organizations.ts'
import type { Send } from '../store/send.ts'

/** What somebody at this machine changed of an organization's settings. */
export type Change = {
  /** What it is about, then what became of it, such as `saved-view.removed`. */
  action: string
  target?: { type: string; id: string }
  details?: Record<string, unknown>
}

/**
 * Writes a change down in its own transaction. The default organization can be changed before anything was imported into
 * it: then its row is made too, so that nothing stands there without an organization.
 */
export async function noteChange(send: Send, organization: string, change: Change): Promise<void> {
  await ensureOrganization(send, organization)
  await record(send, { ...change, actor: cliActor(), outcome: 'SUCCEEDED' })
}
