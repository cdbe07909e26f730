import type { ExpiryDay, HistoryItem, HistoryPage } from '../../shared/me.ts'
import { operationIdSchema } from '../../shared/operation.ts'
import type { Award } from '../../shared/rules/award.ts'
import { isOfVoucher } from '../../shared/rules/voucher.ts'
import { DAY, type Instant, toIso } from '../../shared/time.ts'
import type { Sql } from '../database/connect.ts'
import { type BookTitles, readBookTitles } from './bookTitles.ts'
import { isLiveLot, isOpenHold } from './conditions.ts'

interface HistoryRow extends Omit<HistoryItem, 'at' | 'change' | 'kind' | 'awards'> {
  kind: 'earn' | 'apply' | 'redeem' | 'refund' | 'bonus' | 'adjust' | 'expire'
  at: Instant
  points: number | null
  version: number | null
  given: Award[] | null
}

const kinds: Record<HistoryRow['kind'], HistoryItem['kind']> = {
  earn: 'purchase',
  apply: 'purchase',
  redeem: 'held',
  refund: 'refund',
  bonus: 'bonus',
  adjust: 'adjustment',
  expire: 'expiry',
}

/**
 * What a customer sees of their points, the newest first: a purchase is one row, whether points were spent on it
 * or not; a redemption is shown by itself only while its points are held.
 */
export async function readHistory(
  sql: Sql,
  customerId: number,
  {
    before,
    limit,
    shownDays,
    now,
  }: { before: string | undefined; limit: number; shownDays: number; now: Instant },
): Promise<HistoryPage> {
  const from = cursorOf(before)
  const rows = await sql<HistoryRow[]>`
    select o.id, o.kind, o.at, s.name as store, o.purchase_kopecks as "purchaseKopecks",
      o.refund_kopecks as "refundKopecks", o.earned, o.spent, o.points,
      (case when o.kind in ('earn', 'apply') then o.quote ->> 'version' end)::int as version,
      case when o.kind in ('earn', 'apply') then o.quote -> 'awards' end as given
    from operations o
    left join stores s on s.id = o.store_id
    left join holds h on h.customer_id = o.customer_id and h.id = o.id
    where o.customer_id = ${customerId} and o.status = 'accepted'
      and o.at >= ${toIso(now - shownDays * DAY)}
      and (o.kind in ('earn', 'apply', 'refund', 'bonus', 'adjust')
        or (o.kind = 'expire' and o.points > 0)
        or (o.kind = 'redeem' and ${isOpenHold(sql, 'h')}))
      ${from ? sql`and (o.at, o.id) < (${toIso(from.at)}::timestamptz, ${from.id}::uuid)` : sql``}
    order by o.at desc, o.id desc
    limit ${limit + 1}`
  // A book of nothing but its base has no name to look up.
  const versions = rows.flatMap(({ version, given }) =>
    version !== null && given?.some((award) => isNamed(award)) ? [version] : [],
  )
  const ofCustomer = sql`(select programme_id from customers where id = ${customerId})`
  const titles = await readBookTitles(sql, versions, ofCustomer)
  const items = rows.slice(0, limit).map((row) => itemOf(row, titles))
  const last = rows.length > limit ? items.at(-1) : undefined
  return { items, next: last ? `${Date.parse(last.at)}_${last.id}` : null }
}

function itemOf({ points, at, kind, version, given, ...row }: HistoryRow, titles: BookTitles): HistoryItem {
  const taken = kind === 'redeem' || kind === 'expire' ? (points ?? 0) : row.spent
  const awards = (given ?? []).filter(({ points }) => points > 0)
  return {
    ...{ ...row, kind: kinds[kind], at: toIso(at), change: row.earned - taken },
    ...(awards.length > 0 && { awards: awards.map((award) => awardOf(award, { version, titles })) }),
  }
}

const isNamed = ({ ruleId, statusName }: Award) => ruleId !== null || statusName !== undefined

function awardOf(
  award: Award,
  { version, titles }: { version: number | null; titles: BookTitles },
): NonNullable<HistoryItem['awards']>[number] {
  const { ruleId, statusName, points, basisPoints, timesBasisPoints, activeFrom } = award
  const said = {
    points,
    basisPoints: timesBasisPoints === undefined ? basisPoints : null,
    from: toIso(activeFrom),
  }
  if (isOfVoucher(award)) return { by: 'voucher', title: null, ...said }
  if (ruleId !== null) return { by: 'rule', title: titles.rule(version ?? 0, ruleId), ...said }
  return statusName === undefined
    ? { by: 'cashback', title: null, ...said }
    : { by: 'status', title: titles.status(version ?? 0, statusName), ...said }
}

/** Where a page begins. A text that is no cursor of ours begins at the newest. */
function cursorOf(text: string | undefined): { at: Instant; id: string } | null {
  const [at = '', id] = text?.split('_') ?? []
  const parsed = operationIdSchema.safeParse(id)
  return parsed.success && /^\d{1,14}$/.test(at) ? { at: Number(at), id: parsed.data } : null
}

/** Every day on which points of this customer die, the earliest first. */
export async function readExpiryDays(sql: Sql, customerId: number, now: Instant): Promise<ExpiryDay[]> {
  const rows = await sql<{ points: number; at: Instant }[]>`
    select sum(remaining)::bigint as points, expires_at as at from lots
    where customer_id = ${customerId} and ${isLiveLot(sql, now)}
    group by expires_at order by expires_at`
  return rows.map(({ points, at }) => ({ points, at: toIso(at) }))
}
