import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Snapshot } from '../../../shared/bridge.ts'
import { newId } from '../../../shared/id.ts'
import { noDiscount, paidKopecks } from '../../../shared/money.ts'
import { SECOND } from '../../../shared/time.ts'
import { openJournal } from '../outbox/open.ts'
import { createOutbox } from '../outbox/outbox.ts'
import { createFaults, type Injection } from '../rig/faults.ts'
import { createRandom } from '../rig/random.ts'
import type { RunningRegister } from '../rig/running.ts'
import { createTime } from '../rig/time.ts'
import { createBalances, earnedFor } from '../testing/balances.ts'
import { expectBalances, expectSameOrder, journalOf } from '../testing/ledgerOrder.ts'
import { seedOf } from '../testing/random.ts'
import { openVirtualShop } from '../testing/virtualShop.ts'
import { openTestCloud } from '../testing.ts'
import { pause, systemClock } from '../time/clock.ts'
import { createCloudTime } from '../time/cloudTime.ts'

const CARD = '654321'
/** Far ahead of the clock of the database, so that no lot looks dead to the audit. */
const START = Date.parse('2050-12-07T10:00:00.000Z')
const START_POINTS = 10_000
/** The register knows the time of the cloud to half a request, and no request lasts longer than twice this. */
const CLOCKS_AGREE_MS = 5 * SECOND

/** Each so often that a day meets all of them. */
const BAD: readonly Injection[] = [
  'network: the request is lost',
  'network: the reply is lost',
  'network: never answered',
  'network: doubled',
  'network: a copy comes late',
  'network: slow',
  'network: overtaken by what was sent later',
  'network: 503 from a busy cloud',
]
const TIMES = 4

const seed = seedOf('NETWORK_SEED')

let close: (() => unknown)[]
beforeEach(() => {
  close = []
})
afterEach(async () => {
  for (const end of close.toReversed()) await end()
})

type Shop = Awaited<ReturnType<typeof openShop>>

/** A till in virtual time, with the real cloud on a real Postgres, for which time stands still. */
async function openShop() {
  const random = createRandom(`network ${seed}`)
  const time = createTime({ start: START, random: random.fork('time') })
  const cloud = await openTestCloud({ points: START_POINTS, now: time.now })
  close.push(() => cloud.drop())
  const faults = createFaults(random.fork('faults'), BAD, { times: TIMES })
  faults.heal(true)
  const shop = await openVirtualShop({
    ...{ time, cloud, random, faults, takeMs: 5 * SECOND, pollMs: 50 },
    behaviour: { kind: 'polite', fromMs: 100, toMs: 6 * SECOND },
  })
  close.push(shop.close)
  return {
    ...{ ...shop, time, cloud, faults },
    random: random.fork('cashier'),
    /** Lets time pass until this is done. */
    run: <T>(work: () => Promise<T>): Promise<T> => time.run(work()),
    async quiet(): Promise<void> {
      while (!shop.network.isQuiet()) await pause(time, SECOND)
    },
  }
}

/** 1C has a receipt, and a customer shows a card, whatever the network makes of that. */
async function bring(
  { simulator }: Shop,
  register: RunningRegister,
  { purchaseKopecks, card = CARD }: { purchaseKopecks: number; card?: string },
): Promise<Snapshot> {
  await simulator.newReceipt({ purchaseKopecks })
  await register.until('the amount', ({ sale }) => sale?.purchaseKopecks === purchaseKopecks)
  expect(await register.call('findCustomer', { code: card })).toMatchObject({ ok: true })
  return await register.until(
    'the customer',
    ({ phase, customer, search }) => phase === 'ready' && customer?.card === card && search === null,
  )
}

async function earn(register: RunningRegister, purchaseKopecks: number): Promise<void> {
  expect(await register.call('earn', { purchaseKopecks })).toEqual({ ok: true, value: null })
  await register.until('success', ({ phase }) => phase === 'success')
}

const allAcknowledged = (register: RunningRegister) =>
  register.until(
    'that all is acknowledged',
    ({ cloud, recent }) =>
      cloud.line === 'online' && cloud.queued === 0 && recent.every(({ state }) => state !== 'open'),
  )

