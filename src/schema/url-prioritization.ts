import { entities } from '../filters/entities/index.ts'
import {
  type UrlCategory,
  type UsualPrioritization,
  urlCategoriesOf,
  usualPrioritizationOf,
} from '../measures/url-prioritization.ts'
import type { CompanySide } from '../store/generated/prisma/client.ts'
import { builder } from './builder.ts'
import { enumOf } from './enums.ts'
import { question } from './loaders.ts'
import { Run } from './runs.ts'

const { fields } = entities.siteResearch

const categoriesOf = question<void, UrlCategory[]>(({ db, scope }, sites) => urlCategoriesOf(db, scope, sites), [])

const usualOf = question<void, UsualPrioritization>(({ db, scope }, sites) => usualPrioritizationOf(db, scope, sites), {
  runs: 0,
  medianUrlsSelected: null,
  medianLowestSelectedScore: null,
})

const UrlCategoryType = builder.objectRef<UrlCategory>('UrlCategory').implement({
  description: 'The chosen URLs of one category.',
  fields: (t) => ({
    category: t.exposeString('category', { nullable: true, description: 'The category, as written.' }),
    urls: t.exposeInt('urls', { description: 'Number of URLs.' }),
    averageScore: t.exposeFloat('averageScore', {
      nullable: true,
      description: 'Mean of their priority scores, 0–10.',
    }),
  }),
})

const UsualPrioritizationType = builder.objectRef<UsualPrioritization>('UsualPrioritization').implement({
  description: 'What other runs of the pipeline did on the same side.',
  fields: (t) => ({
    runs: t.exposeInt('runs', { description: 'Number of other COMPLETED runs it is taken from.' }),
    medianUrlsSelected: t.exposeFloat('medianUrlsSelected', {
      nullable: true,
      description: 'Median of the numbers of chosen URLs.',
    }),
    medianLowestSelectedScore: t.exposeFloat('medianLowestSelectedScore', {
      nullable: true,
      description: 'Median of the smallest priority scores among the chosen URLs, 0–10.',
    }),
  }),
})

const UrlPrioritization = builder.prismaObject('SiteResearch', {
  variant: 'UrlPrioritization',
  description: "How a run chose the pages of one side's website to read.",
  select: { id: true },
  fields: (t) => ({
    urlsDiscovered: t.int({
      description: 'Number of URLs found on the site: as reported, else those in the list.',
      select: { urlCount: true, urlsDiscovered: true },
      resolve: ({ urlCount, urlsDiscovered }) => urlCount ?? urlsDiscovered.length,
    }),
    urlsEvaluated: t.exposeInt('urlsEvaluated', { nullable: true, description: fields.urlsEvaluated!.description }),
    urlsSelected: t.exposeInt('urlsSelected', { nullable: true, description: fields.urlsSelected!.description }),
    lowestSelectedScore: t.exposeFloat('lowestSelectedScore', {
      nullable: true,
      description: fields.lowestSelectedScore!.description,
    }),
    pagesScraped: t.exposeInt('pagesScraped', { nullable: true, description: fields.pagesScraped!.description }),
    failedUrls: t.exposeStringList('failedUrls', { description: fields.failedUrls!.description }),
    byCategory: t.field({
      type: [UrlCategoryType],
      description: 'The chosen URLs by category, most URLs first, then by category.',
      resolve: ({ id }, _args, context) => categoriesOf(context, id),
    }),
    urls: t.relation('prioritizedUrls', {
      query: { orderBy: [{ position: 'asc' }, { id: 'asc' }] },
      description: 'The chosen URLs with their ratings, in order.',
    }),
    usual: t.field({
      type: UsualPrioritizationType,
      description: 'What the other COMPLETED runs of the pipeline did on the same side.',
      resolve: ({ id }, _args, context) => usualOf(context, id),
    }),
  }),
})

builder.prismaObjectField(Run, 'urlPrioritization', (t) =>
  t.field({
    type: UrlPrioritization,
    nullable: true,
    args: { side: t.arg({ type: enumOf('CompanySide'), required: true, description: 'Whose website.' }) },
    description: "How it chose the pages of one side's website to read; null when it did not look at it.",
    select: ({ side }, _context, nestedSelection) => ({
      siteResearches: nestedSelection({ where: { side: side as CompanySide } }),
    }),
    resolve: ({ siteResearches }) => (siteResearches as never[])[0] ?? null,
  }),
)
