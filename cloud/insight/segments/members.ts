import type { Fragment } from 'postgres'
import type { Book } from '../../../shared/rules/book.ts'
import { segmentsAskedBy } from '../../../shared/rules/facts.ts'
import { asksFor, type Condition } from '../../../shared/segments/definition.ts'
import { isMember, type Subject } from '../../../shared/segments/isMember.ts'
import type { Sql, Tx } from '../../database/connect.ts'
import { conditionIn, type Ground, namesIn } from '../../ledger/segmentCondition.ts'
import type { Segments } from './read.ts'

/** The segments of a row of `customers`, of those that a book asks for, for a trial of it; null where it asks for none. */
export function namesAskedBy(sql: Sql | Tx, book: Pick<Book, 'rules'>, segments: Segments): Fragment | null {
  const asked = segmentsAskedBy(book).flatMap((name) => segments.known.get(name) ?? [])
  if (asked.length === 0) return null
  return sql`(
    select ${namesIn(sql, asked, segments)} from customers c left join customer_facts f on f.customer_id = c.id
    where c.id = customers.id)`
}

/** Customers with their facts, as `c` and `f`. Erased and merged customers are in no segment. */
export const customersWithFacts = (sql: Sql | Tx, { programmeId }: { programmeId: number }): Fragment => sql`
  customers c left join customer_facts f on f.customer_id = c.id
  where c.programme_id = ${programmeId} and c.status <> 'erased' and c.merged_into is null`

/** Whether the customer `c` of a query over many is in a segment, whatever else the query has of them. */
export const isIn = (sql: Sql | Tx, definition: Condition, ground: Ground): Fragment => sql`(
  c.status <> 'erased' and c.merged_into is null and exists (
    select from (values (1)) as one left join customer_facts f on f.customer_id = c.id
    where ${conditionIn(sql, definition, ground)}))`

/** Writes the kept segments of these customers by their present facts: in SQL, for many. */
export async function keepAll(sql: Tx, customerIds: number[], of: readonly Segments[]): Promise<void> {
  for (const segments of of) {
    await sql`
      with judged as materialized (
        select c.id, ${namesIn(sql, segments.kept, segments)} as names
        from ${customersWithFacts(sql, segments)} and c.id = any(${customerIds}::bigint[]))
      insert into customer_segments (customer_id, names)
      select id, names from judged
      where names <> '{}' or exists (select from customer_segments where customer_id = judged.id)
      order by id
      ${takingChanges(sql)}`
  }
  await forgetOthers(sql, customerIds)
}

/** The same for a few customers with new operations, by `isMember`. */
export async function keepEach(
  sql: Tx,
  customerIds: number[],
  of: ReadonlyMap<number, Segments>,
): Promise<void> {
  const asked = [...of.values()].flatMap(({ kept }) => kept.map(({ definition }) => definition))
  const subjects = await readSubjects(sql, customerIds, {
    entryStatuses: of,
    withMonths: asked.some((definition) => asksFor(definition, 'lately')),
  })
  const rows = subjects.flatMap(({ customerId, programmeId, subject }) => {
    const segments = of.get(programmeId)
    if (!segments) return []
    const names = segments.kept
      .filter(({ definition }) => isMember(definition, subject, segments))
      .map(({ name }) => name)
    return [{ customerId, names }]
  })
  await sql`
    insert into customer_segments (customer_id, names)
    select customer_id, names
    from (
      select customer_id, array_remove(string_to_array(names, ' '), '') as names
      from unnest(${rows.map(({ customerId }) => customerId)}::bigint[], ${rows.map(({ names }) => names.join(' '))}::text[])
        as judged(customer_id, names)) judged
    where names <> '{}' or exists (select from customer_segments kept where kept.customer_id = judged.customer_id)
    order by customer_id
    ${takingChanges(sql)}`
  await forgetOthers(sql, customerIds)
}

/** Writes only changes, so that registers are not told again of what has not changed. */
const takingChanges = (sql: Tx) => sql`
  on conflict (customer_id) do update set names = excluded.names, tx = pg_current_xact_id()
  where customer_segments.names is distinct from excluded.names`

async function forgetOthers(sql: Tx, customerIds: number[]): Promise<void> {
  await sql`
    delete from customer_segments using customers c
    where customer_id = any(${customerIds}::bigint[]) and c.id = customer_id
      and (c.status = 'erased' or c.merged_into is not null)`
}

interface Row extends Omit<Subject, 'months'> {
  customerId: number
  programmeId: number
  hadStatus: boolean
  months: Record<string, [purchases: number, netKopecks: number]> | null
}

/** The present facts about each of these customers; fenced (offset), so that it stays a look-up for each. */
export async function readSubjects(
  sql: Sql | Tx,
  customerIds: number[],
  {
    entryStatuses,
    withMonths,
  }: { entryStatuses: ReadonlyMap<number, Pick<Ground, 'entryStatus'>>; withMonths: boolean },
): Promise<{ customerId: number; programmeId: number; subject: Subject }[]> {
  const months = sql`(
    select json_object_agg(to_char(month, 'YYYY-MM'), json_build_array(purchases, net_kopecks))
    from customer_months m where m.customer_id = c.id)`
  const rows = await sql<Row[]>`
    select c.id as "customerId", c.programme_id as "programmeId", c.created_at as "registeredAt",
      coalesce(f.purchases, 0) as purchases, coalesce(f.net_kopecks, 0)::bigint as "netKopecks",
      f.first_purchase_at as "firstPurchaseAt", f.last_purchase_at as "lastPurchaseAt",
      f.home_store_id as "homeStoreId", coalesce(f.points_earned, 0)::bigint as "pointsEarned",
      coalesce(f.points_spent, 0)::bigint as "pointsSpent", coalesce(f.points_expired, 0)::bigint as "pointsExpired",
      last.after as status, last.seq is not null as "hadStatus",
      exists (
        select from consents
        where consents.customer_id = c.id and purpose = 'programme' and withdrawn_at is null) as "hasConsent",
      exists (select from people where people.customer_id = c.id and unreachable_since is null) as "isInTelegram",
      ${withMonths ? months : sql`null::json`} as months
    from unnest(${customerIds}::bigint[]) as whose
    cross join lateral (
      select * from customers where id = whose and status <> 'erased' and merged_into is null offset 0) c
    left join customer_facts f on f.customer_id = c.id
    left join lateral (
      select seq, after from status_snapshots s where s.customer_id = c.id order by s.customer_id desc, seq desc limit 1) last on true
    order by whose`
  return rows.map(({ customerId, programmeId, hadStatus, status, months, ...known }) => ({
    ...{ customerId, programmeId },
    subject: {
      ...known,
      status: hadStatus ? status : (entryStatuses.get(programmeId)?.entryStatus ?? null),
      months: new Map(
        Object.entries(months ?? {}).map(([month, [purchases, netKopecks]]) => [
          month,
          { purchases, netKopecks },
        ]),
      ),
    },
  }))
}
