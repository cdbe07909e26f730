import { describe, expect, it } from 'vitest'
import { cardSchema } from './card.ts'
import { cardOfCode } from './cardText.ts'

describe('a card', () => {
  it.each(['123456', '000000', '1234567', '123456789', '1234567890', '12345678901', '123456789012'])(
    'is %s',
    (card) => {
      expect(cardSchema.parse(card)).toBe(card)
    },
  )

  it.each([
    ['empty', ''],
    ['5 digits', '12345'],
    ['8 digits, the QR form', '12345678'],
    ['13 digits', '1234567890123'],
    ['a long one that begins with 99, the QR form', '991234567'],
    ['a letter', '12345a'],
    ['a space before', ' 123456'],
    ['a newline after', '123456\n'],
    ['a sign', '+123456'],
    ['digits of another script', '١٢٣٤٥٦'],
    ['a number', 123456],
    ['nothing', null],
  ])('is not: %s', (_what, card) => {
    expect(cardSchema.safeParse(card).success).toBe(false)
  })
})

describe('a scanned or typed code', () => {
  it.each([
    // what, code, the card it means
    ['a card typed alone', '123456', '123456'],
    ['the QR form of a card', '99123456', '123456'],
    ['a card with the newline of a scanner', ' 99123456\r\n', '123456'],
    ['a card that begins with 99', '991234', '991234'],
    ['7 digits that begin with 99', '9912345', '9912345'],
    ['9 digits that begin with 99: the QR form of 7', '991234567', '1234567'],
    ['11 digits that begin with 99: the QR form of 9', '99123456789', '123456789'],
    ['12 digits that begin with 99: the QR form of 10', '991234567890', '1234567890'],
    ['the QR form of 12 digits', '99123456789012', '123456789012'],
    ['the QR form of a card that begins with 99', '99991234', '991234'],
    ['8 digits without the prefix', '12345678', null],
    ['10 digits that begin with 99: no card has 8 digits', '9912345678', null],
    ['the barcode of goods', '4600000000017', null],
    ['the prefix alone', '99', null],
    ['words', 'hello', null],
    ['nothing', '', null],
  ])('is %s', (_what, code, card) => {
    expect(cardOfCode(code)).toEqual(card)
  })
})
