/**
 * The code of a voucher: ten characters of an alphabet without look-alikes. The first is a letter, so that no code is a
 * card, and the last is a check: the alphabet has a prime number of characters, so a wrong one and two that changed
 * places are always found.
 */
const ALPHABET = '23456789ABCDEFGHJKMNPQRSTUVWXYZ'
const LETTERS = ALPHABET.slice(8)
const LENGTH = 10

/** 23 letters and eight characters of 31: 44 bits. */
export const VOUCHER_CODES = BigInt(LETTERS.length) * BigInt(ALPHABET.length) ** BigInt(LENGTH - 2)

/** The code of this number, which is below `VOUCHER_CODES`. */
export function voucherCodeOf(number: bigint): string {
  const base = BigInt(ALPHABET.length)
  const first = LETTERS[Number(number % BigInt(LETTERS.length))] ?? ''
  let left = number / BigInt(LETTERS.length)
  let text = first
  while (text.length < LENGTH - 1) {
    text += ALPHABET[Number(left % base)] ?? ''
    left /= base
  }
  return text + checkOf(text)
}

/** The code that was typed or scanned, or null where it is none: the case and the spaces between are no matter. */
export function readVoucherCode(text: string): string | null {
  const code = text.replace(/[\s-]/g, '').toUpperCase()
  const isCode =
    code.length === LENGTH &&
    [...code].every((character) => ALPHABET.includes(character)) &&
    LETTERS.includes(code[0] ?? '') &&
    code.at(-1) === checkOf(code.slice(0, -1))
  return isCode ? code : null
}

/** Whether what is being typed may become a code: then it is no card. */
export const maybeVoucherCode = (text: string) => LETTERS.includes((text.trim()[0] ?? '-').toUpperCase())

function checkOf(text: string): string {
  const sum = [...text].reduce((sum, character, index) => sum + (index + 2) * ALPHABET.indexOf(character), 0)
  return ALPHABET[(ALPHABET.length - (sum % ALPHABET.length)) % ALPHABET.length] ?? ''
}

/** Why a voucher is not good: what is wrong with the code, and what with the purchase. */
export const voucherProblems = [
  ...(['unknown', 'void', 'other_customer', 'used', 'in_use', 'used_by_customer'] as const),
  ...([
    'not_begun',
    'over',
    'other_store',
    'below_min_purchase',
    'not_with_points',
    'no_product',
    'too_little',
  ] as const),
] as const
export type VoucherProblem = (typeof voucherProblems)[number]
