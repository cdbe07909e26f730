import { randomBytes, randomInt } from 'node:crypto'

/** 256 random bits: nothing to guess, so a plain hash is enough to keep, and an index look-up leaks nothing. */
export function newRegisterKey(): string {
  return `kop_${randomBytes(32).toString('base64url')}`
}

/** Without letters and digits that look alike on a printed note. */
const CODE_ALPHABET = 'ABCDEFGHJKLMNPQRSTUVWXYZ23456789'
const CODE_LENGTH = 8

export function newPairingCode(): string {
  return Array.from({ length: CODE_LENGTH }, () => CODE_ALPHABET[randomInt(CODE_ALPHABET.length)]).join('')
}

/** People type codes in any case and with spaces or dashes between. */
export function spelledCode(code: string): string {
  return code.replace(/[\s-]/g, '').toUpperCase()
}
