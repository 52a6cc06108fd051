type Cell = string | number | null

/** A column that had to give way to the width keeps at least so much. */
const NARROWEST = 8

/**
 * Lines of a table with a header; numbers are to the right, and so are the columns in `right`.
 * @param width of the terminal, in characters: the widest columns are cut until the lines fit; null cuts nothing
 */
export function formatTable(
  header: string[],
  rows: Cell[][],
  { right = [], width = null }: { right?: number[]; width?: number | null } = {},
): string[] {
  const cells = [header, ...rows.map((row) => row.map((cell) => (cell === null ? '' : String(cell))))]
  const isRight = header.map(
    (_, column) =>
      right.includes(column) ||
      (rows.length > 0 && rows.every((row) => typeof row[column] === 'number' || row[column] === null)),
  )
  const wanted = header.map((_, column) => Math.max(...cells.map((row) => row[column]!.length)))
  const widths = width === null ? wanted : fitted(wanted, isRight, width)
  return cells.map((row) =>
    row
      .map((cell, column) => {
        const room = widths[column]!
        const text = cell.length > room ? `${cell.slice(0, room - 1)}…` : cell
        return isRight[column] ? text.padStart(room) : text.padEnd(room)
      })
      .join('  ')
      .trimEnd(),
  )
}

/** Takes from the widest column of text, a character at a time, until all fit or none can give more. */
function fitted(wanted: number[], isRight: boolean[], width: number): number[] {
  const widths = [...wanted]
  const total = () => widths.reduce((sum, each) => sum + each + 2, -2)
  while (total() > width) {
    const widest = widths.reduce(
      (best, each, column) => (isRight[column] || each <= (widths[best] ?? NARROWEST) ? best : column),
      -1,
    )
    if (widest === -1 || widths[widest]! <= NARROWEST) break
    widths[widest]!--
  }
  return widths
}
