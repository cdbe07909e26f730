import { randomBytes } from 'node:crypto'
import { mostWorthKopecks, type VoucherTerms, voucherTermsSchema } from '../../shared/rules/voucher.ts'
import { type Instant, toIso } from '../../shared/time.ts'
import type { VoucherAudience, VoucherBatch } from '../../shared/voucherBatch.ts'
import type { VoucherKey } from '../access/voucherKey.ts'
import type { Sql, Tx } from '../database/connect.ts'

const CODES_AT_ONCE = 5_000

/** The owner of each code of a batch; null for a code of its bearer. */
export type Owners = (number | null)[]

/** The most that all codes of a batch together can be worth. */
export function worthOfBatch(batch: VoucherBatch, codes: number): number {
  const { uses_per_code: uses } = batch
  return Math.min(Number.MAX_SAFE_INTEGER, codes * uses * mostWorthKopecks(batch))
}

interface Addition {
  programmeId: number
  batch: VoucherBatch
  owners: Owners
  key: VoucherKey
  by: string
  now: Instant
}

/** Writes a batch. Its codes are made here, and only their hashes are stored. */
export async function insertBatch(
  sql: Tx,
  { programmeId, batch, owners, key, by, now }: Addition,
): Promise<number> {
  const { audience, ...terms } = batch
  const salt = randomBytes(16)
  const [row] = await sql<{ id: number }[]>`
    insert into voucher_batches (programme_id, terms, audience, salt, created_at, created_by)
    values (${programmeId}, ${JSON.stringify(terms)}::text::json, ${JSON.stringify(toldOf(audience, owners.length))}::text::json, ${salt},
      ${toIso(now)}, ${by})
    returning id`
  if (!row) throw new Error('the batch was not written')
  // A code that exists already is skipped for the next number: of 44 bits that is once in a lifetime.
  let serial = 0
  let waiting = [...owners]
  while (waiting.length > 0) {
    const some = waiting.slice(0, CODES_AT_ONCE).map((ownerId) => {
      const own = ++serial
      return { ownerId, serial: own, hash: key.hash(key.codeOf(salt, own)) }
    })
    const written = await sql<{ serial: number }[]>`
      insert into vouchers (batch_id, serial, hash, customer_id)
      select ${row.id}::int, * from unnest(
        ${some.map((one) => one.serial)}::int[],
        ${some.map(({ hash }) => `\\x${hash}`)}::text[]::bytea[],
        ${some.map(({ ownerId }) => ownerId)}::bigint[])
      on conflict do nothing
      returning serial`
    const done = new Set(written.map(({ serial }) => serial))
    const left = some.flatMap(({ ownerId, serial }) => (done.has(serial) ? [] : [ownerId]))
    waiting = [...left, ...waiting.slice(CODES_AT_ONCE)]
  }
  await tellOwners(sql, row.id, now)
  return row.id
}

/** The lock on a person keeps one who is being erased from getting a message that nobody would delete. */
async function tellOwners(sql: Tx, batchId: number, now: Instant): Promise<void> {
  await sql`
    insert into notifications (customer_id, kind, reference, facts, created_at, due_at)
    select vouchers.customer_id, 'voucher', ${batchId}::text, '{}', ${toIso(now)}, ${toIso(now)}
    from vouchers
    cross join lateral (
      select from people
      where people.customer_id = vouchers.customer_id and notify_vouchers and unreachable_since is null
        and (select status from customers where id = people.customer_id) = 'active'
      limit 1
      for key share of people) person
    where batch_id = ${batchId} and vouchers.customer_id is not null
    order by vouchers.customer_id
    on conflict do nothing`
}

/** Cards of customers stand in one place, so that they can be erased there. */
const toldOf = (audience: VoucherAudience, owners: number) => {
  if (audience.type === 'cards') return { type: 'cards', customers: audience.cards.length }
  return audience.type === 'segment' ? { ...audience, customers: owners } : audience
}

