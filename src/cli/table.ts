/** Lines of a table with a header; numbers are to the right. */
export function formatTable(header: string[], rows: (string | number | null)[][]): string[] {
  const cells = [header, ...rows.map((row) => row.map((cell) => (cell === null ? '' : String(cell))))]
  const widths = header.map((_, column) => Math.max(...cells.map((row) => row[column]!.length)))
  const isNumber = header.map(
    (_, column) => rows.length > 0 && rows.every((row) => typeof row[column] === 'number' || row[column] === null),
  )
  return cells.map((row) =>
    row
      .map((cell, column) => (isNumber[column] ? cell.padStart(widths[column]!) : cell.padEnd(widths[column]!)))
      .join('  ')
      .trimEnd(),
  )
}
