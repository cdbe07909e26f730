import { describe, expect, it } from 'vitest'
import { type Book, bookAt, bookDocumentSchema, readBook } from './book.ts'

const book = (version: number, validFrom: number): Book => ({
  ...bookDocumentSchema.parse({}),
  ...{ version, validFrom, timeZone: 'UTC' },
})

describe('a sale is judged by the book of its own time', () => {
  const books = [book(1, 0), book(2, 1000), book(3, 5000), book(4, 2000), book(5, 2000)]
  it.each([
    // at, version
    [-1, 1],
    [0, 1],
    [999, 1],
    [1000, 2],
    [1999, 2],
    [2000, 5], // of two that begin together, the newer
    [4999, 5],
    [5000, 3], // scheduled before 4 and 5, begun after them
  ])('at %i by version %i', (at, version) => {
    expect(bookAt(books, at).version).toBe(version)
    expect(bookAt(books.toReversed(), at).version).toBe(version)
  })
})

describe('a book', () => {
  const rule = { id: 'gift', title: 'Подарок', award: { type: 'points', points: 5 } }
  it.each([
    [
      'with a smallest purchase above the largest',
      { base: { min_purchase_kopecks: 2, max_purchase_kopecks: 1 } },
    ],
    ['whose points die before they can be spent', { base: { lifetime_days: 7, activation_days: 7 } }],
    ['with two rules of one id', { rules: [rule, rule] }],
    ['with a rule that nobody knows', { rules: [{ ...rule, award: { type: 'cake' } }] }],
    [
      'with one group that is stacked in two ways',
      {
        rules: [
          { ...rule, stacking: { group: 'g', how: 'add' } },
          { ...rule, id: 'other', stacking: { group: 'g', how: 'best' } },
        ],
      },
    ],
    [
      'with a rule whose points die too early',
      { rules: [{ ...rule, lifetime_days: 3, activation_days: 3 }] },
    ],
    [
      'with a rule that ends before it begins',
      { rules: [{ ...rule, from: '2026-02-01', until: '2026-01-31' }] },
    ],
    ['with a day that is not there', { rules: [{ ...rule, from: '2026-02-30' }] }],
    [
      'with hours that are none',
      { rules: [{ ...rule, when: [{ type: 'hours', from: '09:00', to: '09:00' }] }] },
    ],
    [
      'with a number of purchases that says nothing',
      { rules: [{ ...rule, when: [{ type: 'purchase_number' }] }] },
    ],
    [
      'with a number of purchases that says two things',
      { rules: [{ ...rule, when: [{ type: 'purchase_number', is: 1, every: 2 }] }] },
    ],
    [
      'with days that are none',
      { rules: [{ ...rule, when: [{ type: 'days_since_last', min: 3, max: 2 }] }] },
    ],
    ['with goods that are none', { rules: [{ ...rule, when: [{ type: 'items', min_quantity: 1 }] }] }],
    [
      'with a share of items that no condition names',
      { rules: [{ ...rule, award: { type: 'percent', basis_points: 1, of: 'matching_items' } }] },
    ],
    ['with a budget, which nobody counts yet', { rules: [{ ...rule, budget: 'summer' }] }],
    ['with more than the whole as cashback', { base: { cashback_basis_points: 10_001 } }],
  ])('%s is refused', (_what, document) => {
    expect(bookDocumentSchema.safeParse(document).success).toBe(false)
  })

  it('of a newer version is read without the rules that are not known here', () => {
    const document = {
      base: { cashback_basis_points: 12_000, moon_phase: 'full' },
      rules: [{ ...rule, award: { type: 'cake' } }, rule, { ...rule, id: 'other', when: [{ type: 'moon' }] }],
      statuses: [{ name: 'gold' }],
    }
    const read = readBook(document, { version: 9, validFrom: 1, timeZone: 'UTC' })
    expect(read).toMatchObject({
      version: 9,
      validFrom: 1,
      base: { cashback_basis_points: 12_000, lifetime_days: 45 },
    })
    expect(read.rules.map(({ id }) => id)).toEqual(['gift'])
    expect(read.isPartial).toBe(true)
    expect(
      readBook({ base: {}, rules: [rule] }, { version: 9, validFrom: 1, timeZone: 'UTC' }).isPartial,
    ).toBe(undefined)
  })
})
