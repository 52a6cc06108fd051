import { type RawBuilder, sql } from 'kysely'

export type Condition = RawBuilder<boolean>

/** Whose rows a query reads, and names for the tables in it. */
export type Scope = {
  /** Null only where a test shows that row-level security alone keeps organizations apart. */
  readonly organizationId: string | null
}

/** A row of a table within a query. */
export type Row = { alias: string; column(name: string): RawBuilder<unknown> }

export function rowOf(alias: string): Row {
  return { alias, column: (name) => sql.ref(`${alias}.${name}`) }
}

/**
 * That a row belongs to the organization. Row-level security says the same; this one lets indexes lead with the
 * organization by a known value, and is the first of two guards. The only place that writes it, with `ownRows`.
 */
export function ofOrganization(row: Row, scope: Scope): Condition {
  return scope.organizationId === null
    ? sql<boolean>`true`
    : sql<boolean>`${row.column('organization_id')} = ${scope.organizationId}::uuid`
}

/** The same for Prisma: what `where` has beside other conditions. */
export function ownRows({ organizationId }: Scope): { organizationId?: string } {
  return organizationId === null ? {} : { organizationId }
}

export function all(conditions: readonly Condition[]): Condition {
  if (conditions.length === 0) return sql<boolean>`true`
  return conditions.length === 1 ? conditions[0]! : sql<boolean>`(${sql.join(conditions, sql` and `)})`
}

export function any(conditions: readonly Condition[]): Condition {
  if (conditions.length === 0) return sql<boolean>`false`
  return conditions.length === 1 ? conditions[0]! : sql<boolean>`(${sql.join(conditions, sql` or `)})`
}

/** The opposite, with the rows for which the condition is unknown because a value is null. */
export function not(condition: Condition): Condition {
  return sql<boolean>`(${condition}) is not true`
}
