import { cashbackPoints, paidKopecks } from '../../../shared/money.ts'
import { defaultProgramme } from '../../../shared/programme.ts'

export function earnedFor(kopecks: number): number {
  return cashbackPoints(kopecks, defaultProgramme.cashback_basis_points)
}

/** What a day at the till is worth, from what the cashier did and what 1C took. */
export function createBooks(cards: string[], startPoints: number) {
  const balances = new Map(cards.map((card) => [card, startPoints]))
  const purchases = new Map<number, { card: string; spent: number; earned: number }>()
  const add = (card: string, points: number) => balances.set(card, (balances.get(card) ?? 0) + points)
  return {
    balances,
    purchase(card: string, purchaseKopecks: number, spent: number): void {
      const earned = earnedFor(paidKopecks(purchaseKopecks, spent))
      purchases.set(purchaseKopecks, { card, spent, earned })
      add(card, earned - spent)
    },
    refund(purchaseKopecks: number, refundKopecks: number): void {
      const purchase = purchases.get(purchaseKopecks)
      if (!purchase) throw new Error(`nothing was bought for ${purchaseKopecks}`)
      const { card, spent, earned } = purchase
      const paid = paidKopecks(purchaseKopecks, spent)
      const deserved = earnedFor(paid - refundKopecks)
      add(card, deserved - earned + Math.floor((spent * refundKopecks) / paid))
    },
  }
}
