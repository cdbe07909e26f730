import { describe, expect, it } from 'vitest'
import { decodeAmount } from './decode.ts'

const tea = { sku: '0042', name: 'Чай «Улун»', category: 'Чай', quantity: 0.25, kopecks: 100_000 }
const cup = { sku: '7', quantity: 2, kopecks: 23_456 }

/** What is read of the lines of a receipt of 1,234.56 ₽. */
function read(items: string, amount = '1234.56') {
  const decoded = decodeAmount(new TextEncoder().encode(`{"amount": ${amount}, "items": ${items}}`))
  if (!decoded.ok || decoded.amount === null)
    throw new Error('the amount must be read, whatever the items are')
  const { items: lines, itemsProblem } = decoded.amount
  return lines ?? itemsProblem ?? 'none'
}
const written = (...items: object[]) => JSON.stringify(items)

describe('the items of amount.json', () => {
  it.each<[string, string, unknown]>([
    ['are read as they stand there', written(tea, cup), [tea, cup]],
    [
      'may have their numbers in quotes',
      written({ ...tea, quantity: '0.25', kopecks: '100000' }, cup),
      [tea, cup],
    ],
    [
      'may have nothing but a code, a quantity and money',
      written({ sku: '1', quantity: 1, kopecks: 123_456 }),
      [{ sku: '1', quantity: 1, kopecks: 123_456 }],
    ],
    [
      'may have empty words, and words around which there is space',
      written({ ...tea, sku: ' 0042 ', name: '', category: null }, cup),
      [{ sku: '0042', quantity: 0.25, kopecks: 100_000 }, cup],
    ],
    ['may say more than we know', written({ ...tea, vat: 20, codes: ['01'] }, cup), [tea, cup]],
    [
      'may be for nothing',
      written({ ...tea, kopecks: 123_456 }, { ...cup, kopecks: 0 }),
      [
        { ...tea, kopecks: 123_456 },
        { ...cup, kopecks: 0 },
      ],
    ],
    ['are none where there is no line', '[]', 'none'],
    ['are none where they are nothing', 'null', 'none'],
    [
      'are not believed where they are a kopeck too few',
      written(tea, { ...cup, kopecks: 23_455 }),
      'not_the_amount',
    ],
    [
      'are not believed where they are a kopeck too many',
      written(tea, { ...cup, kopecks: 23_457 }),
      'not_the_amount',
    ],
    ['are not understood in rubles', written({ ...tea, kopecks: 1000.5 }, cup), 'not_understood'],
    ['are not understood without a code', written({ ...tea, sku: ' ' }, cup), 'not_understood'],
    [
      'are not understood below nought',
      written({ ...tea, kopecks: -1 }, { ...cup, kopecks: 123_457 }),
      'not_understood',
    ],
    ['are not understood as a text', '"чай"', 'not_understood'],
    ['are not understood as one line', JSON.stringify(tea), 'not_understood'],
    [
      'are not understood where a number is a word',
      written({ ...tea, quantity: 'много' }, cup),
      'not_understood',
    ],
    [
      'are not more than three hundred',
      written(...Array.from({ length: 301 }, () => ({ ...cup, kopecks: 0 }))),
      'too_many',
    ],
  ])('%s', (_, items, expected) => {
    expect(read(items)).toEqual(expected)
  })

  it('are three hundred of the longest lines', () => {
    const long = {
      sku: 'Щ'.repeat(120),
      name: 'Щ'.repeat(120),
      category: 'Щ'.repeat(120),
      quantity: 1,
      kopecks: 1,
    }
    const lines = read(written(...Array.from({ length: 300 }, () => long)), '3')
    expect(lines).toHaveLength(300)
    expect(lines).toMatchObject({ 0: { sku: 'Щ'.repeat(100) } })
  })

  it('are not read of a receipt of nothing', () => {
    expect(decodeAmount(new TextEncoder().encode(`{"amount": 0, "items": ${written(tea)}}`))).toEqual({
      ok: true,
      amount: null,
    })
  })
})
