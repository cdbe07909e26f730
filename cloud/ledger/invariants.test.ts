import fc from 'fast-check'
import { expect, it } from 'vitest'
import { DAY, type Instant, MINUTE, SECOND } from '../../shared/time.ts'
import { isOpen } from './account.ts'
import type { Request } from './request.ts'
import {
  adjust,
  admin,
  apply,
  type Customer,
  customerWith,
  earn,
  expire,
  redeem,
  refund,
  release,
  run,
  showing,
  stranger,
  system,
  till,
} from './testing/makers.ts'

type Step = (customer: Customer, now: Instant, earlier: Request[]) => Request

const author = fc.constantFrom(till, till, till, admin, stranger)
const pick = fc.nat()
const original = (earlier: Request[], index: number) => earlier[index % earlier.length] ?? { id: 'none' }

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.integer({ min: 1, max: 500_000 }).map(
      (paid): Step =>
        (_, at) =>
          earn(paid, { at }),
    ),
  },
  {
    weight: 3,
    arbitrary: fc.tuple(fc.integer({ min: 1, max: 60 }), fc.boolean(), fc.nat(4)).map(
      ([points, isAgent, code]): Step =>
        (_, at) =>
          redeem(points, {
            at,
            confirmDuplicate: true,
            ...(isAgent && { via: 'agent' as const }),
            ...(code > 0 && showing({ id: String(code), expiresAt: at })),
          }),
    ),
  },
  {
    weight: 3,
    arbitrary: fc.tuple(pick, author).map(
      ([index, author]): Step =>
        (_, at, earlier) =>
          apply(original(earlier, index), { at, author }),
    ),
  },
  {
    weight: 3,
    arbitrary: fc.tuple(pick, fc.oneof(author, fc.constant(system))).map(
      ([index, author]): Step =>
        (_, at, earlier) =>
          release(original(earlier, index), { at, author }),
    ),
  },
  {
    weight: 4,
    arbitrary: fc.tuple(pick, fc.option(fc.integer({ min: 1, max: 300_000 }), { nil: undefined })).map(
      ([index, refundKopecks]): Step =>
        (_, at, earlier) =>
          refund(original(earlier, index), { at, ...(refundKopecks !== undefined && { refundKopecks }) }),
    ),
  },
  {
    weight: 1,
    arbitrary: fc.integer({ min: -40, max: 40 }).map(
      (points): Step =>
        (_, at) =>
          adjust(points, { at }),
    ),
  },
  { weight: 1, arbitrary: fc.constant<Step>((_, at) => expire(at)) },
  {
    weight: 1,
    arbitrary: pick.map(
      (index): Step =>
        (_, at, earlier) =>
          earlier[index % earlier.length] ?? expire(at),
    ),
  },
)

const pause = fc.oneof(
  { weight: 6, arbitrary: fc.integer({ min: 1, max: 60 }).map((seconds) => seconds * SECOND) },
  { weight: 2, arbitrary: fc.integer({ min: 1, max: 60 * 24 }).map((minutes) => minutes * MINUTE) },
  { weight: 1, arbitrary: fc.integer({ min: 1, max: 50 }).map((days) => days * DAY) },
)

// `run` itself checks after every posting: balance = Σ remaining, no debt beside live points, an unbroken chain
// of entries, remaining + expired ≤ points, nothing below zero.
it('every sum holds after every operation, whatever came before it', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(step, pause), { maxLength: 60, size: 'max' }), (steps) => {
      const customer = customerWith()
      const earlier: Request[] = []
      let now = Date.parse('2025-12-07T12:00:00.000Z')
      for (const [step, pause] of steps) {
        now += pause
        const request = step(customer, now, earlier)
        const known = customer.journal.length
        const outcome = run(customer, request, now)
        if (outcome.replay || outcome.status === 'refused') expect(customer.journal).toHaveLength(known)
        earlier.push(request)
      }
      const kept = [...customer.holds.values()].filter(
        ({ state }) => state !== 'released' && state !== 'expired',
      )
      const codes = kept.flatMap(({ codeId }) => codeId ?? [])
      expect(new Set(codes).size).toBe(codes.length)
      const settled = [...customer.holds.values()].filter((hold) => !isOpen(hold))
      for (const { id, resolvedBy } of settled) {
        const resolutions = customer.journal.filter(
          ({ operation }) => operation.referenceId === id && operation.kind !== 'refund',
        )
        // Once; only a late apply, with its discrepancy, takes the place of a person's release.
        expect(resolutions.filter(({ discrepancy }) => discrepancy === null)).toHaveLength(1)
        expect(resolutions.at(-1)?.operation.id).toBe(resolvedBy)
      }
    }),
    { numRuns: 300 },
  )
})
