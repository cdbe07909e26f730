import { describe, expect, it } from 'vitest'
import { foreignCode } from './foreignCode.ts'
import { codeOf } from './testing.ts'

describe('a code that is no customer’s', () => {
  it.each([
    ['the EAN-13 of a product', '4606272031139', 6, 'product_code'],
    ['an EAN-8', '46198297', 6, 'product_code'],
    ['a UPC-A', '036000291452', 6, 'product_code'],
    ['what the scales print', '2100012012348', 6, 'product_code'],
    ['an EAN-13 that begins as a QR does', '9912345678909', 6, 'product_code'],
    ['the code of a box', '14606272031136', 6, 'product_code'],
    ['a mark of «Честный знак»', '010460627203113921abcDEF%12', 6, 'product_code'],
    ['the same as a scanner announces it', ']d2010460627203113921abcDEF', 6, 'product_code'],
    ['a number with a wrong check digit', '4606272031130', 6, 'not_a_card'],
    ['an address', 'https://example.org', 6, 'not_a_card'],
    ['a receipt of the tax office', 't=20261129T1203&s=150.00&fn=92', 6, 'not_a_card'],
  ] as const)('%s', (_what, code, cardDigits, kind) => {
    expect(foreignCode(code, cardDigits)).toBe(kind)
  })

  it.each([
    ['a card', '654321', 6],
    ['the QR of one', '99654321', 6],
    ['the QR of one that a product could have', '99000035', 6],
    ['a card as long as a UPC-A', '036000291452', 12],
    ['the QR of a long card', '9912345678909', 11],
    ['a card of an older length', '1234567890', 6],
    ['a code of the Mini App', codeOf('654321'), 6],
    ['one that was damaged', 'K1DAMAGED', 6],
  ] as const)('%s is not one', (_what, code, cardDigits) => {
    expect(foreignCode(code, cardDigits)).toBeNull()
  })
})
