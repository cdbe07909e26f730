import { expect, it } from 'vitest'
import { fields, numberOf } from './base.ts'

it('has the fields of the base with the units of its schema', () => {
  expect(fields.map(({ name, unit }) => [name, unit])).toEqual([
    ['cashback_basis_points', 'basis points'],
    ['max_discount_basis_points', 'basis points'],
    ['lifetime_days', 'days'],
    ['activation_days', 'days'],
    ['min_purchase_kopecks', 'kopecks'],
    ['max_purchase_kopecks', 'kopecks'],
  ])
})

it.each([
  ['4,25', 425],
  ['1 000', 100_000],
  ['4.255', null],
  ['-1', null],
  ['', null],
  ['1e3', null],
])('%s percent or roubles are %s', (typed, value) => expect(numberOf(typed, 100)).toBe(value))

it('days are whole', () => expect(numberOf('1.5', 1)).toBeNull())
