import { identifiersOf, organizationIdOf } from '../../src/model/identifiers.ts'
import { themeOf } from '../../src/model/text.ts'
import type { TestDatabase } from '../database.ts'

export type PainPointRow = {
  description: string
  origin?: string
  category?: string
  runId?: string
  companyId?: string
  occurredAt?: string
}

/** Adds an organization's pain points as an import would: their ids come from their place. */
export async function addPainPoints(
  database: TestDatabase,
  painPoints: readonly (string | PainPointRow)[],
  organization = 'default',
): Promise<string[]> {
  const ids = identifiersOf(organizationIdOf(organization))
  const [{ count }] = (await database.sql('select count(*)::int as count from pain_points')) as [{ count: number }]
  const rows = painPoints.map((each, place) => {
    const { description, origin, category, runId, companyId, occurredAt } =
      typeof each === 'string' ? ({ description: each } as PainPointRow) : each
    return {
      id: ids.of('pain_point', 'test', count + place),
      organization_id: ids.organizationId,
      origin: origin ?? 'PROSPECT',
      description,
      theme: themeOf(description),
      category: category ?? null,
      position: place,
      run_id: runId ?? null,
      company_id: companyId ?? null,
      occurred_at: occurredAt ?? null,
    }
  })
  await database.insert('pain_points', rows)
  return rows.map(({ id }) => id)
}
