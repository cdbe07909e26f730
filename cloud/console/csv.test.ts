import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Columns, csvOf } from './csv.ts'

const cellsOf = (text: string) => csvOf([{ text }], { text: ({ text }) => text }).split('\r\n')[1]

describe('a file for spreadsheets', () => {
  it('has a mark of UTF-8, its headings and a line a row', () => {
    const rows = [
      { name: 'Анна', points: -5, isFrozen: false, at: null },
      { name: 'a "b", c\nd', points: 7, isFrozen: true, at: '2026-01-21' },
    ]
    expect(
      csvOf(rows, {
        name: ({ name }) => name,
        points: ({ points }) => points,
        frozen: ({ isFrozen }) => isFrozen,
        at: ({ at }) => at,
      }),
    ).toBe('\u{feff}name,points,frozen,at\r\nАнна,-5,false,\r\n"a ""b"", c\nd",7,true,2026-01-21\r\n')
  })

  it('is for a person as their Excel opens it', () => {
    const rows = [
      { name: 'Анна; Вера', kopecks: 123456, share: 1250, points: -5, at: '2026-01-21T21:30:07.000Z' },
    ]
    const columns: Columns<(typeof rows)[number]> = {
      name: ({ name }) => name,
      net_kopecks: ({ kopecks }) => kopecks,
      refunds_bp: ({ share }) => share,
      points: ({ points }) => points,
      at: ({ at }) => at,
    }
    expect(csvOf(rows, columns, { language: 'ru', timeZone: 'Europe/Moscow' })).toBe(
      '\u{feff}name;net_roubles;refunds_percent;points;at\r\n"Анна; Вера";1234,56;12,50;-5;2026-01-22 00:30:07\r\n',
    )
    expect(csvOf(rows, columns, { language: 'en' })).toBe(
      '\u{feff}name,net_roubles,refunds_percent,points,at\r\n"Анна; Вера",1234.56,12.50,-5,2026-01-21T21:30:07.000Z\r\n',
    )
  })

  it.each(['=1+1', '+7 900', '-1', '@SUM(A1)', '\t=1', ' =1', '\u00a0=1', '|calc', '%0', '＝1'])(
    'takes what was typed for text: %j',
    (text) => {
      expect(cellsOf(text)?.replace(/^"/, '')).toMatch(/^'/)
    },
  )

  it('never lets a cell begin a formula, whatever was typed', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom('=', '+', '-', '@', ' ', '"', ',', '\t', '\r', '\n', 'a') }),
        (text) => {
          const cell = csvOf([{ text }], { text: ({ text }) => text }).slice('\u{feff}text\r\n'.length)
          expect(cell.replace(/^"/, '').trim()).not.toMatch(/^[=+\-@]/)
        },
      ),
    )
  })
})
