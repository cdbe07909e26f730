import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { cardOfCode } from './cardText.ts'
import {
  claimedCard,
  isGoodForRedemption,
  isLive,
  isSignedCode,
  readSignedCode,
  type SignedCode,
  writeSignedCode,
} from './signedCode.ts'
import { SECOND } from './time.ts'

const code: SignedCode = { id: '0123456789abcdef', card: '654321', expiresAt: 1_765_108_800_000 }
const signature = Uint8Array.from({ length: 64 }, (_, index) => 255 - index)
const text = writeSignedCode(code, () => signature)

const cards = fc
  .constantFrom(6, 7, 9, 10, 11, 12)
  .chain((digits) =>
    fc
      .stringMatching(new RegExp(`^\\d{${digits}}$`))
      .filter((card) => card.length < 9 || !card.startsWith('99')),
  )

describe('a signed code', () => {
  it('is letters and digits only, which a QR packs densely', () => {
    expect(text).toMatch(/^K1[A-Z2-7]{133}$/)
  })

  it('says again what was written, whatever the card and the time', () => {
    const bytes = fc.uint8Array({ minLength: 64, maxLength: 64 })
    const ids = fc.stringMatching(/^[0-9a-f]{16}$/)
    const ends = fc.nat(2 ** 32 - 1).map((seconds) => seconds * SECOND)
    fc.assert(
      fc.property(cards, ids, ends, bytes, (card, id, expiresAt, signature) => {
        const read = readSignedCode(writeSignedCode({ card, id, expiresAt }, () => signature))
        expect(read).toMatchObject({ code: { card, id, expiresAt }, signature })
      }),
    )
  })

  it('is read in any case, and with the newline of a scanner', () => {
    const read = readSignedCode(text)
    expect(read?.code).toEqual(code)
    for (const spelled of [text.toLowerCase(), ` ${text}\r\n`]) expect(readSignedCode(spelled)).toEqual(read)
  })

  it('is signed together with what it is for', () => {
    let signed = new Uint8Array()
    writeSignedCode(code, (bytes) => {
      signed = Uint8Array.from(bytes)
      return signature
    })
    expect(new TextDecoder().decode(signed.subarray(0, 14))).toBe('kopilka-code-1')
    expect(readSignedCode(text)?.signed).toEqual(signed)
  })

  it('says something else, or nothing, with any character of it changed', () => {
    const original = JSON.stringify(readSignedCode(text))
    for (let index = 0; index < text.length; index += 1) {
      for (const character of 'A2Z7') {
        if (text[index] === character) continue
        const altered = text.slice(0, index) + character + text.slice(index + 1)
        expect(JSON.stringify(readSignedCode(altered)), altered).not.toBe(original)
      }
    }
  })

  it.each([
    ['cut short', text.slice(0, -1)],
    ['with a character too many', `${text}A`],
    ['with a character that base32 has not', text.replace(/.$/, '1')],
    ['with a bit that means nothing', text.slice(0, -1) + (text.endsWith('A') ? 'B' : 'H')],
    ['of a later version', writeSignedCode(code, () => signature).replace(/^K1AE/, 'K1AI')],
    ['of a card that cannot be', writeSignedCode({ ...code, card: '12345' }, () => signature)],
    ['the prefix alone', 'K1'],
    ['another text altogether', 'hello'],
    ['nothing', ''],
  ])('is none: %s', (_what, damaged) => {
    expect(readSignedCode(damaged)).toBeNull()
  })

  it.each([text, text.slice(0, 20), 'k1', text.toLowerCase()])(
    'is no card, whole or damaged: %s',
    (shown) => {
      expect(isSignedCode(shown)).toBe(true)
      expect(cardOfCode(shown)).toBeNull()
    },
  )

  it.each(['654321', '99654321', 'hello', '', 'K2ABC'])('is not meant by "%s"', (shown) => {
    expect(isSignedCode(shown)).toBe(false)
  })

  it('claims the same card as the plastic of its customer', () => {
    expect([text, '99654321', '654321'].map(claimedCard)).toEqual(['654321', '654321', '654321'])
    expect(claimedCard('hello')).toBeNull()
  })

  it('lives to its end and the little that clocks differ by', () => {
    expect(isLive(code, code.expiresAt + 5 * SECOND)).toBe(true)
    expect(isLive(code, code.expiresAt + 5 * SECOND + 1)).toBe(false)
  })

  it('is good for a redemption as long as the kiosk keeps a customer', () => {
    expect(isGoodForRedemption(code, code.expiresAt + 180 * SECOND)).toBe(true)
    expect(isGoodForRedemption(code, code.expiresAt + 180 * SECOND + 1)).toBe(false)
  })
})
