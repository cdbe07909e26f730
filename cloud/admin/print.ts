import { shownLine } from '../../shared/text.ts'

type Cell = string | number | null

/** 123450 → 1234.50 */
export const rubles = (kopecks: number): string => (kopecks / 100).toFixed(2)

/** Rows under their headings, for a terminal; numbers and money to the right. A row is one line, whatever its cells say. */
export function table(headings: string[], rows: Cell[][]): string {
  const lines = [headings, ...rows.map((row) => row.map(shownCell))]
  const widths = headings.map((_, column) => Math.max(...lines.map((line) => String(line[column]).length)))
  return lines
    .map((line) => {
      const cells = line.map((cell, column) => {
        const width = widths[column] ?? 0
        const isToTheRight = typeof cell === 'number' || MONEY.test(cell)
        return isToTheRight ? String(cell).padStart(width) : cell.padEnd(width)
      })
      return cells.join('  ').trimEnd()
    })
    .join('\n')
}

const MONEY = /^-?\d+\.\d\d$/

const shownCell = (cell: Cell) => (typeof cell === 'string' ? shownLine(cell) : (cell ?? '—'))
