import type { CustomerCounts } from '../../shared/api.ts'
import { bookAt } from '../../shared/rules/book.ts'
import {
  asksOfCustomer,
  IN_ALL,
  keyOfUse,
  type OfDay,
  questionsOf,
  type StatusFrom,
  segmentsAskedBy,
  type Use,
} from '../../shared/rules/facts.ts'
import { localDayOf } from '../../shared/rules/localTime.ts'
import { type Instant, toIso } from '../../shared/time.ts'
import { bigints, moments, tableOf, texts } from '../database/columns.ts'
import type { Sql, Tx } from '../database/connect.ts'
import { askTogether } from '../database/questions.ts'
import type { Account } from './account.ts'
import { customerOfCardIn } from './cards.ts'
import { type Rules, readRules } from './programme.ts'
import { type Request, referenceOf } from './request.ts'
import { areSegmentsSettled, carriedSegments, readSegmentsOfEach } from './segments.ts'
import { readStatusesNow, statusesAt } from './statuses.ts'

type Owned<T> = T & { customerId: number }
type Probe = Owned<{ at: Instant; day: string; timeZone: string }>

/** The counts of customers, each with the shape of its rows. */
interface Found {
  latest: Owned<{ id: string; at: Instant }>
  uses: Owned<Use & { uses: number }>
  statuses: Owned<StatusFrom>
  days: Owned<OfDay & { day: string }>
}

/** Fills the locked accounts with what their books ask of them; of books that ask nothing, nothing is loaded. */
export async function loadCounts(
  sql: Tx,
  requests: Request[],
  accountOf: (request: Request) => Account | null,
  rulesIn: (programmeId: number) => Pick<Rules, 'books' | 'timeZone' | 'followedSegments'>,
  now: Instant,
): Promise<void> {
  const byId = new Map<number, Account>()
  const ofDays: Probe[] = []
  const ofUses: Probe[] = []
  const ofStatus: Probe[] = []
  const ofLimits: Probe[] = []
  const ofSegments = new Map<number, { accounts: Set<Account>; names: Set<string> }>()
  for (const request of requests) {
    if (request.kind !== 'earn' && request.kind !== 'redeem') continue
    const account = accountOf(request)
    if (!account) continue
    const book = bookAt(rulesIn(account.programmeId).books, request.at)
    if (!asksOfCustomer(book)) continue
    const asked = questionsOf(book)
    const { customerId } = account
    const { timeZone } = book
    byId.set(customerId, account)
    const probe = { customerId, at: request.at, day: localDayOf(request.at, timeZone), timeZone }
    if (asked.lastPurchase) ofDays.push(probe)
    if (asked.uses) ofUses.push(probe)
    if (asked.status) ofStatus.push(probe)
    if (asked.day) ofLimits.push(probe)
    if (asked.segments) {
      const { accounts, names } = ofSegments.get(account.programmeId) ?? {
        accounts: new Set(),
        names: new Set(),
      }
      accounts.add(account)
      for (const name of segmentsAskedBy(book)) names.add(name)
      ofSegments.set(account.programmeId, { accounts, names })
    }
  }
  // The batch may undo the latest purchase of a customer, and then the one before it is the latest.
  const undoing = requests.filter((request) => referenceOf(request) !== null).length
  const [{ latest, uses, statuses, days }, segments] = await Promise.all([
    askTogether<Found>(sql, {
      latest: ofDays.length > 0 ? latestPurchases(sql, ofDays, undoing + 1) : null,
      uses: ofUses.length > 0 ? usesOfRules(sql, ofUses) : null,
      statuses: ofStatus.length > 0 ? statusesAt(sql, ofStatus) : null,
      days: ofLimits.length > 0 ? countedDays(sql, ofLimits) : null,
    }),
    Promise.all(
      [...ofSegments].map(([programmeId, { accounts, names }]) =>
        readSegmentsOfEach(sql, [...accounts], { programmeId, rules: rulesIn(programmeId), names, now }),
      ),
    ),
  ])
  for (const { customerId, id, at } of latest) byId.get(customerId)?.latest.set(id, at)
  for (const use of uses) byId.get(use.customerId)?.uses.set(keyOfUse(use), use.uses)
  for (const { customerId, ...status } of statuses) byId.get(customerId)?.statuses.push(status)
  for (const { customerId, day, ...ofDay } of days) byId.get(customerId)?.days.set(day, ofDay)
  for (const [customerId, names] of segments.flatMap((found) => [...found]))
    byId.get(customerId)?.segments.push(...names)
}

