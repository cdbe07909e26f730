import { QR_PREFIX } from '../../shared/cardText.ts'
import { maybeVoucherCode, VOUCHER_LENGTH } from '../../shared/voucherCode.ts'

/** Whether what was typed is a whole card number, or the whole code of a voucher: now, if nothing more is typed, or not yet. */
export function whenToSearch(digits: string, cardDigits: number): 'now' | 'after_pause' | 'not_yet' {
  if (maybeVoucherCode(digits)) return digits.length === VOUCHER_LENGTH ? 'now' : 'not_yet'
  if (!digits.startsWith(QR_PREFIX)) return digits.length === cardDigits ? 'now' : 'not_yet'
  if (digits.length === cardDigits + QR_PREFIX.length) return 'now'
  // A long card never begins with 99; a short one may, and may also be the beginning of a QR form.
  return cardDigits <= 7 && digits.length >= cardDigits ? 'after_pause' : 'not_yet'
}

/** What is beyond a whole number is not taken; what begins with a letter is the code of a voucher. */
export function typeCard(digits: string, character: string, cardDigits: number): string {
  if (maybeVoucherCode(digits || character)) return typeVoucher(digits, character)
  if (!/^\d$/.test(character)) return digits
  const longest = digits.startsWith(QR_PREFIX) ? cardDigits + QR_PREFIX.length : cardDigits
  return digits.length < longest ? digits + character : digits
}

/** Any letter is taken, also one that no code has: what is wrong with it is said when it is whole. */
export function typeVoucher(code: string, character: string): string {
  return /^[0-9a-z]$/i.test(character) && code.length < VOUCHER_LENGTH ? code + character.toUpperCase() : code
}

/** How many characters there will be of what is being typed. */
export const wholeLength = (digits: string, cardDigits: number) =>
  maybeVoucherCode(digits) ? VOUCHER_LENGTH : cardDigits

/** The digits of a text that was put into the field in one go. */
export function cardOf(text: string, cardDigits: number): string {
  return [...text].reduce((digits, character) => typeCard(digits, character, cardDigits), '')
}
