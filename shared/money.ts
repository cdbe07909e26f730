/** Money is whole kopecks, points are whole points, and one point is one ruble. */
const POINT_KOPECKS = 100

/** Percentages are basis points, so that no rule ever touches a float: 4 % = 400. */
const WHOLE_BASIS_POINTS = 10_000

export const worthKopecks = (points: number) => points * POINT_KOPECKS

/** What a receipt is reduced by. A voucher is worth money, points are worth a ruble each. */
export interface Discount {
  points: number
  voucherKopecks: number
}

export const noDiscount: Discount = { points: 0, voucherKopecks: 0 }

/** What a share of a payment is worth, rounded half up to whole points: 4 % of 12.50 ₽ is 1, of 12.49 ₽ it is 0. */
export function pointsOfShare(kopecks: number, basisPoints: number): number {
  const divisor = WHOLE_BASIS_POINTS * POINT_KOPECKS
  return Math.floor((kopecks * basisPoints + divisor / 2) / divisor)
}

/** The most points one purchase may take, rounded down; what the customer has is another matter. */
export function discountLimitPoints(purchaseKopecks: number, maxDiscountBasisPoints: number): number {
  return Math.floor((purchaseKopecks * maxDiscountBasisPoints) / (WHOLE_BASIS_POINTS * POINT_KOPECKS))
}

/** What is left to pay in money once the discount is off the receipt. */
export function paidKopecks(purchaseKopecks: number, { points, voucherKopecks }: Discount): number {
  return purchaseKopecks - worthKopecks(points) - voucherKopecks
}
