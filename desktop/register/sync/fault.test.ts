import fc from 'fast-check'
import { afterEach, describe, expect, test } from 'vitest'
import { newId } from '../../../shared/id.ts'
import { MINUTE, SECOND } from '../../../shared/time.ts'
import { createFakeClock } from '../exchange/testing.ts'
import { openJournal } from '../outbox/open.ts'
import { createOutbox, type NewOperation, type Outbox } from '../outbox/outbox.ts'
import { openLists } from '../outbox/recent.ts'
import { createCloudTime } from '../time/cloudTime.ts'
import { createCloudClient } from './client.ts'
import { openCustomerCopy } from './customerCopy.ts'
import { type Sync, startSync } from './sync.ts'
import { createFakeCloud, createTestLog, type Fault } from './testing.ts'

const OPERATIONS = '/v1/operations'
const HOUR = 60 * MINUTE

let opened: { sync: Sync; outbox: Outbox }[] = []
afterEach(async () => {
  for (const { sync, outbox } of opened) {
    await sync.stop()
    outbox.close()
  }
  opened = []
})

/** A register with a real journal, and the cloud it speaks to. */
function createTill() {
  const clock = createFakeClock()
  const cloud = createFakeCloud(clock)
  const { log, lines } = createTestLog()
  const time = createCloudTime(clock)
  const { journal } = openJournal(':memory:', clock.now())
  const outbox = createOutbox(journal, { clock, time, isAttended: () => false })
  const lists = openLists(journal, clock)
  const { fetch } = cloud
  const client = createCloudClient({
    ...{ url: 'https://cloud.example', key: 'kop_secret', version: '1.0.0' },
    ...{ fetch, clock, log },
  })
  const start = () => {
    const sync = startSync({
      queue: {
        ...outbox,
        reject: (id, why) =>
          outbox.settle([{ id, kind: null, status: 'refused', replay: false, details: {}, ...why }]),
      },
      ...{ client, clock, time, log },
      copy: openCustomerCopy({ path: ':memory:', for: 'the shop', log }),
      random: () => 0.5,
      heartbeat: () => ({ exchange: 'ok' }),
      diagnostics: () => ({}),
      onRegister: () => {},
      onErased: () => {},
      onRevoked: () => {},
      onChange: () => {},
    })
    opened.push({ sync, outbox: { ...outbox, close: () => {} } as Outbox })
    return sync
  }
  const parked = () => lists.parked().map(({ id, code }) => [id, code])
  const sizes = () => cloud.requests.flatMap(({ sent }) => (sent?.operations ? [sent.operations.length] : []))
  return { clock, cloud, outbox, lines, start, parked, sizes }
}

const cardOf = (customer: number) => String(100_001 + customer)
const earn = (customer = 0): NewOperation => {
  return { id: newId(), kind: 'earn', card: cardOf(customer), purchaseKopecks: 100_000 }
}
const earns = (count: number, customers = count) =>
  Array.from({ length: count }, (_, index) => earn(index % customers))

