import type { Earning } from '../../../shared/bridge.ts'
import type { Item } from '../../../shared/items.ts'
import { paidKopecks as paidKopecksOf } from '../../../shared/money.ts'
import type { Book } from '../../../shared/rules/book.ts'
import type { Facts } from '../../../shared/rules/facts.ts'
import { earnedPoints, isInRange, quote } from '../../../shared/rules/quote.ts'
import { discountWith, voucherAwards } from '../../../shared/rules/voucher.ts'
import type { Instant } from '../../../shared/time.ts'
import type { VoucherTerms } from './voucher.ts'

const PARTS_IN_A_GLANCE = 3

/** The ground on which a sale of this moment is judged. */
export interface SaleGround {
  book: Book
  storeId: number | null
  now: Instant
  /** The fields of operations that this cloud takes, beside those that every cloud does. */
  operationFields: readonly string[]
}

/** A purchase, and how many points are spent on it. */
export interface Considered {
  purchaseKopecks: number
  points: number
  items?: Item[] | undefined
  /** The voucher that is shown with it. */
  voucher?: VoucherTerms | null | undefined
}

/** A purchase as the ledger will be told of it: goods that it is not told it cannot judge by. */
export function purchaseTold(
  { storeId, now, operationFields }: SaleGround,
  { purchaseKopecks, items }: Pick<Considered, 'purchaseKopecks' | 'items'>,
) {
  const isTold = items !== undefined && operationFields.includes('items')
  return { kopecks: purchaseKopecks, at: now, storeId, ...(isTold && { items }) }
}

/**
 * The price of a purchase and the points it earns when this many are spent on it, by the function that the ledger decides
 * with. Facts that only the ledger knows are hoped for, so the result is the most that the purchase can earn.
 */
export function preview(
  ground: SaleGround,
  { purchaseKopecks, points, items, voucher = null }: Considered,
  facts: Facts,
  { isStale = false }: { isStale?: boolean } = {},
): Earning {
  const { book, now } = ground
  if (!isInRange(book, purchaseKopecks)) {
    const paid = paidKopecksOf(purchaseKopecks, { points, voucherKopecks: 0 })
    return { paidKopecks: paid, earned: 0, atOnce: 0, isSure: true, parts: [], more: null }
  }
  const purchase = purchaseTold(ground, { purchaseKopecks, items })
  const terms = voucher?.terms ?? null
  const discount = discountWith(terms, { purchase, points, itemKopecks: voucher?.itemKopecks })
  const judged = { at: now, paidKopecks: paidKopecksOf(purchaseKopecks, discount), base: book.base }
  const beside = terms ? voucherAwards({ batchId: 0, terms }, judged) : []
  const hoped = quote(book, purchase, discount, facts, { hopes: true, beside })
  const isSure = !book.isPartial && !isStale && hoped.awards.every((award) => award.isSure !== false)
  // A rule that is only hoped for may keep others of its group out that give more.
  const certain = isSure ? hoped : quote(book, purchase, discount, facts, { beside })
  const { awards, paidKopecks } = earnedPoints(certain) > earnedPoints(hoped) ? certain : hoped
  const titles = new Map(book.rules.map(({ id, title }) => [id, title]))
  for (const { ruleId } of beside) if (ruleId !== null && terms) titles.set(ruleId, terms.title)
  const shown = awards.length > PARTS_IN_A_GLANCE + 1 ? awards.slice(0, PARTS_IN_A_GLANCE) : awards
  const others = awards.slice(shown.length)
  return {
    paidKopecks,
    earned: earnedPoints({ awards }),
    atOnce: earnedPoints({ awards: awards.filter(({ activeFrom }) => activeFrom <= now) }),
    isSure,
    parts: shown.map(({ ruleId, points }) => ({
      title: ruleId === null ? null : (titles.get(ruleId) ?? ruleId),
      points,
    })),
    more: others.length > 0 ? { rules: others.length, points: earnedPoints({ awards: others }) } : null,
  }
}
