/** Money is whole kopecks, points are whole points, and one point is one ruble. */
const POINT_KOPECKS = 100

/** Percentages are basis points, so that no rule ever touches a float: 4 % = 400. */
const WHOLE_BASIS_POINTS = 10_000

/** What a payment earns, rounded half up to whole points: 12.50 ₽ at 4 % earns 1, 12.49 ₽ earns 0. */
export function cashbackPoints(paidKopecks: number, cashbackBasisPoints: number): number {
  const divisor = WHOLE_BASIS_POINTS * POINT_KOPECKS
  return Math.floor((paidKopecks * cashbackBasisPoints + divisor / 2) / divisor)
}

/** The most points one purchase may take, rounded down; what the customer has is another matter. */
export function discountLimitPoints(purchaseKopecks: number, maxDiscountBasisPoints: number): number {
  return Math.floor((purchaseKopecks * maxDiscountBasisPoints) / (WHOLE_BASIS_POINTS * POINT_KOPECKS))
}

/** What is left to pay in money once the points are off the receipt. */
export function paidKopecks(purchaseKopecks: number, spentPoints: number): number {
  return purchaseKopecks - spentPoints * POINT_KOPECKS
}
