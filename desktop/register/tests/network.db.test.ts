import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { newId } from '../../../shared/id.ts'
import { noDiscount, paidKopecks } from '../../../shared/money.ts'
import { SECOND } from '../../../shared/time.ts'
import { openJournal } from '../outbox/open.ts'
import { createOutbox } from '../outbox/outbox.ts'
import type { Register } from '../register.ts'
import { createBadNetwork } from '../testing/badNetwork.ts'
import { createBalances, earnedFor } from '../testing/balances.ts'
import { createFastClock } from '../testing/fastClock.ts'
import { expectBalances, expectSameOrder, journalOf } from '../testing/ledgerOrder.ts'
import { createRandom, seedOf } from '../testing/random.ts'
import { fetchOf, openTestCloud, openTestShop, type TestShop, when } from '../testing.ts'
import { type Clock, systemClock } from '../time/clock.ts'
import { createCloudTime } from '../time/cloudTime.ts'

const CARD = '654321'
/** The register waits up to a minute before it tries again, and the network holds a request back for half a one. */
const TIMES = 25
/** Far ahead of the clock of the database, so that no lot looks dead to the audit. */
const START = Date.parse('2050-12-07T10:00:00.000Z')
const START_POINTS = 10_000
/** The register knows the time of the cloud to half a request, and no request lasts longer than twice this. */
const CLOCKS_AGREE_MS = 5 * SECOND
const SLOW_CLOUD_MS = 60 * SECOND

const seed = seedOf('NETWORK_SEED')

/** Makes the way to the cloud of what reaches it. */
type Reach = (fetch: typeof globalThis.fetch) => typeof globalThis.fetch

let close: (() => Promise<void>)[]
beforeEach(() => {
  close = []
})
afterEach(async () => {
  for (const end of close.toReversed()) await end()
})

async function openShopOnNetwork({ clock, reach = (fetch) => fetch }: { clock: Clock; reach?: Reach }) {
  const random = createRandom(seed)
  const cloud = await openTestCloud({ points: START_POINTS, now: clock.now })
  close.push(() => cloud.drop())
  const network = createBadNetwork({ fetch: reach(fetchOf(cloud)), clock, random, share: 0.3 })
  close.push(() => network.quiet())
  const shop = await openTestShop({
    cloud,
    clock,
    random,
    fetch: network.fetch,
    takeMs: 5 * SECOND,
    pollMs: 50,
    behaviour: { kind: 'polite', fromMs: 100, toMs: 6 * SECOND },
  })
  close.push(() => shop.close())
  return { cloud, network, shop, random }
}

async function start(shop: TestShop): Promise<Register> {
  const register = await shop.start()
  close.push(() => register.stop())
  return register
}

/** Only the network is slow by the clock: a cloud under load would answer after the deadlines of this fast one. */
async function openFast() {
  const clock = createFastClock({ times: TIMES, start: START })
  const reach: Reach = (fetch) => (input, init) => clock.during(() => fetch(input, init))
  return { clock, ...(await openShopOnNetwork({ clock, reach })) }
}

/** 1C has a receipt, and a customer shows a card, whatever the network makes of that. */
async function bring(
  shop: TestShop,
  register: Register,
  { purchaseKopecks, card = CARD }: { purchaseKopecks: number; card?: string },
) {
  await shop.simulator.newReceipt({ purchaseKopecks })
  await when(register, ({ sale }) => sale?.purchaseKopecks === purchaseKopecks)
  expect(await register.findCustomer({ code: card })).toMatchObject({ ok: true })
  return await when(
    register,
    ({ phase, customer, search }) => phase === 'ready' && customer?.card === card && search === null,
  )
}

async function earn(register: Register, purchaseKopecks: number): Promise<void> {
  expect(await register.earn({ purchaseKopecks })).toEqual({ ok: true, value: null })
  await when(register, ({ phase }) => phase === 'success')
}

const isAllAcknowledged = (register: Register) =>
  when(
    register,
    ({ cloud, recent }) =>
      cloud.line === 'online' && cloud.queued === 0 && recent.every(({ state }) => state !== 'open'),
  )

