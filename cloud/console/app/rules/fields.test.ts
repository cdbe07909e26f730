import { expect, it } from 'vitest'
import { baseFields, monthsFields, statusFields } from './fields.ts'

it('has the fields of the base with the units of its schema', () => {
  expect(baseFields.map(({ name, unit }) => [name, unit])).toEqual([
    ['cashback_basis_points', 'basis points'],
    ['max_discount_basis_points', 'basis points'],
    ['lifetime_days', 'days'],
    ['activation_days', 'days'],
    ['min_purchase_kopecks', 'kopecks'],
    ['max_purchase_kopecks', 'kopecks'],
  ])
})

it('tells what has a default, which is never left empty, from what may be', () => {
  expect(monthsFields).toMatchObject([{ name: 'months', kind: 'number', whenEmpty: '' }])
  const mayBeEmpty = statusFields.filter(({ whenEmpty }) => whenEmpty === undefined)
  expect(mayBeEmpty.map(({ name }) => name)).toEqual(['keep', 'max_discount_basis_points'])
})
