import { describe, expect, it } from 'vitest'
import { bookDocumentSchema } from './book.ts'
import { differencesOf } from './difference.ts'

const book = (written: object) => bookDocumentSchema.parse(written)
const weekend = {
  id: 'weekend',
  title: 'Выходные',
  when: [{ type: 'hours', days: [6, 7], from: '00:00', to: '23:59' }],
  award: { type: 'multiply', times_basis_points: 10_000 },
}
const silver = { name: 'silver', title: 'Серебро', colour: '#c0c0c0', from: 1, cashback_basis_points: 500 }

describe('what a book changes', () => {
  it('is nothing where it says the same, in whatever order', () => {
    const same = { award: weekend.award, when: weekend.when, title: weekend.title, id: weekend.id }
    expect(differencesOf(book({ rules: [weekend] }), book({ base: {}, rules: [same] }))).toEqual([])
  })

  it('is told field by field, under the titles of the form', () => {
    const before = book({ rules: [weekend], statuses: [silver] })
    const after = book({
      base: { lifetime_days: 60 },
      rules: [{ ...weekend, priority: 3 }],
      statuses: [{ ...silver, from: 2 }],
      status_terms: { metric: 'purchases' },
    })
    expect(differencesOf(before, after)).toMatchObject([
      {
        ...{ path: 'base.lifetime_days', part: 'base', subject: null, before: 45, after: 60 },
        ...{ title: 'Lifetime of points', unit: 'days' },
      },
      {
        path: 'statuses.silver.from',
        part: 'status',
        subject: { id: 'silver', title: 'Серебро' },
        before: 1,
        after: 2,
      },
      { path: 'status_terms.metric', part: 'status_terms', before: 'net_purchases', after: 'purchases' },
      { path: 'rules.weekend.priority', part: 'rule', title: 'Priority', before: null, after: 3 },
    ])
  })

  it('is a whole rule where one came or went', () => {
    const other = { ...weekend, id: 'monday', title: 'Понедельник' }
    expect(differencesOf(book({ rules: [weekend] }), book({ rules: [other] }))).toMatchObject([
      { path: 'rules.monday', title: null, before: null, after: { id: 'monday' } },
      { path: 'rules.weekend', subject: { title: 'Выходные' }, before: { id: 'weekend' }, after: null },
    ])
  })

  it('is told of budgets and limits, too', () => {
    const budget = { id: 'spring', title: 'Весна', limit_points: 1000 }
    const before = book({ budgets: [budget] })
    const after = book({
      budgets: [{ ...budget, limit_points: 2000 }],
      limits: { points_per_customer_day: 500 },
    })
    expect(differencesOf(before, after)).toMatchObject([
      { path: 'budgets.spring.limit_points', part: 'budget', unit: 'points', before: 1000, after: 2000 },
      { path: 'limits.points_per_customer_day', part: 'limits', subject: null, before: null, after: 500 },
    ])
  })
})
