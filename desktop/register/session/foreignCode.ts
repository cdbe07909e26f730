import { QR_PREFIX } from '../../../shared/cardText.ts'
import { claimedCard, isSignedCode } from '../../../shared/signedCode.ts'

/** EAN-8, UPC-A, EAN-13 and the code of a box. */
const PRODUCT = /^(\d{8}|\d{12,14})$/
/** The mark of «Честный знак»: a product by its GTIN, and the one piece of it by its serial number. */
const MARKED_PIECE = /^(\](d2|C1))?01\d{14}21/

/**
 * What a scanner at a till reads beside cards: whether a text is a product's, or nothing that a customer shows; null
 * where it may be a customer's. A number of the programme's length is a card, though it may be a product's too.
 */
export function foreignCode(code: string, cardDigits: number): 'product_code' | 'not_a_card' | null {
  const text = code.trim()
  if (isSignedCode(text)) return null
  if (MARKED_PIECE.test(text)) return 'product_code'
  if (PRODUCT.test(text) && !isOfLength(text, cardDigits) && hasCheckDigit(text)) return 'product_code'
  return claimedCard(text) === null ? 'not_a_card' : null
}

function isOfLength(text: string, cardDigits: number): boolean {
  if (text.length === cardDigits) return true
  return text.startsWith(QR_PREFIX) && text.length === cardDigits + QR_PREFIX.length
}

/** Of GS1: every second digit from the right counts three times. */
function hasCheckDigit(digits: string): boolean {
  const sum = [...digits]
    .reverse()
    .reduce((sum, digit, at) => sum + Number(digit) * (at % 2 === 1 ? 3 : 1), 0)
  return sum % 10 === 0
}
