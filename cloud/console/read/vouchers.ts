import type { VoucherBatchRow, VoucherCode } from '../../../shared/console/vouchers.ts'
import { localTimeOf } from '../../../shared/rules/localTime.ts'
import { whyNotNow } from '../../../shared/rules/validity.ts'
import { voucherTermsSchema } from '../../../shared/rules/voucher.ts'
import { type Instant, toIso } from '../../../shared/time.ts'
import type { Sql } from '../../database/connect.ts'

interface Asked {
  programmeId: number
  timeZone: string
  now: Instant
}

type State = VoucherBatchRow['state']

interface Row {
  id: number
  terms: unknown
  audience: { type: string }
  createdAt: Instant
  createdBy: string
  exportedAt: Instant | null
  exportedBy: string | null
  voidedAt: Instant | null
  voidReason: string | null
}

interface Counts {
  codes: number
  voided: number
  held: number
  used: number
  usedCodes: number
}

/** The batches, the newest first. People make them, so they are few; codes are counted only for the page that is shown. */
export async function listBatches(
  sql: Sql,
  {
    state,
    below,
    limit,
    ...asked
  }: Asked & { state?: State | undefined; below?: number | undefined; limit: number },
): Promise<{ batches: VoucherBatchRow[]; next: number | null }> {
  const all = await readRows(sql, asked)
  const wanted = all.filter(
    (row) => (state === undefined || row.state === state) && (below === undefined || row.id < below),
  )
  const page = wanted.slice(0, limit)
  const batches = await withCounts(sql, page)
  return { batches, next: wanted.length > limit ? (page.at(-1)?.id ?? null) : null }
}

type Uncounted = Omit<VoucherBatchRow, keyof Counts | 'givenKopecks'>

async function readRows(
  sql: Sql,
  { programmeId, timeZone, now, id }: Asked & { id?: number },
): Promise<Uncounted[]> {
  const rows = await sql<Row[]>`
    select id, terms, audience, created_at as "createdAt", created_by as "createdBy", exported_at as "exportedAt",
      exported_by as "exportedBy", voided_at as "voidedAt", void_reason as "voidReason"
    from voucher_batches
    where programme_id = ${programmeId} and ${id === undefined ? sql`true` : sql`id = ${id}`}
    order by id desc`
  const iso = (at: Instant | null) => (at === null ? null : toIso(at))
  return rows.map(({ createdAt, exportedAt, voidedAt, ...row }) => {
    const terms = voucherTermsSchema.parse(row.terms)
    const why = whyNotNow(terms, () => localTimeOf(now, timeZone))
    const state = voidedAt !== null ? 'void' : why === null ? 'active' : why === 'over' ? 'over' : 'to_come'
    return {
      ...{ ...row, terms, title: terms.title, state },
      ...{ createdAt: toIso(createdAt), exportedAt: iso(exportedAt), voidedAt: iso(voidedAt) },
    }
  })
}

async function withCounts(sql: Sql, rows: Uncounted[]): Promise<VoucherBatchRow[]> {
  const ids = rows.map(({ id }) => id)
  const [counts, given] = await Promise.all([
    sql<(Counts & { id: number })[]>`
      select batch_id as id, count(*)::int as codes, count(voided_at)::int as voided, sum(held)::int as held,
        sum(used)::int as used, (count(*) filter (where used > 0))::int as "usedCodes"
      from vouchers where batch_id = any(${ids}::int[]) group by batch_id`,
    sql<{ id: number; kopecks: number }[]>`
      select batch_id as id, sum(voucher_kopecks)::bigint as kopecks
      from vouchers join holds on holds.voucher_id = vouchers.id
      where batch_id = any(${ids}::int[]) and holds.state = 'applied' and voucher_returned_by is null
      group by batch_id`,
  ])
  const none: Counts = { codes: 0, voided: 0, held: 0, used: 0, usedCodes: 0 }
  return rows.map((row) => ({
    ...{ ...none, ...counts.find(({ id }) => id === row.id), ...row },
    givenKopecks: given.find(({ id }) => id === row.id)?.kopecks ?? 0,
  }))
}

const MOST_REDEMPTIONS = 100

/** Finds a voucher by the keyed hash of its code. */
export async function findCode(
  sql: Sql,
  { hash, ...asked }: Asked & { hash: string },
): Promise<Omit<VoucherCode, 'asOf'> | null> {
  const [found] = await sql<
    (Pick<VoucherCode, 'serial' | 'owner' | 'held' | 'used'> & {
      id: number
      batchId: number
      voidedAt: Instant | null
    })[]
  >`
    select vouchers.id, batch_id as "batchId", serial, held, used, vouchers.voided_at as "voidedAt",
      case when c.id is not null then json_build_object('id', c.id, 'card', c.card) end as owner
    from vouchers
    join voucher_batches on voucher_batches.id = batch_id
    left join customers c on c.id = vouchers.customer_id
    where hash = ${Buffer.from(hash, 'hex')} and voucher_batches.programme_id = ${asked.programmeId}`
  if (!found) return null
  const { id: voucherId, batchId, voidedAt, ...code } = found
  const [[batch], redemptions] = await Promise.all([
    readRows(sql, { ...asked, id: batchId }).then((rows) => withCounts(sql, rows)),
    sql<(Omit<VoucherCode['redemptions'][number], 'at'> & { at: Instant })[]>`
      select holds.id, json_build_object('id', c.id, 'card', c.card) as customer, operations.at, holds.state,
        voucher_returned_by is not null as "isReturned", voucher_kopecks as "voucherKopecks",
        json_build_object('id', stores.id, 'name', stores.name) as store,
        case when registers.id is not null then json_build_object('id', registers.id, 'name', registers.name) end as register
      from holds
      join customers c on c.id = holds.customer_id
      join operations on operations.customer_id = holds.customer_id and operations.id = holds.id
      join stores on stores.id = holds.store_id
      left join registers on registers.id = holds.register_id
      where voucher_id = ${voucherId}
      order by operations.at desc, holds.id limit ${MOST_REDEMPTIONS}`,
  ])
  if (!batch) throw new Error('a code has no batch')
  return {
    ...{ ...code, batch, voidedAt: voidedAt === null ? null : toIso(voidedAt) },
    redemptions: redemptions.map(({ at, ...one }) => ({ ...one, at: toIso(at) })),
  }
}
