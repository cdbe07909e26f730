import { describe, expect, it } from 'vitest'
import { defaultProgramme } from '../../shared/programme.ts'
import { DAY, MINUTE, SECOND, toIso } from '../../shared/time.ts'
import { keyOf, type LotLife } from './account.ts'
import {
  admin,
  apply,
  type Customer,
  customerOf,
  customerWith,
  earn,
  lotOf,
  movesOf,
  neighbour,
  noon,
  redeem,
  release,
  remainingOf,
  run,
  showing,
  system,
} from './testing/makers.ts'

const [first, second] = [5, 6].map((lifetimeDays) => lotOf(noon, { lifetimeDays })) as [LotLife, LotLife]
const lots = [
  { points: 30, ...first },
  { points: 30, ...second },
]

/** A customer with a redemption of 50 of 60 points on a purchase of 10,000 ₽. */
function withHold(changes: Parameters<typeof redeem>[1] = {}) {
  const customer = customerWith({ lots })
  const redemption = redeem(50, changes)
  run(customer, redemption)
  return { customer, redemption }
}

/** What the sweep does with a hold whose register is silent. */
function doubt(customer: Customer, { id }: { id: string }) {
  const hold = customer.holds.get(id)
  if (hold) customer.holds.set(id, { ...hold, state: 'in_doubt' })
}

describe('a redemption', () => {
  it('takes points into a hold, and available falls at once', () => {
    const customer = customerWith({ lots })
    expect(run(customer, redeem(50))).toMatchObject({
      earned: 0,
      spent: 0,
      customer: { available: 10, held: 50 },
      hold: { state: 'processing', points: 50, until: toIso(noon + 90 * SECOND) },
    })
    expect(movesOf(customer).map(({ kind, dies, points }) => [kind, dies, points])).toEqual([
      ['hold', '2025-12-12', -30],
      ['hold', '2025-12-13', -20],
    ])
  })

  it('through an old file agent is born pending', () => {
    expect(run(customerOf(100), redeem(50, { via: 'agent' }))).toMatchObject({ hold: { state: 'pending' } })
  })

  it('has the hold time of the programme, from the moment of the ledger', () => {
    const programme = { ...defaultProgramme, hold_seconds: 30 }
    expect(run(customerOf(9), redeem(1), noon + SECOND, programme)).toMatchObject({
      hold: { until: toIso(noon + 31 * SECOND) },
    })
  })
})

describe('an apply', () => {
  it.each([
    // points, purchase in kopecks, earned
    [50, 1_000_000, 398],
    [2, 1449, 0],
    [2, 1450, 1],
    [200, 100_000, 32],
  ])('of %i points on %i kopecks earns %i: cashback on the money paid', (points, purchaseKopecks, earned) => {
    const customer = customerOf(200)
    const redemption = redeem(points, { purchaseKopecks })
    run(customer, redemption)
    expect(run(customer, apply(redemption))).toMatchObject({
      earned,
      spent: points,
      customer: { available: 200 - points + earned, held: 0 },
      hold: { state: 'applied', points },
    })
  })

  it.each([
    ['long after the hold time', (_customer: Customer, _redemption: { id: string }) => {}],
    ['of a hold in doubt', doubt],
  ])('%s is executed: 1C may have given the discount', (_what, before) => {
    const { customer, redemption } = withHold()
    before(customer, redemption)
    expect(run(customer, apply(redemption, { at: noon + DAY }))).toMatchObject({
      spent: 50,
      hold: { state: 'applied' },
    })
  })

  it('gives its cashback the life of the day of the purchase, whenever 1C was heard of', () => {
    const { customer, redemption } = withHold()
    run(customer, apply(redemption, { at: noon + DAY }))
    expect(remainingOf(customer)).toEqual([
      ['2025-12-13', 10],
      ['2026-01-21', 398],
    ])
  })

  it('earns what its redemption promised, whatever is valid by now', () => {
    const { customer, redemption } = withHold()
    const generous = { ...defaultProgramme, cashback_basis_points: 10_000, lifetime_days: 1 }
    expect(run(customer, apply(redemption), noon, generous)).toMatchObject({ earned: 398 })
  })
})

