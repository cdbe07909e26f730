import { generateKeyPairSync, sign } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { writeSignedCode } from '../../../shared/signedCode.ts'
import { readShown } from './shownText.ts'

const { publicKey, privateKey } = generateKeyPairSync('ed25519')
const codeKey = publicKey.export({ format: 'jwk' }).x ?? ''
const code = { id: '0123456789abcdef', card: '654321', expiresAt: 1_765_108_800_000 }
const text = writeSignedCode(code, (signed) => sign(null, signed, privateKey))
const altered = `${text.slice(0, 9)}${text[9] === 'A' ? 'B' : 'A'}${text.slice(10)}`

describe('what somebody shows', () => {
  it.each(['654321', '99654321'])('is a card: %s', (plastic) => {
    expect(readShown(plastic, codeKey)).toEqual({ card: '654321', code: null, isProven: false })
  })

  it('is a code, verified with nobody’s help, in any case', () => {
    for (const spelled of [text, text.toLowerCase()])
      expect(readShown(spelled, codeKey)).toEqual({ card: '654321', code, isProven: true })
  })

  it('is a code that proves nothing where the key is not known yet', () => {
    expect(readShown(text, null)).toEqual({ card: '654321', code, isProven: false })
  })

  it.each([
    ['a character of it was altered', altered],
    ['it was cut short', text.slice(0, -1)],
    ['somebody else signed it', writeSignedCode(code, () => new Uint8Array(64))],
  ])('is no code when %s', (_what, forged) => {
    expect(readShown(forged, codeKey)).toEqual({ problem: 'code_altered' })
  })

  it('is nothing of ours', () => {
    expect(readShown('https://example.org', codeKey)).toEqual({ problem: 'not_a_card' })
  })

  it('is no code by a key that is none', () => {
    expect(readShown(text, 'A'.repeat(43))).toEqual({ problem: 'code_altered' })
    expect(readShown(text, '_'.repeat(43))).toEqual({ problem: 'code_altered' })
  })
})
