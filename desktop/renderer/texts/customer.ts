import type { Instant } from '../../../shared/time.ts'
import { englishStatusWords, russianStatusWords } from '../../../shared/words/status.ts'
import { formatDay, formatUtcDay } from '../dates.ts'
import { english as en, russian as ru } from './numbers.ts'

export const russian = {
  customer: {
    unknown: 'Покупатель',
    card: (card: string) => `Карта ${card}`,
    available: (count: number) => `${ru.pointsWord(count)} можно потратить`,
    availableAsOf: (count: number, moment: string) => `${ru.pointsWord(count)} на ${moment}`,
    balanceUnknown: 'Баланс узнаем, когда появится связь',
    expires: (count: number, lastDay: Instant) =>
      `${ru.points(count)} можно потратить по ${formatUtcDay(lastDay, ru.locale)} включительно`,
    waiting: (count: number, from: Instant) => `Ещё ${ru.points(count)} с ${formatDay(from, ru.locale)}`,
    debt: (count: number) => `Долг ${ru.points(count)}: его погасят новые начисления`,
    replaced: (old: string, card: string) => `Карта ${old} заменена: баллы и покупки теперь на карте ${card}`,
    other: 'Другой покупатель',
  },

  status: {
    missing: russianStatusWords.missing,
    reaches: (title: string) => `с этой покупкой — ${title}`,
  },

  merge: {
    question: 'Это один человек?',
    explained: (card: string, otherCard: string) =>
      `Баллы и покупки карты ${otherCard} перейдут на карту ${card} в телефоне. Старый номер будет работать.`,
    yes: 'Да, объединить',
    no: 'Нет',
    asked: 'Объединяем карты…',
    queued: 'Объединим карты, когда появится связь',
    done: (otherCard: string) => `Карты объединены: по номеру ${otherCard} теперь находится эта`,
  },
}

export const english: typeof russian = {
  customer: {
    unknown: 'Customer',
    card: (card) => `Card ${card}`,
    available: (count) => `${en.pointsWord(count)} to spend`,
    availableAsOf: (count, moment) => `${en.pointsWord(count)} as of ${moment}`,
    balanceUnknown: 'The balance will be known when the cloud is back',
    expires: (count, lastDay) =>
      `${en.points(count)} can be spent until ${formatUtcDay(lastDay, en.locale)} inclusive`,
    waiting: (count, from) => `${en.points(count)} more from ${formatDay(from, en.locale)}`,
    debt: (count) => `Owes ${en.points(count)}: the next earnings pay them`,
    replaced: (old, card) => `Card ${old} was replaced: points and purchases are on card ${card} now`,
    other: 'Another customer',
  },

  status: {
    missing: englishStatusWords.missing,
    reaches: (title) => `${title} with this purchase`,
  },

  merge: {
    question: 'Is this one person?',
    explained: (card, otherCard) =>
      `Points and purchases of card ${otherCard} go to card ${card} in the phone. The old number goes on working.`,
    yes: 'Yes, merge',
    no: 'No',
    asked: 'Merging the cards…',
    queued: 'The cards will be merged when the cloud is back',
    done: (otherCard) => `The cards are one: number ${otherCard} finds this one now`,
  },
}
