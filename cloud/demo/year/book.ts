import { type BookDocument, bookDocumentSchema } from '../../../shared/rules/book.ts'
import { localDayOf } from '../../../shared/rules/localTime.ts'
import { DAY, type Instant } from '../../../shared/time.ts'

interface Publication {
  document: BookDocument
  validFrom: Instant
  reason: string
}

/** The books of the demo’s year: what its shop began with, what it tried, and what is to come. */
export function booksOfYear({
  from,
  now,
  timeZone,
}: {
  from: Instant
  now: Instant
  timeZone: string
}): Publication[] {
  const statuses = [
    { name: 'bronze', title: 'Бронза', colour: '#a9714b', from: 0, cashback_basis_points: 400 },
    {
      ...{ name: 'silver', title: 'Серебро', colour: '#8d99a6', from: 2_000_000, cashback_basis_points: 500 },
      benefits: ['Доставка по посёлку бесплатно'],
    },
    {
      ...{ name: 'gold', title: 'Золото', colour: '#d4a017', from: 5_000_000, cashback_basis_points: 700 },
      benefits: ['Доставка по посёлку бесплатно', 'Подарок на день рождения'],
    },
  ]
  const large = {
    ...{ id: 'large-purchase', title: 'За большую покупку' },
    when: [{ type: 'min_purchase', kopecks: 300_000 }],
    award: { type: 'points', points: 50 },
  }
  const week = {
    ...{ id: 'double-fortnight', title: 'Две недели двойных баллов' },
    award: { type: 'multiply', times_basis_points: 10_000 },
    from: localDayOf(now - 75 * DAY, timeZone),
    until: localDayOf(now - 62 * DAY, timeZone),
  }
  const book = (written: object) => bookDocumentSchema.parse(written)
  return [
    { validFrom: from, reason: 'Статусы', document: book({ statuses }) },
    {
      // A season is shorter than that; the campaign builds upon it in any case.
      validFrom: Math.min(from + 120 * DAY, now - 85 * DAY),
      reason: 'Чтобы покупали больше за раз',
      document: book({ statuses, rules: [large] }),
    },
    {
      validFrom: now - 80 * DAY,
      reason: 'Кампания осени',
      document: book({ statuses, rules: [large, week] }),
    },
    {
      ...{ validFrom: now + 14 * DAY, reason: 'Баллы живут дольше' },
      document: book({ base: { lifetime_days: 60 }, statuses, rules: [large] }),
    },
  ]
}
