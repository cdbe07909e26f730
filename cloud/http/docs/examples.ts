// What an engineer would try first. A test parses each of them by the schema that its route parses by.

const ID = '0198a7c4-2f3b-7c11-9d52-3b1f0e6a7d21'
const at = '2026-12-07T10:00:00.000Z'

export const operationExamples = {
  'A purchase of 1,234.56 ₽': { id: ID, kind: 'earn', at, card: '654321', purchaseKopecks: 123_456 },
  '200 points for a purchase of 1,000 ₽': {
    ...{ id: ID, kind: 'redeem', at, card: '654321' },
    ...{ purchaseKopecks: 100_000, points: 200 },
  },
  '1C took the discount': { id: '0198a7c4-4b80-7d42-8f1e-0c9d8b7a6f55', kind: 'apply', at, redeemId: ID },
  'It did not': {
    ...{ id: '0198a7c4-4b80-7d42-8f1e-0c9d8b7a6f55', kind: 'release', at },
    ...{ redeemId: ID, reason: 'not taken' },
  },
  'Goods for 500 ₽ came back': {
    ...{ id: '0198a7c4-6aa1-7b07-a3c2-5e4d3c2b1a09', kind: 'refund', at },
    ...{ originalId: ID, refundKopecks: 50_000 },
  },
  'A plastic card and a card in Telegram are one customer': {
    ...{ id: '0198a7c4-7c52-7e18-b4d3-8a6f5c4e3d21', kind: 'merge', at },
    ...{ card: '654321', otherCard: '765432' },
  },
} as const

export const enrolExample = { code: 'H9SRMMUJ', name: 'Касса 1', version: '1.0.0' } as const

const curl = (path: string, ...rest: string[]) => [`curl "$API${path}"`, ...rest].join(' \\\n  ')
const withKey = '-H "Authorization: Bearer $KEY"'
const send = (body: unknown) => `-H 'Content-Type: application/json' -d '${JSON.stringify(body)}'`

/** By method and path: what it is for, and what to type. */
export const examples: Record<string, Record<string, string>> = {
  'post /v1/enrol': { 'A pairing code becomes a key': curl('/v1/enrol', send(enrolExample)) },
  'get /v1/register': { 'Who am I, and what are the rules': curl('/v1/register', withKey) },
  'get /v1/customers': {
    'By the number of the card': curl('/v1/customers?code=654321', withKey),
    'By the QR code of plastic': curl('/v1/customers?code=99654321', withKey),
  },
  'get /v1/customers/changes': { 'The first page of the copy': curl('/v1/customers/changes', withKey) },
  'get /v1/purchases': {
    'By the last digits of a receipt': curl('/v1/purchases?receipt=123', withKey),
  },
  'post /v1/operations': Object.fromEntries(
    Object.entries(operationExamples).map(([what, operation]) => [
      what,
      curl('/v1/operations', withKey, send({ operations: [operation] })),
    ]),
  ),
}
