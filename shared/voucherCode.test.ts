import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { maybeVoucherCode, readVoucherCode, VOUCHER_CODES, voucherCodeOf } from './voucherCode.ts'

const codes = fc.bigInt({ min: 0n, max: VOUCHER_CODES - 1n }).map(voucherCodeOf)
const ALPHABET = '23456789ABCDEFGHJKMNPQRSTUVWXYZ'

describe('the code of a voucher', () => {
  it('has more than forty bits, and one code for each number', () => {
    expect(VOUCHER_CODES).toBeGreaterThan(2n ** 43n)
    fc.assert(
      fc.property(fc.uniqueArray(fc.bigInt({ min: 0n, max: VOUCHER_CODES - 1n })), (numbers) => {
        expect(new Set(numbers.map(voucherCodeOf)).size).toBe(numbers.length)
      }),
    )
  })

  it('is read as it was written, whatever the case and the spaces', () => {
    fc.assert(
      fc.property(codes, (code) => {
        expect(code).toMatch(/^[A-Z][2-9A-Z]{9}$/)
        expect(readVoucherCode(code)).toBe(code)
        expect(readVoucherCode(` ${code.slice(0, 5).toLowerCase()} ${code.slice(5)}-`)).toBe(code)
        expect(maybeVoucherCode(code)).toBe(true)
      }),
    )
  })

  it('with one wrong character, or two that changed places, is none', () => {
    fc.assert(
      fc.property(codes, fc.nat(9), fc.constantFrom(...ALPHABET), (code, place, character) => {
        fc.pre(code[place] !== character)
        expect(readVoucherCode(code.slice(0, place) + character + code.slice(place + 1))).toBeNull()
      }),
    )
    fc.assert(
      fc.property(codes, fc.nat(9), fc.nat(9), (code, one, other) => {
        fc.pre(code[one] !== code[other])
        const swapped = [...code]
        ;[swapped[one], swapped[other]] = [code[other] ?? '', code[one] ?? '']
        expect(readVoucherCode(swapped.join(''))).toBeNull()
      }),
    )
  })

  it.each(['', '654321', '99654321', '2345678923', 'K1ALTERED', 'ABCDEFGHJ', 'ABCDEFGHJKM'])(
    '%s is none',
    (text) => {
      expect(readVoucherCode(text)).toBeNull()
    },
  )

  it.each(['6', '99', '', ' ', '!'])('what begins with "%s" becomes none', (text) => {
    expect(maybeVoucherCode(text)).toBe(false)
  })
})
