import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { expect, it } from 'vitest'
import { RequestStop } from '../../src/store/request-stop.ts'

it('cancels again until the statement is over: a cancel that comes before it ends nothing', async () => {
  const client = new AbortController()
  const stop = new RequestStop({ timeoutMs: 60_000, signal: client.signal })
  stop.backend = 1
  let cancels = 0
  let end!: (reason: Error) => void
  const statement = new Promise<never>((_, reject) => {
    end = reject
  })
  const sent = stop.send(
    async () => {
      cancels += 1
      if (cancels === 3) end(new Error('cancelled'))
    },
    () => statement,
  )
  client.abort()
  await expect(sent).rejects.toThrow('cancelled')
  await stop.untilCancelled()
  expect(cancels).toBe(3)
  stop.close()
})

it('holds on to no answer, whoever holds on to it', async () => {
  setFlagsFromString('--expose-gc')
  const collect: () => void = runInNewContext('gc')
  const stop = new RequestStop({ timeoutMs: 60_000 })
  const answer = async () => {
    const made = { rows: Array.from({ length: 1_000 }, (_, row) => ({ row })) }
    const got = await stop.beforeOverdue(stop.within(async () => made))
    expect(got.rows).toHaveLength(1_000)
    return new WeakRef(made)
  }
  const weak = await answer()
  for (let times = 0; times < 20 && weak.deref(); times++) {
    await new Promise((resolve) => setTimeout(resolve, 5))
    collect()
  }
  expect(weak.deref()).toBeUndefined()
  expect(stop.reason).toBeUndefined()
})
