import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { HeardOutcome } from '../../../shared/operation.ts'
import { createFakeClock, type FakeClock } from '../exchange/testing.ts'
import { accepted, refused } from '../session/testing.ts'
import { type CloudTime, createCloudTime } from '../time/cloudTime.ts'
import { type Journal, openJournal } from './open.ts'
import { createOutbox, type NewOperation, type Outbox } from './outbox.ts'
import { openLists } from './recent.ts'

const uuid = (number: number) => `0198c5a8-7b1e-7c3a-9f00-${String(number).padStart(12, '0')}`
const earn = (number: number): NewOperation => ({
  id: uuid(number),
  kind: 'earn',
  card: '654321',
  purchaseKopecks: 100_000,
})
const redeem = (number: number) =>
  ({ ...earn(number), kind: 'redeem', points: 200 }) as Extract<NewOperation, { kind: 'redeem' }>
const outcomeOf = (number: number, outcome: HeardOutcome): HeardOutcome => ({ ...outcome, id: uuid(number) })

/** What SQLite does for every statement that is made meanwhile. */
function plansOf(journal: Journal, make: () => void): string[] {
  const { prepare } = journal
  const sources: string[] = []
  journal.prepare = ((source: string) => {
    sources.push(source)
    return prepare.call(journal, source)
  }) as typeof prepare
  make()
  journal.prepare = prepare
  const counts = sources.filter((source) => source.includes('count(*)'))
  return counts.flatMap((source) =>
    journal
      .prepare<[], { detail: string }>(`explain query plan ${source}`)
      .all()
      .map(({ detail }) => detail),
  )
}

/** Lines of a receipt that are as long as they may be. */
const manyItems = Array.from({ length: 300 }, () => ({
  ...{ sku: 'Щ'.repeat(100), name: 'Щ'.repeat(100), category: 'Щ'.repeat(100), quantity: 1, kopecks: 1 },
}))

