import { mondayOf } from '../../../../shared/rules/budget.ts'
import type { Formats } from '../format.ts'
import type { ruleWords } from './words.ts'

/** The period of a budget: `total`, `2026-01`, `2026-W04` or `2026-01-21`. */
export function saidPeriod(period: string, texts: (typeof ruleWords)['ru'], formats: Formats): string {
  if (period === 'total') return texts.allTime
  if (period.includes('W')) return texts.week(formats.calendarDay(mondayOf(period)))
  return period.length === '2026-01'.length ? formats.month(period) : formats.calendarDay(period)
}
