import { qualityPoints } from '../../model/playbook-quality.ts'
import { countCharacters, countPlaceholders, countWords, foldName } from '../../model/text.ts'
import { parseTimestamp } from '../../model/time.ts'
import { extraOf, isObject } from '../wire.ts'
import { playbookIdOf, type RunContext } from './run-decoder.ts'
import {
  battleCard,
  battleCardShape,
  emailSequence,
  emailSequenceShape,
  emailTouch,
  emailTouchShape,
  positioning,
  positioningShape,
  salesPlaybook,
  salesPlaybookShape,
  talkScript,
  talkScriptShape,
  talkTrack,
  talkTrackShape,
} from './wire.ts'

/** Phase 4's `sales_playbook`, with its email sequences, talk tracks and battle cards, and its quality score. */
export function decodePlaybook(context: RunContext, value: Record<string, unknown>, pointer: string): void {
  const { decoding, owner } = context
  const read = decoding.read(salesPlaybook, value, pointer)
  if (!read) return
  const sequences = read.email_sequences.map((sequence, position) =>
    decodeSequence(context, sequence, position, `${pointer}/email_sequences/${position}`),
  )
  read.talk_tracks.forEach((track, position) => {
    decodeTalkTrack(context, track, position, `${pointer}/talk_tracks/${position}`)
  })
  const cards = read.battle_cards.map((card, position) =>
    decodeBattleCard(context, card, position, `${pointer}/battle_cards/${position}`),
  )
  const points = qualityPoints({
    sequences: sequences.filter((bodies) => bodies !== null),
    battleCards: cards.filter((competitors) => competitors !== null),
    priorityPersonas: read.priority_personas.length,
    quickWins: read.quick_wins.length,
  })
  const generated = read.generated_date ? parseTimestamp(read.generated_date) : null
  if (read.generated_date && !generated) {
    decoding.reject(
      'SCHEMA',
      `${pointer}/generated_date: expected a date, found ${JSON.stringify(read.generated_date)}`,
      `${pointer}/generated_date`,
    )
  }
  decoding.rows.add('playbooks', {
    id: playbookIdOf(context),
    ...owner,
    vendor_name: read.vendor_name,
    prospect_name: read.prospect_name,
    generated_on: generated,
    executive_summary: read.executive_summary,
    priority_personas: read.priority_personas,
    quick_wins: read.quick_wins,
    success_metrics: read.success_metrics,
    quality_score: points.reduce((sum, of) => sum + of, 0),
    quality_points: points,
    extra: extraOf(value, salesPlaybookShape),
  })
}

/** @returns the bodies of its touches, null for a sequence that could not be read */
function decodeSequence(
  context: RunContext,
  value: unknown,
  position: number,
  pointer: string,
): (string | null)[] | null {
  const { decoding, owner } = context
  const read = decoding.read(emailSequence, value, pointer)
  if (!read) return null
  const playbookId = playbookIdOf(context)
  const id = decoding.ids.of('email_sequence', playbookId, position)
  const touches = read.touches.flatMap(
    (touch, place) => decodeTouch(context, id, touch, place, `${pointer}/touches/${place}`) ?? [],
  )
  const { touches: _, ...columns } = read
  decoding.rows.add('email_sequences', {
    id,
    ...owner,
    playbook_id: playbookId,
    position,
    ...columns,
    total_touches: read.total_touches ?? touches.length,
    // Over the touches that have a subject, or a body.
    average_subject_length: mean(touches.flatMap((touch) => (touch.subject === null ? [] : [touch.subjectLength]))),
    average_body_words: mean(touches.flatMap((touch) => (touch.body === null ? [] : [touch.bodyWords]))),
    personalization_tokens: touches.reduce((sum, touch) => sum + touch.personalizationTokens, 0),
    extra: extraOf(value as Record<string, unknown>, emailSequenceShape),
  })
  return touches.map(({ body }) => body)
}

type Touch = {
  subject: string | null
  body: string | null
  subjectLength: number
  bodyWords: number
  personalizationTokens: number
}

function decodeTouch(
  context: RunContext,
  sequenceId: string,
  value: unknown,
  position: number,
  pointer: string,
): Touch | null {
  const { decoding, owner } = context
  const read = decoding.read(emailTouch, value, pointer)
  if (!read) return null
  const touch = {
    subject: read.subject,
    body: read.body,
    subjectLength: countCharacters(read.subject ?? ''),
    bodyWords: countWords(read.body ?? ''),
    personalizationTokens: countPlaceholders(read.subject ?? '') + countPlaceholders(read.body ?? ''),
  }
  decoding.rows.add('email_touches', {
    id: decoding.ids.of('email_touch', sequenceId, position),
    ...owner,
    email_sequence_id: sequenceId,
    position,
    ...read,
    subject_length: touch.subjectLength,
    body_words: touch.bodyWords,
    personalization_tokens: touch.personalizationTokens,
    extra: extraOf(value as Record<string, unknown>, emailTouchShape),
  })
  return touch
}

function decodeTalkTrack(context: RunContext, value: unknown, position: number, pointer: string): void {
  const { decoding, owner } = context
  const read = decoding.read(talkTrack, value, pointer)
  if (!read) return
  const playbookId = playbookIdOf(context)
  const id = decoding.ids.of('talk_track', playbookId, position)
  const { cold_call_script, discovery_script, ...columns } = read
  decoding.rows.add('talk_tracks', {
    id,
    ...owner,
    playbook_id: playbookId,
    position,
    ...columns,
    extra: extraOf(value as Record<string, unknown>, talkTrackShape),
  })
  Object.entries({ cold_call_script, discovery_script }).forEach(([slot, script], place) => {
    if (!script) return
    const lines = decoding.read(talkScript, script, `${pointer}/${slot}`)
    if (!lines) return
    decoding.rows.add('talk_scripts', {
      id: decoding.ids.of('talk_script', id, slot),
      ...owner,
      talk_track_id: id,
      position: place,
      slot,
      ...lines,
      objection_responses: lines.objection_responses ?? {},
      extra: extraOf(script, talkScriptShape),
    })
  })
}

/** @returns the number of competitors it positions against, null for a card that could not be read */
function decodeBattleCard(context: RunContext, value: unknown, position: number, pointer: string): number | null {
  const { decoding, owner } = context
  const read = decoding.read(battleCard, value, pointer)
  if (!read) return null
  const playbookId = playbookIdOf(context)
  const id = decoding.ids.of('battle_card', playbookId, position)
  const { competitive_positioning, ...columns } = read
  decoding.rows.add('battle_cards', {
    id,
    ...owner,
    playbook_id: playbookId,
    position,
    ...columns,
    extra: extraOf(value as Record<string, unknown>, battleCardShape),
  })
  competitive_positioning.forEach((competitor, place) => {
    const against = decoding.read(positioning, competitor, `${pointer}/competitive_positioning/${place}`)
    if (!against) return
    const name = against.competitor_name?.trim() || null
    decoding.rows.add('competitive_positionings', {
      id: decoding.ids.of('competitive_positioning', id, place),
      ...owner,
      battle_card_id: id,
      position: place,
      ...against,
      competitor_name: name,
      competitor_key: name && foldName(name),
      extra: isObject(competitor) ? extraOf(competitor, positioningShape) : {},
    })
  })
  return competitive_positioning.length
}

function mean(values: number[]): number | null {
  return values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length
}
