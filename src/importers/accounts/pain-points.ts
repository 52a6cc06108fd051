import { themeOf } from '../../model/text.ts'
import type { RowOf } from '../../store/bulk/row-batch.ts'
import type { Decoding } from '../decoding.ts'
import { isObject } from '../wire.ts'

type PainPointOrigin = 'ACCOUNT_RESEARCH' | 'CONVERSATION'
/** What all pain points of one list have in common. */
type Shared = Pick<RowOf<'pain_points'>, 'company_id' | 'conversation_id' | 'occurred_at'>

/**
 * The pain points that research or a conversation lists: texts, or objects with a `description`.
 * @param ownerId the row that they hang on
 * @param listed the list; one text alone is a list of one
 */
export function decodePainPoints(
  decoding: Decoding,
  origin: PainPointOrigin,
  ownerId: string,
  listed: unknown,
  shared: Shared,
): void {
  const list = Array.isArray(listed) ? listed : [listed]
  list.forEach((element, position) => {
    const { description, ...extra } = isObject(element) ? element : { description: element }
    const text = typeof description === 'string' ? description.trim() : ''
    // What is not a description stays in the row that holds the list, as written.
    if (text === '') return
    decoding.rows.add('pain_points', {
      id: decoding.ids.of('pain_point', origin, ownerId, position),
      organization_id: decoding.ids.organizationId,
      origin,
      description: description as string,
      theme: themeOf(text),
      position,
      ...shared,
      extra: extra as never,
    })
  })
}
