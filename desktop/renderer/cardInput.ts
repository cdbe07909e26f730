/** What plastic and screens carry before the number of the card. */
const QR_PREFIX = '99'

/** Whether what was typed is a whole card number: now, if nothing more is typed, or not yet. */
export function whenToSearch(digits: string, cardDigits: number): 'now' | 'after_pause' | 'not_yet' {
  if (!digits.startsWith(QR_PREFIX)) return digits.length === cardDigits ? 'now' : 'not_yet'
  if (digits.length === cardDigits + QR_PREFIX.length) return 'now'
  // A long card never begins with 99; a short one may, and may also be the beginning of a QR form.
  return cardDigits <= 7 && digits.length >= cardDigits ? 'after_pause' : 'not_yet'
}

/** Digits beyond a whole number are not taken. */
export function typeCard(digits: string, character: string, cardDigits: number): string {
  if (!/^\d$/.test(character)) return digits
  const longest = digits.startsWith(QR_PREFIX) ? cardDigits + QR_PREFIX.length : cardDigits
  return digits.length < longest ? digits + character : digits
}

/** The digits of a text that was put into the field in one go. */
export function cardOf(text: string, cardDigits: number): string {
  return [...text].reduce((digits, character) => typeCard(digits, character, cardDigits), '')
}