describe('a bad network', () => {
  it('loses, doubles and delays requests, and a day of earns, redemptions and refunds is in the ledger once and in order', async () => {
    const sales = 150
    const cards = [CARD, '600001', '600002']
    const shop = await openShop()
    const { cloud, faults, random, simulator } = shop
    for (const card of cards.slice(1)) await cloud.addCustomer(card, START_POINTS)
    const register = await shop.run(shop.start)

    const refunds = new Map<number, number>()
    const earned = new Map<number, string>()
    const redeemed = new Map<number, string>()
    async function sell(index: number): Promise<void> {
      const card = random.pick(cards)
      const purchaseKopecks = 50_000 + 100 * index + random.int(0, 99)
      const { offer } = await bring(shop, register, { purchaseKopecks, card })
      if (
        random.chance(0.5) &&
        offer?.redeem.isPossible &&
        (await redeem(purchaseKopecks, offer.redeem.maxPoints))
      ) {
        redeemed.set(purchaseKopecks, card)
        return
      }
      await earn(register, purchaseKopecks)
      earned.set(purchaseKopecks, card)
    }

    async function redeem(purchaseKopecks: number, maxPoints: number): Promise<boolean> {
      const points = random.int(1, maxPoints)
      const reply = await register.call('redeem', { purchaseKopecks, points })
      if (!reply.ok) return false
      await register.until('an end', ({ phase }) => phase === 'success' || phase === 'error')
      // The list has the last word: 1C may have taken it just as the cashier was told to give it up.
      const { recent, phase } = await register.until('rest', ({ recent }) =>
        recent.every(({ state }) => state !== 'open'),
      )
      if (phase === 'error') await register.call('cancel', {})
      return recent.some((each) => each.kind === 'redeem' && each.purchaseKopecks === purchaseKopecks)
    }

    async function refund(): Promise<void> {
      const refundable = register.snapshot().recent.filter(({ isRefundable }) => isRefundable)
      if (refundable.length === 0) return
      const of = random.pick(refundable)
      const paid = paidKopecks(of.purchaseKopecks, { ...noDiscount, points: of.spent })
      const refundKopecks = random.chance(0.5) ? paid : random.int(1, paid)
      const isWhole = refundKopecks === paid
      const reply = await register.call('refund', {
        operationId: of.id,
        ...(!isWhole && { refundKopecks }),
      })
      expect(reply).toEqual({ ok: true, value: null })
      await register.until('success', ({ phase }) => phase === 'success')
      refunds.set(of.purchaseKopecks, refundKopecks)
    }

    // A day during which the till is away most of the time lasts longer.
    const hasSeenAll = () =>
      redeemed.size > 0 && refunds.size > 0 && [...faults.counts().values()].every((count) => count > 0)
    await shop.run(async () => {
      await allAcknowledged(register)
      faults.heal(false)
      for (let index = 0; index < sales || !hasSeenAll(); index += 1) {
        await sell(index)
        if (random.chance(0.25)) await refund()
      }
      faults.heal(true)
      await allAcknowledged(register)
      await shop.quiet()
      expect(register.snapshot().parked).toEqual([])
      await register.stop()
    })

    const taken = new Map(simulator.taken().map((each) => [each.purchaseKopecks, each.points]))
    expect(new Set(taken.keys())).toEqual(new Set(redeemed.keys()))
    const expected = createBalances(cards, START_POINTS)
    for (const [purchaseKopecks, card] of earned) expected.purchase(card, purchaseKopecks, 0)
    for (const [purchaseKopecks, card] of redeemed)
      expected.purchase(card, purchaseKopecks, taken.get(purchaseKopecks) ?? 0)
    for (const [purchaseKopecks, refundKopecks] of refunds) expected.refund(purchaseKopecks, refundKopecks)

    const rows = journalOf(shop)
    expect(rows.filter(({ state }) => state === 'queued' || state === 'parked')).toEqual([])
    // A redemption that came too late is refused, and then there is nothing to release.
    const refused = rows.filter(({ state }) => state === 'refused').map(({ kind }) => kind)
    expect(refused.filter((kind) => kind !== 'redeem' && kind !== 'release')).toEqual([])
    await expectSameOrder(cloud, rows)
    await expectBalances(cloud, expected.balances)
    expect(shop.events.filter(({ kind }) => kind === 'violation' || kind === 'trouble')).toEqual([])
    console.log(
      `a day: ${earned.size} earned, ${redeemed.size} redeemed, ${refunds.size} refunded, ${rows.length} operations;`,
      Object.fromEntries(faults.counts()),
    )
  })

  it('loses the reply to a redemption: the points are held, the cashier is told, and they come back by themselves', async () => {
    const shop = await openShop()
    const { cloud, network } = shop
    const purchaseKopecks = 100_000
    const register = await shop.run(async () => {
      const register = await shop.start()
      await allAcknowledged(register)
      const { customer } = await bring(shop, register, { purchaseKopecks })
      expect(customer?.source).toBe('cloud')
      network.breakOff()
      const reply = await register.call('redeem', { purchaseKopecks, points: 200 })
      expect(reply).toEqual({ ok: true, value: null })
      const { act } = await register.until('an error', ({ phase }) => phase === 'error')
      expect(act).toMatchObject({ code: 'cloud_away', fate: 'returned' })
      return register
    })
    expect(await cloud.sql`select state, points from holds`).toEqual([{ state: 'processing', points: 200 }])
    expect(await cloud.sql`select balance from customers`).toEqual([{ balance: START_POINTS - 200 }])

    network.heal()
    await shop.run(() => allAcknowledged(register))
    expect(await cloud.sql`select state from holds`).toEqual([{ state: 'released' }])
    await expectBalances(cloud, new Map([[CARD, START_POINTS]]))
    expect(shop.events).toEqual([])
  })
})

const AWAY = Number.POSITIVE_INFINITY