export interface Batch {
  batchId: number
  programmeId: number
  title: string
  terms: VoucherTerms
  audience: { type: string }
  createdAt: Instant
  createdBy: string
  exportedAt: Instant | null
  exportedBy: string | null
  voidedAt: Instant | null
  voidReason: string | null
  codes: number
  /** The codes of the batch that were voided one by one. */
  voided: number
  held: number
  used: number
}

/** The batches of a programme, the newest first. */
export async function readBatches(
  sql: Sql | Tx,
  { programmeId, batchId }: { programmeId: number; batchId?: number },
): Promise<Batch[]> {
  const rows = await sql<(Omit<Batch, 'title' | 'terms'> & { terms: unknown })[]>`
    select id as "batchId", programme_id as "programmeId", terms, audience, created_at as "createdAt",
      created_by as "createdBy", exported_at as "exportedAt", exported_by as "exportedBy",
      voided_at as "voidedAt", void_reason as "voidReason", codes.*
    from voucher_batches
    cross join lateral (
      select count(*)::int as codes, count(vouchers.voided_at)::int as voided, coalesce(sum(held), 0)::int as held,
        coalesce(sum(used), 0)::int as used
      from vouchers where batch_id = voucher_batches.id) codes
    where programme_id = ${programmeId} ${batchId === undefined ? sql`` : sql`and id = ${batchId}`}
    order by id desc`
  return rows.map((row) => {
    const terms = voucherTermsSchema.parse(row.terms)
    return { ...row, terms, title: terms.title }
  })
}

/** The codes of a batch, which follow from its salt and the key, without void ones. */
export async function codesOfBatch(
  sql: Sql | Tx,
  key: VoucherKey,
  batchId: number,
): Promise<{ code: string; card: string | null }[]> {
  const rows = await sql<{ salt: Buffer; serial: number; card: string | null }[]>`
    select salt, serial, customers.card
    from voucher_batches
    join vouchers on batch_id = voucher_batches.id and vouchers.voided_at is null
    left join customers on customers.id = vouchers.customer_id
    where voucher_batches.id = ${batchId}
    order by serial`
  return rows.map(({ salt, serial, card }) => ({ code: key.codeOf(salt, serial), card }))
}

/** The state of one code, and the redemptions that it was shown for. */
export interface VoucherStory {
  batchId: number
  serial: number
  /** The only card that it is good with. */
  card: string | null
  voidedAt: string | null
  held: number
  used: number
  redemptions: { id: string; card: string; state: string; at: string; isReturned: boolean }[]
}

/** Finds a voucher by the keyed hash of its code. */
export async function readVoucher(
  sql: Sql | Tx,
  { programmeId, hash }: { programmeId: number; hash: string },
): Promise<VoucherStory | null> {
  const [row] = await sql<
    (Omit<VoucherStory, 'voidedAt' | 'redemptions'> & { id: number; voidedAt: Instant | null })[]
  >`
    select vouchers.id, batch_id as "batchId", serial, customers.card, vouchers.voided_at as "voidedAt", held, used
    from vouchers
    join voucher_batches on voucher_batches.id = batch_id
    left join customers on customers.id = vouchers.customer_id
    where hash = ${Buffer.from(hash, 'hex')} and voucher_batches.programme_id = ${programmeId}`
  if (!row) return null
  const redemptions = await sql<(Omit<VoucherStory['redemptions'][number], 'at'> & { at: Instant })[]>`
    select holds.id, customers.card, holds.state, operations.at, voucher_returned_by is not null as "isReturned"
    from holds
    join customers on customers.id = holds.customer_id
    join operations on operations.customer_id = holds.customer_id and operations.id = holds.id
    where voucher_id = ${row.id}
    order by operations.at desc, holds.id limit 100`
  const { id: _, voidedAt, ...voucher } = row
  return {
    ...voucher,
    voidedAt: voidedAt === null ? null : toIso(voidedAt),
    redemptions: redemptions.map(({ at, ...one }) => ({ ...one, at: toIso(at) })),
  }
}
