import DataLoader from 'dataloader'
import type { MetricsRow } from '../metrics/compile.ts'
import type { ObjectMetrics, Subject } from '../metrics/declaration.ts'
import { findMetricsOf, findTotalsOf } from '../metrics/object-metrics.ts'
import { SUBJECTS } from '../metrics/subjects/index.ts'
import { builder } from './builder.ts'
import type { Context } from './context.ts'
import { once, placeOf } from './lists.ts'
import { asOf, type Metrics, metricsFields, readQuestion } from './metrics.ts'
import type { MetricsArguments } from './metrics-arguments.ts'
import { type Group, placeId } from './metrics-types.ts'

type Page = { rows: MetricsRow[]; totalCount: number; groups: Group[] }

/** What the metrics of all objects at one place of a request have in common. */
type Siblings = {
  question: ReturnType<typeof readQuestion>
  pages: DataLoader<string, Page>
  totals: DataLoader<string, Record<string, unknown>>
}

for (const subject of SUBJECTS)
  for (const [type, object] of Object.entries(subject.objects ?? {})) addObjectMetrics(subject, type, object)

/** The metrics of one object, on its type. */
function addObjectMetrics(subject: Subject, type: string, object: ObjectMetrics): void {
  builder.prismaObjectField(type as 'Agent', object.field, (t) =>
    t.field({
      ...metricsFields.get(subject)!,
      description: object.description,
      select: { id: true },
      resolve: (parent, args, context, info): Metrics => {
        const places = placesOf.get(context) ?? new Map<string, Siblings>()
        placesOf.set(context, places)
        const place = placeOf(info)
        let siblings = places.get(place)
        if (!siblings) {
          // At one place all objects are asked the same: a document that differs there is not valid.
          siblings = newSiblings(context, object, readQuestion(subject, args as MetricsArguments, context, info))
          places.set(place, siblings)
        }
        const { question, pages, totals } = siblings
        const page = () => pages.load(parent.id)
        return {
          query: question.query,
          sign: question.sign,
          page,
          groups: async () => (await page()).groups,
          totals: once(() => totals.load(parent.id)),
          source: 'FACTS' as const,
          asOf: once(() => asOf(context)),
        }
      },
    }),
  )
}

const placesOf = new WeakMap<Context, Map<string, Siblings>>()

function newSiblings({ db }: Context, object: ObjectMetrics, question: Siblings['question']): Siblings {
  const query = { ...question.query, object }
  const asked = async (field: 'nodes' | 'totals') => ({
    ...query,
    found: await question.search(),
    terms: question.termsOf(field),
  })
  const all: Group[] = []
  const options = { maxBatchSize: Number.POSITIVE_INFINITY }
  return {
    question,
    pages: new DataLoader(async (ids) => {
      const pages = await findMetricsOf(db, await asked('nodes'), ids)
      return ids.map((objectId): Page => {
        const { rows, totalCount } = pages.get(objectId)!
        const groups = rows.map((row, place): Group => {
          return { row, query, objectId, id: placeId(all.length + place), siblings: all }
        })
        all.push(...groups)
        return { rows, totalCount, groups }
      })
    }, options),
    totals: new DataLoader(async (ids) => {
      const totals = await findTotalsOf(db, await asked('totals'), ids)
      return ids.map((id) => totals.get(id)!)
    }, options),
  }
}
