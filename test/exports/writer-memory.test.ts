import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'

const run = promisify(execFile)
const script = fileURLToPath(new URL('write-many-rows.ts', import.meta.url))
const HEAP_MEGABYTES = 72

/** Megabytes that 300,000 rows took at most. */
async function megabytesOf(format: string): Promise<number> {
  const own = [`--max-old-space-size=${HEAP_MEGABYTES}`, '--import', 'tsx', script, format]
  return Number((await run(process.execPath, own)).stdout)
}

describe('300,000 rows, in a process with little memory', { timeout: 180_000 }, () => {
  it('have no room when they are held all at once', async () => {
    await expect(megabytesOf('held')).rejects.toThrow('heap out of memory')
  })

  it.each(['parquet', 'arrow', 'xlsx'])('are written as %s a few at a time', async (format) => {
    const megabytes = await megabytesOf(format)
    expect(megabytes).toBeGreaterThan(0)
    expect(megabytes).toBeLessThan(150)
  })
})
