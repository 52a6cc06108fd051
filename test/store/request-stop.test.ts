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
