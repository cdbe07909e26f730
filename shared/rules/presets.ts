import type { Rule } from './rule.ts'
import { type Ladder, type Status, statusTermsSchema } from './status.ts'

/** To begin with: numbers, stores and names are for the marketer to change. */
export interface Preset {
  name: string
  title: string
  rule: Rule
}

const preset = (
  name: string,
  title: string,
  rest: Omit<Rule, 'id' | 'title' | 'when'> & Partial<Rule>,
): Preset => ({
  ...{ name, title },
  rule: { id: name, title, when: [], ...rest },
})
const percent = (basis_points: number) => ({ type: 'percent', basis_points }) as const
const points = (points: number) => ({ type: 'points', points }) as const
const inSegment = (name: string) => ({ type: 'segment' as const, in: [name] })
const risk = { group: 'risk', how: 'best' } as const

const status = (
  name: string,
  title: string,
  rest: Pick<Status, 'colour' | 'from' | 'cashback_basis_points'>,
) => ({
  ...{ name, title, keep: rest.from, benefits: [], ...rest },
})

/** By what was bought in twelve months. */
const ladder: Ladder = {
  statuses: [
    status('bronze', 'Бронза', { colour: '#a5683a', from: 0, cashback_basis_points: 500 }),
    status('silver', 'Серебро', { colour: '#8f9aa3', from: 1_000_000, cashback_basis_points: 1000 }),
    status('gold', 'Золото', { colour: '#d4a017', from: 3_000_000, cashback_basis_points: 1500 }),
    status('platinum', 'Платина', { colour: '#5b6770', from: 10_000_000, cashback_basis_points: 2000 }),
  ],
  status_terms: statusTermsSchema.parse({ notice_days: 30 }),
}

export const statusPreset = {
  name: 'statuses',
  title: 'Статусы: Бронза, Серебро, Золото, Платина',
  book: ladder,
}

export const presets: Preset[] = [
  preset('large-purchase', 'Большая покупка', {
    when: [{ type: 'min_purchase', kopecks: 300_000 }],
    award: percent(100),
  }),
  preset('churn-risk-high', 'Скоро уйдёт', {
    when: [inSegment('at_risk')],
    award: percent(200),
    stacking: risk,
  }),
  preset('churn-risk-medium', 'Может уйти', {
    when: [inSegment('may_leave')],
    award: percent(100),
    stacking: risk,
  }),
  preset('back-within-a-week', 'Вернулся за неделю', {
    when: [{ type: 'days_since_last', min: 1, max: 7 }],
    award: percent(50),
  }),
  preset('first-of-day', 'Первая покупка дня', {
    when: [{ type: 'first_of_day' }],
    award: points(10),
    uses: { per_day: 1 },
  }),
  preset('module-of-stores', 'Магазины недели', {
    when: [{ type: 'stores', ids: [1] }],
    award: percent(150),
  }),
  preset('high-value', 'Большие расходы за всё время', {
    when: [inSegment('high_value')],
    award: percent(100),
  }),
  preset('engaged', 'Часто заглядывает', { when: [inSegment('engaged')], award: percent(50) }),
  preset('base-status-spender', 'Почти Серебро', {
    when: [
      { type: 'status', names: ['bronze'] },
      { type: 'min_purchase', kopecks: 150_000 },
    ],
    award: points(15),
  }),
  preset('first-purchase', 'Первая покупка', {
    when: [{ type: 'purchase_number', is: 1 }],
    award: points(100),
    uses: { total: 1 },
  }),
  preset('birthday-week', 'Неделя дня рождения', {
    when: [inSegment('birthday_week')],
    award: { type: 'multiply', times_basis_points: 10_000 },
    cap_points: 500,
  }),
  preset('happy-hours', 'Счастливые часы', {
    when: [{ type: 'hours', days: [1, 2, 3, 4, 5], from: '14:00', to: '17:00' }],
    award: { type: 'multiply', times_basis_points: 5000 },
  }),
  preset('sleeping', 'Давно не были', {
    when: [{ type: 'days_since_last', min: 30 }],
    award: points(50),
    lifetime_days: 14,
  }),
]
