/**
 * Makes Prisma's SQL ours: text sorts by code point (Prisma cannot say COLLATE), and a new table that belongs to an
 * organization is put under row-level security.
 */
export function finishSql(sql: string, options: { protectTables: boolean }): string {
  const collated = sql
    .replace(/^( +"[^"]+" (?:TEXT|VARCHAR\(\d+\)|CHAR\(\d+\))(?:\[\])?)/gm, '$1 COLLATE "C"')
    .replace(/(\bADD COLUMN +"[^"]+" (?:TEXT|VARCHAR\(\d+\)|CHAR\(\d+\))(?:\[\])?)/g, '$1 COLLATE "C"')
    .replace(/(\bSET DATA TYPE (?:TEXT|VARCHAR\(\d+\)|CHAR\(\d+\))(?:\[\])?)/g, '$1 COLLATE "C"')
  if (!options.protectTables) return collated
  const calls = tenantTables(sql).map((table) => `CALL crossrun_protect('${table}');\n`)
  return calls.length === 0 ? collated : `${collated.trimEnd()}\n\n-- Protect\n${calls.join('')}`
}

function tenantTables(sql: string): string[] {
  return [...sql.matchAll(/^CREATE TABLE "([^"]+)" \(\n([\s\S]*?)^\);/gm)]
    .filter(([, , columns]) => columns!.includes('"organization_id"'))
    .map(([, table]) => table!)
}
