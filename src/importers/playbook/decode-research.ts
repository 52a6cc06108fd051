import { z } from 'zod'
import { countCharacters } from '../../model/text.ts'
import { extraOf, isObject } from '../wire.ts'
import { type RunContext, siteResearchIdOf } from './run-decoder.ts'
import type { Side } from './run-document.ts'
import { companyBasics, companyBasicsShape, prioritizedUrl, prioritizedUrlShape, researchParts } from './wire.ts'

const parts = {
  validation: z.object(researchParts.validation),
  homepage: z.object(researchParts.homepage),
  homepage_analysis: z.object(researchParts.homepage_analysis),
  url_prioritization: z.object(researchParts.url_prioritization),
  batch_content: z.object(researchParts.batch_content),
}

/**
 * Phase 1 of one side: what was found out about its website.
 * @param pages URLs of the side's scraped pages, which are decoded one by one elsewhere
 * @returns the name that the home page's analysis gives the company
 */
export function decodeResearch(
  context: RunContext,
  output: Record<string, unknown>,
  side: Side,
  pages: Set<string>,
): string | null {
  const { decoding, owner } = context
  const pointer = (name: string) => `/phase1_output/${side}_${name}`
  const part = <T>(name: keyof typeof parts, schema: z.ZodType<T>): T | null => {
    const value = output[`${side}_${name}`]
    return value === null || value === undefined ? null : decoding.read(schema, value, pointer(name))
  }
  const validation = part('validation', parts.validation)
  const homepage = part('homepage', parts.homepage)
  const analysis = part('homepage_analysis', parts.homepage_analysis)
  const prioritization = part('url_prioritization', parts.url_prioritization)
  const batch = part('batch_content', parts.batch_content)
  if (!validation && !homepage && !analysis && !prioritization && !batch && pages.size === 0) return null

  const basics = analysis?.company_basics
    ? decoding.read(companyBasics, analysis.company_basics, `${pointer('homepage_analysis')}/company_basics`)
    : null
  const id = siteResearchIdOf(context, side)
  const scores = decodePrioritizedUrls(
    context,
    id,
    prioritization?.prioritized_urls ?? [],
    pages,
    pointer('url_prioritization'),
  )
  decoding.rows.add('site_researches', {
    id,
    ...owner,
    side: side === 'vendor' ? 'VENDOR' : 'PROSPECT',
    domain: validation?.domain ?? null,
    urls_discovered: validation?.urls_discovered ?? [],
    url_count: validation?.url_count ?? (validation ? validation.urls_discovered.length : null),
    mapped_at: decoding.time(validation?.map_timestamp),
    validation_status: validation?.validation_status ?? null,
    validation_error: validation?.error_message ?? null,
    homepage_url: homepage?.url ?? null,
    homepage_markdown: homepage?.markdown_content ?? null,
    homepage_chars: homepage?.char_count ?? null,
    homepage_words: homepage?.word_count ?? null,
    homepage_scraped_at: decoding.time(homepage?.scrape_timestamp),
    homepage_metadata: homepage?.metadata ?? null,
    company_name: basics?.name ?? null,
    tagline: basics?.tagline ?? null,
    primary_offering: basics?.primary_offering ?? null,
    key_offerings: analysis?.key_offerings ?? [],
    calls_to_action: analysis?.ctas ?? [],
    analyzed_at: decoding.time(analysis?.analysis_timestamp),
    urls_evaluated: prioritization?.total_urls_evaluated ?? null,
    urls_selected: prioritization ? (prioritization.urls_selected ?? prioritization.prioritized_urls.length) : null,
    lowest_selected_score: scores.length > 0 ? Math.min(...scores) : null,
    prioritized_at: decoding.time(prioritization?.prioritization_timestamp),
    pages_scraped: batch?.page_count ?? (batch || pages.size > 0 ? pages.size : null),
    scraped_chars: batch?.total_chars ?? null,
    scraped_words: batch?.total_words ?? null,
    scraped_at: decoding.time(batch?.scrape_timestamp),
    failed_urls: batch?.failed_urls ?? [],
    extra: extras(output, side),
  })
  return basics?.name ?? null
}

/** @returns the priority scores of the selected URLs */
function decodePrioritizedUrls(
  context: RunContext,
  siteResearchId: string,
  urls: unknown[],
  pages: Set<string>,
  pointer: string,
): number[] {
  const { decoding, owner } = context
  const scores: number[] = []
  urls.forEach((value, position) => {
    const read = decoding.read(prioritizedUrl, value, `${pointer}/prioritized_urls/${position}`)
    if (!read) return
    if (read.priority_score !== null) scores.push(read.priority_score)
    decoding.rows.add('prioritized_urls', {
      id: decoding.ids.of('prioritized_url', siteResearchId, position),
      ...owner,
      site_research_id: siteResearchId,
      position,
      ...read,
      scraped: pages.has(read.url),
      extra: extraOf(value as Record<string, unknown>, prioritizedUrlShape),
    })
  })
  return scores
}

/** One scraped page of a side. */
export function decodePage(
  context: RunContext,
  side: Side,
  url: string,
  markdown: unknown,
  position: number,
  pointer: string,
): void {
  const { decoding, owner } = context
  if (markdown !== null && typeof markdown !== 'string') {
    decoding.reject('SCHEMA', `${pointer}: expected the page's text`, pointer, markdown)
    return
  }
  const siteResearchId = siteResearchIdOf(context, side)
  decoding.rows.add('scraped_pages', {
    id: decoding.ids.of('scraped_page', siteResearchId, url),
    ...owner,
    site_research_id: siteResearchId,
    position,
    url,
    markdown: markdown ?? '',
    chars: countCharacters(markdown ?? ''),
  })
}

/** What the side's parts hold beyond their known fields, by part. */
function extras(output: Record<string, unknown>, side: Side): Record<string, unknown> {
  const all: Record<string, unknown> = {}
  for (const [name, shape] of Object.entries(researchParts)) {
    const value = output[`${side}_${name}`]
    if (!isObject(value)) continue
    const extra = extraOf(value, shape)
    if (Object.keys(extra).length > 0) all[name] = extra
    if (name !== 'homepage_analysis' || !isObject(value.company_basics)) continue
    const basics = extraOf(value.company_basics, companyBasicsShape)
    if (Object.keys(basics).length > 0) all.company_basics = basics
  }
  return all
}
