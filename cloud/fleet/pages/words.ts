import { known } from '../../../shared/known.ts'
import type { Instant } from '../../../shared/time.ts'
import { plural } from '../../../shared/words/plural.ts'
import { durationsIn } from '../durations.ts'

// What these pages say to a chain's IT, in Russian; commands and what registers say of themselves stay as they are.

/** Names of what is amiss with a register, and of alerts. */
const concerns: Record<string, string> = {
  silent: 'молчит',
  queue: 'не отправляет',
  exchange: 'обмен с 1С',
  discrepancy: 'расхождение',
  job: 'задание не удалось',
  audit: 'сверка не сошлась',
  holds: 'много удержаний',
  lookups: 'много поисков карт',
  purchases: 'много покупок',
  points: 'много баллов',
  merges: 'много объединений карт',
  break_glass: 'сделано в одиночку',
  budget: 'бюджет',
  limit: 'предел дня',
  parked: 'отложенные',
  clock: 'часы',
  update: 'обновление',
}
export const concernOf = (kind: string) => known(concerns, kind) ?? kind

const exchanges: Record<string, string> = { ok: 'работает' }
export const exchangeOf = (said: string) => known(exchanges, said) ?? said

const updates: Record<string, string> = {
  none: 'новых нет',
  checking: 'ищет',
  downloading: 'скачивает',
  ready: 'готово',
  installing: 'ставит',
  failed: 'не удалось',
}
export const updateState = (said: string) => known(updates, said) ?? said

export const registersWord = (count: number) => plural(count, 'касса', 'кассы', 'касс')
export const alertsWord = (count: number) =>
  plural(count, 'открытая тревога', 'открытые тревоги', 'открытых тревог')

export const { ago, offset } = durationsIn({ second: 'с', minute: 'мин', hour: 'ч', day: 'дн.' })

/** `29.11.2026, 19:00:05`, by the clocks of the shops. */
export const moment = (at: Instant, timeZone: string) =>
  new Intl.DateTimeFormat('ru-RU', { dateStyle: 'short', timeStyle: 'medium', timeZone }).format(at)
/** The same without the day. */
export const clock = (at: Instant, timeZone: string) =>
  new Intl.DateTimeFormat('ru-RU', { timeStyle: 'short', timeZone }).format(at)
