import { entities } from '../filters/entities/index.ts'
import { builder } from './builder.ts'
import { columnsOf, described, nodeOf } from './columns.ts'

const { siteResearch, prioritizedUrl, scrapedPage } = entities

export const SiteResearch = builder.prismaNode('SiteResearch', {
  ...nodeOf(siteResearch),
  fields: (t) => ({
    ...columnsOf(t, siteResearch),
    run: t.relation('run', described(siteResearch, 'run')),
    prioritizedUrls: t.relation('prioritizedUrls', {
      query: { orderBy: [{ position: 'asc' }, { id: 'asc' }] },
      description: 'The URLs with their ratings, in order.',
    }),
    scrapedPages: t.relation('scrapedPages', {
      query: { orderBy: [{ position: 'asc' }, { id: 'asc' }] },
      description: 'The pages that were read, in order.',
    }),
  }),
})

export const PrioritizedUrl = builder.prismaNode('PrioritizedUrl', {
  ...nodeOf(prioritizedUrl),
  fields: (t) => ({
    ...columnsOf(t, prioritizedUrl),
    siteResearch: t.relation('siteResearch', described(prioritizedUrl, 'siteResearch')),
  }),
})

export const ScrapedPage = builder.prismaNode('ScrapedPage', {
  ...nodeOf(scrapedPage),
  fields: (t) => ({
    ...columnsOf(t, scrapedPage),
    siteResearch: t.relation('siteResearch', described(scrapedPage, 'siteResearch')),
  }),
})
