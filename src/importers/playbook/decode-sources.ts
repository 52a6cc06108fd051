import { extraOf, isObject } from '../wire.ts'
import type { RunContext } from './run-decoder.ts'
import { source, sourceShape } from './wire.ts'

/** Rows for an element's `sources[{url, page_type, excerpt}]`. */
export function decodeSources(context: RunContext, ownerId: string, sources: unknown, pointer: string): void {
  if (sources === null || sources === undefined) return
  const { decoding, owner } = context
  if (!Array.isArray(sources)) {
    decoding.reject('SCHEMA', `${pointer}: expected a list of sources`, pointer, sources)
    return
  }
  sources.forEach((value, position) => {
    const given = typeof value === 'string' ? { url: value } : value
    const read = decoding.read(source, given, `${pointer}/${position}`)
    if (!read) return
    decoding.rows.add('source_references', {
      id: decoding.ids.of('source', ownerId, position),
      ...owner,
      owner_id: ownerId,
      position,
      ...read,
      extra: isObject(given) ? extraOf(given, sourceShape) : {},
    })
  })
}
