import type { TermsOfVoucher } from '../cloud/ledger/testing/oracleVouchers.ts'
import type { Random } from '../desktop/register/rig/random.ts'
import { DAY, type Instant, MINUTE, toIso } from '../shared/time.ts'
import { VOUCHER_CODES, voucherCodeOf } from '../shared/voucherCode.ts'

/** A printed code that a customer has. */
export interface Code {
  code: string
  batch: number
  /** The only card that it is good with. */
  owner: string | null
  terms: TermsOfVoucher
}

/** A batch that is given out on a morning. */
export interface BatchSaid {
  terms: TermsOfVoucher
  codes: number
  /** Each code for one customer. */
  isPersonal: boolean
}

const HOUR = 60 * MINUTE
const LIVES_MS = 30 * HOUR

/** The local time of the shops, which is Moscow's. */
const localText = (at: Instant) => toIso(at + 3 * HOUR).slice(0, 16)

/**
 * Batches of all kinds, with terms that purchases just meet or just miss. All of them end, so that old ones can be
 * forgotten.
 */
export function batchesOf(morning: Instant, { dayMs }: { dayMs: number }): BatchSaid[] {
  const until = localText(morning + LIVES_MS)
  const batch = (
    codes: number,
    gives: TermsOfVoucher['gives'],
    terms: Partial<TermsOfVoucher> & { isPersonal?: boolean } = {},
  ): BatchSaid => {
    const { isPersonal = false, ...rest } = terms
    return { codes, isPersonal, terms: { title: 'Купон', gives, until, ...rest } }
  }
  const sum = (kopecks: number) => ({ type: 'discount_kopecks', kopecks }) as const
  const share = (basis_points: number, cap_kopecks: number) =>
    ({ type: 'discount_percent', basis_points, cap_kopecks }) as const
  const product = (sku: string) => ({ type: 'product', sku, name: sku, cap_kopecks: 9_990 }) as const
  return [
    batch(1, sum(3_000), { uses_per_code: 40, uses_per_customer: 1 }),
    batch(12, sum(20_050)),
    batch(6, sum(5_000), { uses_per_code: 3, on_refund: 'keep' }),
    batch(6, share(1_250, 30_000), { uses_per_code: 2, with_points: false }),
    // A small purchase is wholly paid by it.
    batch(6, share(10_000, 50_000)),
    batch(6, { type: 'points', points: 40 }, { uses_per_code: 3, min_purchase_kopecks: 30_000 }),
    batch(4, { type: 'points', points: 25, lifetime_days: 3 }, { with_points: false }),
    batch(4, product('tea-1'), { uses_per_code: 3 }),
    batch(12, sum(10_000), { isPersonal: true }),
    batch(4, sum(1_000), { uses_per_code: 2, uses_per_customer: 1, isPersonal: true }),
    batch(2, sum(7_000), { stores: [1], uses_per_code: 5 }),
    batch(2, sum(7_000), {
      ...{ from: localText(morning + dayMs / 4), until: localText(morning + MINUTE + dayMs / 2) },
      uses_per_code: 9,
    }),
  ]
}

/** The code of a number: no two are the same, and none is next to another. */
export const codeOfNumber = (number: number): string =>
  voucherCodeOf((BigInt(number) * 2_654_435_761n) % VOUCHER_CODES)

/** A code of no batch. */
const NOBODYS = codeOfNumber(2 ** 40)

/**
 * The code that a customer shows beside their card: mostly none, now and then one of another customer, or one of no
 * batch.
 */
export function drawCode(card: string, codes: readonly Code[], random: Random): string | null {
  if (codes.length === 0 || !random.chance(0.3)) return null
  if (random.chance(0.02)) return NOBODYS
  const own = random.chance(0.9) ? codes.filter(({ owner }) => owner === null || owner === card) : codes
  // Some codes are passed on, and are shown at several tills at once.
  const latest = random.chance(0.3) ? own.slice(-5) : own
  return latest.length === 0 ? null : random.pick(latest).code
}

/** How long after a morning its codes may be shown. */
export const isForgotten = ({ terms }: Code, before: Instant): boolean =>
  terms.until !== undefined && terms.until < localText(before - DAY)
