import {
  boolean,
  dateTime,
  entity,
  extra,
  float,
  integer,
  json,
  long,
  many,
  one,
  oneOf,
  required,
  text,
  textList,
} from '../declaration.ts'
import { run } from './runs.ts'

export const siteResearch = entity({
  name: 'SiteResearch',
  table: 'site_researches',
  description:
    "What a run found out about one side's website: validation, home page, URL prioritization, scraped pages.",
  fields: {
    side: oneOf('CompanySide', 'Whose website it is.', required),
    domain: text('The domain, as written.'),
    urlsDiscovered: textList('The URLs found on the site.'),
    urlCount: integer('Number of URLs found, as reported.'),
    mappedAt: dateTime('When the site was mapped.'),
    validationStatus: text('The outcome of the validation, as written.'),
    validationError: text('What was wrong with the site.'),
    homepageUrl: text('The address of the home page.'),
    homepageMarkdown: text('The home page, as Markdown.', long),
    homepageChars: integer('Length of the home page, in characters.'),
    homepageWords: integer('Length of the home page, in words.'),
    homepageScrapedAt: dateTime('When the home page was read.'),
    homepageMetadata: json('Metadata of the home page, as written.'),
    companyName: text('The company, as its home page names it.'),
    tagline: text("The home page's tagline."),
    primaryOffering: text('What the company mainly sells.'),
    keyOfferings: textList('What else it sells.'),
    callsToAction: textList('What the home page asks visitors to do.'),
    analyzedAt: dateTime('When the home page was analyzed.'),
    urlsEvaluated: integer('Number of URLs that were rated.'),
    urlsSelected: integer('Number of URLs that were chosen for scraping.'),
    lowestSelectedScore: float('The smallest priority score among the chosen URLs, 0–10.'),
    prioritizedAt: dateTime('When the URLs were rated.'),
    pagesScraped: integer('Number of pages that were read.'),
    scrapedChars: integer('Length of the pages that were read, in characters.'),
    scrapedWords: integer('Length of the pages that were read, in words.'),
    scrapedAt: dateTime('When the pages were read.'),
    failedUrls: textList('URLs that could not be read.'),
    extra,
  },
  relations: {
    run: one(() => run, 'run_id', 'The run it was made in.', { optional: false }),
    prioritizedUrls: many(() => prioritizedUrl, 'site_research_id', 'The URLs with their ratings.'),
    scrapedPages: many(() => scrapedPage, 'site_research_id', 'The pages that were read.'),
  },
  order: { side: 'ASC' },
})

export const prioritizedUrl = entity({
  name: 'PrioritizedUrl',
  table: 'prioritized_urls',
  description: 'A URL that was chosen for scraping, with its rating.',
  fields: {
    position: integer('Its place in the list, from 0.', required),
    url: text('The URL.', required),
    category: text('The kind of page, as written.'),
    priorityScore: float('How promising it is, 0–10.'),
    reasoning: text('Why it got this rating.', long),
    scraped: boolean('Whether the page was read.', required),
    extra,
  },
  relations: {
    siteResearch: one(() => siteResearch, 'site_research_id', 'The research it is part of.', { optional: false }),
  },
  order: { position: 'ASC' },
})

export const scrapedPage = entity({
  name: 'ScrapedPage',
  table: 'scraped_pages',
  description: 'A page that was read.',
  fields: {
    position: integer('Its place in the list, from 0.', required),
    url: text('The URL.', required),
    markdown: text('The page, as Markdown.', { ...required, ...long }),
    chars: integer('Length of the page, in characters.', required),
  },
  relations: {
    siteResearch: one(() => siteResearch, 'site_research_id', 'The research it is part of.', { optional: false }),
  },
  order: { position: 'ASC' },
})
