import { readdir, utimes, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { expectHealthy } from '../../../cloud/jobs/testing.ts'
import type { Snapshot } from '../../../shared/bridge.ts'
import { MINUTE, SECOND } from '../../../shared/time.ts'
import { failure, withFaults } from '../exchange/testing.ts'
import { systemFiles } from '../machine/files.ts'
import type { Register } from '../register.ts'
import { createLife } from '../rig/life.ts'
import { RegisterGone } from '../rig/running.ts'
import {
  bringCustomer,
  fetchOf,
  openTestCloud,
  openTestShop,
  type TestShop,
  type TestShopOptions,
  when,
} from '../testing.ts'
import { pause, systemClock } from '../time/clock.ts'

const SHOPS = 12
const POINTS = 20
/** Nothing ends here because its time is over. */
const TAKE_MS = MINUTE

/** A machine under load makes so many orders slow, not wrong. */
const SLOW_MACHINE_MS = 10 * MINUTE
const SETTLED_WITHIN_MS = MINUTE

const happenings = ['cancel', 'crash', 'restart', 'new amount', 'end of receipt', 'take'] as const
type Happening = (typeof happenings)[number]

/** Every selection of these in every order, the empty one too. */
function ordersOf<T>(things: readonly T[]): T[][] {
  const longer = things.flatMap((first) =>
    ordersOf(things.filter((other) => other !== first)).map((rest) => [first, ...rest]),
  )
  return [[], ...longer]
}

const withCrash = happenings.filter((happening) => happening !== 'restart')
const withRestart = happenings.filter((happening) => happening !== 'crash')
const isShort = (order: Happening[]) => order.length <= 3
/** Of the long orders every third; `STALE_ORDERS=all` plays the others too. What they leave out is in a test of its own. */
const isPlayed = (order: Happening[]) =>
  isShort(order) ||
  process.env.STALE_ORDERS === 'all' ||
  order.reduce((sum, happening, place) => sum + (place + 1) * happenings.indexOf(happening), 0) % 3 === 0
/** A crash may leave anything; a clean stop leaves less, so its shorter orders say enough. */
const orders = [
  ...ordersOf(withCrash).filter(isPlayed),
  ...ordersOf(withRestart).filter((order) => isShort(order) && order.includes('restart')),
]

let cloud: Awaited<ReturnType<typeof openTestCloud>>
let close: (() => Promise<void>)[]
beforeEach(async () => {
  cloud = await openTestCloud()
  close = [() => cloud.drop()]
})
afterEach(async () => {
  for (const end of close.toReversed()) await end()
})

/** What it is played on, and by which 1C. */
type Kind = Pick<TestShopOptions, 'disk' | 'program'>

/** A till at which anything may happen, and what 1C has on it just now. */
async function openTill({ card, protocol, ...kind }: { card: string; protocol: 1 | 2 } & Kind) {
  const shop = await openTestShop({
    cloud,
    behaviour: { kind: 'never' },
    takeMs: TAKE_MS,
    pollMs: 20,
    ...kind,
  })
  close.push(() => shop.close())
  const { simulator } = shop
  let mayLook: Promise<void> = Promise.resolve()
  const files = withFaults(shop.files, {
    read: (path) => (basename(path).startsWith('amount') ? mayLook : Promise.resolve()),
  })
  const begin = () => createLife({ files, clock: systemClock, fetch: fetchOf(cloud) })
  let life = begin()
  let register = await shop.start(life.options)
  close.push(() => register.stop())
  let purchaseKopecks = 100_000 * (1 + Number(card.slice(-2)))
  let receipts = 0
  let publications = 0
  const appearances = () => shop.events.filter(({ kind }) => kind === 'appeared').length
  let isReceiptOpen = false

  async function startAnew(): Promise<void> {
    life = begin()
    register = await shop.start(life.options)
  }

  function nextReceipt() {
    purchaseKopecks += 1
    receipts += 1
    isReceiptOpen = true
    return { purchaseKopecks, receipt: `${card}-${receipts}`, protocol }
  }

  const openReceipt = () => simulator.newReceipt(nextReceipt())

  /** The register shows what 1C has written, and soon there is no discount whose fate is unknown. */
  async function look(): Promise<void> {
    await when(register, ({ sale }) => sale?.purchaseKopecks === purchaseKopecks)
    const open = () => register.snapshot().recent.filter(({ state }) => state === 'open')
    await vi.waitFor(() => expect(open()).toEqual([]), { timeout: SETTLED_WITHIN_MS, interval: 5 })
  }

  /**
   * With the first protocol nobody can protect a 1C that takes between its new amount and the register's look
   * at it, so the register looks first. The number of the receipt protects even then.
   */
  async function write(): Promise<void> {
    if (protocol === 2 || !isReceiptOpen) await openReceipt()
    else {
      purchaseKopecks += 1
      await simulator.rewriteAmount(purchaseKopecks)
    }
    if (protocol === 1) await look()
  }

  const happen: Record<Happening, () => Promise<unknown>> = {
    cancel: () => register.cancel({}),
    async crash() {
      life.end(new RegisterGone('it has crashed'))
      await life.settled()
      await startAnew()
    },
    async restart() {
      await register.stop()
      await startAnew()
    },
    'new amount': write,
    async 'end of receipt'() {
      isReceiptOpen = false
      await simulator.clear()
    },
    take: () => simulator.takeNow(),
  }

  async function publish(): Promise<number> {
    await bringCustomer(shop, register, { ...nextReceipt(), card })
    expect(await register.redeem({ purchaseKopecks, points: POINTS })).toEqual({ ok: true, value: null })
    await when(register, ({ act }) => act?.type === 'processing' && act.stage === 'offered')
    publications += 1
    // So that 1C does not find it only after its receipt has ended, and take it for a discount of nobody.
    await vi.waitFor(() => expect(appearances()).toBe(publications), { timeout: SETTLED_WITHIN_MS })
    return purchaseKopecks
  }

  /** The next receipt begins, and 1C takes what lies there; the register does not look in between if it is held. */
  async function nextReceiptTakes(isHeld: boolean): Promise<void> {
    const { promise, resolve: letLook } = Promise.withResolvers<void>()
    if (isHeld) mayLook = promise
    await openReceipt()
    if (protocol === 1) await look()
    await simulator.takeNow()
    letLook()
  }

  /** What went wrong in this order; null if nothing did. */
  async function live(order: Happening[], { isLookHeld }: { isLookHeld: boolean }): Promise<string | null> {
    const of = await publish()
    const takenBefore = simulator.taken().length
    const receipt = `${card}-${receipts}`
    for (const happening of order) await happen[happening]()
    const takenInTime = simulator.taken().slice(takenBefore)
    await nextReceiptTakes(isLookHeld)
    const taken = simulator.taken().slice(takenBefore)
    if (taken.length > takenInTime.length) return 'it reached the next receipt'
    if (protocol === 2 && taken.some((each) => each.receipt !== receipt)) return 'it reached another receipt'
    await look()
    const lying = await shop.discounts()
    if (lying.some((name) => !isOwn(name))) return `it still lies there: ${lying}`
    // The register removes its own copy when its journal knows what became of the discount.
    await vi.waitFor(async () => expect(await shop.discounts()).toEqual([]), { timeout: SETTLED_WITHIN_MS })
    await when(register, ({ cloud }) => cloud.line === 'online' && cloud.queued === 0)
    const [hold] = await cloud.sql`select state from holds where purchase_kopecks = ${of}`
    return hold?.state === (taken.length === 1 ? 'applied' : 'released')
      ? null
      : `${taken.length} taken, and the hold is ${hold?.state}`
  }

  return { shop, live }
}

/** Under such a name no 1C looks for a discount. */
const isOwn = (name: string) => /^discount\.[0-9a-f-]{36}\.tmp$/.test(name)

const discountsIn = async ({ exchangeFolder }: TestShop) =>
  (await readdir(exchangeFolder)).filter((name) => name.startsWith('discount'))

async function liveEverywhere(protocol: 1 | 2, { every = 1, ...kind }: Kind & { every?: number } = {}) {
  const waiting = [...orders.filter((_, index) => index % every === 0).entries()]
  const { length } = waiting
  const wrong: { order: Happening[]; problem: string }[] = []
  async function work(index: number): Promise<TestShop> {
    const card = String(600_000 + index)
    await cloud.addCustomer(card, 10_000)
    const { shop, live } = await openTill({ card, protocol, ...kind })
    for (let next = waiting.pop(); next; next = waiting.pop()) {
      const [place, order] = next
      const problem = await live(order, { isLookHeld: protocol === 2 && place % 2 === 0 })
      if (problem) wrong.push({ order, problem })
    }
    return shop
  }
  const shops = await Promise.all(Array.from({ length: SHOPS }, (_, index) => work(index)))
  expect(wrong).toEqual([])
  expect(shops.flatMap((shop) => shop.violations())).toEqual([])
  const states = await cloud.sql<{ state: string; count: number }[]>`
    select state, count(*)::int as count from holds group by state`
  await expectHealthy(cloud.sql)
  return { shops, count: length, states: new Map(states.map(({ state, count }) => [state, count])) }
}

describe('a stale discount never reaches the next receipt, in every order of cancel, crash, new amount and late take', {
  timeout: SLOW_MACHINE_MS,
}, () => {
  it.each<Kind & { every: number }>([
    { disk: 'own', every: 1 },
    { disk: 'two steps', every: 4 },
    { disk: 'two steps', program: 'kopilka.bsl', every: 5 },
  ])('when the register has had its look at the new receipt: $disk, $program', async (kind) => {
    const { states, count } = await liveEverywhere(1, kind)
    console.log(`stale: ${count} orders`, kind, Object.fromEntries(states))
    expect([...states.values()].reduce((sum, count) => sum + count, 0)).toBe(count)
    expect([...states.keys()].sort()).toEqual(['applied', 'released'])
  })

  it.each<Kind & { every: number }>([
    { disk: 'own', every: 1 },
    { disk: 'two steps', program: 'kopilka.bsl', every: 5 },
  ])('even before the register has looked, when 1C compares the number: $disk, $program', async (kind) => {
    const { shops, states, count } = await liveEverywhere(2, kind)
    const refused = shops.flatMap(({ events }) => events.filter(({ kind }) => kind === 'refused'))
    console.log(`stale, by number: ${count} orders, 1C refused ${refused.length}`, Object.fromEntries(states))
    expect(refused.length).toBeGreaterThan(0)
    expect([...states.keys()].sort()).toEqual(['applied', 'released'])
  })
})

it('plays every short order, and among the long ones any three in a row and any two at the end', () => {
  const told = (happenings: Happening[]) => happenings.join(', ')
  const long = orders.filter((order) => order.length > 3)
  const inARow = long.flatMap((order) =>
    order.slice(2).map((_, place) => told(order.slice(place, place + 3))),
  )
  const all = ordersOf(withCrash)
  const ofLength = (length: number) => all.filter((order) => order.length === length).map(told)
  expect(orders).toEqual(expect.arrayContaining(all.filter(isShort)))
  expect([...new Set(inARow)].sort()).toEqual(ofLength(3).sort())
  expect([...new Set(long.map((order) => told(order.slice(-2))))].sort()).toEqual(ofLength(2).sort())
})

describe('a discount of nobody', () => {
  const noticesOf = ({ notices }: Snapshot) => notices.map(({ code, text }) => ({ code, text }))
  const removed = { code: 'orphan_removed', text: 'discount.txt' }

  async function startWithOrphan(ageMs: number): Promise<{ shop: TestShop; register: Register }> {
    const shop = await openTestShop({ cloud, behaviour: { kind: 'never' } })
    close.push(() => shop.close())
    const path = join(shop.exchangeFolder, 'discount.txt')
    await writeFile(path, '150')
    const writtenAt = new Date(Date.now() - ageMs)
    await utimes(path, writtenAt, writtenAt)
    const register = await shop.start()
    close.push(() => register.stop())
    return { shop, register }
  }

  it('is removed at the start, and told, when it is older than a minute', async () => {
    const { shop, register } = await startWithOrphan(61 * SECOND)
    expect(await discountsIn(shop)).toEqual([])
    expect(noticesOf(register.snapshot())).toEqual([removed])
  })

  it('is left for now when it is younger, and removed, and told, when a sale starts', async () => {
    const { shop, register } = await startWithOrphan(30 * SECOND)
    expect(await discountsIn(shop)).toEqual(['discount.txt'])
    expect(noticesOf(register.snapshot())).toEqual([])
    await shop.simulator.newReceipt({ purchaseKopecks: 100_000 })
    const seen = await when(register, ({ notices, sale }) => notices.length > 0 && sale !== null)
    expect(noticesOf(seen)).toEqual([removed])
    expect(await discountsIn(shop)).toEqual([])
    await shop.simulator.takeNow()
    expect(shop.simulator.taken()).toEqual([])
  })

  it('never takes the discount of the sale along, however long its removal takes', async () => {
    let removals = 0
    const { promise: isLetGo, resolve: letGo } = Promise.withResolvers<void>()
    const { promise: isRemoved, resolve: removed } = Promise.withResolvers<void>()
    const shop = await openTestShop({
      cloud,
      takeMs: TAKE_MS,
      behaviour: { kind: 'never' },
      files: withFaults(systemFiles, {
        // A second more than the discount of the sale needs to get into the folder.
        async rename(from) {
          if (basename(from) !== 'discount.txt') return
          removals += 1
          if (removals > 1) return
          await isLetGo
          await pause(systemClock, 1000)
        },
        async remove(path) {
          if (basename(path) === 'discount.orphan.tmp') removed()
        },
      }),
    })
    close.push(() => shop.close())
    await writeFile(join(shop.exchangeFolder, 'discount.txt'), '150')
    const register = await shop.start()
    close.push(() => register.stop())
    await bringCustomer(shop, register, { purchaseKopecks: 100_000 })
    await register.redeem({ purchaseKopecks: 100_000, points: POINTS })
    const isHeld = async () => expect(await cloud.sql`select from holds`).toHaveLength(1)
    await vi.waitFor(isHeld, { timeout: SETTLED_WITHIN_MS })
    letGo()
    await isRemoved
    await when(register, ({ act }) => act?.type === 'processing' && act.stage === 'offered')
    await shop.simulator.takeNow()
    await when(register, ({ phase }) => phase === 'success' || phase === 'error')
    expect(shop.simulator.taken()).toMatchObject([{ points: POINTS }])
  })
})

it('hears what 1C says of a discount, though its word of the one before still lies there', async () => {
  let isHeld = true
  let isToldMeanwhile = false
  let looks = 0
  const shop = await openTestShop({
    cloud,
    behaviour: { kind: 'crashes_between', crash: 'after_receipt', fromMs: 0, toMs: 0 },
    files: withFaults(systemFiles, {
      // An antivirus has the first word open while it is to be removed; later a removal takes its time.
      async remove(path) {
        if (basename(path) !== 'applied.json') return
        if (isHeld) throw failure('EBUSY')
        await tellMeanwhile()
      },
      async read(path) {
        if (basename(path) !== 'applied.json' || isHeld) return
        looks += 1
        if (looks > 2) await tellMeanwhile()
      },
    }),
  })
  close.push(() => shop.close())
  const register = await shop.start()
  close.push(() => register.stop())

  async function tellMeanwhile(): Promise<void> {
    if (isToldMeanwhile) return
    isToldMeanwhile = true
    await shop.simulator.restart()
  }

  async function redeem(receipt: string, purchaseKopecks: number): Promise<void> {
    await bringCustomer(shop, register, { receipt, purchaseKopecks, protocol: 2 })
    await register.redeem({ purchaseKopecks, points: POINTS })
    await when(register, ({ act }) => act?.type === 'processing' && act.stage === 'confirming')
  }
  await redeem('1', 100_000)
  await shop.simulator.restart()
  await when(register, ({ phase }) => phase === 'success')
  await redeem('2', 200_000)
  isHeld = false
  await when(register, ({ act, cloud }) => act?.type === 'success' && cloud.queued === 0)
  expect(await cloud.sql`select state from holds`).toEqual([{ state: 'applied' }, { state: 'applied' }])
})

it.each([
  ['that it is in the receipt', { applied: true }, 'success', 'applied'],
  ['that it is not', { applied: false, error: 'closed' }, 'error', 'released'],
])(
  'hears what 1C says of a discount that it has left where it lay: %s',
  async (_what, word, phase, state) => {
    const shop = await openTestShop({ cloud, behaviour: { kind: 'never' }, takeMs: SECOND })
    close.push(() => shop.close())
    const register = await shop.start()
    close.push(() => register.stop())
    await bringCustomer(shop, register, { purchaseKopecks: 100_000, protocol: 2 })
    await register.redeem({ purchaseKopecks: 100_000, points: POINTS })
    const { act } = await when(register, ({ act }) => act?.type === 'processing' && act.stage === 'offered')
    await writeFile(
      join(shop.exchangeFolder, 'applied.json'),
      JSON.stringify({ id: act?.operationId, ...word }),
    )
    const done = await when(register, (seen) => seen.phase !== 'processing' && seen.cloud.queued === 0)
    expect(done.phase).toBe(phase)
    if (done.act?.type === 'error')
      expect(done.act).toMatchObject({ code: 'refused_by_1c', fate: 'returned' })
    expect(await cloud.sql`select state from holds`).toEqual([{ state }])
    expect(await readdir(shop.exchangeFolder)).toEqual(['amount.json'])
  },
)
