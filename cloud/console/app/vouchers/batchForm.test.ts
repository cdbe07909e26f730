import { describe, expect, it } from 'vitest'
import { type BatchForm, batchOf, gifts, mostOf, newForm } from './batchForm.ts'

const terms = {
  title: 'Скидка',
  min_purchase_kopecks: 0,
  uses_per_code: 1,
  with_points: true,
  on_refund: 'give_back',
}
const bearer = { type: 'bearer', codes: 100 }
const fill = (form: Partial<BatchForm>) => batchOf({ ...newForm, title: 'Скидка', ...form })

describe('the form of a batch of vouchers', () => {
  it('has the kinds of the schema, and its units', () => {
    expect([...gifts.keys()]).toEqual(['discount_kopecks', 'discount_percent', 'points', 'product'])
    expect(gifts.get('points')).toMatchObject([
      { name: 'points', kind: 'number', unit: 'points', isOptional: false },
      { name: 'lifetime_days', kind: 'number', unit: 'days', isOptional: true },
    ])
  })

  it.each([
    ['discount_kopecks', { kopecks: '200' }, { kopecks: 20_000 }],
    [
      'discount_percent',
      { basis_points: '12,5', cap_kopecks: '1 000' },
      { basis_points: 1250, cap_kopecks: 100_000 },
    ],
    ['points', { points: '50' }, { points: 50 }],
    ['points', { points: '50', lifetime_days: '30' }, { points: 50, lifetime_days: 30 }],
    [
      'product',
      { sku: '1001', name: 'Кофе', cap_kopecks: '150' },
      { sku: '1001', name: 'Кофе', cap_kopecks: 15_000 },
    ],
  ])('makes %s of %j', (gives, given, made) => {
    expect(fill({ gives, given })).toEqual({ ...terms, gives: { type: gives, ...made }, audience: bearer })
  })

  it('takes cards by lines and commas, terms in roubles, and days', () => {
    const form = {
      ...{ given: { kopecks: '200' }, audience: 'cards', meant: { cards: '100001,100002\n 100003 ' } },
      ...{ from: '2026-12-01', until: '2026-12-31', stores: ['2'], minPurchase: '500,50' },
      ...{ usesPerCode: '2', usesPerCustomer: '1', withPoints: 'no', onRefund: 'keep' },
    }
    const batch = fill(form)
    expect(batch).toMatchObject({
      audience: { type: 'cards', cards: ['100001', '100002', '100003'] },
      ...{ from: '2026-12-01', until: '2026-12-31', stores: [2], min_purchase_kopecks: 50_050 },
      ...{ uses_per_code: 2, uses_per_customer: 1, with_points: false, on_refund: 'keep' },
    })
    expect(batch && mostOf(batch)).toBe(3 * 2 * 20_000)
  })

  it.each<Partial<BatchForm>>([
    {},
    { given: { kopecks: '0' } },
    { given: { kopecks: 'много' } },
    { given: { kopecks: '200' }, title: ' ' },
    { given: { kopecks: '200' }, meant: { codes: '20001' } },
    { given: { kopecks: '200' }, from: '2026-12-31', until: '2026-12-01' },
    { given: { kopecks: '200' }, audience: 'cards', meant: { cards: '' } },
    { given: { kopecks: '200' }, usesPerCode: '' },
  ])('is not complete with %j', (form) => {
    expect(fill(form)).toBeNull()
  })
})
