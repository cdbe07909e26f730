/**
 * Six digits; a programme may set 7 or 9 to 12. Eight is never a card: it is the QR form of a six-digit one.
 * For the same reason a long card does not begin with 99: it could be the QR form of a shorter one.
 */
export const CARD = /^(\d{6,7}|(?!99)\d{9,12})$/

/** What plastic and screens carry before the number of the card. */
export const QR_PREFIX = '99'

/** The card that a scanned or typed text means, if any. Plastic carries `99` and the card; people type the card. */
export function cardOfCode(code: string): string | null {
  const text = code.trim()
  const readings = text.startsWith(QR_PREFIX) ? [text, text.slice(QR_PREFIX.length)] : [text]
  return readings.find((card) => CARD.test(card)) ?? null
}
