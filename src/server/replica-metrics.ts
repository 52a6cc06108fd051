import { Counter, Gauge, type Registry } from 'prom-client'
import type { Replicas } from '../store/replicas.ts'

/** How late each replica is, how often it answered, and why the primary did in its place. */
export function addReplicaMetrics(registry: Registry, replicas: Replicas): void {
  if (replicas.status().length === 0) return
  new Gauge({
    name: 'crossrun_replica_lag_seconds',
    help: 'Seconds since the primary wrote what a replica has not replayed yet; absent when it cannot be asked',
    labelNames: ['replica'],
    registers: [registry],
    collect() {
      this.reset()
      for (const { address, lagSeconds } of replicas.status())
        if (lagSeconds !== null) this.set({ replica: address }, lagSeconds)
    },
  })
  new Gauge({
    name: 'crossrun_replica_serving',
    help: '1 while a replica answers what it is fresh enough for, 0 while it does not',
    labelNames: ['replica'],
    registers: [registry],
    collect() {
      for (const { address, state } of replicas.status()) this.set({ replica: address }, state === 'serving' ? 1 : 0)
    },
  })
  new Counter({
    name: 'crossrun_replica_used_total',
    help: 'Queries and exports that a replica answered',
    labelNames: ['replica'],
    registers: [registry],
    collect() {
      this.reset()
      for (const { address, used } of replicas.status()) this.inc({ replica: address }, used)
    },
  })
  new Counter({
    name: 'crossrun_replica_fallbacks_total',
    help: 'Queries and exports that the primary answered in place of a replica, by reason',
    labelNames: ['reason'],
    registers: [registry],
    collect() {
      this.reset()
      for (const [reason, times] of replicas.fallbacks) this.inc({ reason }, times)
    },
  })
}
