import { z } from 'zod'
import { themeOf } from '../../model/text.ts'
import type { RowOf } from '../../store/bulk/row-batch.ts'
import type { TableName } from '../../store/bulk/tables.ts'
import { extraOf, isObject, texts } from '../wire.ts'
import { decodeSources } from './decode-sources.ts'
import type { RunContext } from './run-decoder.ts'
import {
  buyerPersona,
  buyerPersonaShape,
  companyProfile,
  companyProfileShape,
  painPoint,
  painPointShape,
  type VendorList,
  vendorLists,
} from './wire.ts'

const withSources = { sources: true }
const vendorSchemas = Object.fromEntries(
  Object.entries(vendorLists).map(([list, { shape }]) => [list, z.object(shape as Record<string, z.ZodType>)]),
) as unknown as Record<VendorList, z.ZodType<Record<string, unknown>>>
const painPointTexts = z.object({ pain_points: texts() })

/** One element of phase 2's eight lists. */
export function decodeVendorElement(
  context: RunContext,
  list: VendorList,
  value: unknown,
  position: number,
  pointer: string,
): void {
  const { decoding, owner, runId } = context
  const { table, kind, shape } = vendorLists[list]
  const read = decoding.read(vendorSchemas[list], value, pointer)
  if (!read) return
  const id = decoding.ids.of(kind, runId, position)
  const given = value as Record<string, unknown>
  const known =
    list === 'vendor_icp_personas' ? { ...shape, ...withSources, pain_points: true } : { ...shape, ...withSources }
  decoding.rows.add(
    table as TableName,
    { id, ...owner, position, ...read, extra: extraOf(given, known) } as RowOf<TableName>,
  )
  decodeSources(context, id, given.sources, `${pointer}/sources`)
  if (list !== 'vendor_icp_personas') return
  decodePersonaPainPoints(context, 'VENDOR_PERSONA', id, position, given, pointer)
}

/** One of the prospect's pain points. */
export function decodePainPoint(context: RunContext, value: unknown, position: number, pointer: string): void {
  const { decoding, owner, runId, document } = context
  const read = decoding.read(painPoint, value, pointer)
  if (!read) return
  const id = decoding.ids.of('pain_point', 'PROSPECT', runId, position)
  decoding.rows.add('pain_points', {
    id,
    ...owner,
    origin: 'PROSPECT',
    theme: themeOf(read.description),
    position,
    occurred_at: document.startedAt,
    company_id: context.prospectId,
    ...read,
    extra: extraOf(value as Record<string, unknown>, { ...painPointShape, ...withSources }),
  })
  decodeSources(context, id, (value as Record<string, unknown>).sources, `${pointer}/sources`)
}

/** One of the prospect's buyer personas, with its pain points. */
export function decodeBuyerPersona(context: RunContext, value: unknown, position: number, pointer: string): void {
  const { decoding, owner, runId } = context
  const read = decoding.read(buyerPersona, value, pointer)
  if (!read) return
  const id = decoding.ids.of('buyer_persona', runId, position)
  const given = value as Record<string, unknown>
  decoding.rows.add('buyer_personas', {
    id,
    ...owner,
    company_id: context.prospectId,
    position,
    ...read,
    extra: extraOf(given, { ...buyerPersonaShape, ...withSources, pain_points: true }),
  })
  decodeSources(context, id, given.sources, `${pointer}/sources`)
  decodePersonaPainPoints(context, 'BUYER_PERSONA', id, position, given, pointer)
}

/** Positions of personas' pain points follow those of the prospect's own; a persona has room for this many. */
const POSITIONS_A_PERSONA = 1000

function decodePersonaPainPoints(
  context: RunContext,
  origin: 'BUYER_PERSONA' | 'VENDOR_PERSONA',
  personaId: string,
  personaPosition: number,
  persona: Record<string, unknown>,
  pointer: string,
): void {
  const { decoding, owner, document } = context
  const read = decoding.read(painPointTexts, persona, pointer)
  read?.pain_points.forEach((description, place) => {
    decoding.rows.add('pain_points', {
      id: decoding.ids.of('pain_point', origin, personaId, place),
      ...owner,
      origin,
      description,
      theme: themeOf(description),
      position: (personaPosition + (origin === 'BUYER_PERSONA' ? 1 : 1001)) * POSITIONS_A_PERSONA + place,
      occurred_at: document.startedAt,
      company_id: origin === 'BUYER_PERSONA' ? context.prospectId : context.vendorId,
      ...(origin === 'BUYER_PERSONA' ? { buyer_persona_id: personaId } : { vendor_persona_id: personaId }),
    })
  })
}

/** What phase 3 says of the prospect. */
export function decodeCompanyProfile(context: RunContext, value: unknown, pointer: string): void {
  if (!isObject(value)) return
  const { decoding, owner, runId } = context
  const read = decoding.read(companyProfile, value, pointer)
  if (!read) return
  const id = decoding.ids.of('company_profile', runId)
  decoding.rows.add('company_profiles', {
    id,
    ...owner,
    ...read,
    extra: extraOf(value, { ...companyProfileShape, ...withSources }),
  })
  decodeSources(context, id, value.sources, `${pointer}/sources`)
}
