import { expect, it } from 'vitest'
import { budgetEnd } from './budgetEnd.ts'

const begins = '2026-02-27'
const end = (limit: number, byDay: number[], days = byDay.length) => budgetEnd(byDay, { limit, begins, days })

it.each<[string, number, number[], [number | null, boolean, string | null]]>([
  ['on the day that takes the last of it', 100, [40, 60, 5], [2, true, '2026-02-28']],
  ['on its first day', 100, [500], [1, true, '2026-02-27']],
  ['on a later one, if days go on alike', 100, [10, 0, 20], [10, false, '2026-03-08']],
  ['not within ten years', 1_000_000, [1, 0], [null, false, null]],
  ['never, where nothing would be given', 100, [0, 0, 0], [null, false, null]],
])('a budget is used up %s', (_when, limit, byDay, [lastsDays, isSeen, usedUpOn]) => {
  expect(end(limit, byDay)).toMatchObject({ lastsDays, isSeen, usedUpOn })
})

it('says what would be given without it', () => expect(end(100, [70, 80]).needed).toBe(150))
