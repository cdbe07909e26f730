import { bookOfBase } from '../shared/programme.ts'
import { lifeOfGift } from '../shared/rules/quote.ts'
import { DAY, type Instant } from '../shared/time.ts'
import { type SeededLot, seedCustomers, settle, untilFollowed } from './customers.ts'
import type { Finding } from './findings.ts'
import type { Limit } from './limit.ts'
import { type Action, runLoad, type Send } from './load.ts'
import { anyOf, apply, earn, redeem, refund, release } from './purchases.ts'
import type { Stage } from './stage.ts'

const CUSTOMERS = 10_000
const TILLS = 64
const DRAINS = 8
const DRAINED_AT_ONCE = 200
const MONTH = 30 * DAY

/** Three purchases of the last weeks: what a customer who comes weekly has. */
export function someLots(now: Instant, points = 2_000): SeededLot[] {
  return [3, 10, 17].map((daysAgo) => {
    const earnedAt = now - daysAgo * DAY
    return { points, earnedAt, ...lifeOfGift(earnedAt, bookOfBase({})) }
  })
}

/** Makes the customers to whom the tills sell; the phases share the aged ones, which take minutes to make. */
async function seedBuyers(stage: Stage): Promise<string[]> {
  const { aged, purchases } = stage.options
  if (aged === null) return await seedCustomers(stage, CUSTOMERS, someLots(Date.now()))
  agedBuyers ??= seedCustomers(stage, aged, aYear(Date.now(), purchases)).finally(() => settle(stage))
  return await agedBuyers
}
let agedBuyers: Promise<string[]> | null = null

/** A purchase in each month, of the latest ones; the points of all of them are still there, which is the most that a year can leave. */
const aYear = (now: Instant, purchases: number): SeededLot[] =>
  Array.from({ length: purchases }, (_, month) => {
    const earnedAt = now - (purchases - month) * MONTH + DAY
    return { points: 500, earnedAt, ...lifeOfGift(earnedAt, bookOfBase({ lifetime_days: 400 })) }
  })

export async function earns(stage: Stage, limit: Limit): Promise<Finding[]> {
  const cards = await seedBuyers(stage)
  await untilFollowed(stage)
  const load = await limit.beside(() =>
    runLoad(stage, TILLS, () => async (send) => {
      await send([earn(anyOf(cards))])
    }),
  )
  return [
    {
      what: `earns, one a request, ${TILLS} connections`,
      unit: 'operations',
      perSecond: load.accepted / load.seconds,
      reach: { ratio: 3, p99Ms: 50 },
      ...load,
    },
  ]
}

export async function batches(stage: Stage, limit: Limit): Promise<Finding[]> {
  const cards = await seedBuyers(stage)
  await untilFollowed(stage)
  const load = await limit.beside(() =>
    runLoad(stage, DRAINS, () => async (send) => {
      await send(Array.from({ length: DRAINED_AT_ONCE }, () => earn(anyOf(cards))))
    }),
  )
  return [
    {
      what: `earns, ${DRAINED_AT_ONCE} a request, ${DRAINS} connections`,
      unit: 'operations',
      perSecond: load.accepted / load.seconds,
      reach: { ratio: 8 },
      ...load,
    },
  ]
}

async function redemption(send: Send, card: string): Promise<void> {
  const redeeming = redeem(card)
  if (await send([redeeming])) await send([apply(redeeming.id)])
}

export async function redemptions(stage: Stage, limit: Limit): Promise<Finding[]> {
  const cards = await seedBuyers(stage)
  await untilFollowed(stage)
  const load = await limit.beside(() => runLoad(stage, TILLS, () => (send) => redemption(send, anyOf(cards))))
  return [
    {
      what: `redemptions, each a redeem and its apply, ${TILLS} connections`,
      unit: 'redemptions',
      perSecond: load.accepted / 2 / load.seconds,
      ...load,
    },
  ]
}

/** 70 % earn, 20 % redeem and apply, 5 % redeem and release, 5 % refund of an earn of this till. */
export async function mixed(stage: Stage, limit: Limit): Promise<Finding[]> {
  const cards = await seedBuyers(stage)
  await untilFollowed(stage)
  const load = await limit.beside(() => runLoad(stage, TILLS, () => mixedTill(cards)))
  return [
    {
      what: `mixed: 70 % earn, 20 % redeem + apply, 5 % redeem + release, 5 % refund, ${TILLS} connections`,
      unit: 'operations',
      perSecond: load.accepted / load.seconds,
      ...load,
    },
  ]
}

function mixedTill(cards: string[]): Action {
  const earned: string[] = []
  return async (send) => {
    const dice = Math.random()
    const original = dice < 0.05 ? earned.pop() : undefined
    if (original) {
      await send([refund(original)])
    } else if (dice < 0.1) {
      const redeeming = redeem(anyOf(cards))
      if (await send([redeeming])) await send([release(redeeming.id)])
    } else if (dice < 0.3) {
      await redemption(send, anyOf(cards))
    } else {
      const earning = earn(anyOf(cards))
      if (await send([earning])) earned.push(earning.id)
    }
  }
}

/** All tills serve one card: nothing can go in parallel, and its lots and entries pile up. */
export async function hot(stage: Stage, limit: Limit): Promise<Finding[]> {
  const [earner, spender] = await seedCustomers(stage, 2, someLots(Date.now(), 10_000_000))
  await untilFollowed(stage)
  const earning = await limit.beside(() =>
    runLoad(stage, TILLS, () => async (send) => {
      await send([earn(earner ?? '')])
    }),
  )
  const spending = await limit.beside(() =>
    runLoad(stage, TILLS, () => (send) => redemption(send, spender ?? '')),
  )
  return [
    {
      what: `a hot customer: every earn on one card, ${TILLS} connections`,
      unit: 'operations',
      perSecond: earning.accepted / earning.seconds,
      ...earning,
    },
    {
      what: `a hot customer: every redemption on one card, ${TILLS} connections`,
      unit: 'redemptions',
      perSecond: spending.accepted / 2 / spending.seconds,
      ...spending,
    },
  ]
}
