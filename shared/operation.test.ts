import { describe, expect, it } from 'vitest'
import { operationSchema } from './operation.ts'

const id = '0198c5a8-7b1e-7c3a-9f00-0123456789ab'
const other = '0198c5a8-7b1e-7c3a-9f00-0123456789ac'
const at = '2025-12-07T10:00:00.000Z'
const earn = { id, kind: 'earn', at, card: '123456', purchaseKopecks: 123_456 }
const redeem = { ...earn, kind: 'redeem', points: 100 }
const apply = { id, kind: 'apply', at, redeemId: other }
const release = { id, kind: 'release', at, redeemId: other, reason: 'not taken' }
const refund = { id, kind: 'refund', at, originalId: other }

const isAccepted = (operation: unknown) => operationSchema.safeParse(operation).success
const without = (operation: object, field: string) =>
  Object.fromEntries(Object.entries(operation).filter(([name]) => name !== field))

describe('the door lets in', () => {
  it.each([
    ['an earn', earn],
    ['an earn with all it may have', { ...earn, receipt: 'чек 17', confirmDuplicate: true }],
    ['a redeem', redeem],
    ['a redeem for an old file agent', { ...redeem, receipt: '17', confirmDuplicate: false, via: 'agent' }],
    ['an apply', apply],
    ['a release', release],
    ['a refund of the whole', refund],
    ['a refund of a part', { ...refund, refundKopecks: 1 }],
    ['an amount for the ledger to refuse', { ...earn, purchaseKopecks: -1 }],
    ['points for the ledger to refuse', { ...redeem, points: 0 }],
    ['the largest whole number', { ...earn, purchaseKopecks: Number.MAX_SAFE_INTEGER }],
    ['a receipt of 200 characters', { ...earn, receipt: 'x'.repeat(200) }],
    ['a receipt with an emoji', { ...earn, receipt: '🧾' }],
    ['a UUIDv4', { ...earn, id: 'c0ffee00-dead-4eef-8123-456789abcdef' }],
    ['29 February of a leap year', { ...earn, at: '2024-02-29T00:00:00.000Z' }],
  ])('%s', (_what, operation) => {
    expect(operationSchema.parse(operation)).toEqual(operation)
  })

  it('an id in capitals, as the same id', () => {
    expect(operationSchema.parse({ ...earn, id: id.toUpperCase() })).toEqual(earn)
  })
})

describe('the door refuses', () => {
  const operations = { earn, redeem, apply, release, refund }

  it.each(
    Object.values(operations).flatMap((operation) =>
      Object.keys(operation).map((field) => [operation.kind, field, operation] as const),
    ),
  )('%s without %s', (_kind, field, operation) => {
    expect(isAccepted(without(operation, field))).toBe(false)
  })

  it.each(Object.entries(operations))('%s with an unknown field', (_kind, operation) => {
    expect(isAccepted({ ...operation, comment: '' })).toBe(false)
  })

  it.each([
    ['via on an earn', { ...earn, via: 'agent' }],
    ['points on an earn', { ...earn, points: 1 }],
    ['a card on an apply', { ...apply, card: '123456' }],
    ['a reason on an apply', { ...apply, reason: 'taken' }],
    ['an amount on a release', { ...release, refundKopecks: 1 }],
  ])('a field of another kind: %s', (_what, operation) => {
    expect(isAccepted(operation)).toBe(false)
  })

  it.each(['adjust', 'bonus', 'expire', 'EARN', '', null, 1])('the kind %s from a register', (kind) => {
    expect(isAccepted({ ...earn, kind })).toBe(false)
  })

  it.each([
    ['a fraction', 12.5],
    ['the tenth of a kopeck', 0.1],
    ['more than a whole number can be', Number.MAX_SAFE_INTEGER + 1],
    ['a huge number', 1e300],
    ['NaN', Number.NaN],
    ['infinity', Number.POSITIVE_INFINITY],
    ['a string', '100'],
    ['a bigint', 100n],
    ['a boolean', true],
    ['null', null],
    ['a list', [100]],
  ])('%s where a whole number belongs', (_what, value) => {
    expect(isAccepted({ ...earn, purchaseKopecks: value })).toBe(false)
    expect(isAccepted({ ...redeem, points: value })).toBe(false)
    expect(isAccepted({ ...refund, refundKopecks: value })).toBe(false)
  })

  it.each([
    ['empty', ''],
    ['a number', 42],
    ['not a UUID', 'op-42'],
    ['without hyphens', id.replaceAll('-', '')],
    ['in braces', `{${id}}`],
    ['as a URN', `urn:uuid:${id}`],
    ['with a space', ` ${id}`],
    ['with a newline', `${id}\n`],
    ['of no known variant', '0198c5a8-7b1e-7c3a-cf00-0123456789ab'],
    ['of version 0', '0198c5a8-7b1e-0c3a-9f00-0123456789ab'],
    ['null', null],
  ])('an id: %s', (_what, value) => {
    expect(isAccepted({ ...earn, id: value })).toBe(false)
    expect(isAccepted({ ...apply, redeemId: value })).toBe(false)
    expect(isAccepted({ ...release, redeemId: value })).toBe(false)
    expect(isAccepted({ ...refund, originalId: value })).toBe(false)
  })

  it.each([
    ['a number', 1_765_101_600_000],
    ['empty', ''],
    ['a day', '2025-12-07'],
    ['without milliseconds', '2025-12-07T10:00:00Z'],
    ['with microseconds', '2025-12-07T10:00:00.000000Z'],
    ['without a zone', '2025-12-07T10:00:00.000'],
    ['of another zone', '2025-12-07T10:00:00.000+03:00'],
    ['of zone +00:00', '2025-12-07T10:00:00.000+00:00'],
    ['with a space', '2025-12-07 10:00:00.000Z'],
    ['of month 13', '2025-13-07T10:00:00.000Z'],
    ['of 30 February', '2025-02-30T10:00:00.000Z'],
    ['of 29 February in a common year', '2025-02-29T10:00:00.000Z'],
    ['of hour 24', '2025-12-07T24:00:00.000Z'],
    ['of a leap second', '2025-12-31T23:59:60.000Z'],
    ['of the year 0, which Postgres does not know', '0000-01-01T00:00:00.000Z'],
    ['of a year with six digits', '+010000-01-01T00:00:00.000Z'],
  ])('a time: %s', (_what, value) => {
    expect(isAccepted({ ...earn, at: value })).toBe(false)
  })

  it.each([
    ['empty', ''],
    ['of 201 characters', 'x'.repeat(201)],
    ['with NUL', 'a\0b'],
    ['with the first half of a surrogate pair', 'a\uD83E'],
    ['with the second half of a surrogate pair', '\uDDFEa'],
    ['a number', 17],
    ['null', null],
  ])('a text: %s', (_what, value) => {
    expect(isAccepted({ ...earn, receipt: value })).toBe(false)
    expect(isAccepted({ ...release, reason: value })).toBe(false)
  })

  it.each([
    ['a string for confirmDuplicate', { ...earn, confirmDuplicate: 'true' }],
    ['a number for confirmDuplicate', { ...earn, confirmDuplicate: 1 }],
    ['via anything but agent', { ...redeem, via: 'kiosk' }],
    ['a card as a number', { ...earn, card: 123456 }],
    ['a card in its QR form', { ...earn, card: '99123456' }],
    ['a list', [earn]],
    ['null', null],
    ['a string', JSON.stringify(earn)],
  ])('%s', (_what, operation) => {
    expect(isAccepted(operation)).toBe(false)
  })
})
