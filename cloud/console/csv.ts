import type { Language } from '../../shared/me.ts'
import { localTimeOf } from '../../shared/rules/localTime.ts'

type Cell = string | number | boolean | null | undefined

/** By the heading of its column. */
export type Columns<Row> = Record<string, (row: Row) => Cell>

/** Who opens the file. Without a language it is a program, with one a person at their Excel. */
interface Reader {
  language?: Language | undefined
  /** By whose clock moments are; UTC if left out. */
  timeZone?: string | undefined
}

/** How Excel of a language splits lines into cells, and numbers into their parts. */
const EXCELS = {
  ru: { separator: ';', decimal: ',' },
  en: { separator: ',', decimal: '.' },
} satisfies Record<Language, { separator: string; decimal: string }>

/** What people count in hundreds of: its heading, and the one that a person reads. */
const HUNDREDTHS = [
  { unit: /kopecks$/, as: 'roubles' },
  { unit: /bp$/, as: 'percent' },
]

/**
 * A table as spreadsheets read it: RFC 4180, in UTF-8 with the mark by which Excel knows that. What people have typed
 * must not become a formula there, which would run on the machine of whoever opens the file.
 */
export function csvOf<Row>(rows: readonly Row[], columns: Columns<Row>, reader: Reader = {}): string {
  const { separator } = EXCELS[reader.language ?? 'en']
  const read = Object.entries(columns).map(([heading, cell]) => columnFor(heading, cell, reader))
  const lines = [
    read.map(({ heading }) => heading),
    ...rows.map((row) => read.map(({ textOf }) => textOf(row))),
  ]
  return `\u{feff}${lines.map((cells) => `${cells.join(separator)}\r\n`).join('')}`
}

function columnFor<Row>(heading: string, cell: (row: Row) => Cell, reader: Reader) {
  const { language } = reader
  const unit = language && HUNDREDTHS.find(({ unit }) => unit.test(heading))
  const decimal = EXCELS[language ?? 'en'].decimal
  return {
    heading: unit ? heading.replace(unit.unit, unit.as) : heading,
    textOf(row: Row): string {
      const value = cell(row)
      if (value === null || value === undefined) return ''
      if (typeof value === 'string') return quoted(momentFor(value, reader))
      if (typeof value !== 'number') return String(value)
      return (unit ? (value / 100).toFixed(2) : String(value)).replace('.', decimal)
    },
  }
}

/** Excel knows a moment without the letters of ISO 8601. */
function momentFor(text: string, { timeZone }: Reader): string {
  if (timeZone === undefined || !/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/.test(text)) return text
  const { day, time } = localTimeOf(Date.parse(text), timeZone)
  return `${day} ${time}${text.slice(16, 19)}`
}

/** Also behind blanks, which spreadsheets take off, and in the full width of Asian keyboards. */
const BEGINS_FORMULA = /^[\s\0]*[=+\-@|%\uff1d\uff0b\uff0d\uff20]|^[\t\r\n]/

function quoted(cell: string): string {
  const text = BEGINS_FORMULA.test(cell) ? `'${cell}` : cell
  return /[",;\r\n]/.test(text) || text !== text.trim() ? `"${text.replaceAll('"', '""')}"` : text
}
