import type { Readable, Transform } from 'node:stream'

/**
 * Reads `source` through `transform`, piece by piece, as fast as the reader asks for them. Not `for await`: that drops
 * what is buffered when a stream fails, and what came before the damage is worth having. Who stops early closes both.
 * @throws what failed, as `explain` tells it, after everything that came before
 */
export async function* pulled<Piece>(
  source: Readable,
  transform: Transform,
  explain: (error: Error) => Error = (error) => error,
): AsyncGenerator<Piece> {
  let failure: Error | null = null
  let ended = false
  let wake = () => {}
  const fail = (error: Error) => {
    failure ??= error
    wake()
  }
  // A source that failed before it was read says so only now.
  if (source.errored) failure = source.errored
  source.on('error', fail)
  transform.on('error', fail)
  transform.on('readable', () => wake())
  transform.on('end', () => {
    ended = true
    wake()
  })
  source.pipe(transform)
  try {
    for (;;) {
      const piece: Piece | null = transform.read()
      if (piece !== null) yield piece
      else if (failure) throw explain(failure)
      else if (ended) return
      else
        await new Promise<void>((resolve) => {
          wake = resolve
        })
    }
  } finally {
    source.destroy()
    transform.destroy()
  }
}
