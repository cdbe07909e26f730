import { shownLine } from '../../shared/text.ts'
import { type Instant, toIso } from '../../shared/time.ts'

type Cell = string | number | null

/** Rows under their headings, for a terminal; numbers to the right. A row is one line, whatever its cells say. */
export function table(headings: string[], rows: Cell[][]): string {
  const lines = [headings, ...rows.map((row) => row.map(shownCell))]
  const widths = headings.map((_, column) => Math.max(...lines.map((line) => String(line[column]).length)))
  return lines
    .map((line) => {
      const cells = line.map((cell, column) => {
        const width = widths[column] ?? 0
        return typeof cell === 'number' ? String(cell).padStart(width) : cell.padEnd(width)
      })
      return cells.join('  ').trimEnd()
    })
    .join('\n')
}

const shownCell = (cell: Cell) => (typeof cell === 'string' ? shownLine(cell) : (cell ?? '—'))

/** `2026-01-21 00:00`, UTC. */
export function moment(at: Instant | string | null): string {
  if (at === null) return '—'
  return (typeof at === 'string' ? at : toIso(at)).slice(0, 16).replace('T', ' ')
}
