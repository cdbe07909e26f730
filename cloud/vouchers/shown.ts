import { localTimeOf } from '../../shared/rules/localTime.ts'
import { whyNotNow } from '../../shared/rules/validity.ts'
import { voucherTermsSchema } from '../../shared/rules/voucher.ts'
import type { VoucherProblem } from '../../shared/voucherCode.ts'
import type { Sql } from '../database/connect.ts'
import { customerOfCardIn } from '../ledger/cards.ts'
import { whyNotUsable } from '../ledger/shownVoucher.ts'
import type { Voucher, VoucherStanding } from '../ledger/vouchers.ts'

/** A code that is shown, and the customer who shows it. */
export interface Shown {
  standing: VoucherStanding
  customerId: number
}

/** Finds all about a code in one statement. */
export async function findShown(
  sql: Sql,
  { programmeId, hash, card }: { programmeId: number; hash: string; card: string | null },
): Promise<Shown | null> {
  const [row] = await sql<
    (Omit<Voucher, 'terms'> & { terms: unknown; uses: number; customerId: number | null })[]
  >`
    select vouchers.id, batch_id as "batchId", batches.programme_id as "programmeId", encode(hash, 'hex') as hash, held,
      used, coalesce(owners.merged_into, owners.id) as "ownerId", terms, shown.id as "customerId",
      coalesce(vouchers.voided_at, batches.voided_at) is not null as "isVoid",
      (select count(*)::int from holds join vouchers own on own.id = holds.voucher_id
        where holds.customer_id = shown.id and holds.voucher_id is not null and own.batch_id = vouchers.batch_id
          and holds.state not in ('released', 'expired') and holds.voucher_returned_by is null) as uses
    from vouchers
    join voucher_batches batches on batches.id = batch_id
    left join customers owners on owners.id = vouchers.customer_id
    left join lateral (select ${card === null ? sql`null::bigint` : customerOfCardIn(sql, card, programmeId)} as id) shown on true
    where hash = ${Buffer.from(hash, 'hex')} and batches.programme_id = ${programmeId}`
  if (!row) return null
  const { uses, customerId, terms, ...voucher } = row
  const standing = { voucher: { ...voucher, terms: voucherTermsSchema.parse(terms) }, uses }
  // Without a customer, it is answered what the code gives to its owner or to any customer.
  return { standing, customerId: customerId ?? voucher.ownerId ?? 0 }
}

/** Why a code is not good in this store now, as far as that is known without a purchase. */
export function whyNotHere(
  { standing, customerId }: Shown,
  { now, timeZone, storeId }: { now: number; timeZone: string; storeId: number },
): VoucherProblem | null {
  const { terms } = standing.voucher
  const unusable = whyNotUsable(standing, { customerId })
  if (unusable) return unusable
  const early = whyNotNow(terms, () => localTimeOf(now, timeZone))
  if (early) return early
  return terms.stores && !terms.stores.includes(storeId) ? 'other_store' : null
}