describe('a release', () => {
  it('returns the points to their own lots with their own expiry', () => {
    const { customer, redemption } = withHold()
    expect(run(customer, release(redemption))).toMatchObject({
      earned: 0,
      spent: 0,
      customer: { available: 60, held: 0 },
      hold: { state: 'released', points: 50 },
    })
    expect([...customer.lots.values()]).toMatchObject(lots)
    expect(remainingOf(customer)).toEqual([
      ['2025-12-12', 30],
      ['2025-12-13', 30],
    ])
  })

  it.each([
    // what, released at, when the points die
    ['dead meanwhile', '2025-12-20T08:00:00.000Z', [['2025-12-22', 50]]],
    [
      'dead at this very moment',
      '2025-12-12T00:00:00.000Z',
      [
        ['2025-12-13', 10],
        ['2025-12-14', 50],
      ],
    ],
    [
      'about to die',
      '2025-12-11T23:59:59.999Z',
      [
        ['2025-12-13', 30],
        ['2025-12-13', 30],
      ],
    ],
    [
      'alive longer anyway',
      '2025-12-10T00:00:00.000Z',
      [
        ['2025-12-12', 30],
        ['2025-12-13', 30],
      ],
    ],
  ])('of points whose lot is %s: they never come back dead', (_what, at, left) => {
    const { customer, redemption } = withHold()
    run(customer, release(redemption, { at: Date.parse(at) }))
    expect(remainingOf(customer)).toEqual(left)
  })

  it('takes nothing else of a dying lot along into a longer life', () => {
    const customer = customerWith({ lots: [{ points: 60, ...first }] })
    const redemption = redeem(50)
    run(customer, redemption)
    run(customer, release(redemption, { at: noon + 4 * DAY }))
    expect(remainingOf(customer)).toEqual([
      ['2025-12-12', 10],
      ['2025-12-13', 50],
    ])
  })

  it('into a lot whose rest was written off brings back what was held only', () => {
    const { customer, redemption } = withHold()
    const at = noon + 10 * DAY
    expect(run(customer, release(redemption, { at }))).toMatchObject({ customer: { available: 50 } })
    expect(customer.lots.get(keyOf(second))).toMatchObject({ remaining: 0, expired: 10 })
  })

  it('pays a debt that came up meanwhile', () => {
    const { customer, redemption } = withHold()
    customer.debt = 15
    run(customer, release(redemption))
    expect(customer).toMatchObject({ debt: 0, balance: 45 })
  })

  it.each([
    ['by a person', admin],
    ['by the other register of the store', neighbour],
  ])('%s settles a hold in doubt', (_who, author) => {
    const { customer, redemption } = withHold()
    doubt(customer, redemption)
    expect(run(customer, release(redemption, { author }))).toMatchObject({ hold: { state: 'released' } })
  })
})

describe('a pending hold past the hold time', () => {
  const lapse = noon + 90 * SECOND

  it('counts as expired before the sweep came', () => {
    for (const settle of [apply, release]) {
      const { customer, redemption } = withHold({ via: 'agent' })
      expect(run(customer, settle(redemption, { at: lapse }))).toMatchObject({
        code: 'already_resolved',
        details: { resolution: 'expired', resolvedBy: null },
      })
    }
  })

  it('can be taken to the last millisecond, and the sweep cannot come before', () => {
    const { customer, redemption } = withHold({ via: 'agent' })
    expect(run(customer, release(redemption, { at: lapse - 1, author: system }))).toMatchObject({
      code: 'already_resolved',
      details: { resolution: 'pending' },
    })
    expect(run(customer, apply(redemption, { at: lapse - 1 }))).toMatchObject({ status: 'accepted' })
  })

  it('becomes expired by the sweep, and the points return', () => {
    const { customer, redemption } = withHold({ via: 'agent' })
    const sweep = release(redemption, { at: lapse, author: system })
    expect(run(customer, sweep)).toMatchObject({
      customer: { available: 60, held: 0 },
      hold: { state: 'expired' },
    })
    expect(run(customer, apply(redemption, { at: lapse }))).toMatchObject({
      code: 'already_resolved',
      details: { resolution: 'expired', resolvedBy: sweep.id },
    })
  })

  it('is not swept once the agent has claimed it', () => {
    const { customer, redemption } = withHold()
    expect(run(customer, release(redemption, { at: lapse, author: system }))).toMatchObject({
      code: 'already_resolved',
      details: { resolution: 'processing' },
    })
  })
})

