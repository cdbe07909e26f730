import { describe, expect, it } from 'vitest'
import { voucherTermsSchema } from '../rules/voucher.ts'
import { englishVoucherWords, russianVoucherWords } from './voucher.ts'

const plain = (text: string) => text.replace(/[\u00a0\u202f]/g, ' ')
const terms = (gives: object, more: object = {}) =>
  voucherTermsSchema.parse({ title: 'Купон', gives, ...more })

describe('what a voucher gives', () => {
  it.each([
    [{ type: 'discount_kopecks', kopecks: 120_099 }, 'Скидка 1 200 ₽', '1 200 ₽ off'],
    [
      { type: 'discount_percent', basis_points: 1250, cap_kopecks: 50_000 },
      'Скидка 12,5 %, не больше 500 ₽',
      '12.5% off, 500 ₽ at most',
    ],
    [{ type: 'points', points: 22 }, '+22 балла', '+22 points'],
    [
      { type: 'product', sku: '1', name: 'Капучино', cap_kopecks: 20_000 },
      'Капучино бесплатно',
      'Капучино for free',
    ],
  ])('%o', (gives, russian, english) => {
    expect(plain(russianVoucherWords.gives(terms(gives)))).toBe(russian)
    expect(plain(englishVoucherWords.gives(terms(gives)))).toBe(english)
  })

  it('of a kind that is not known is its title', () => {
    for (const words of [russianVoucherWords, englishVoucherWords])
      expect(words.gives({ title: 'Купон', gives: { type: 'trip' } })).toBe('Купон')
  })
})

it('says its conditions, and nothing where there are none', () => {
  const gives = { type: 'points', points: 1 }
  expect(russianVoucherWords.conditions(terms(gives))).toEqual([])
  const all = {
    from: '2026-01-21T09:30',
    until: '2026-01-31',
    min_purchase_kopecks: 50_000,
    with_points: false,
  }
  expect(russianVoucherWords.conditions(terms(gives, all)).map(plain)).toEqual([
    ...['чек от 500 ₽', 'с 21.01.2026 09:30', 'до 31.01.2026 включительно', 'не вместе с баллами'],
  ])
  expect(englishVoucherWords.conditions(terms(gives, all)).map(plain)).toEqual([
    ...[
      'a purchase of 500 ₽ or more',
      'from 21.01.2026 09:30',
      'until 31.01.2026',
      'not together with points',
    ],
  ])
})

it('promises no more than the till gives: a least purchase is rounded up, and goods have their price at most', () => {
  const cappuccino = { type: 'product', sku: '1', name: 'Капучино', cap_kopecks: 20_099 }
  const said = terms(cappuccino, { min_purchase_kopecks: 50_001 })
  expect(russianVoucherWords.conditions(said).map(plain)).toEqual(['не больше 200 ₽', 'чек от 501 ₽'])
  expect(englishVoucherWords.conditions(said).map(plain)).toEqual([
    '200 ₽ at most',
    'a purchase of 501 ₽ or more',
  ])
})
