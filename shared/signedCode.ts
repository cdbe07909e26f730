import { CARD, cardOfCode } from './cardText.ts'
import { type Instant, MINUTE, SECOND } from './time.ts'

/**
 * The signed code of the Mini App, as it stands in the QR: `K1` and, in base32, 83 bytes: version, the digits of
 * the card (how many, and the number), when it ends, an id of its own, the signature over all of that. Letters and
 * digits only, so that a QR packs them densely and a scanner can type them.
 */
const PREFIX = 'K1'
const VERSION = 1
const CONTENT_BYTES = 19
const SIGNATURE_BYTES = 64
const CODE_BYTES = CONTENT_BYTES + SIGNATURE_BYTES

/** A photo of a code is worth this long; the Mini App shows the next one before it is over. */
export const CODE_LIFE_SECONDS = 60

/** Two clocks that are kept right still differ a little, and the scan has to travel. */
const CLOCK_TOLERANCE_MS = 5 * SECOND

/**
 * How long after the code has ended a redemption may begin: the kiosk keeps a customer who was found for three
 * minutes, and whoever showed a live code must not be asked for another while the goods are counted.
 */
const SERVED_WITHIN_MS = 3 * MINUTE

/** What a code says. Nothing of it is true before the signature was verified. */
export interface SignedCode {
  /** The code is good for one redemption, by this id. */
  id: string
  card: string
  expiresAt: Instant
}

/** Whether a text means to be a signed code; damaged or forged it still is no card. */
export function isSignedCode(text: string): boolean {
  return text.trim().slice(0, PREFIX.length).toUpperCase() === PREFIX
}

/** The code a text spells, with what was signed and by what; null where it was damaged. */
export function readSignedCode(
  text: string,
): { code: SignedCode; signed: Uint8Array<ArrayBuffer>; signature: Uint8Array<ArrayBuffer> } | null {
  if (!isSignedCode(text)) return null
  const bytes = fromBase32(text.trim().slice(PREFIX.length).toUpperCase(), CODE_BYTES)
  if (bytes === null) return null
  const content = bytes.slice(0, CONTENT_BYTES)
  const view = new DataView(content.buffer)
  const number = String(view.getUint8(2) * 2 ** 32 + view.getUint32(3))
  const card = number.padStart(view.getUint8(1), '0')
  if (view.getUint8(0) !== VERSION || card.length !== view.getUint8(1)) return null
  if (!CARD.test(card)) return null
  const id = Array.from(content.subarray(11), (byte) => byte.toString(16).padStart(2, '0')).join('')
  const code = { id, card, expiresAt: view.getUint32(7) * SECOND }
  return { code, signed: withDomain(content), signature: bytes.slice(CONTENT_BYTES) }
}

/** Spells a code; `sign` is asked for the signature over what it is given. */
export function writeSignedCode(
  { id, card, expiresAt }: SignedCode,
  sign: (signed: Uint8Array) => Uint8Array,
): string {
  const content = new Uint8Array(CONTENT_BYTES)
  const view = new DataView(content.buffer)
  view.setUint8(0, VERSION)
  view.setUint8(1, card.length)
  view.setUint8(2, Math.floor(Number(card) / 2 ** 32))
  view.setUint32(3, Number(card) % 2 ** 32)
  view.setUint32(7, expiresAt / SECOND)
  for (let index = 0; index < 8; index += 1) {
    view.setUint8(11 + index, Number.parseInt(id.slice(2 * index, 2 * index + 2), 16))
  }
  return PREFIX + toBase32(Uint8Array.of(...content, ...sign(withDomain(content))))
}

/** Whether it can still find its customer. */
export function isLive({ expiresAt }: SignedCode, now: Instant): boolean {
  return now <= expiresAt + CLOCK_TOLERANCE_MS
}

/** Whether a redemption that began at that time may rest on it. */
export function isGoodForRedemption({ expiresAt }: SignedCode, at: Instant): boolean {
  return at <= expiresAt + SERVED_WITHIN_MS
}

/** The card that a text claims to show, in any of its forms. It proves nothing: a code may be forged. */
export function claimedCard(text: string): string | null {
  return cardOfCode(text) ?? readSignedCode(text)?.code.card ?? null
}

/** The same key must never be talked into signing anything else. */
const DOMAIN = new TextEncoder().encode('kopilka-code-1')

function withDomain(content: Uint8Array): Uint8Array<ArrayBuffer> {
  return Uint8Array.of(...DOMAIN, ...content)
}

/** RFC 4648, without padding. */
const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'
const BITS = 5

function toBase32(bytes: Uint8Array): string {
  let text = ''
  let kept = 0
  let bits = 0
  for (const byte of bytes) {
    kept = (kept << 8) | byte
    for (bits += 8; bits >= BITS; bits -= BITS) text += ALPHABET[(kept >> (bits - BITS)) & 31]
    kept &= 31
  }
  return bits > 0 ? text + ALPHABET[(kept << (BITS - bits)) & 31] : text
}

/** So many bytes in their one spelling: a character too many or a bit that means nothing is a damage too. */
function fromBase32(text: string, length: number): Uint8Array<ArrayBuffer> | null {
  if (text.length !== Math.ceil((length * 8) / BITS)) return null
  const bytes = new Uint8Array(length)
  let kept = 0
  let bits = 0
  let at = 0
  for (const character of text) {
    const value = ALPHABET.indexOf(character)
    if (value < 0) return null
    kept = (kept << BITS) | value
    bits += BITS
    if (bits < 8) continue
    bits -= 8
    bytes[at++] = kept >> bits
    kept &= (1 << bits) - 1
  }
  return kept === 0 ? bytes : null
}

/** What is wrong with the code that a customer showed to spend points: the `reason` of `proof_refused`. */
export const proofProblems = ['missing', 'altered', 'other_customer', 'too_old', 'used'] as const
export type ProofProblem = (typeof proofProblems)[number]