/** The counts that a till needs to preview a purchase of this customer; undefined where the book asks for none. */
export async function readCounts(
  sql: Sql,
  { card, now, ...which }: { card: string; programmeId: number; timeZone: string; now: Instant },
): Promise<CustomerCounts | undefined> {
  const rules = await readRules(sql, { ...which, since: now })
  const { books } = rules
  const book = bookAt(books, now)
  const carried = carriedSegments(books)
  if (!asksOfCustomer(book)) return undefined
  const [customer] = await sql<{ customerId: number; registeredAt: Instant; purchases: number }[]>`
    select id as "customerId", created_at as "registeredAt", purchases from customers
    where id = ${customerOfCardIn(sql, card, which.programmeId)}`
  if (!customer) return undefined
  const { timeZone } = book
  const probe = { ...customer, at: now, day: localDayOf(now, timeZone), timeZone }
  const asked = questionsOf(book)
  const { programmeId } = which
  const [{ latest, uses, days }, statuses, segments, areSettled] = await Promise.all([
    askTogether<Omit<Found, 'statuses'>>(sql, {
      latest: asked.lastPurchase ? latestPurchases(sql, [probe], 1) : null,
      uses: asked.uses ? usesOfRules(sql, [probe]) : null,
      days: asked.day ? countedDays(sql, [probe]) : null,
    }),
    readStatusesNow(sql, { customerIds: [customer.customerId], book, now }),
    readSegmentsOfEach(sql, [customer], { programmeId, rules, names: carried, now }),
    carried.size > 0 && areSegmentsSettled(sql, customer.customerId, now),
  ])
  const standing = statuses.get(customer.customerId)
  return {
    registeredAt: toIso(customer.registeredAt),
    purchases: customer.purchases,
    lastPurchaseAt: latest[0] ? toIso(latest[0].at) : null,
    uses: uses.map(({ customerId: _, ...use }) => use),
    ...(standing && { standing }),
    ...(asked.day && {
      today: { day: probe.day, points: days[0]?.points ?? 0, purchases: days[0]?.purchases ?? 0 },
    }),
    ...(areSettled && { segments: segments.get(customer.customerId) ?? [] }),
  }
}

/** The latest purchases that stand, up to the end of the local day of each probe; a walk back through one index. */
function latestPurchases(sql: Sql | Tx, probes: Probe[], most: number) {
  const table = tableOf(sql, probes, [
    bigints(({ customerId }) => customerId),
    moments(({ at }) => at),
    texts(({ day }) => day),
    texts(({ timeZone }) => timeZone),
  ])
  return sql`
    select customer_id as "customerId", purchase.id, round(date_part('epoch', purchase.at) * 1000) as at
    from ${table} as probe(customer_id, at, day, time_zone)
    cross join lateral (
      select id, at from operations
      where customer_id = probe.customer_id and status = 'accepted' and kind in ('earn', 'redeem')
        and at < probe.at + interval '2 days' and (at at time zone probe.time_zone)::date <= probe.day::date
        and not exists (
          select from holds
          where holds.customer_id = operations.customer_id and holds.id = operations.id
            and holds.state in ('released', 'expired'))
        and coalesce((quote ->> 'paidKopecks')::bigint, purchase_kopecks - 100 * coalesce(points, 0)) is distinct from (
          select sum(refund_kopecks) from operations refund
          where refund.customer_id = operations.customer_id and refund.reference_id = operations.id
            and refund.kind = 'refund' and refund.status = 'accepted' and refund.reference_id is not null)
      order by operations.at desc, operations.id desc
      limit ${most}) purchase`
}

/** The fence (offset) keeps it a look-up for each customer and period, as in `countedDays`, also by a plan of a young database. */
function usesOfRules(sql: Sql | Tx, probes: Probe[]) {
  const wanted = probes.flatMap(({ customerId, day }) =>
    [day, IN_ALL].map((period) => ({ customerId, period })),
  )
  return sql`
    select customer_id as "customerId", rule_id as "ruleId", period, uses
    from ${tableOf(sql, wanted, [bigints(({ customerId }) => customerId), texts(({ period }) => period)])} as wanted(customer, counted_in)
    cross join lateral (
      select * from rule_uses where customer_id = wanted.customer and period = wanted.counted_in offset 0) rule_uses`
}

function countedDays(sql: Sql | Tx, probes: Probe[]) {
  return sql`
    select customer_id as "customerId", day, points, purchases
    from ${tableOf(sql, probes, [bigints(({ customerId }) => customerId), texts(({ day }) => day)])} as wanted(customer, of_day)
    cross join lateral (
      select * from customer_days where customer_id = wanted.customer and day = wanted.of_day offset 0) customer_days`
}
