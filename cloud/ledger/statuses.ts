import type { Book } from '../../shared/rules/book.ts'
import type { StatusFrom } from '../../shared/rules/facts.ts'
import { localDayOf, startOfLocalDay } from '../../shared/rules/localTime.ts'
import { entryStatus, type Measured, periodAt, type StatusTerms } from '../../shared/rules/status.ts'
import { type Instant, toIso } from '../../shared/time.ts'
import { bigints, moments, tableOf } from '../database/columns.ts'
import type { Sql, Tx } from '../database/connect.ts'

type Owned<T> = T & { customerId: number }

/**
 * The status that each of these customers had at the moment; a customer who never had another than the lowest is left
 * out.
 */
export function statusesAt(sql: Sql | Tx, probes: Owned<{ at: Instant }>[]) {
  return sql`
    select probe.customer_id as "customerId", status.name, round(date_part('epoch', status.at) * 1000) as "from"
    from ${tableOf(sql, probes, [bigints(({ customerId }) => customerId), moments(({ at }) => at)])} as probe(customer_id, at)
    cross join lateral (
      select after as name, at from status_snapshots
      where customer_id = probe.customer_id and at <= probe.at
      order by customer_id desc, seq desc
      limit 1) status`
}

/** The purchases of a customer in a span of time; where `knownAt` is given, only those recorded by then. */
export interface Span {
  customerId: number
  from: Instant
  until: Instant | null
  knownAt: Instant | null
}

/**
 * The amount of a measure in each of these spans, in their order. A purchase is an earning, or a redemption that was
 * applied, at the moment of the sale; returned money is taken off, and a purchase that was wholly returned does not count.
 * The fences (offset) keep it one look-up a customer.
 */
export async function measure(
  sql: Sql | Tx,
  metric: StatusTerms['metric'],
  spans: Span[],
): Promise<number[]> {
  if (spans.length === 0) return []
  const iso = (at: Instant | null) => (at === null ? null : toIso(at))
  const rows = await sql<{ value: number }[]>`
    select ${sumOf(sql, metric)}::bigint as value
    from unnest(
      ${spans.map(({ customerId }) => customerId)}::bigint[],
      ${spans.map(({ from }) => toIso(from))}::timestamptz[],
      ${spans.map(({ until }) => iso(until))}::timestamptz[],
      ${spans.map(({ knownAt }) => iso(knownAt))}::timestamptz[])
      with ordinality as span(customer_id, since, until, known_at, n)
    left join lateral (
      select sale.paid - coalesce(refunded.kopecks, 0) as kopecks, sale.earned + coalesce(refunded.earned, 0) as earned
      from (
        select sold.id, sold.purchase_kopecks - coalesce(100 * holds.points + holds.voucher_kopecks, 0) as paid,
          case sold.kind when 'earn' then sold.earned else applied.earned end as earned
        from operations sold
        left join holds on holds.customer_id = sold.customer_id and holds.id = sold.id
        left join operations applied on applied.customer_id = sold.customer_id and applied.id = holds.resolved_by
        where sold.customer_id = span.customer_id and sold.status = 'accepted' and sold.kind in ('earn', 'redeem')
          and sold.at >= span.since and (span.until is null or sold.at < span.until)
          and (span.known_at is null or sold.recorded_at <= span.known_at)
          and (sold.kind = 'earn' or holds.state = 'applied')
        offset 0) sale
      left join lateral (
        select sum(refund_kopecks) as kopecks, sum(earned) as earned from operations refund
        where refund.customer_id = span.customer_id and refund.reference_id = sale.id and refund.kind = 'refund'
          and refund.status = 'accepted' and refund.reference_id is not null
        offset 0) refunded on true
      where sale.paid is distinct from refunded.kopecks
      offset 0) purchase on true
    group by span.n
    order by span.n`
  return rows.map(({ value }) => value)
}

function sumOf(sql: Sql | Tx, metric: StatusTerms['metric']) {
  switch (metric) {
    case 'net_purchases':
      return sql`coalesce(sum(purchase.kopecks), 0)`
    case 'purchases':
      return sql`count(purchase.kopecks)`
    case 'earned_points':
      return sql`coalesce(sum(purchase.earned), 0)`
  }
}

/** When the present period of a book began, and the one before it where that matters too. */
export function periodsAt({ status_terms, timeZone }: Book, at: Instant) {
  const { from, before } = periodAt(status_terms, localDayOf(at, timeZone))
  return {
    from: startOfLocalDay(from, timeZone),
    before: before === null ? null : startOfLocalDay(before, timeZone),
  }
}

/** The present amount of the measure of these customers, counted from the ledger itself. */
export async function measureNow(
  sql: Sql | Tx,
  { customerIds, book, now }: { customerIds: number[]; book: Book; now: Instant },
): Promise<Map<number, Measured>> {
  const { from, before } = periodsAt(book, now)
  const spanOf = (customerId: number) => ({ customerId, from, until: null, knownAt: null })
  const { metric } = book.status_terms
  const [values, valuesBefore] = await Promise.all([
    measure(sql, metric, customerIds.map(spanOf)),
    before === null
      ? null
      : measure(
          sql,
          metric,
          customerIds.map((customerId) => ({ customerId, from: before, until: from, knownAt: null })),
        ),
  ])
  return new Map(
    customerIds.map((id, index) => [
      id,
      { value: values[index] ?? 0, before: valuesBefore === null ? null : (valuesBefore[index] ?? 0) },
    ]),
  )
}

/** A status, and how far it is to the next one. */
export interface StatusNow {
  status: string | null
  value: number
}

/** The statuses of these customers now; none where the book has no statuses. */
export async function readStatusesNow(
  sql: Sql | Tx,
  { customerIds, book, now }: { customerIds: number[]; book: Book; now: Instant },
): Promise<Map<number, StatusNow>> {
  if (book.statuses.length === 0 || customerIds.length === 0) return new Map()
  const probes = customerIds.map((customerId) => ({ customerId, at: now }))
  const [measured, statuses] = await Promise.all([
    measureNow(sql, { customerIds, book, now }),
    sql<Owned<StatusFrom>[]>`${statusesAt(sql, probes)}`,
  ])
  const named = new Map(statuses.map(({ customerId, name }) => [customerId, name]))
  return new Map(
    customerIds.map((id) => {
      const name = named.get(id)
      return [
        id,
        { status: name === undefined ? entryStatus(book) : name, value: measured.get(id)?.value ?? 0 },
      ]
    }),
  )
}
