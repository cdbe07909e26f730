import { createPublicKey, verify } from 'node:crypto'
import { cardOfCode } from '../../../shared/cardText.ts'
import { isSignedCode, readSignedCode, type SignedCode } from '../../../shared/signedCode.ts'

/** A text that was scanned or typed, as far as the register can read it without asking the cloud. */
export type Shown =
  | { card: string; code: SignedCode | null; isProven: boolean }
  | { problem: 'not_a_card' | 'code_altered' }

/** `codeKey` is the key that the cloud signs codes with; null where it has not told it yet. */
export function readShown(text: string, codeKey: string | null): Shown {
  if (isSignedCode(text)) {
    const read = readSignedCode(text)
    if (!read || (codeKey !== null && !isGenuine(read, codeKey))) return { problem: 'code_altered' }
    return { card: read.code.card, code: read.code, isProven: codeKey !== null }
  }
  const card = cardOfCode(text)
  return card === null ? { problem: 'not_a_card' } : { card, code: null, isProven: false }
}

function isGenuine(
  { signed, signature }: { signed: Uint8Array; signature: Uint8Array },
  codeKey: string,
): boolean {
  const key = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x: codeKey }, format: 'jwk' })
  return verify(null, signed, key, signature)
}
