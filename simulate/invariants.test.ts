import { describe, expect, it } from 'vitest'
import type { TermsOfVoucher } from '../cloud/ledger/testing/oracleVouchers.ts'
import { bookOfBase } from '../shared/programme.ts'
import type { Evidence, Journalled, Till } from './evidence.ts'
import { checkInvariants } from './invariants.ts'
import { createNotes } from './notes.ts'
import { createVoucherUses } from './voucherUses.ts'

const card = '200001'
const voucher = 'A234567899'
const terms: TermsOfVoucher = { title: 'Купон', gives: { type: 'discount_kopecks', kopecks: 2_000 } }

const operation = (wanted: Partial<Journalled> & Pick<Journalled, 'id' | 'kind'>): Journalled => ({
  ...{
    at: 0,
    state: 'accepted',
    card: null,
    purchaseKopecks: 0,
    points: 0,
    voucher: null,
    items: null,
    receipt: null,
    reference: null,
  },
  ...{ content: `content of ${wanted.id}`, refusal: null },
  ...wanted,
})

/** A redemption of 100 points and a voucher of 20 ₽ of 1,000 ₽, which earns 35, and an earn of 40: all as it should be. */
function goodDay(): { evidence: Evidence; till: Till } {
  const notes = createNotes()
  notes.taken.push({ card, receipt: '1', rubles: 120, gapHit: false })
  Object.assign(notes.taps, { redeem: 1, earn: 1 })
  const shown = { type: 'success', firstName: 'Анна', purchaseKopecks: 100_000, paidKopecks: 88_000 } as const
  notes.shown.set('r', {
    ...{
      ...shown,
      kind: 'redeem',
      operationId: 'r',
      spent: 100,
      earned: 35,
      repaid: 0,
      debt: 0,
      available: 935,
      isQueued: false,
    },
  })
  const till: Till = {
    ...{ name: 'register 1', registerId: 1, notes, open: [], errors: [], cutShort: [] },
    journal: [
      operation({
        id: 'r',
        kind: 'redeem',
        card,
        purchaseKopecks: 100_000,
        points: 100,
        voucher,
        receipt: '1',
      }),
      operation({ id: 'a', kind: 'apply', reference: 'r' }),
      operation({ id: 'e', kind: 'earn', card, purchaseKopecks: 100_000, receipt: '2' }),
    ],
  }
  const evidence: Evidence = {
    tills: [till],
    operations: till.journal.map(({ id, content }, turn) => ({ id, content, ...judged, turn })),
    holds: [
      {
        id: 'r',
        registerId: 1,
        state: 'applied',
        points: 100,
        voucher,
        voucherKopecks: 2_000,
        wasInDoubt: false,
      },
    ],
    customers: [{ card, points: 975 }],
    morning: new Map([[card, 1000]]),
    mergedInto: new Map(),
    ...{
      vouchers: [{ code: voucher, held: 0, used: 1 }],
      codes: [{ code: voucher, batch: 1, owner: null, terms }],
    },
    ...{ discrepancies: [], audit: [], books: [bookOfBase({})] },
  }
  return { evidence, till }
}

/** How the ledger keeps an operation of this register. */
const judged = {
  ...{ registerId: 1, storeId: 1, facts: null, earns: 40, bookVersion: 1 },
  status: 'accepted',
  ...{ customerId: 1, recordedAt: 1_000_000 },
} as const

const violated = (evidence: Evidence) =>
  [...checkInvariants(evidence), ...createVoucherUses().check(evidence)]
    .filter(({ violations }) => violations.length > 0)
    .map(({ what }) => what)

it('a good day violates nothing', () => {
  expect(violated(goodDay().evidence)).toEqual([])
})

