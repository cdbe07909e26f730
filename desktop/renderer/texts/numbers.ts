import { formatKopecks, formatRubles, formatWhole } from '../../../shared/numbers.ts'
import type { Instant } from '../../../shared/time.ts'
import { plural } from '../../../shared/words/plural.ts'
import { englishWords, russianWords } from '../../../shared/words/words.ts'
import { formatMoment, formatTime } from '../dates.ts'

/** How numbers, sums and times are said. */
export const russian = {
  locale: 'ru-RU',
  decimal: ',',
  points: russianWords.points,
  pointsWord: russianWords.pointsWord,
  rubles: (count: number) => formatRubles(count),
  money: (kopecks: number) => formatKopecks(kopecks, ','),
  /** So many at most, where only the ledger can say how many. */
  upTo: (isSure: boolean): string => (isSure ? '' : 'до '),
  pointsUpTo: (count: number, isSure: boolean): string =>
    isSure
      ? russianWords.points(count)
      : `до ${formatWhole(count)} ${plural(count, 'балла', 'баллов', 'баллов')}`,
  moment: (at: Instant, now: Instant) => formatMoment(at, now, 'ru-RU'),
  time: (at: Instant) => formatTime(at, 'ru-RU'),
  age(ms: number): string {
    const minutes = Math.floor(ms / 60_000)
    if (minutes < 1) return 'меньше минуты'
    if (minutes < 60) return `${minutes} мин`
    const hours = Math.floor(minutes / 60)
    return hours < 24 ? `${hours} ч` : `${Math.floor(hours / 24)} дн`
  },
}

export const english: typeof russian = {
  locale: 'en-GB',
  decimal: '.',
  points: englishWords.points,
  pointsWord: englishWords.pointsWord,
  rubles: (count) => formatRubles(count),
  money: (kopecks) => formatKopecks(kopecks, '.'),
  upTo: (isSure) => (isSure ? '' : 'up to '),
  pointsUpTo: (count, isSure) => `${english.upTo(isSure)}${englishWords.points(count)}`,
  moment: (at, now) => formatMoment(at, now, 'en-GB'),
  time: (at) => formatTime(at, 'en-GB'),
  age(ms) {
    const minutes = Math.floor(ms / 60_000)
    if (minutes < 1) return 'under a minute'
    if (minutes < 60) return `${minutes} min`
    const hours = Math.floor(minutes / 60)
    return hours < 24 ? `${hours} h` : `${Math.floor(hours / 24)} d`
  },
}
