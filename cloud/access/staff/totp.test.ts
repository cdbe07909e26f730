import { describe, expect, it } from 'vitest'
import { SECOND } from '../../../shared/time.ts'
import { base32, newTotpSecret, stepAt, stepOfCode, totpCode, totpUri } from './totp.ts'

const secret = Buffer.from('12345678901234567890')

describe('the codes of an authenticator app', () => {
  // Appendix B of RFC 6238, of whose eight digits the last six are ours.
  it.each([
    [59, '287082'],
    [1_111_111_109, '081804'],
    [1_111_111_111, '050471'],
    [1_234_567_890, '005924'],
    [2_000_000_000, '279037'],
    [20_000_000_000, '353130'],
  ])('are those of the standard: at %i s %s', (seconds, code) => {
    expect(totpCode(secret, stepAt(seconds * SECOND))).toBe(code)
  })

  it('are good half a minute earlier and later, and no more', () => {
    const now = 1_234_567_890 * SECOND
    const codes = [-2, -1, 0, 1, 2].map((off) => totpCode(secret, stepAt(now) + off))
    expect(codes.map((code) => stepOfCode(secret, code, now))).toEqual([
      null,
      stepAt(now) - 1,
      stepAt(now),
      stepAt(now) + 1,
      null,
    ])
  })

  it.each(['', '28708', '2870820', '28708a', '٢٨٧٠٨٢', '287 082'])('are six digits: not "%s"', (code) => {
    expect(stepOfCode(secret, code, 59 * SECOND)).toBeNull()
  })

  it('come from a secret of twenty bytes that no two people share', () => {
    expect(newTotpSecret()).toHaveLength(20)
    expect(newTotpSecret().equals(newTotpSecret())).toBe(false)
  })

  it('begin with a text that the app scans', () => {
    expect(base32(Buffer.from('foobar'))).toBe('MZXW6YTBOI')
    expect(totpUri(secret, { account: 'anna', issuer: 'Сеть «Сосед»' })).toBe(
      'otpauth://totp/%D0%A1%D0%B5%D1%82%D1%8C%20%C2%AB%D0%A1%D0%BE%D1%81%D0%B5%D0%B4%C2%BB:anna' +
        '?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=%D0%A1%D0%B5%D1%82%D1%8C%20%C2%AB%D0%A1%D0%BE%D1%81%D0%B5%D0%B4%C2%BB',
    )
  })
})