describe('a bad day is found out', () => {
  const cases: [string, string, (day: ReturnType<typeof goodDay>) => void][] = [
    [
      'the ledger does not add up',
      'the audit of the ledger finds nothing',
      ({ evidence }) => evidence.audit.push({ query: 'q', customerId: 1, reference: card, details: {} }),
    ],
    [
      '1C took a discount that the ledger gave back',
      'each register: rubles that 1C took = points and vouchers of applied holds',
      ({ evidence }) => Object.assign(evidence.holds[0] ?? {}, { state: 'released' }),
    ],
    [
      'a discount went into the next receipt',
      'each discount went into its own receipt, once',
      ({ till }) => Object.assign(till.notes.taken[0] ?? {}, { receipt: '2' }),
    ],
    [
      'the ledger spent what 1C did not give',
      'a 1C that reads first and deletes later errs in favour of the customer',
      ({ till }) => Object.assign(till.notes.taken[0] ?? {}, { gapHit: true, rubles: 99 }),
    ],
    [
      'a hold is left in doubt',
      'no hold is open or in doubt',
      ({ evidence }) => Object.assign(evidence.holds[0] ?? {}, { state: 'in_doubt' }),
    ],
    [
      'a redemption is left open',
      'nothing in a journal waits, is open or is parked',
      ({ till }) => till.open.push('r'),
    ],
    [
      'an operation is parked',
      'nothing in a journal waits, is open or is parked',
      ({ till }) => Object.assign(till.journal[2] ?? {}, { state: 'parked', refusal: 'over_refund' }),
    ],
    [
      'the ledger has other content under the id',
      'the journals and the ledger have the same operations with the same content',
      ({ evidence }) => Object.assign(evidence.operations[2] ?? {}, { content: 'other' }),
    ],
    [
      'the ledger has an operation of nobody',
      'the journals and the ledger have the same operations with the same content',
      ({ evidence }) => evidence.operations.push({ id: 'x', content: 'x', ...judged, turn: 3 }),
    ],
    [
      'the ledger lost an operation',
      'the journals and the ledger have the same operations with the same content',
      ({ evidence }) => evidence.operations.pop(),
    ],
    [
      'a later operation came first',
      'each register: the ledger did its operations in the order of its journal',
      ({ evidence }) => Object.assign(evidence.operations[2] ?? {}, { turn: -1 }),
    ],
    [
      'a balance is one point off',
      'each balance is what was earned and taken at the tills',
      ({ evidence }) => Object.assign(evidence.customers[0] ?? {}, { points: 974 }),
    ],
    [
      'the next receipt saw a discount',
      'every discount in a folder was of the open receipt and of the agreed form',
      ({ till }) => till.notes.wrong.push('stale: "100" at sale 1'),
    ],
    [
      'one sale gave points twice',
      'a sale of 1C moves points once',
      ({ till }) => Object.assign(till.journal[2] ?? {}, { receipt: '1' }),
    ],
    [
      'two taps at once made two operations',
      'a tap makes one operation',
      ({ till }) => Object.assign(till.notes.taps, { earn: 0 }),
    ],
    [
      'the screen spoke of success for nothing',
      'what the screen said is what happened',
      ({ evidence }) => Object.assign(evidence.holds[0] ?? {}, { state: 'released' }),
    ],
    [
      'the screen was sure of points that nobody got',
      'what the screen was sure that a sale would earn is what the ledger gave',
      ({ till }) => till.notes.promised.set('e', { earned: 41, bookVersion: 1, asOf: 2_000_000 }),
    ],
    [
      'a code was used that the ledger thinks unused',
      'a code is used as often as a discount with it was taken, less what a return gave back',
      ({ evidence }) => Object.assign(evidence.vouchers[0] ?? {}, { used: 0 }),
    ],
    [
      'a return does not give a code back',
      'a code is used as often as a discount with it was taken, less what a return gave back',
      ({ till }) => till.journal.push(operation({ id: 'f', kind: 'refund', reference: 'r' })),
    ],
    [
      'a discount was not taken, and its code stays held',
      'no code is held in the evening',
      ({ evidence }) => Object.assign(evidence.vouchers[0] ?? {}, { held: 1 }),
    ],
    [
      'a code of one use was used twice',
      'no code is used more often than its terms say, by nobody more often than they may',
      ({ evidence }) => Object.assign(evidence.vouchers[0] ?? {}, { used: 2 }),
    ],
    [
      'somebody used a batch more often than they may',
      'no code is used more often than its terms say, by nobody more often than they may',
      ({ evidence, till }) => {
        const limited = { ...terms, uses_per_code: 9, uses_per_customer: 1 }
        evidence.codes = [{ code: voucher, batch: 1, owner: null, terms: limited }]
        till.journal.push(operation({ id: 'again', kind: 'redeem', card, voucher }))
        till.journal.push(operation({ id: 'b', kind: 'apply', reference: 'again' }))
      },
    ],
    [
      'a discrepancy waits for a person',
      'no discrepancy is left to a person',
      ({ evidence }) => evidence.discrepancies.push({ kind: 'late_apply', reference: 'r' }),
    ],
    [
      'a register logged an error',
      'no register met a fault of its own',
      ({ till }) => till.errors.push('the journal did not take an operation'),
    ],
  ]
  it.each(cases)('%s', (_, what, spoil) => {
    const day = goodDay()
    spoil(day)
    expect(violated(day.evidence)).toContain(what)
  })
})