describe('with no network', () => {
  it('earns for whom the copy knows, redeems nothing, and is online again by itself when it is back', async () => {
    const shop = await openShop()
    const { time, cloud, network } = shop
    await shop.run(async () => {
      const register = await shop.start()
      await allAcknowledged(register)
      // The ledger's answer to this is what the copy will know.
      await bring(shop, register, { purchaseKopecks: 100_000 })
      const before = time.now()
      await earn(register, 100_000)
      await allAcknowledged(register)
      const after = time.now()

      network.goAway(AWAY)
      const { customer, cloud: line } = await bring(shop, register, { purchaseKopecks: 200_000 })
      expect(customer).toMatchObject({ source: 'copy', firstName: 'Анна', available: START_POINTS + 40 })
      expect(customer?.asOf).toBeGreaterThanOrEqual(before - CLOCKS_AGREE_MS)
      expect(customer?.asOf).toBeLessThanOrEqual(after + CLOCKS_AGREE_MS)
      expect(line.line).toBe('offline')
      expect(register.snapshot().offer?.redeem).toEqual({ isPossible: false, reason: 'cloud_away' })
      const redeemed = await register.call('redeem', { purchaseKopecks: 200_000, points: 1 })
      expect(redeemed).toMatchObject({ ok: false })
      await earn(register, 200_000)
      expect(register.snapshot().act).toMatchObject({ firstName: 'Анна', earned: 80, isQueued: true })
      expect(register.snapshot().cloud.queued).toBe(1)

      network.heal()
      await allAcknowledged(register)
    })
    await expectBalances(cloud, new Map([[CARD, START_POINTS + 120]]))
  })

  it('goes on past an operation that is refused, keeps it with its reason, and does it once when that is mended', async () => {
    const shop = await openShop()
    const { cloud, network } = shop
    const unknown = '777777'
    const register = await shop.run(async () => {
      const register = await shop.start()
      await allAcknowledged(register)
      network.goAway(AWAY)
      for (const [index, card] of [CARD, unknown, CARD].entries()) {
        const purchaseKopecks = 100_000 * (index + 1)
        await bring(shop, register, { purchaseKopecks, card })
        await earn(register, purchaseKopecks)
      }
      network.heal()
      await allAcknowledged(register)
      return register
    })
    const { parked } = register.snapshot()
    expect(parked).toMatchObject([
      { kind: 'earn', card: unknown, purchaseKopecks: 200_000, code: 'customer_not_found' },
    ])
    await expectBalances(cloud, new Map([[CARD, START_POINTS + 160]]))

    await cloud.addCustomer(unknown)
    const operationId = parked[0]?.id ?? ''
    await shop.run(async () => {
      expect(await register.call('retryParked', { operationId })).toEqual({ ok: true, value: null })
      const again = await register.call('retryParked', { operationId })
      expect(again).toMatchObject({ ok: false, code: 'not_parked' })
      expect((await allAcknowledged(register)).parked).toEqual([])
      await register.stop()
    })
    await expectSameOrder(cloud, journalOf(shop))
    const balances = [
      [CARD, START_POINTS + 160],
      [unknown, 80],
    ] as const
    await expectBalances(cloud, new Map(balances))
  })

  it('keeps a night of 10,000 earns, and has them acknowledged once and in order when it is back', async () => {
    const count = 10_000
    const everySeconds = 3
    const shop = await openShop()
    const { time, cloud, network, random } = shop
    const cards = Array.from({ length: 50 }, (_, index) => String(600_000 + index))
    for (const card of cards) await cloud.addCustomer(card)
    const balances = new Map([[CARD, START_POINTS], ...cards.map((card) => [card, 0] as const)])
    const night = { now: START - count * everySeconds * SECOND }
    mkdirSync(shop.dataFolder, { recursive: true })
    const { journal } = openJournal(join(shop.dataFolder, 'outbox.sqlite'), night.now)
    const clock = { ...time, now: () => night.now }
    const outbox = createOutbox(journal, { clock, time: createCloudTime(clock), isAttended: () => false })
    journal.transaction(() => {
      for (let index = 0; index < count; index += 1) {
        night.now += everySeconds * SECOND
        const card = random.pick(cards)
        const purchaseKopecks = 10_000 + 10 * index + random.int(0, 9)
        outbox.add({ id: newId(night.now), kind: 'earn', card, purchaseKopecks })
        balances.set(card, (balances.get(card) ?? 0) + earnedFor(purchaseKopecks))
      }
    })()
    outbox.close()

    network.goAway(AWAY)
    const begunMs = systemClock.elapsed()
    await shop.run(async () => {
      const register = await shop.start()
      const { cloud: line } = await register.until('no line', ({ cloud }) => cloud.line === 'offline')
      expect(line.queued).toBe(count)
      network.heal()
      await allAcknowledged(register)
      await register.stop()
    })
    const tookSeconds = (systemClock.elapsed() - begunMs) / SECOND
    console.log(`${count} queued operations: all acknowledged in ${tookSeconds.toFixed(1)} s`)

    const rows = journalOf(shop)
    expect(rows.filter(({ state }) => state === 'accepted')).toHaveLength(count)
    await expectSameOrder(cloud, rows)
    await expectBalances(cloud, balances)
  })
})
