import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import { type Instant, SECOND } from '../../../shared/time.ts'

// Codes of an authenticator app, as RFC 6238 has them: SHA-1, half a minute, six digits, which every app understands.

const STEP_MS = 30 * SECOND
const DIGITS = 6
const SECRET_BYTES = 20
/** A phone's clock may be so many steps off. */
const STEPS_OFF = 1

export const newTotpSecret = (): Buffer => randomBytes(SECRET_BYTES)

export const stepAt = (now: Instant): number => Math.floor(now / STEP_MS)

export function totpCode(secret: Uint8Array, step: number): string {
  const counter = Buffer.alloc(8)
  counter.writeBigUInt64BE(BigInt(step))
  const digest = createHmac('sha1', secret).update(counter).digest()
  const offset = (digest.at(-1) ?? 0) & 0xf
  const number = digest.readUInt32BE(offset) & 0x7fff_ffff
  return String(number % 10 ** DIGITS).padStart(DIGITS, '0')
}

/** The step whose code it is, if it is one of about now; every one is compared, so that the time it takes tells nothing. */
export function stepOfCode(secret: Uint8Array, code: string, now: Instant): number | null {
  const given = Buffer.from(code)
  let found: number | null = null
  for (let off = -STEPS_OFF; off <= STEPS_OFF; off += 1) {
    const expected = Buffer.from(totpCode(secret, stepAt(now) + off))
    if (given.length === expected.length && timingSafeEqual(given, expected)) found = stepAt(now) + off
  }
  return found
}

/** What an authenticator app reads from a QR code. */
export function totpUri(
  secret: Uint8Array,
  { account, issuer }: { account: string; issuer: string },
): string {
  const label = `${encodeURIComponent(issuer)}:${encodeURIComponent(account)}`
  return `otpauth://totp/${label}?secret=${base32(secret)}&issuer=${encodeURIComponent(issuer)}`
}

const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'

/** As people type it where they cannot scan. */
export function base32(bytes: Uint8Array): string {
  const bits = [...bytes].map((byte) => byte.toString(2).padStart(8, '0')).join('')
  return (bits.match(/.{1,5}/g) ?? [])
    .map((group) => BASE32[Number.parseInt(group.padEnd(5, '0'), 2)])
    .join('')
}
