import { type VoucherTerms, voucherTermsSchema } from '../../shared/rules/voucher.ts'
import { bigints, digests, ints, listOf, tableOf } from '../database/columns.ts'
import type { Tx } from '../database/connect.ts'
import type { Account, Hold, Posting } from './account.ts'
import { canonicalOriginalId } from './refund.ts'
import { type Request, referenceOf } from './request.ts'

/** A code that customers show. Only its keyed hash is known here. */
export interface Voucher {
  id: number
  batchId: number
  programmeId: number
  hash: string
  /** The only customer who may use it; null for its bearer. */
  ownerId: number | null
  terms: VoucherTerms
  isVoid: boolean
  /** The number of open redemptions with it, and of those that were applied and have not given it back. */
  held: number
  used: number
}

/** The locked vouchers of a group of operations, and how often its customers have used vouchers of each batch. */
export interface LoadedVouchers {
  vouchers: readonly Voucher[]
  uses: ReadonlyMap<string, number>
}

export const keyOfUses = (customerId: number, batchId: number) => `${customerId} ${batchId}`

/** The voucher of an operation, and how often its customer has used its batch. */
export interface VoucherStanding {
  voucher: Voucher
  uses: number
}

/** What an operation does to a voucher. */
export interface VoucherMove {
  id: number
  held: 1 | 0 | -1
  used: 1 | 0 | -1
}

const hashIn = (request: Request): string | undefined =>
  request.kind === 'redeem' ? request.voucherHash : undefined

/** The hold that a request is about, if it holds a voucher. */
function holdOf(request: Request, account: Account | null): Hold | undefined {
  const reference = referenceOf(request)
  const original = reference === null ? undefined : account?.operations.get(reference)
  const hold = original && account?.holds.get(canonicalOriginalId(original))
  return hold?.voucherId ? hold : undefined
}

/** The codes that a batch shows, and those of the holds that it settles or refunds. */
export function vouchersNamed(requests: Request[], accountOf: (request: Request) => Account | null) {
  const hashes = new Set<string>()
  const ids = new Set<number>()
  const customers = new Set<number>()
  for (const request of requests) {
    const account = accountOf(request)
    const hash = hashIn(request)
    if (hash !== undefined) {
      hashes.add(hash)
      if (account) customers.add(account.customerId)
    }
    const held = holdOf(request, account)?.voucherId
    if (held) ids.add(held)
  }
  return { hashes, ids, customers }
}

/**
 * Locks the codes that a batch shows, and those of the holds that it settles or refunds: after the customers and before the
 * budgets, in the order of their ids. A batch without vouchers asks nothing.
 */
export async function lockVouchers(
  sql: Tx,
  requests: Request[],
  accountOf: (request: Request) => Account | null,
): Promise<LoadedVouchers> {
  const { hashes, ids, customers } = vouchersNamed(requests, accountOf)
  if (hashes.size + ids.size === 0) return { vouchers: [], uses: new Map() }
  const [vouchers, uses] = await Promise.all([
    sql<(Omit<Voucher, 'terms'> & { terms: unknown })[]>`
      select vouchers.id, batch_id as "batchId", voucher_batches.programme_id as "programmeId", encode(hash, 'hex') as hash, held, used,
        coalesce(owners.merged_into, owners.id) as "ownerId", terms,
        coalesce(vouchers.voided_at, voucher_batches.voided_at) is not null as "isVoid"
      from vouchers
      join voucher_batches on voucher_batches.id = batch_id
      left join customers owners on owners.id = vouchers.customer_id
      where vouchers.id = any(array(
        select id from vouchers where hash = any(${listOf(sql, [...hashes], digests)})
        union select unnest(${listOf(sql, [...ids], bigints)})))
      order by vouchers.id
      for no key update of vouchers`,
    customers.size === 0
      ? []
      : sql<{ customerId: number; batchId: number; uses: number }[]>`
          select holds.customer_id as "customerId", batch_id as "batchId", count(*)::int as uses
          from holds join vouchers on vouchers.id = voucher_id
          where holds.customer_id = any(${listOf(sql, [...customers], bigints)}) and voucher_id is not null
            and state not in ('released', 'expired') and voucher_returned_by is null
          group by 1, 2`,
  ])
  return {
    vouchers: vouchers.map((row) => ({
      ...row,
      terms: voucherTermsSchema.parse(row.terms),
    })),
    uses: new Map(uses.map(({ customerId, batchId, uses }) => [keyOfUses(customerId, batchId), uses])),
  }
}

/** The vouchers of a batch, as its operations move them on. */
export function createVouchers(loaded: LoadedVouchers) {
  const byHash = new Map(loaded.vouchers.map((voucher) => [voucher.hash, { ...voucher }]))
  const byId = new Map([...byHash.values()].map((voucher) => [voucher.id, voucher]))
  const uses = new Map(loaded.uses)
  const changed = new Set<Voucher>()

  return {
    /** The voucher that a request shows, or that the hold has which it settles or refunds. */
    of(request: Request, account: Account | null): VoucherStanding | null {
      const hash = hashIn(request)
      const found = hash === undefined ? byId.get(holdOf(request, account)?.voucherId ?? 0) : byHash.get(hash)
      if (!found || !account || found.programmeId !== account.programmeId) return null
      return { voucher: found, uses: uses.get(keyOfUses(account.customerId, found.batchId)) ?? 0 }
    },

    move({ voucher: move, operation }: Pick<Posting, 'voucher' | 'operation'>): void {
      if (!move) return
      const voucher = byId.get(move.id)
      if (!voucher) throw new Error(`the voucher ${move.id} was not locked`)
      voucher.held += move.held
      voucher.used += move.used
      const key = keyOfUses(operation.customerId, voucher.batchId)
      uses.set(key, (uses.get(key) ?? 0) + move.held + move.used)
      changed.add(voucher)
    },

    changed: (): Voucher[] => [...changed],
  }
}

/** Writes the vouchers as a batch has left them. They are locked since they were read. */
export function saveVouchers(sql: Tx, vouchers: Voucher[]) {
  if (vouchers.length === 0) return null
  return sql`
    update vouchers set held = row.held, used = row.used
    from ${tableOf(sql, vouchers, [bigints(({ id }) => id), ints(({ held }) => held), ints(({ used }) => used)])} as row(id, held, used)
    where vouchers.id = row.id`
}
