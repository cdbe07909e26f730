import { publishBook } from '../cloud/ledger/books.ts'
import { type BookDocument, bookDocumentSchema } from '../shared/rules/book.ts'
import type { Instant } from '../shared/time.ts'
import type { Stage } from './stage.ts'

const statuses = [
  { name: 'bronze', title: 'Bronze', colour: '#a9714b', from: 0, cashback_basis_points: 400 },
  { name: 'silver', title: 'Silver', colour: '#8d99a6', from: 2_000_000, cashback_basis_points: 500 },
  { name: 'gold', title: 'Gold', colour: '#d4a017', from: 5_000_000, cashback_basis_points: 700 },
]

const rules = [
  {
    id: 'large',
    title: 'For a large purchase',
    when: [{ type: 'min_purchase', kopecks: 300_000 }],
    award: { type: 'points', points: 50 },
    stacking: { group: 'fixed', how: 'best' },
  },
  {
    id: 'welcome',
    title: 'First purchase',
    when: [{ type: 'purchase_number', is: 1 }],
    award: { type: 'points', points: 100 },
    uses: { total: 1 },
  },
  {
    id: 'tenth',
    title: 'Every tenth',
    when: [{ type: 'purchase_number', every: 10 }],
    award: { type: 'points', points: 100 },
    budget: 'gifts',
  },
  {
    id: 'morning',
    title: 'Mornings of working days',
    when: [{ type: 'hours', days: [1, 2, 3, 4, 5], from: '08:00', to: '11:00' }],
    award: { type: 'multiply', times_basis_points: 5_000 },
  },
  {
    id: 'weekend',
    title: 'Weekends',
    when: [{ type: 'hours', days: [6, 7], from: '00:00', to: '23:59' }],
    award: { type: 'percent', basis_points: 100 },
    stacking: { group: 'fixed', how: 'best' },
  },
  {
    id: 'first-of-day',
    title: 'First of the day',
    when: [{ type: 'first_of_day' }],
    award: { type: 'points', points: 5 },
    uses: { per_day: 1 },
  },
  {
    id: 'back',
    title: 'Who was away for a month',
    when: [{ type: 'days_since_last', min: 30 }],
    award: { type: 'percent', basis_points: 500 },
    budget: 'gifts',
  },
  {
    id: 'gold-plus',
    title: 'Gold has more',
    when: [{ type: 'status', names: ['gold'] }],
    award: { type: 'percent', basis_points: 100 },
  },
  {
    id: 'new',
    title: 'New members',
    when: [{ type: 'registered_within', days: 14 }],
    award: { type: 'points', points: 10 },
    uses: { total: 3 },
  },
  {
    id: 'coffee',
    title: 'Coffee',
    when: [{ type: 'items', categories: ['coffee'] }],
    award: { type: 'percent', basis_points: 300, of: 'matching_items' },
  },
]

const lively = bookDocumentSchema.parse({
  statuses,
  rules,
  budgets: [{ id: 'gifts', title: 'Gifts', limit_points: 100_000_000, period: 'month' }],
  limits: { points_per_customer_day: 5_000 },
})

/** Publishes the book of a chain that makes the most of its rules. */
export const goByRules = (stage: Stage): Promise<Instant> => publishNow(stage, lively)

/** Publishes a book for the programme of the bench, and says from when on it is valid. */
export async function publishNow({ sql }: Stage, document: BookDocument): Promise<Instant> {
  const now = Date.now()
  const book = { programmeId: 1, document, validFrom: now, now, by: 'admin:bench', reason: 'the bench' }
  await sql.begin((sql) => publishBook(sql, book))
  return now
}
