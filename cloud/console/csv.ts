type Cell = string | number | boolean | null | undefined

/** By the heading of its column. */
export type Columns<Row> = Record<string, (row: Row) => Cell>

/**
 * A table as spreadsheets read it: RFC 4180, in UTF-8 with the mark by which Excel knows that. What people have typed
 * must not become a formula there, which would run on the machine of whoever opens the file.
 */
export function csvOf<Row>(rows: readonly Row[], columns: Columns<Row>): string {
  const lines = [Object.keys(columns), ...rows.map((row) => Object.values(columns).map((cell) => cell(row)))]
  return `\u{feff}${lines.map((cells) => `${cells.map(cellOf).join(',')}\r\n`).join('')}`
}

/** Also behind blanks, which spreadsheets take off, and in the full width of Asian keyboards. */
const BEGINS_FORMULA = /^[\s\0]*[=+\-@|%\uff1d\uff0b\uff0d\uff20]|^[\t\r\n]/

function cellOf(cell: Cell): string {
  if (cell === null || cell === undefined) return ''
  if (typeof cell !== 'string') return String(cell)
  const text = BEGINS_FORMULA.test(cell) ? `'${cell}` : cell
  return /[",;\r\n]/.test(text) || text !== text.trim() ? `"${text.replaceAll('"', '""')}"` : text
}
