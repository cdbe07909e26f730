import { expect, it } from 'vitest'
import { baseOf, numberOf, type Typed, typedOf } from './base.ts'

const base = {
  cashback_basis_points: 425,
  max_discount_basis_points: 2000,
  lifetime_days: 45,
  activation_days: 0,
  min_purchase_kopecks: 1,
  max_purchase_kopecks: 100_000_000,
}

it('what is typed is what was shown, in the units of the book', () => {
  expect(typedOf(base)).toMatchObject({ cashback_basis_points: '4.25', min_purchase_kopecks: '0.01' })
  expect(baseOf(typedOf(base))).toEqual(base)
})

it.each([
  ['4,25', 425],
  ['1 000', 100_000],
  ['4.255', null],
  ['-1', null],
  ['', null],
  ['1e3', null],
])('%s percent or roubles are %s', (typed, value) => expect(numberOf(typed, 100)).toBe(value))

it('days are whole, and one field that is none leaves no base', () => {
  expect(numberOf('1.5', 1)).toBeNull()
  const typed: Typed = { ...typedOf(base), lifetime_days: 'сорок' }
  expect(baseOf(typed)).toBeNull()
})
