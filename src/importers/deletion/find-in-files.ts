import { Readable } from 'node:stream'
import type { TenantSession } from '../../store/tenant-session.ts'
import { contentOf, readPayload } from '../stored-payload.ts'
import { OWN } from './marked.ts'
import { inJson } from './needles.ts'

/** Files looked at between two looks at the list of files. */
const PAGE = 500

/**
 * The stored files that mention any of these texts, in whatever case, as UTF-8 or UTF-16, as JSON writes them too.
 * Reads every stored file but the ones in `seen`, unpacked, a piece at a time, and adds it there.
 */
export async function filesThatMention(
  session: TenantSession,
  texts: readonly string[],
  seen: Set<string>,
): Promise<string[]> {
  const patterns = [...new Set(texts.flatMap(casesOf).flatMap(formsOf))]
  const found: string[] = []
  if (patterns.length === 0) return found
  for (let last = '00000000-0000-0000-0000-000000000000'; ; ) {
    const { rows } = await session.transaction((client) =>
      client.query<{ id: string }>(`select id from payloads where ${OWN} and id > $1 order by id limit ${PAGE}`, [
        last,
      ]),
    )
    for (const { id } of rows) {
      if (seen.has(id)) continue
      seen.add(id)
      if (await readPayload(session, id, (bytes) => mentions(bytes, patterns))) found.push(id)
    }
    if (rows.length < PAGE) return found
    last = rows.at(-1)!.id
  }
}

async function mentions(bytes: AsyncGenerator<Buffer>, patterns: readonly string[]): Promise<boolean> {
  const overlap = Math.max(...patterns.map(({ length }) => length)) - 1
  let before = ''
  try {
    for await (const piece of Readable.from(contentOf(bytes), { objectMode: false })) {
      const text = before + folded(piece as Buffer)
      if (patterns.some((pattern) => text.includes(pattern))) return true
      before = text.slice(-overlap)
    }
  } catch (error) {
    // What cannot be unpacked to its end was looked through as far as anybody can read it.
    if ((error as { severity?: unknown } | null)?.severity !== undefined) throw error
  }
  return false
}

/** Folding knows the cases of ASCII alone; of other letters a text is looked for as it is, in capitals and without. */
function casesOf(text: string): string[] {
  const composed = [text.normalize('NFC'), text.normalize('NFD')]
  return [...new Set(composed.flatMap((form) => [form, form.toLowerCase(), form.toUpperCase()]))]
}

/** The bytes of a text in every form in which a file may have it. */
function formsOf(text: string): string[] {
  const escaped = text.replace(/[^\x20-\x7e]/g, (character) =>
    [...character].map((each) => `\\u${each.charCodeAt(0).toString(16).padStart(4, '0')}`).join(''),
  )
  const forms = [...new Set([text, inJson(text), escaped])]
  const wide = (form: string) => Buffer.from(form, 'utf16le')
  return forms.flatMap((form) => [Buffer.from(form), wide(form), wide(form).swap16()].map(folded))
}

/** One character a byte, in lower case: bytes that fold alike are alike, whatever they encode. */
function folded(bytes: Buffer): string {
  return bytes.toString('latin1').toLowerCase()
}
