import type { Instant } from './time.ts'

/**
 * A UUIDv7 (RFC 9562): 48 bits of time, then random bits. Minted by an operation's author before it is
 * sent, unique for ever; the time in front keeps the ledger's indexes compact and proves nothing.
 */
export function newId(now: Instant = Date.now()): string {
  const random = crypto.getRandomValues(new Uint8Array(10))
  const time = now.toString(16).padStart(12, '0')
  const rest = Array.from(random, (byte) => byte.toString(16).padStart(2, '0')).join('')
  const variant = ((random[2] ?? 0) & 0x3f) | 0x80
  return `${time.slice(0, 8)}-${time.slice(8)}-7${rest.slice(1, 4)}-${variant.toString(16)}${rest.slice(6, 8)}-${rest.slice(8)}`
}
