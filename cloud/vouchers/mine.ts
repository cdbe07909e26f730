import { isToShow, type MyVoucher } from '../../shared/myVoucher.ts'
import { localTimeOf } from '../../shared/rules/localTime.ts'
import { whyNotNow } from '../../shared/rules/validity.ts'
import { voucherTermsSchema } from '../../shared/rules/voucher.ts'
import { type Instant, toIso } from '../../shared/time.ts'
import { isKeyOf, type VoucherKey } from '../access/voucherKey.ts'
import type { Sql, Tx } from '../database/connect.ts'
import { readTimeZone } from '../ledger/programme.ts'
import { whyNotUsable } from '../ledger/shownVoucher.ts'
import type { Voucher } from '../ledger/vouchers.ts'

/** More vouchers than a customer has; older ones are not shown. */
const MOST_SHOWN = 100

interface Whose {
  programmeId: number
  customerId: number
}

interface Around {
  now: Instant
  /** The time zone of programmes that have none of their own. */
  timeZone: string
}

/** A voucher that was made for the customer, or for another of their cards, and its state. */
export interface Own {
  voucher: Voucher
  serial: number
  salt: Buffer
  /** How many codes of its batch the customer has used. */
  uses: number
  usedAt: Instant | null
  state: MyVoucher['state']
}

/** The vouchers of a customer. Those of a merged card are of the customer who stays, and go back when the merge is undone. */
export async function readOwn(
  sql: Sql,
  { programmeId, customerId }: Whose,
  { now, timeZone }: Around,
  { batchId }: { batchId?: number } = {},
): Promise<Own[]> {
  const rows = await sql<(Omit<Voucher, 'terms'> & Omit<Own, 'voucher' | 'state'> & { terms: unknown })[]>`
    select vouchers.id, batch_id as "batchId", batches.programme_id as "programmeId", encode(hash, 'hex') as hash, held,
      used, ${customerId}::bigint as "ownerId", terms, serial, salt,
      coalesce(vouchers.voided_at, batches.voided_at) is not null as "isVoid",
      (select count(*)::int from holds join vouchers own on own.id = holds.voucher_id
        where holds.customer_id = ${customerId} and holds.voucher_id is not null and own.batch_id = vouchers.batch_id
          and holds.state not in ('released', 'expired') and holds.voucher_returned_by is null) as uses,
      (select max(operations.at) from holds join operations
          on operations.customer_id = holds.customer_id and operations.id = holds.id
        where holds.voucher_id = vouchers.id and holds.state = 'applied' and holds.voucher_returned_by is null) as "usedAt"
    from vouchers join voucher_batches batches on batches.id = batch_id
    where vouchers.customer_id in (
        select id from customers where id = ${customerId} or merged_into = ${customerId})
      and batches.programme_id = ${programmeId} ${batchId === undefined ? sql`` : sql`and batch_id = ${batchId}`}
    order by batch_id desc, serial limit ${MOST_SHOWN}`
  if (rows.length === 0) return []
  const zone = (await readTimeZone(sql, programmeId)) ?? timeZone
  return rows.map(({ terms, uses, usedAt, serial, salt, ...row }) => {
    const voucher: Voucher = { ...row, terms: voucherTermsSchema.parse(terms) }
    const state = stateOf({ voucher, uses }, { customerId, now, zone })
    return { voucher, serial, salt, uses, usedAt, state }
  })
}

/** The state by the rule that the ledger answers a till with. */
function stateOf(
  standing: { voucher: Voucher; uses: number },
  { customerId, now, zone }: { customerId: number; now: Instant; zone: string },
): MyVoucher['state'] {
  const unusable = whyNotUsable(standing, { customerId })
  if (unusable === 'void') return 'void'
  // That was the last use.
  if (unusable === 'used' || unusable === 'used_by_customer') return 'used'
  const when = whyNotNow(standing.voucher.terms, () => localTimeOf(now, zone))
  if (when === 'over') return 'over'
  if (unusable === 'in_use') return 'held'
  return when === 'not_begun' ? 'early' : 'good'
}

/** The vouchers with their codes, which follow from the salt in the database and the key, which is not in it. */
export async function readMyVouchers(
  sql: Sql,
  whose: Whose,
  { voucherKey, ...around }: Around & { voucherKey: () => VoucherKey },
): Promise<MyVoucher[]> {
  const own = await readOwn(sql, whose, around)
  if (own.length === 0) return []
  const key = voucherKey()
  const isReadable = await isKeyOf(sql, key)
  const names = await namesOfStores(
    sql,
    own.flatMap(({ voucher }) => voucher.terms.stores ?? []),
  )
  return own.map(({ voucher: { batchId, terms, held, used }, serial, salt, state, usedAt }) => ({
    ...{ id: `${batchId}-${serial}`, state, terms },
    code: isReadable && (state === 'good' || state === 'early') ? key.codeOf(salt, serial) : null,
    stores: terms.stores?.map((id) => names.get(id) ?? String(id)) ?? null,
    usesLeft: Math.max(0, terms.uses_per_code - held - used),
    usedAt: usedAt === null ? null : toIso(usedAt),
  }))
}

export async function namesOfStores(sql: Sql | Tx, ids: number[]): Promise<Map<number, string>> {
  if (ids.length === 0) return new Map()
  const rows = await sql<{ id: number; name: string }[]>`
    select id, name from stores where id = any(${[...new Set(ids)]}::int[])`
  return new Map(rows.map(({ id, name }) => [id, name]))
}

/** How many vouchers can be shown to a till, now or later; null where the programme has no personal ones. */
export async function countMyVouchers(sql: Sql, whose: Whose, around: Around): Promise<number | null> {
  const [row] = await sql<{ hasAny: boolean; isGiven: boolean }[]>`
    select exists (
        select from vouchers where customer_id in (
          select id from customers where id = ${whose.customerId} or merged_into = ${whose.customerId})) as "hasAny",
      exists (
        select from voucher_batches
        where programme_id = ${whose.programmeId} and audience ->> 'type' <> 'bearer') as "isGiven"`
  if (row?.hasAny) return (await readOwn(sql, whose, around)).filter(({ state }) => isToShow(state)).length
  return row?.isGiven ? 0 : null
}
