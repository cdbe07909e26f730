import { paidKopecks, pointsOfShare } from '../../../shared/money.ts'
import { defaultProgramme } from '../../../shared/programme.ts'

const paidBeside = (purchaseKopecks: number, points: number) =>
  paidKopecks(purchaseKopecks, { points, voucherKopecks: 0 })

/** What a purchase brings of which this many points were spent. */
export function earnedFor(purchaseKopecks: number, points = 0): number {
  return pointsOfShare(paidBeside(purchaseKopecks, points), defaultProgramme.cashback_basis_points)
}

/** What a day at the till is worth, from what the cashier did and what 1C took. */
export function createBalances(cards: string[], startPoints: number) {
  const balances = new Map(cards.map((card) => [card, startPoints]))
  const purchases = new Map<number, { card: string; spent: number; earned: number }>()
  const add = (card: string, points: number) => balances.set(card, (balances.get(card) ?? 0) + points)
  return {
    balances,
    purchase(card: string, purchaseKopecks: number, spent: number): void {
      const earned = earnedFor(purchaseKopecks, spent)
      purchases.set(purchaseKopecks, { card, spent, earned })
      add(card, earned - spent)
    },
    refund(purchaseKopecks: number, refundKopecks: number): void {
      const purchase = purchases.get(purchaseKopecks)
      if (!purchase) throw new Error(`nothing was bought for ${purchaseKopecks}`)
      const { card, spent, earned } = purchase
      const paid = paidBeside(purchaseKopecks, spent)
      const deserved = earnedFor(paid - refundKopecks)
      add(card, deserved - earned + Math.floor((spent * refundKopecks) / paid))
    },
  }
}