describe('a bad network', () => {
  it('loses, doubles and delays requests, and a day of earns, redemptions and refunds is in the ledger once and in order', async () => {
    const sales = 150
    const cards = [CARD, '600001', '600002']
    const { cloud, network, shop, random } = await openFast()
    for (const card of cards.slice(1)) await cloud.addCustomer(card, START_POINTS)
    const register = await start(shop)
    await isAllAcknowledged(register)
    network.turn('bad')

    const refunds = new Map<number, number>()
    const earned = new Map<number, string>()
    const redeemed = new Map<number, string>()
    const pick = <T>(list: readonly T[]) => list[Math.floor(random() * list.length)]

    async function sell(index: number): Promise<void> {
      const card = pick(cards) ?? CARD
      const purchaseKopecks = 50_000 + 100 * index + Math.floor(random() * 100)
      const { offer } = await bring(shop, register, { purchaseKopecks, card })
      if (
        random() < 0.5 &&
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
      const points = 1 + Math.floor(random() * maxPoints)
      const reply = await register.redeem({ purchaseKopecks, points })
      if (!reply.ok) return false
      await when(register, ({ phase }) => phase === 'success' || phase === 'error')
      // The list has the last word: 1C may have taken it just as the cashier was told to give it up.
      const { recent, phase } = await when(register, ({ recent }) =>
        recent.every(({ state }) => state !== 'open'),
      )
      if (phase === 'error') await register.cancel({})
      return recent.some((each) => each.kind === 'redeem' && each.purchaseKopecks === purchaseKopecks)
    }

    async function refund(): Promise<void> {
      const of = pick(register.snapshot().recent.filter(({ isRefundable }) => isRefundable))
      if (!of) return
      const paid = paidKopecks(of.purchaseKopecks, { ...noDiscount, points: of.spent })
      const refundKopecks = random() < 0.5 ? paid : 1 + Math.floor(random() * paid)
      const isWhole = refundKopecks === paid
      const reply = await register.refund({ operationId: of.id, ...(!isWhole && { refundKopecks }) })
      expect(reply).toEqual({ ok: true, value: null })
      await when(register, ({ phase }) => phase === 'success')
      refunds.set(of.purchaseKopecks, refundKopecks)
    }

    // A day during which the till is away most of the time lasts longer.
    const hasSeenAll = () =>
      redeemed.size > 0 && refunds.size > 0 && [...network.counts().values()].every((count) => count > 0)
    for (let index = 0; index < sales || !hasSeenAll(); index += 1) {
      await sell(index)
      if (random() < 0.25) await refund()
    }
    network.turn('good')
    await isAllAcknowledged(register)
    await network.quiet()
    expect(register.snapshot().parked).toEqual([])
    await register.stop()

    const taken = new Map(shop.simulator.taken().map((each) => [each.purchaseKopecks, each.points]))
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
    expect(shop.violations()).toEqual([])
    console.log(
      `a day: ${earned.size} earned, ${redeemed.size} redeemed, ${refunds.size} refunded, ${rows.length} operations;`,
      Object.fromEntries(network.counts()),
    )
  })

  it('loses the reply to a redemption: the points are held, the cashier is told, and they come back by themselves', async () => {
    const { cloud, network, shop } = await openFast()
    const register = await start(shop)
    await isAllAcknowledged(register)
    const purchaseKopecks = 100_000
    // A cashier scans again when the cloud was slow to say who it is.
    while ((await bring(shop, register, { purchaseKopecks })).customer?.source !== 'cloud') {}
    network.turn('breaks off')
    expect(await register.redeem({ purchaseKopecks, points: 200 })).toEqual({ ok: true, value: null })
    const { act } = await when(register, ({ phase }) => phase === 'error')
    expect(act).toMatchObject({ code: 'cloud_away', fate: 'returned' })
    // A cloud under load may come to it after the cashier has stopped waiting.
    await vi.waitFor(
      async () =>
        expect(await cloud.sql`select state, points from holds`).toEqual([
          { state: 'processing', points: 200 },
        ]),
      { timeout: SLOW_CLOUD_MS },
    )
    expect(await cloud.sql`select balance from customers`).toEqual([{ balance: START_POINTS - 200 }])

    network.turn('good')
    await isAllAcknowledged(register)
    expect(await cloud.sql`select state from holds`).toEqual([{ state: 'released' }])
    await expectBalances(cloud, new Map([[CARD, START_POINTS]]))
    expect(shop.events).toEqual([])
  })
})

describe('with no network', () => {
  it('earns for whom the copy knows, redeems nothing, and is online again by itself when it is back', async () => {
    const { clock, cloud, network, shop } = await openFast()
    const register = await start(shop)
    await isAllAcknowledged(register)
    // The ledger's answer to this is what the copy will know.
    await bring(shop, register, { purchaseKopecks: 100_000 })
    const before = clock.now()
    await earn(register, 100_000)
    await isAllAcknowledged(register)
    const after = clock.now()

    network.turn('away')
    const { customer, cloud: line } = await bring(shop, register, { purchaseKopecks: 200_000 })
    expect(customer).toMatchObject({ source: 'copy', firstName: 'Анна', available: START_POINTS + 40 })
    expect(customer?.asOf).toBeGreaterThanOrEqual(before - CLOCKS_AGREE_MS)
    expect(customer?.asOf).toBeLessThanOrEqual(after + CLOCKS_AGREE_MS)
    expect(line.line).toBe('offline')
    expect(register.snapshot().offer?.redeem).toEqual({ isPossible: false, reason: 'cloud_away' })
    expect(await register.redeem({ purchaseKopecks: 200_000, points: 1 })).toMatchObject({ ok: false })
    await earn(register, 200_000)
    expect(register.snapshot().act).toMatchObject({ firstName: 'Анна', earned: 80, isQueued: true })
    expect(register.snapshot().cloud.queued).toBe(1)

    network.turn('good')
    await isAllAcknowledged(register)
    await expectBalances(cloud, new Map([[CARD, START_POINTS + 120]]))
  })

  it('goes on past an operation that is refused, keeps it with its reason, and does it once when that is mended', async () => {
    const { cloud, network, shop } = await openFast()
    const unknown = '777777'
    const register = await start(shop)
    await isAllAcknowledged(register)
    network.turn('away')
    for (const [index, card] of [CARD, unknown, CARD].entries()) {
      const purchaseKopecks = 100_000 * (index + 1)
      await bring(shop, register, { purchaseKopecks, card })
      await earn(register, purchaseKopecks)
    }

    network.turn('good')
    const { parked } = await isAllAcknowledged(register)
    expect(parked).toMatchObject([
      { kind: 'earn', card: unknown, purchaseKopecks: 200_000, code: 'customer_not_found' },
    ])
    await expectBalances(cloud, new Map([[CARD, START_POINTS + 160]]))

    await cloud.addCustomer(unknown)
    const operationId = parked[0]?.id ?? ''
    expect(await register.retryParked({ operationId })).toEqual({ ok: true, value: null })
    expect(await register.retryParked({ operationId })).toMatchObject({ ok: false, code: 'not_parked' })
    expect((await isAllAcknowledged(register)).parked).toEqual([])
    await register.stop()
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
    const { cloud, network, shop, random } = await openShopOnNetwork({ clock: systemClock })
    const cards = Array.from({ length: 50 }, (_, index) => String(600_000 + index))
    for (const card of cards) await cloud.addCustomer(card)
    const balances = new Map([[CARD, START_POINTS], ...cards.map((card) => [card, 0] as const)])
    const night = { now: Date.now() - count * everySeconds * SECOND }
    const { journal } = openJournal(join(shop.dataFolder, 'outbox.sqlite'), night.now)
    const clock = { ...systemClock, now: () => night.now }
    const outbox = createOutbox(journal, { clock, time: createCloudTime(clock), isAttended: () => false })
    journal.transaction(() => {
      for (let index = 0; index < count; index += 1) {
        night.now += everySeconds * SECOND
        const card = cards[Math.floor(random() * cards.length)] ?? ''
        const purchaseKopecks = 10_000 + 10 * index + Math.floor(random() * 10)
        outbox.add({ id: newId(night.now), kind: 'earn', card, purchaseKopecks })
        balances.set(card, (balances.get(card) ?? 0) + earnedFor(purchaseKopecks))
      }
    })()
    outbox.close()

    network.turn('away')
    const register = await start(shop)
    const { cloud: line } = await when(register, ({ cloud }) => cloud.line === 'offline')
    expect(line.queued).toBe(count)
    network.turn('good')
    await when(register, ({ cloud }) => cloud.line === 'online')
    const begunMs = systemClock.elapsed()
    await isAllAcknowledged(register)
    const tookSeconds = (systemClock.elapsed() - begunMs) / SECOND
    console.log(`${count} queued operations: all acknowledged in ${tookSeconds.toFixed(1)} s`)
    await register.stop()

    const rows = journalOf(shop)
    expect(rows.filter(({ state }) => state === 'accepted')).toHaveLength(count)
    await expectSameOrder(cloud, rows)
    await expectBalances(cloud, balances)
  })
})
