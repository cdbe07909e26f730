import { newId } from '../shared/id.ts'
import type { Operation } from '../shared/operation.ts'
import { toIso } from '../shared/time.ts'

type Of<Kind> = Extract<Operation, { kind: Kind }>

const fromNow = () => {
  const now = Date.now()
  return { id: newId(now), at: toIso(now) }
}

export const anyOf = (cards: string[]): string => cards[Math.floor(Math.random() * cards.length)] ?? ''

const SMALLEST_KOPECKS = 5_000
const PURCHASE_RANGE = 1_999_993 // a prime, so that the steps below meet every purchase before one comes again
const PURCHASE_STEP = 777_767
let purchases = 0

/** From 50 ₽ to 20,000 ₽, as if at random, but never equal within the duplicate window. */
function nextPurchase(): number {
  purchases += 1
  return SMALLEST_KOPECKS + ((purchases * PURCHASE_STEP) % PURCHASE_RANGE)
}

export const earn = (card: string): Of<'earn'> => ({
  ...fromNow(),
  kind: 'earn',
  card,
  purchaseKopecks: nextPurchase(),
})

/** Few points, so that those of the seeded lots last as long as the bench. */
export const redeem = (card: string): Of<'redeem'> => ({
  ...fromNow(),
  kind: 'redeem',
  card,
  purchaseKopecks: nextPurchase(),
  points: 1 + Math.floor(Math.random() * 9),
})

export const apply = (redeemId: string): Of<'apply'> => ({ ...fromNow(), kind: 'apply', redeemId })

export const release = (redeemId: string): Of<'release'> => ({
  ...fromNow(),
  kind: 'release',
  redeemId,
  reason: 'not taken',
})

export const refund = (originalId: string): Of<'refund'> => ({ ...fromNow(), kind: 'refund', originalId })
