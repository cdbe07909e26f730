/** Money is whole kopecks, points are whole points, and one point is one ruble. */
const POINT_KOPECKS = 100

/** Percentages are basis points, so that no rule ever touches a float: 4 % = 400. */
export const WHOLE_BASIS_POINTS = 10_000

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

/** A share so many times over, rounded half up once; exact for the largest of all three. */
export function pointsOfShareTimes(kopecks: number, basisPoints: number, timesBasisPoints: number): number {
  const divisor = BigInt(WHOLE_BASIS_POINTS * POINT_KOPECKS) * BigInt(WHOLE_BASIS_POINTS)
  return Number((BigInt(kopecks) * BigInt(basisPoints) * BigInt(timesBasisPoints) + divisor / 2n) / divisor)
}

/** `part` of `whole`, carried over to another whole, rounded down: exact for any money. */
export function inProportion(part: number, { of, to }: { of: number; to: number }): number {
  return of === 0 ? 0 : Number((BigInt(part) * BigInt(to)) / BigInt(of))
}

/** The most points one purchase may take, rounded down; what the customer has is another matter. */
export function discountLimitPoints(purchaseKopecks: number, maxDiscountBasisPoints: number): number {
  return Math.floor((purchaseKopecks * maxDiscountBasisPoints) / (WHOLE_BASIS_POINTS * POINT_KOPECKS))
}

/** What 1C is told to take off: points, and of the voucher the whole rubles. */
export const discountRubles = ({ points, voucherKopecks }: Discount) =>
  points + Math.floor(voucherKopecks / POINT_KOPECKS)

/** What is left to pay in money once the discount is off the receipt. */
export function paidKopecks(purchaseKopecks: number, { points, voucherKopecks }: Discount): number {
  return purchaseKopecks - worthKopecks(points) - voucherKopecks
}
