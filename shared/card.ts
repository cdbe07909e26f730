import { z } from 'zod'

/** Six digits; a programme may set 7 or 9 to 12. Eight is never a card: it is the QR form of a six-digit one. */
export const cardSchema = z.string().regex(/^(\d{6,7}|\d{9,12})$/, 'a card is 6, 7 or 9–12 digits')

const QR_PREFIX = '99'

/**
 * The cards a scanned or typed text may mean, likeliest first. Plastic carries `99` and the card; people
 * type the card alone. Where both readings are possible (nine digits beginning with 99), the whole
 * text as a card comes first.
 */
export function cardsOfCode(code: string): string[] {
  const text = code.trim()
  const readings = text.startsWith(QR_PREFIX) ? [text, text.slice(QR_PREFIX.length)] : [text]
  return readings.filter((card) => cardSchema.safeParse(card).success)
}