describe('an operation at which the cloud fails', () => {
  /** A customer's purchases: earnings, and redemptions that end one way or the other. */
  const purchase = fc.record({
    customer: fc.integer({ min: 0, max: 5 }),
    kind: fc.constantFrom('earn', 'apply', 'release', 'refund'),
  })

  test('does not hold up those of others, and its own customer only until it is parked', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(purchase, { minLength: 1, maxLength: 150 }),
        fc.nat(),
        fc.boolean(),
        fc.boolean(),
        async (purchases, place, doesTheRest, isPassing) => {
          const { clock, cloud, outbox, start, parked } = createTill()
          const made = purchases.flatMap(({ customer, kind }) => {
            const first = {
              ...earn(customer),
              ...(kind === 'apply' || kind === 'release' ? { points: 1 } : {}),
            }
            const redeem = { ...first, kind: 'redeem', points: 1 } as NewOperation & { kind: 'redeem' }
            if (kind === 'earn') outbox.add(first)
            else if (kind === 'refund') outbox.add(first)
            else outbox.addRedemption(redeem, { protocol: 1 })
            const { id } = first
            if (kind === 'earn') return [{ id, customer }]
            if (kind === 'refund') {
              const refund = newId()
              outbox.add({ id: refund, kind, originalId: id })
              return [id, refund].map((id) => ({ id, customer }))
            }
            outbox.resolve(id, kind === 'apply' ? 'taken' : 'withdrawn', 'not_taken')
            const report = outbox.next(1000).at(-1)?.id ?? ''
            return [id, report].map((id) => ({ id, customer }))
          })
          const bad = made[place % made.length]?.id ?? ''
          cloud.failing.add(bad)
          cloud.doesTheRest = doesTheRest
          const sync = start()
          await clock.advance(10 * MINUTE)
          if (isPassing) cloud.failing.clear()
          await clock.advance(2.5 * HOUR)
          await sync.stop()

          expect(outbox.depth().queued).toBe(0)
          for (let customer = 0; customer <= 5; customer += 1) {
            const own = made.filter((one) => one.customer === customer).map(({ id }) => id)
            const done = cloud.executed.filter((id) => own.includes(id))
            const others = own.filter((id) => id !== bad)
            expect(done.filter((id) => id !== bad)).toEqual(others)
            // A cloud that does the rest of a request that failed does it in its own order.
            if (isPassing && !doesTheRest) expect(done).toEqual(own)
          }
          const isRedemption = outbox.redemptions.find(bad) !== undefined
          expect(parked()).toEqual(isPassing || isRedemption ? [] : [[bad, 'internal']])
          expect(cloud.mostUnderWay).toBe(1)
        },
      ),
      { numRuns: 40 },
    )
  })

  test.each([0, 137, 199, 200, 249])(
    'is found among 250, at %i, and is parked after 20 minutes, alone',
    async (place) => {
      const { clock, cloud, outbox, start, parked } = createTill()
      const all = earns(250)
      for (const operation of all) outbox.add(operation)
      const bad = all[place]?.id ?? ''
      cloud.failing.add(bad)
      const sync = start()
      await clock.advance(SECOND)
      expect(cloud.executed).toEqual(all.map(({ id }) => id).filter((id) => id !== bad))
      expect(cloud.timesOf(OPERATIONS).length).toBeLessThan(25)
      expect(sync.state().line).toBe('online')
      await clock.advance(19 * MINUTE)
      outbox.add(earn(7))
      sync.wake()
      await clock.advance(0)
      expect(outbox.depth()).toMatchObject({ queued: 1, parked: 0 })
      expect(sync.state().line).toBe('online')
      await clock.advance(2 * MINUTE)
      expect(parked()).toEqual([[bad, 'internal']])
      // Its id stays its own: the ledger may have done it.
      expect(outbox.retry(bad)).toBe(true)
      cloud.failing.clear()
      sync.wake()
      await clock.advance(0)
      expect(cloud.executed.at(-1)).toBe(bad)
      expect(parked()).toEqual([])
    },
  )

  test('is found again by a register that starts anew', async () => {
    const { clock, cloud, outbox, start } = createTill()
    const all = earns(200)
    for (const operation of all) outbox.add(operation)
    cloud.failing.add(all[77]?.id ?? '')
    const first = start()
    await clock.advance(2 * SECOND)
    await first.stop()
    for (let customer = 1000; customer < 1100; customer += 1) outbox.add(earn(customer))
    const before = cloud.timesOf(OPERATIONS).length
    start()
    await clock.advance(2 * SECOND)
    expect(outbox.depth().queued).toBe(1)
    expect(cloud.timesOf(OPERATIONS).length - before).toBeLessThan(15)
  })

  test('and is the apply of a discount that 1C has: its hold stays for a person, and the till says why', async () => {
    const { clock, cloud, outbox, start, parked } = createTill()
    const redeem = { ...earn(), kind: 'redeem', points: 100 } as NewOperation & { kind: 'redeem' }
    outbox.addRedemption(redeem, { protocol: 1 })
    start()
    await clock.advance(SECOND)
    outbox.resolve(redeem.id, 'taken', 'taken')
    const [apply] = outbox.next(1)
    cloud.failing.add(apply?.id ?? '')
    await clock.advance(2.5 * HOUR)
    expect(parked()).toEqual([[apply?.id, 'internal']])
    expect(outbox.redemptions.find(redeem.id)).toMatchObject({ step: 'taken', verdict: 'taken' })
  })
})

describe('a cloud that fails at everything', () => {
  test('for an hour has parked nothing, and then has everything in order', async () => {
    const { clock, cloud, outbox, start, parked } = createTill()
    const all = earns(500, 50)
    for (const operation of all) {
      outbox.add(operation)
      cloud.failing.add(operation.id)
    }
    start()
    await clock.advance(HOUR)
    expect([parked(), cloud.executed]).toEqual([[], []])
    // One question in five seconds, on the whole: it is ill enough.
    expect(cloud.timesOf(OPERATIONS).length).toBeLessThan(900)
    cloud.failing.clear()
    await clock.advance(30 * MINUTE)
    expect(outbox.depth()).toMatchObject({ queued: 0, parked: 0 })
    for (let customer = 0; customer < 50; customer += 1) {
      const own = all.filter((_, index) => index % 50 === customer).map(({ id }) => id)
      expect(cloud.executed.filter((id) => own.includes(id))).toEqual(own)
    }
  })

  test.each<Fault>(['away', 'request lost', 'slow', 'reply lost'])(
    'is not a cloud that is not there (%s): whole batches wait',
    async (fault) => {
      const { clock, cloud, outbox, start, sizes } = createTill()
      for (const operation of earns(300)) outbox.add(operation)
      start()
      await clock.advance(0)
      for (const operation of earns(300)) outbox.add(operation)
      cloud.otherwise = fault
      const before = sizes().length
      await clock.advance(HOUR)
      expect(new Set(sizes().slice(before))).toEqual(new Set([200]))
      expect(outbox.depth()).toMatchObject({ queued: 300, parked: 0 })
    },
  )
})
