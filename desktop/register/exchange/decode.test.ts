import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { AMOUNT_LIMIT_BYTES, decodeAmount, decodeText } from './decode.ts'

const utf8 = (text: string) => new TextEncoder().encode(text)
const utf16le = (text: string) => new Uint8Array(Buffer.from(`\ufeff${text}`, 'utf16le'))
const letters1251 = new TextDecoder('windows-1251').decode(
  Uint8Array.from({ length: 256 }, (_, byte) => byte),
)
const encodings = {
  'UTF-8': utf8,
  'UTF-8 with a mark': (text: string) => utf8(`\ufeff${text}`),
  'UTF-16 LE with a mark': utf16le,
  'UTF-16 BE with a mark': (text: string) => new Uint8Array(Buffer.from(utf16le(text)).swap16()),
  'windows-1251': (text: string) => Uint8Array.from(text, (letter) => letters1251.indexOf(letter)),
}
const everyEncoding = Object.entries(encodings)

const amount = (purchaseKopecks: number) => ({ purchaseKopecks, receipt: null, protocol: 1 })
const sale = (expected: unknown) => ({ ok: true, amount: expected })

describe('an amount is understood', () => {
  it.each([
    // the file, kopecks
    ['{"amount": 1234.56}', 123_456],
    ['{"amount":1234.5}', 123_450],
    ['{"amount":1234}', 123_400],
    ['{"amount":0.01}', 1],
    ['{"amount":1234.5600}', 123_456],
    ['{"amount":1000000000}', 100_000_000_000],
    ['{"amount":"1234.56"}', 123_456],
    ['{"amount":"1234,56"}', 123_456],
    ['{"amount":" 1234,5 "}', 123_450],
    ['{"amount":"1 234 567,89"}', 123_456_789],
    ['{"amount":"1\u00a0234\u00a0567,89"}', 123_456_789],
    ['{"amount":"1\u202f234"}', 123_400],
    ['{"amount":"0001234,56"}', 123_456],
    ['{"amount":1234,56}', 123_456],
    ['{ "amount" : 1234,5 , "receipt" : null }', 123_450],
    ['{"comment": "x: 1,5}", "amount": 8,07}', 807],
    ['{"comment": "say \\": 1,5}", "amount": 8,07}', 807],
    ['{"amount":12,"timestamp":"2025-12-07T10:00:00","cashier":{"amount":5},"lines":[1,2]}', 1200],
    ['\r\n{"amount":\r\n12.30\r\n}\r\n', 1230],
  ])('%s', (text, kopecks) => {
    expect(decodeAmount(utf8(text))).toEqual(sale(amount(kopecks)))
  })

  it.each(everyEncoding)('in %s', (_name, encode) => {
    expect(decodeAmount(encode('{"amount": 1234.56, "receipt": "Чек № 17"}'))).toEqual(
      sale({ purchaseKopecks: 123_456, receipt: 'Чек № 17', protocol: 1 }),
    )
  })

  it.each([
    // the field, the receipt
    ['"Чек 17"', 'Чек 17'],
    ['" 17 "', '17'],
    ['17', '17'],
    ['12345678901234567890', '12345678901234567890'],
    ['"a\\u0000b"', 'ab'],
    ['"\\ud83e"', '\ufffd'],
    [`"${'я'.repeat(300)}"`, 'я'.repeat(200)],
    ['""', null],
    ['null', null],
    ['{}', null],
  ])('with the receipt %s', (field, receipt) => {
    const decoded = decodeAmount(utf8(`{"amount": 1, "receipt": ${field}}`))
    expect(decoded).toEqual(sale({ ...amount(100), receipt }))
  })

  it.each([
    ['2', 2],
    ['"2"', 2],
    ['1', 1],
    ['true', 1],
  ])('with the protocol %s', (field, protocol) => {
    const decoded = decodeAmount(utf8(`{"amount": 1, "protocol": ${field}}`))
    expect(decoded).toEqual(sale({ ...amount(100), protocol }))
  })

  it('whatever the amount, the way it is written and the encoding', () => {
    const grouped = (rubles: string, space: string) => rubles.replaceAll(/\B(?=(\d{3})+$)/g, space)
    const writings: ((rubles: string, kopecks: string) => string)[] = [
      (rubles, kopecks) => `${rubles}.${kopecks}`,
      (rubles, kopecks) => `${rubles},${kopecks}`,
      (rubles, kopecks) => `${rubles}.${kopecks}00`,
      (rubles, kopecks) => `"${rubles}.${kopecks}"`,
      (rubles, kopecks) => `"${rubles},${kopecks}"`,
      (rubles, kopecks) => `"${grouped(rubles, ' ')},${kopecks}"`,
      (rubles, kopecks) => `"${grouped(rubles, '\u00a0')}.${kopecks}"`,
    ]
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 100_000_000_000 }),
        fc.constantFrom(...writings),
        fc.constantFrom(...Object.values(encodings)),
        (kopecks, write, encode) => {
          const digits = String(kopecks).padStart(3, '0')
          const written = write(digits.slice(0, -2), digits.slice(-2))
          const bytes = encode(`{"receipt": "Чек", "amount": ${written}}`)
          expect(decodeAmount(bytes)).toEqual(sale({ ...amount(kopecks), receipt: 'Чек' }))
        },
      ),
    )
  })
})

