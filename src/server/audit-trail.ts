import type { Logger } from 'pino'
import { type AuditEvent, record } from '../access/audit.ts'
import { identifiersOf } from '../model/identifiers.ts'
import type { PrismaClient } from '../store/client.ts'
import { inShortTransaction } from '../store/short-transaction.ts'

const MINUTE_MS = 60_000

/** Writes down what a request's own transaction cannot: that it was undone, or that somebody was not let in. */
export class AuditTrail {
  readonly #prisma: PrismaClient
  readonly #logger: Logger
  /** The denials of the minute that are written. */
  #denials = new Set<string>()
  #minute = 0

  constructor({ prisma, logger }: { prisma: PrismaClient; logger: Logger }) {
    this.#prisma = prisma
    this.#logger = logger
  }

  /** In a transaction of its own. What cannot be written stands in the log: whoever asked can do nothing about it. */
  async write(organizationId: string, event: AuditEvent): Promise<void> {
    try {
      await inShortTransaction(this.#prisma, organizationId, (send) => record(send, event))
    } catch (error) {
      this.#logger.error({ err: error, organizationId, event }, 'an audit event could not be written')
    }
  }

  /** At most one of a key and action a minute, also when several servers write it: nobody can fill the table. */
  async writeDenial(organizationId: string, event: Omit<AuditEvent, 'id' | 'outcome'>): Promise<void> {
    const minute = Math.floor(Date.now() / MINUTE_MS)
    if (minute !== this.#minute) this.#denials = new Set()
    this.#minute = minute
    const { kind, id: actorId } = event.actor
    const id = identifiersOf(organizationId).of('denial', kind, actorId ?? '', event.action, minute)
    if (this.#denials.has(id)) return
    this.#denials.add(id)
    await this.write(organizationId, { ...event, id, outcome: 'DENIED' })
  }
}