describe('the outbox', () => {
  let folder: string
  let clock: FakeClock
  let journal: Journal
  let outbox: Outbox
  let lists: ReturnType<typeof openLists>
  let time: CloudTime
  let attended: string | null
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'kopilka-outbox-'))
    clock = createFakeClock()
    attended = null
    open()
    measure(0)
  })
  afterEach(() => {
    outbox.close()
    rmSync(folder, { recursive: true })
  })

  /** The program starts, and knows no time of the cloud yet. */
  function open(): void {
    time = createCloudTime(clock)
    journal = openJournal(join(folder, 'outbox.sqlite'), clock.now()).journal
    outbox = createOutbox(journal, {
      clock,
      time,
      isAttended: (id) => id === attended,
    })
    lists = openLists(journal, clock)
  }
  const measure = (offsetMs: number) => time.measured({ offsetMs, errorMs: 1 })
  function reopen(): void {
    outbox.close()
    open()
  }
  const ids = () => outbox.next(10).map(({ id }) => id)
  const settle = (number: number, outcome: HeardOutcome) => outbox.settle([outcomeOf(number, outcome)])

  it('gives no more at once than fits into one request', () => {
    for (let number = 1; number <= 9; number += 1)
      outbox.add({ ...earn(number), items: manyItems } as NewOperation)
    const sizes: number[] = []
    for (let left = 9; left > 0; ) {
      const batch = outbox.next(200)
      sizes.push(Buffer.byteLength(JSON.stringify({ operations: batch })))
      left -= batch.length
      outbox.settle(batch.map(({ id }) => ({ ...accepted(), id })))
    }
    expect(sizes.length).toBeGreaterThan(1)
    for (const size of sizes) expect(size).toBeLessThan(1024 * 1024)
  })

  it('counts what waits without reading the whole journal, which the screen asks for at every change', () => {
    const plans = plansOf(journal, () => createOutbox(journal, { clock, time, isAttended: () => false }))
    expect(plans.filter((step) => /^SCAN operations(?! USING)/.test(step))).toEqual([])
    expect(plans).not.toEqual([])
  })

  it('hands out what waits in the order in which it was made, over and over, until it is settled', () => {
    for (const number of [3, 1, 2]) outbox.add(earn(number))
    expect(ids()).toEqual([3, 1, 2].map(uuid))
    reopen()
    expect(ids()).toEqual([3, 1, 2].map(uuid))
    settle(1, accepted())
    expect(ids()).toEqual([3, 2].map(uuid))
    expect(outbox.depth()).toMatchObject({ queued: 2, oldestAt: clock.now(), parked: 0 })
  })

  it('keeps the code that a redemption was shown, also over a restart', () => {
    outbox.addRedemption({ ...redeem(1), code: 'K1ABC' }, { protocol: 1 })
    reopen()
    expect(outbox.next(10)).toMatchObject([{ kind: 'redeem', code: 'K1ABC' }])
  })

  it('settles only what waits, and only once', () => {
    outbox.add(earn(1))
    expect(outbox.settle([outcomeOf(9, accepted())])).toEqual([])
    expect(settle(1, accepted())).toMatchObject([{ id: uuid(1), state: 'accepted' }])
    expect(settle(1, refused('in_debt'))).toEqual([])
  })

  const typed = { typed: true as const }
  type Writing = { receipt: string | null; afterMs: number; wasLying?: boolean }
  it.each<[what: string, isIts: boolean, told: object, Writing]>([
    ['written before it', true, typed, { receipt: null, afterMs: -1000 }],
    ['written before it, whose number nobody knew', true, typed, { receipt: '7', afterMs: -1000 }],
    ['written before it, where the cloud takes no word of it', true, {}, { receipt: null, afterMs: -1000 }],
    ['of its number, written anew', true, { ...typed, receipt: '7' }, { receipt: '7', afterMs: 1000 }],
    [
      'of its number, a shift later',
      false,
      { ...typed, receipt: '7' },
      { receipt: '7', afterMs: 20 * 3_600_000 },
    ],
    ['of another number', false, { ...typed, receipt: '7' }, { receipt: '8', afterMs: -1000 }],
    ['written after it', false, typed, { receipt: null, afterMs: 1000 }],
    ['of another day', false, typed, { receipt: null, afterMs: -2 * 86_400_000 }],
    [
      'that came after it, by a clock that was set back',
      false,
      typed,
      { receipt: '7', afterMs: -600_000, wasLying: false },
    ],
    [
      'of its number, that came after it',
      true,
      { ...typed, receipt: '7' },
      { receipt: '7', afterMs: -600_000, wasLying: false },
    ],
  ])('knows a sale that was typed in a writing of 1C %s: %s', (_what, isIts, told, at) => {
    const { receipt, afterMs, wasLying = true } = at
    outbox.add({ ...earn(1), ...told } as NewOperation)
    outbox.add(earn(2), { sale: 'told by 1C' })
    const writing = { receipt, wasLying, writtenAt: clock.now() + afterMs }
    lists.claimTyped({ key: 'of another amount', purchaseKopecks: 90_000, ...writing })
    lists.claimTyped({ key: 'its own', purchaseKopecks: 100_000, ...writing })
    reopen()
    const known = ['of another amount', 'its own', 'told by 1C'].map((key) => lists.isFinished(key))
    expect(known).toEqual([false, isIts, true])
  })

  describe('stamps an operation', () => {
    it('with the time of the cloud', () => {
      measure(-90_000)
      outbox.add(earn(1))
      expect(outbox.next(1)).toMatchObject([{ at: new Date(clock.now() - 90_000).toISOString() }])
    })

    it('made while the clock was wrong as it was, whatever is done to the clock before it is sent', () => {
      const DAY = 24 * 60 * 60_000
      clock.set(DAY)
      outbox.add(earn(1))
      clock.set(-3 * DAY)
      measure(2 * DAY)
      expect(outbox.next(1)).toMatchObject([{ at: new Date(clock.now() + 2 * DAY).toISOString() }])
    })

    it('made in an earlier life, when the clock had jumped, not before the contact before it', () => {
      const DAY = 24 * 60 * 60_000
      const madeAt = clock.now()
      clock.set(-DAY)
      outbox.add(earn(1))
      reopen()
      clock.set(DAY)
      measure(0)
      expect(outbox.next(1)).toMatchObject([{ at: new Date(madeAt).toISOString() }])
    })

    it('made before that was known once it is, and never again', () => {
      reopen()
      outbox.add(earn(1))
      measure(60_000)
      const stamped = outbox.next(1)
      expect(stamped).toMatchObject([{ at: new Date(clock.now() + 60_000).toISOString() }])
      reopen()
      measure(0)
      expect(outbox.next(1)).toEqual(stamped)
    })
  })

  describe('parks what nobody has seen refused', () => {
    beforeEach(() => {
      for (const number of [1, 2, 3]) outbox.add(earn(number), { firstName: 'Анна' })
    })

    it('with its reason, while the rest passes, for ever', () => {
      settle(2, refused('customer_frozen', { since: 'today' }))
      expect(ids()).toEqual([1, 3].map(uuid))
      reopen()
      expect(lists.parked()).toMatchObject([
        { id: uuid(2), kind: 'earn', card: '654321', code: 'customer_frozen', details: { since: 'today' } },
      ])
    })

    it('and each row of the lists says what is true of it', () => {
      settle(1, accepted())
      settle(2, refused('customer_frozen'))
      const states = () => lists.recent(10).map(({ id, state }) => [id, state])
      expect(states()).toEqual([
        [uuid(3), 'waiting'],
        [uuid(2), 'parked'],
        [uuid(1), 'done'],
      ])
      expect(lists.waiting(10)).toMatchObject([
        { id: uuid(3), kind: 'earn', firstName: 'Анна', card: '654321' },
      ])
      outbox.handOver(uuid(2))
      expect(states()[1]).toEqual([uuid(2), 'handed_over'])
      expect(lists.find(uuid(2))?.isRefundable).toBe(false)
    })

    it('but not what the cashier has read', () => {
      attended = uuid(2)
      settle(2, refused('customer_frozen'))
      expect(lists.parked()).toEqual([])
      expect(lists.find(uuid(2))).toBeNull()
    })

    it('and tries it again as a new operation where the refusal was final', () => {
      settle(2, refused('customer_frozen'))
      expect(outbox.retry(uuid(2))).toBe(true)
      const [, , again] = outbox.next(10)
      expect(again).toMatchObject({ kind: 'earn', card: '654321', purchaseKopecks: 100_000 })
      expect([1, 2, 3].map(uuid)).not.toContain(again?.id)
      expect(lists.parked()).toEqual([])
      expect(lists.recent(10)).toHaveLength(3)
    })

    it('and tries it again under its own id where that is free, so that a late copy cannot count twice', () => {
      settle(2, refused('customer_not_found'))
      expect(outbox.retry(uuid(2))).toBe(true)
      expect(ids()).toEqual([1, 3, 2].map(uuid))
      settle(2, refused('duplicate_transaction'))
      outbox.retry(uuid(2))
      expect(outbox.next(10).at(-1)).toMatchObject({ id: uuid(2), confirmDuplicate: true })
    })

    it.each([
      ['a reason that is new here', 'owner_must_confirm'],
      ['a fault of the cloud', 'internal'],
    ])('for %s under its own id, until that is told again as final', (_what, code) => {
      settle(2, refused(code))
      expect(lists.parked()).toMatchObject([{ id: uuid(2), code }])
      expect(outbox.retry(uuid(2))).toBe(true)
      expect(ids()).toEqual([1, 3, 2].map(uuid))
      settle(2, { ...refused(code), replay: true })
      expect(outbox.retry(uuid(2))).toBe(true)
      expect([1, 2, 3].map(uuid)).not.toContain(ids().at(-1))
    })

    it('whatever a newer version of the program has written there', () => {
      settle(2, refused('customer_frozen'))
      const write = journal.prepare('update operations set outcome = ? where id = ?')
      write.run(JSON.stringify({ id: uuid(2), status: 'postponed' }), uuid(2))
      expect(lists.parked()).toMatchObject([{ id: uuid(2), kind: 'earn' }])
      expect(lists.recent(10)).toHaveLength(3)
      write.run(
        JSON.stringify({ ...outcomeOf(2, accepted({ earned: 7 })), kind: 'earn_v2', more: 1 }),
        uuid(2),
      )
      expect(lists.find(uuid(2))).toMatchObject({ earned: 7, state: 'parked' })
    })

    it('but neither what was undone before it was refused, nor its undo: nobody wants either any more', () => {
      outbox.add(earn(4), { sale: 'sale-4' })
      outbox.add({ id: uuid(5), kind: 'refund', originalId: uuid(4) })
      settle(4, refused('customer_frozen'))
      settle(5, refused('original_not_found'))
      expect(lists.parked()).toEqual([])
      expect(lists.isFinished('sale-4')).toBe(false)
    })

    it('also where only a part of it came back', () => {
      outbox.add(earn(4))
      outbox.add({ id: uuid(5), kind: 'refund', originalId: uuid(4), refundKopecks: 30_000 })
      settle(4, refused('customer_frozen'))
      expect(lists.parked()).toMatchObject([{ id: uuid(4) }])
    })

    it('until a person of the chain has it', () => {
      settle(2, refused('customer_frozen'))
      expect(outbox.handOver(uuid(2))).toBe(true)
      expect(lists.parked()).toEqual([])
      expect(lists.handedOver(10)).toMatchObject([
        { id: uuid(2), code: 'customer_frozen', firstName: 'Анна' },
      ])
      expect(outbox.handOver(uuid(2))).toBe(false)
      expect(outbox.retry(uuid(1))).toBe(false)
    })

    it('as much of a finished sale once a person of the chain has it: they give the points', () => {
      outbox.add(earn(4), { sale: 'sale-4' })
      settle(4, refused('customer_frozen'))
      expect(lists.isFinished('sale-4')).toBe(true)
      outbox.handOver(uuid(4))
      expect(lists.isFinished('sale-4')).toBe(true)
    })
  })

  it('hands out what a newer version has written before this one was gone back to', () => {
    outbox.add(earn(1))
    outbox.add(earn(2))
    journal
      .prepare(`update operations set content = json_set(content, '$.channel', 'kiosk') where id = ?`)
      .run(uuid(1))
    expect(outbox.next(10)).toMatchObject([{ id: uuid(1), channel: 'kiosk' }, { id: uuid(2) }])
  })

  it('hands out what waits past an operation that is aside, without what follows it for the same customer', () => {
    const of = (number: number, card: string): NewOperation => ({ ...earn(number), card }) as NewOperation
    outbox.add(of(1, '111111'))
    outbox.addRedemption({ ...redeem(2), card: '222222' }, { protocol: 1 })
    outbox.add(of(3, '333333'))
    outbox.resolve(uuid(2), 'withdrawn', 'cancelled')
    outbox.add({ id: uuid(5), kind: 'refund', originalId: uuid(1) })
    outbox.add(of(6, '222222'))
    outbox.add(of(7, '333333'))
    const beside = (number: number, limit = 10) => {
      const next = outbox.next(limit, new Set([uuid(number)]))
      return next.map(({ id, kind }) => (kind === 'release' ? 'release' : id))
    }
    expect(beside(2)).toEqual([1, 3, 5, 7].map(uuid))
    expect(beside(1)).toEqual([uuid(2), uuid(3), 'release', uuid(6), uuid(7)])
    expect(beside(3, 3)).toEqual([uuid(1), uuid(2), 'release'])
    expect(beside(9)).toHaveLength(7)
  })

  it('forgets what people are called, and nothing else of them', () => {
    outbox.add(earn(1), { firstName: 'Анна', sale: 'sale-1' })
    outbox.add({ ...earn(2), card: '222222' } as NewOperation, { firstName: 'Борис' })
    outbox.add(earn(3), { firstName: 'Анна' })
    settle(1, accepted({ earned: 41 }))
    expect(outbox.forgetNames(['999999'])).toBe(false)
    expect(outbox.forgetNames(['654321'])).toBe(true)
    expect(outbox.forgetNames(['654321'])).toBe(false)
    const shown = lists.recent(10).map(({ id, firstName, card, earned }) => [id, firstName, card, earned])
    expect(shown).toEqual([
      [uuid(3), null, '654321', 0],
      [uuid(2), 'Борис', '222222', 0],
      [uuid(1), null, '654321', 41],
    ])
    expect(ids()).toEqual([2, 3].map(uuid))
    expect(lists.isFinished('sale-1')).toBe(true)
    expect(outbox.forgetNames('all')).toBe(true)
    expect(lists.recent(10).map(({ firstName }) => firstName)).toEqual([null, null, null])
  })

  describe('takes a redemption', () => {
    const step = () => outbox.redemptions.find(uuid(1))
    beforeEach(() => outbox.addRedemption(redeem(1), { protocol: 1, sale: 'sale-1', expectedEarned: 32 }))

    it('from step to step, each kept', () => {
      expect(step()).toMatchObject({ step: 'asked', verdict: null, rubles: 200 })
      settle(1, accepted({ kind: 'redeem' }))
      for (const next of ['prepared', 'published'] as const) {
        outbox.redemptions.advance(uuid(1), next)
        reopen()
        expect(step()).toMatchObject({ step: next, verdict: null })
      }
      expect(outbox.resolve(uuid(1), 'taken', 'taken')).toBe(true)
      expect(step()).toMatchObject({ step: 'taken', verdict: 'taken' })
      const [apply] = outbox.next(10)
      expect(apply).toMatchObject({ kind: 'apply', redeemId: uuid(1) })
      outbox.settle([{ ...accepted({ kind: 'apply', earned: 33 }), id: apply?.id ?? '' }])
      expect(step()).toMatchObject({ step: 'reported', verdict: 'taken' })
      expect(outbox.redemptions.open()).toEqual([])
      expect(lists.recent(1)).toMatchObject([{ spent: 200, earned: 33, state: 'done', isRefundable: true }])
    })

    it('to one verdict: a second one changes nothing', () => {
      settle(1, accepted({ kind: 'redeem' }))
      expect(outbox.resolve(uuid(1), 'withdrawn', 'cancelled')).toBe(true)
      expect(outbox.resolve(uuid(1), 'taken', 'taken')).toBe(false)
      expect(outbox.next(10)).toMatchObject([{ kind: 'release', reason: 'cancelled' }])
      expect(lists.recent(1)).toEqual([])
    })

    it('whose report needs a person: it is open, but nothing is under way', () => {
      expect(outbox.redemptions.isAnyUnderWay()).toBe(true)
      settle(1, accepted({ kind: 'redeem' }))
      outbox.resolve(uuid(1), 'taken', 'taken')
      expect(outbox.redemptions.isAnyUnderWay()).toBe(true)
      const [apply] = outbox.next(1)
      const id = apply?.id ?? ''
      outbox.settle([{ ...refused('internal'), id }])
      expect(lists.parked()).toMatchObject([
        { id, kind: 'apply', code: 'internal', card: '654321', points: 200 },
      ])
      expect(step()).toMatchObject({ step: 'taken', verdict: 'taken' })
      expect(outbox.redemptions.isAnyUnderWay()).toBe(false)
      expect(outbox.retry(id)).toBe(true)
      expect(outbox.redemptions.isAnyUnderWay()).toBe(true)
    })

    it('that was given up before the answer to its release, whatever the answer is', () => {
      outbox.resolve(uuid(1), 'withdrawn', 'cloud_away')
      const [, release] = outbox.next(10)
      expect(release).toMatchObject({ kind: 'release', redeemId: uuid(1) })
      settle(1, accepted({ kind: 'redeem' }))
      expect(step()).toMatchObject({ step: 'withdrawn', verdict: 'withdrawn' })
      outbox.settle([{ ...accepted({ kind: 'release' }), id: release?.id ?? '' }])
      expect(step()).toMatchObject({ step: 'reported' })
    })

    it('that the ledger never had to its end without a person', () => {
      outbox.resolve(uuid(1), 'withdrawn', 'cloud_away')
      const [, release] = outbox.next(10)
      outbox.settle([
        outcomeOf(1, refused('clock_out_of_range')),
        { ...refused('original_not_found'), id: release?.id ?? '' },
      ])
      expect(outbox.depth()).toMatchObject({ queued: 0, parked: 0 })
      expect(outbox.redemptions.open()).toEqual([])
    })

    it('and calls its sale finished only once the discount is taken, and not after an undo', () => {
      expect(lists.isFinished('sale-1')).toBe(false)
      settle(1, accepted({ kind: 'redeem' }))
      outbox.resolve(uuid(1), 'taken', 'taken')
      expect(lists.isFinished('sale-1')).toBe(true)
      lists.renameSale('sale-1', 'sale-1-again')
      expect(lists.isFinished('sale-1')).toBe(false)
      expect(lists.isFinished('sale-1-again')).toBe(true)
      outbox.add({ id: uuid(5), kind: 'refund', originalId: uuid(1) })
      expect(lists.isFinished('sale-1-again')).toBe(false)
      expect(lists.recent(1)).toMatchObject([{ refund: 'waiting', isRefundable: false }])
    })
  })

  it('forgets the oldest of what is settled, and nothing that waits, is parked or open', () => {
    outbox.add(earn(1))
    outbox.add(earn(2))
    settle(2, refused('customer_frozen'))
    outbox.addRedemption(redeem(3), { protocol: 1 })
    settle(3, accepted({ kind: 'redeem' }))
    const many = journal.prepare(`
      insert into operations (id, kind, content, device_at, at, state, outcome)
      values (?, 'earn', '{}', 1, 1, 'accepted', '{}')`)
    journal.transaction(() => {
      for (let number = 0; number < 20_400; number += 1) many.run(`settled-${number}`)
    })()
    outbox.settle([])
    const kept = journal.prepare('select count(*) from operations').pluck().get()
    expect(kept).toBe(20_000 + 3)
    expect(ids()).toEqual([uuid(1)])
    expect(lists.parked()).toHaveLength(1)
    expect(outbox.redemptions.open()).toHaveLength(1)
  })
})
