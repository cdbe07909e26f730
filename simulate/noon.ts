import type { Sql } from '../cloud/database/connect.ts'
import { publishBook } from '../cloud/ledger/books.ts'
import { FIRST_PROGRAMME } from '../cloud/ledger/programme.ts'
import { bookDocumentSchema } from '../shared/rules/book.ts'
import { SECOND } from '../shared/time.ts'
import { referralTerms } from './invitations.ts'

/** Tills are told of a book before it begins, and sell on while it does. */
const BEFORE_IT_BEGINS_MS = SECOND

const status = (
  name: string,
  from: number,
  rest: { cashback_basis_points: number; max_discount_basis_points?: number },
) => ({
  ...{ name, title: name, colour: '#808080', from, ...rest },
})

/** In the middle of the day other rules begin: more cashback, and rules that ask the hour, the store and the customer, and what budgets have left. */
export async function publishNoonBook(sql: Sql): Promise<void> {
  const document = bookDocumentSchema.parse({
    base: { cashback_basis_points: 700, lifetime_days: 60 },
    statuses: [
      status('bronze', 0, { cashback_basis_points: 500 }),
      status('silver', 300_000, { cashback_basis_points: 1000 }),
      status('gold', 800_000, { cashback_basis_points: 1500, max_discount_basis_points: 1500 }),
    ],
    rules: [
      {
        ...{ id: 'large-purchase', title: 'Большая покупка' },
        when: [{ type: 'min_purchase', kopecks: 300_000 }],
        award: { type: 'points', points: 100 },
        budget: 'gifts',
      },
      {
        ...{ id: 'tea', title: 'Чай', when: [{ type: 'items', categories: ['tea'] }] },
        award: { type: 'percent', basis_points: 500, of: 'matching_items' },
      },
      {
        ...{ id: 'happy-hours', title: 'Счастливые часы', stacking: { group: 'day', how: 'best' } },
        when: [{ type: 'hours', from: '06:00', to: '05:00' }],
        award: { type: 'multiply', times_basis_points: 5000 },
      },
      {
        ...{ id: 'first-store', title: 'Первый магазин', stacking: { group: 'day', how: 'best' } },
        when: [{ type: 'stores', ids: [1] }],
        award: { type: 'percent', basis_points: 300 },
        cap_points: 50,
      },
      {
        ...{ id: 'every-third', title: 'Каждая третья покупка' },
        when: [{ type: 'purchase_number', every: 3 }],
        award: { type: 'points', points: 15 },
        uses: { per_day: 2, total: 5 },
      },
      {
        ...{ id: 'first-of-day', title: 'Первая за день', when: [{ type: 'first_of_day' }] },
        award: { type: 'points', points: 10 },
        budget: 'of-store',
      },
    ],
    // So small that they are spent before the day is over.
    budgets: [
      { id: 'gifts', title: 'Подарки', limit_points: 1000, period: 'day' },
      { id: 'of-store', title: 'Первые за день', limit_points: 45, per_store: true, when_short: 'none' },
    ],
    limits: { points_per_customer_day: 2000, purchases_per_customer_day: { soft: 5, hard: 40 } },
    referral: { ...referralTerms, referrer_points: 150, min_purchase_kopecks: 20_000 },
  })
  const now = Date.now()
  await sql.begin((sql) =>
    publishBook(sql, {
      ...{ programmeId: FIRST_PROGRAMME, document, validFrom: now + BEFORE_IT_BEGINS_MS, now },
      ...{ by: 'admin:simulate', reason: 'noon' },
    }),
  )
}
