import type { Discount } from '../../shared/money.ts'
import { localTimeOf } from '../../shared/rules/localTime.ts'
import { whyNotNow } from '../../shared/rules/validity.ts'
import { discountWith, type Shown, voucherAwards, whyNoVoucher } from '../../shared/rules/voucher.ts'
import type { VoucherProblem } from '../../shared/voucherCode.ts'
import { type Account, type Hold, storeOf } from './account.ts'
import { itemsOf } from './purchase.ts'
import type { Case } from './refusals.ts'
import type { Request } from './request.ts'
import type { Voucher, VoucherMove, VoucherStanding } from './vouchers.ts'

type Redeem = Request & { kind: 'redeem' }

function shownBy(request: Redeem): Shown {
  const { purchaseKopecks: kopecks, at, author, points, voucherItemKopecks: itemKopecks } = request
  const items = itemsOf(request)
  return { purchase: { kopecks, at, storeId: storeOf(author), ...(items && { items }) }, points, itemKopecks }
}

/** Why a code cannot be used, or not by this customer, whatever the purchase is. */
export function whyNotUsable(
  { voucher, uses }: VoucherStanding,
  { customerId }: Pick<Account, 'customerId'>,
): VoucherProblem | null {
  const { terms, held, used } = voucher
  if (voucher.isVoid) return 'void'
  if (voucher.ownerId !== null && voucher.ownerId !== customerId) return 'other_customer'
  if (used >= terms.uses_per_code) return 'used'
  if (held + used >= terms.uses_per_code) return 'in_use'
  return uses >= (terms.uses_per_customer ?? Number.POSITIVE_INFINITY) ? 'used_by_customer' : null
}

/** Why a redemption cannot have the voucher that was shown for it. */
export function voucherProblem(
  request: Redeem,
  { account, voucher: standing, book }: Pick<Case, 'account' | 'voucher' | 'book'>,
): Record<string, unknown> | null {
  if (request.voucher === undefined || !account) return null
  // A code of another programme is as unknown as one that does not exist.
  if (!standing) return { reason: 'unknown' }
  const { terms } = standing.voucher
  const reason: VoucherProblem | null =
    whyNotUsable(standing, account) ?? whyNoVoucher(terms, shownBy(request), book.timeZone)
  if (!reason) return null
  const { min_purchase_kopecks: minKopecks, from, until } = terms
  return {
    ...{ reason, title: terms.title },
    ...(reason === 'below_min_purchase' && { minKopecks }),
    ...(reason === 'not_begun' && { from }),
    ...(reason === 'over' && { until }),
  }
}

/** What a redemption takes off its receipt; a voucher that is refused takes off nothing. */
export function discountOf(request: Redeem, { voucher }: Pick<Case, 'voucher'>): Discount {
  const terms = request.voucher === undefined ? null : (voucher?.voucher.terms ?? null)
  return discountWith(terms, shownBy(request))
}

/** The awards of the voucher, beside those of the book. */
export function awardsBeside(
  { voucher, book }: Pick<Case, 'voucher' | 'book'>,
  { at, paidKopecks }: { at: number; paidKopecks: number },
) {
  return voucher ? voucherAwards(voucher.voucher, { at, paidKopecks, base: book.base }) : []
}

const moved = (hold: Hold, held: VoucherMove['held'], used: VoucherMove['used']): VoucherMove | null =>
  hold.voucherId === null ? null : { id: hold.voucherId, held, used }

// The voucher of a hold goes the way of its points.
export const voucherHeld = (hold: Hold) => moved(hold, 1, 0)
export const voucherUsed = (hold: Hold) => moved(hold, -1, 1)
export const voucherFreed = (hold: Hold) => moved(hold, -1, 0)
/** A person had freed the code, and 1C had taken it: it is used, though another redemption may have it by now. */
export const voucherUsedLate = (hold: Hold) => moved(hold, 0, 1)

/** A refund of the whole purchase gives the use of the voucher back, once, while the voucher is still good. */
export function voucherReturned(
  hold: Hold,
  { voucher, book, request }: Pick<Case, 'voucher' | 'book' | 'request'>,
): VoucherMove | null {
  if (!voucher || hold.voucherReturnedBy !== null) return null
  return isStillGood(voucher.voucher, request.at, book.timeZone) ? moved(hold, 0, -1) : null
}

/** Whether a return of the whole purchase gives a use of the voucher back. */
export function isStillGood(
  { terms, isVoid }: Pick<Voucher, 'terms' | 'isVoid'>,
  at: number,
  timeZone: string,
): boolean {
  if (isVoid || terms.on_refund === 'keep') return false
  return whyNotNow(terms, () => localTimeOf(at, timeZone)) !== 'over'
}
