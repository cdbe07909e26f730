import { describe, expect, it } from 'vitest'
import { defaultProgramme } from '../../shared/programme.ts'
import { DAY, SECOND } from '../../shared/time.ts'
import {
  apply,
  customerOf,
  earn,
  expire,
  mintId,
  neighbour,
  noon,
  redeem,
  refund,
  release,
  run,
  stranger,
  system,
} from './testing/makers.ts'

const kinds = [
  ['earn', (at: number) => earn(100_000, { at })],
  ['redeem', (at: number) => redeem(1, { at })],
] as const

describe.each(kinds)('an equal %s', (_kind, purchase) => {
  it.each([
    // apart, is a duplicate
    [0, true],
    [1, true],
    [10 * SECOND - 1, true],
    [10 * SECOND, true],
    [10 * SECOND + 1, false],
  ])('%i ms later or earlier is a duplicate: %s', (apart, isDuplicate) => {
    for (const at of [noon + apart, noon - apart]) {
      const customer = customerOf(100)
      const first = purchase(noon)
      run(customer, first)
      expect(run(customer, purchase(at), noon + apart)).toMatchObject(
        isDuplicate
          ? { code: 'duplicate_transaction', details: { duplicateOf: first.id } }
          : { status: 'accepted' },
      )
    }
  })

  it('is compared by the time it happened, not by arrival', () => {
    const customer = customerOf(100)
    const now = noon + 60 * SECOND
    expect(run(customer, purchase(noon), now)).toMatchObject({ status: 'accepted' })
    expect(run(customer, purchase(noon + 11 * SECOND), now)).toMatchObject({ status: 'accepted' })
    expect(run(customer, purchase(noon + 5 * SECOND), now)).toMatchObject({ code: 'duplicate_transaction' })
  })

  it('is accepted when the cashier says yes, under the same id, and is then its own replay', () => {
    const customer = customerOf(100)
    run(customer, purchase(noon))
    const second = purchase(noon)
    expect(run(customer, second)).toMatchObject({ code: 'duplicate_transaction' })
    expect(run(customer, { ...second, confirmDuplicate: true })).toMatchObject({
      status: 'accepted',
      replay: false,
    })
    expect(run(customer, second)).toMatchObject({ status: 'accepted', replay: true })
  })

  it('of another register of the store is a duplicate, of another store is not', () => {
    const customer = customerOf(100)
    run(customer, purchase(noon))
    expect(run(customer, { ...purchase(noon), author: neighbour })).toMatchObject({
      code: 'duplicate_transaction',
    })
    expect(run(customer, { ...purchase(noon), author: stranger })).toMatchObject({ status: 'accepted' })
  })

  it('names the earliest of several, in whatever order they came', () => {
    const customer = customerOf(100)
    const later = purchase(noon + 11 * SECOND)
    const earlier = purchase(noon)
    const now = noon + 60 * SECOND
    for (const one of [later, earlier]) expect(run(customer, one, now)).toMatchObject({ status: 'accepted' })
    expect(run(customer, purchase(noon + 5 * SECOND), now)).toMatchObject({
      details: { duplicateOf: earlier.id },
    })
  })

  it('has the window of the programme', () => {
    const customer = customerOf(100)
    const programme = { ...defaultProgramme, duplicate_window_seconds: 0 }
    run(customer, purchase(noon), noon, programme)
    expect(run(customer, purchase(noon), noon, programme)).toMatchObject({ code: 'duplicate_transaction' })
    expect(run(customer, purchase(noon + 1), noon + 1, programme)).toMatchObject({ status: 'accepted' })
  })
})

describe('it is no duplicate', () => {
  it('of another amount', () => {
    const customer = customerOf(100)
    run(customer, earn(100_000))
    expect(run(customer, earn(100_001))).toMatchObject({ status: 'accepted' })
  })

  it('of another kind: who spends and earns makes one purchase', () => {
    const customer = customerOf(100)
    run(customer, redeem(1))
    expect(run(customer, earn(1_000_000))).toMatchObject({ status: 'accepted' })
  })

  it('of a redemption that was released', () => {
    const customer = customerOf(100)
    const first = redeem(1)
    run(customer, first)
    run(customer, release(first))
    expect(run(customer, redeem(1))).toMatchObject({ status: 'accepted' })
  })

  it('of a pending redemption that lapsed, before the sweep came and after it', () => {
    const programme = { ...defaultProgramme, hold_seconds: 5 }
    for (const isSwept of [false, true]) {
      const customer = customerOf(100)
      const first = redeem(1, { via: 'agent' })
      run(customer, first, noon, programme)
      const now = noon + 5 * SECOND
      const again = redeem(1, { id: mintId(), at: now })
      if (isSwept) run(customer, release(first, { at: now, author: system }))
      expect(run(customer, again, now, programme)).toMatchObject({ status: 'accepted' })
    }
  })
})

describe('it is a duplicate', () => {
  it('of a redemption whose discount was taken', () => {
    const customer = customerOf(100)
    const first = redeem(1)
    run(customer, first)
    run(customer, apply(first))
    expect(run(customer, redeem(1))).toMatchObject({ code: 'duplicate_transaction' })
  })

  it('with other points: the purchase is what counts', () => {
    const customer = customerOf(100)
    run(customer, redeem(1))
    expect(run(customer, redeem(2))).toMatchObject({ code: 'duplicate_transaction' })
  })

  it('of a purchase that was refunded since', () => {
    const customer = customerOf(100)
    const first = earn(100_000)
    run(customer, first)
    run(customer, refund(first))
    expect(run(customer, earn(100_000))).toMatchObject({ code: 'duplicate_transaction' })
  })

  it('only where a register asks: what people and jobs do is never one', () => {
    const customer = customerOf(100)
    run(customer, expire(noon + DAY))
    expect(run(customer, expire(noon + DAY))).toMatchObject({ status: 'accepted' })
  })
})