describe('there is no sale', () => {
  it.each(['{"amount": 0}', '{"amount": "0,00"}', '{"amount": ""}', '{"amount": null}', '{}'])(
    'in %s',
    (text) => {
      expect(decodeAmount(utf8(text))).toEqual(sale(null))
    },
  )
})

describe('the file is not understood when it', () => {
  it.each([
    // what, the bytes, the problem
    ['is empty', '', 'empty'],
    ['is a mark and nothing', '\ufeff', 'empty'],
    ['is blank', ' \r\n', 'empty'],
    ['is full of zeros', '\0'.repeat(21), 'not_text'],
    ['ends in zeros', '{"amount": 1}\0\0', 'not_text'],
    ['is UTF-16 without a mark', utf16le('{"amount": 1}').slice(2), 'not_text'],
    ['is UTF-32', new Uint8Array([0xff, 0xfe, 0, 0, 0x7b, 0, 0, 0]), 'not_text'],
    ['has a mark of UTF-8 and is not', new Uint8Array([0xef, 0xbb, 0xbf, 0x22, 0xd7, 0x22]), 'not_text'],
    ['is garbage', new Uint8Array([0xde, 0xad, 0xbe, 0xef]), 'not_json'],
    ['is a page', '<html></html>', 'not_json'],
    ['is two files in one', '{"amount": 1}{"amount": 2}', 'not_json'],
    ['keeps the end of a longer one', '{"amount": 1}0}', 'not_json'],
    ['has thousands after a bare comma', '{"amount": 1,234}', 'not_json'],
    ['has two bare commas', '{"amount": 1,234,56}', 'not_json'],
    ['has a bare decimal in a list', '{"lines": [1,23 "], "amount": 1}', 'not_json'],
    ['is nested without end', '['.repeat(60_000), 'not_json'],
    ['is nested very deep', `${'['.repeat(30_000)}${']'.repeat(30_000)}`, 'not_json'],
    ['is a number', '1234.56', 'no_amount'],
    ['is a list', '[{"amount": 1}]', 'no_amount'],
    ['is null', 'null', 'no_amount'],
    ['has no amount', '{"sum": 1}', 'no_amount'],
    ['has it deeper', '{"sale": {"amount": 1}}', 'no_amount'],
    ['has a negative amount', '{"amount": -0.01}', 'amount_negative'],
    ['has a negative text', '{"amount": "−5,00"}', 'amount_negative'],
    ['has a negative decimal comma', '{"amount": -5,00}', 'amount_negative'],
    ['has parts of a kopeck', '{"amount": 1.001}', 'amount_invalid'],
    ['has an exponent', '{"amount": 1e3}', 'amount_invalid'],
    ['has a small exponent', '{"amount": 5E-324}', 'amount_invalid'],
    ['has a kopeck too many', '{"amount": 1000000000.01}', 'amount_invalid'],
    ['has hundreds of digits', `{"amount": ${'9'.repeat(500)}}`, 'amount_invalid'],
    ['has what may be an English thousand', '{"amount": "1,000"}', 'amount_invalid'],
    ['has an English thousand', '{"amount": "1,234.56"}', 'amount_invalid'],
    ['has broken groups', '{"amount": "12 34,56"}', 'amount_invalid'],
    ['has a currency', '{"amount": "12 руб."}', 'amount_invalid'],
    ['has no digits before the point', '{"amount": ".56"}', 'amount_invalid'],
    ['has no digits after the point', '{"amount": "1234,"}', 'amount_invalid'],
    ['has digits of another script', '{"amount": "١٢"}', 'amount_invalid'],
    ['has a truth for an amount', '{"amount": true}', 'amount_invalid'],
    ['has a list for an amount', '{"amount": [1]}', 'amount_invalid'],
    ['is larger than any amount', `{"amount": 1}${' '.repeat(AMOUNT_LIMIT_BYTES)}`, 'too_large'],
  ])('%s', (_what, content, problem) => {
    const bytes = typeof content === 'string' ? utf8(content) : content
    expect(decodeAmount(bytes)).toEqual({ ok: false, problem })
  })

  it.each(everyEncoding)('is %s and breaks off, wherever it does', (_name, encode) => {
    for (const written of ['1234.56', '"1 234,56"', '1234,56']) {
      const whole = encode(`{"receipt": "Чек №1", "amount": ${written}, "cashier": "Анна"}`)
      for (let length = 0; length < whole.length; length += 1)
        expect(decodeAmount(whole.subarray(0, length)).ok).toBe(false)
      expect(decodeAmount(whole).ok).toBe(true)
    }
  })

  it.each(everyEncoding)('is %s and ends in the zeros of a power cut', (_name, encode) => {
    const whole = encode('{"amount": 1234.56}')
    // The last byte of UTF-16 LE is a zero of its own.
    for (let length = 0; length < whole.length - 1; length += 1)
      expect(decodeAmount(whole.slice().fill(0, length)).ok).toBe(false)
  })

  it('is any bytes at all, without ever failing', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        expect(decodeAmount(bytes)).toHaveProperty('ok')
      }),
    )
  })
})

describe('a text of 1C', () => {
  it.each(everyEncoding)('is read in %s, without its mark', (_name, encode) => {
    expect(decodeText(encode('Чек № 17'))).toBe('Чек № 17')
  })
})