describe('a hold resolves once', () => {
  it.each([
    // first, second, the winner
    ['apply', apply, 'apply', apply, 'applied'],
    ['apply', apply, 'release', release, 'applied'],
    ['release', release, 'release', release, 'released'],
    ['release of the register', release, 'apply', apply, 'released'],
  ] as const)(
    '%2$s after the %0$s is answered with the one that won',
    (_f, first, _s, second, resolution) => {
      const { customer, redemption } = withHold()
      const winner = first(redemption)
      run(customer, winner)
      expect(run(customer, second(redemption, { at: noon + MINUTE }))).toMatchObject({
        code: 'already_resolved',
        details: { resolution, resolvedBy: winner.id },
      })
      expect(run(customer, winner)).toMatchObject({ status: 'accepted', replay: true })
    },
  )
})

describe('an apply after a person released the hold', () => {
  function releasedByPerson(adjustment = 0) {
    const { customer, redemption } = withHold()
    run(customer, release(redemption, { author: admin }))
    if (adjustment > 0) run(customer, redeem(adjustment, { purchaseKopecks: 500_000 }))
    return { customer, redemption }
  }

  it('takes the points again, earns the cashback and files a discrepancy', () => {
    const { customer, redemption } = releasedByPerson()
    const proof = apply(redemption, { at: noon + MINUTE })
    expect(run(customer, proof)).toMatchObject({
      earned: 398,
      spent: 50,
      customer: { available: 10 + 398, held: 0, debt: 0 },
    })
    expect(customer.journal.at(-1)?.discrepancy).toEqual({
      kind: 'late_apply',
      reference: redemption.id,
      details: { points: 50, shortfall: 0 },
    })
    expect(customer.holds.get(redemption.id)).toMatchObject({ state: 'applied', resolvedBy: proof.id })
  })

  it('makes what it cannot take a debt, which its own cashback pays first', () => {
    const { customer, redemption } = releasedByPerson(40)
    expect(run(customer, apply(redemption, { at: noon + MINUTE }))).toMatchObject({
      earned: 398,
      customer: { available: 398 - 30, debt: 0, held: 40 },
    })
    expect(customer.journal.at(-1)?.discrepancy?.details).toEqual({ points: 50, shortfall: 30 })
  })

  it('leaves the debt that the cashback does not cover', () => {
    const customer = customerOf(200)
    const redemption = redeem(200, { purchaseKopecks: 100_000 })
    run(customer, redemption)
    run(customer, release(redemption, { author: admin }))
    run(customer, redeem(200, { purchaseKopecks: 200_000 }))
    expect(run(customer, apply(redemption))).toMatchObject({
      earned: 32,
      customer: { available: 0, debt: 168, held: 200 },
    })
  })

  it('leaves the code to whoever has used it since', () => {
    const { customer, redemption } = withHold(showing())
    run(customer, release(redemption, { author: admin }))
    const since = redeem(5, { ...showing(), purchaseKopecks: 500_000 })
    expect(run(customer, since)).toMatchObject({ status: 'accepted' })
    run(customer, apply(redemption, { at: noon + MINUTE }))
    expect(customer.holds.get(redemption.id)).toMatchObject({ state: 'applied', codeId: null })
    expect(customer.holds.get(since.id)).toMatchObject({ codeId: since.shown?.id })
  })

  it('happens once', () => {
    const { customer, redemption } = releasedByPerson()
    run(customer, apply(redemption, { at: noon + MINUTE }))
    expect(run(customer, apply(redemption, { at: noon + 2 * MINUTE }))).toMatchObject({
      code: 'already_resolved',
    })
  })
})

it('points earned while a hold is open are free to spend', () => {
  const { customer } = withHold()
  run(customer, earn(100_000))
  expect(run(customer, redeem(50, { purchaseKopecks: 500_000 }))).toMatchObject({
    customer: { available: 0, held: 100 },
  })
})
