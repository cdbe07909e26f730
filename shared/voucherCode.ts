/**
 * The code of a voucher: ten characters of an alphabet without look-alikes. The first is a letter, so that no code is a
 * card, and the last is a check: the alphabet has a prime number of characters, so a wrong one and two that changed
 * places are always found.
 */
export const VOUCHER_ALPHABET = '23456789ABCDEFGHJKMNPQRSTUVWXYZ'
const LETTERS = VOUCHER_ALPHABET.slice(8)
export const VOUCHER_LENGTH = 10

/** 23 letters and eight characters of 31: 44 bits. */
export const VOUCHER_CODES =
  BigInt(LETTERS.length) * BigInt(VOUCHER_ALPHABET.length) ** BigInt(VOUCHER_LENGTH - 2)

/** The code of this number, which is below `VOUCHER_CODES`. */
export function voucherCodeOf(number: bigint): string {
  const base = BigInt(VOUCHER_ALPHABET.length)
  const first = LETTERS[Number(number % BigInt(LETTERS.length))] ?? ''
  let left = number / BigInt(LETTERS.length)
  let text = first
  while (text.length < VOUCHER_LENGTH - 1) {
    text += VOUCHER_ALPHABET[Number(left % base)] ?? ''
    left /= base
  }
  return text + checkOf(text)
}

/** The code that was typed or scanned, or null where it is none: the case and the spaces between are no matter. */
export function readVoucherCode(text: string): string | null {
  const code = spelled(text)
  const isCode =
    code.length === VOUCHER_LENGTH &&
    [...code].every((character) => VOUCHER_ALPHABET.includes(character)) &&
    LETTERS.includes(code[0] ?? '') &&
    code.at(-1) === checkOf(code.slice(0, -1))
  return isCode ? code : null
}

const spelled = (text: string) => text.replace(/[\s-]/g, '').toUpperCase()

/** Whether somebody means a voucher, though a character of it may be wrong. */
export function looksLikeVoucher(text: string): boolean {
  const code = spelled(text)
  return code.length === VOUCHER_LENGTH && /^[0-9A-Z]+$/.test(code) && LETTERS.includes(code[0] ?? '')
}

/** Whether what is being typed may become a code: then it is no card. */
export const maybeVoucherCode = (text: string) => LETTERS.includes((text.trim()[0] ?? '-').toUpperCase())

function checkOf(text: string): string {
  const sum = [...text].reduce(
    (sum, character, index) => sum + (index + 2) * VOUCHER_ALPHABET.indexOf(character),
    0,
  )
  return (
    VOUCHER_ALPHABET[(VOUCHER_ALPHABET.length - (sum % VOUCHER_ALPHABET.length)) % VOUCHER_ALPHABET.length] ??
    ''
  )
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

/** As it is printed: two halves, easier to compare. */
export const formatVoucherCode = (code: string) => `${code.slice(0, 5)} ${code.slice(5)}`
