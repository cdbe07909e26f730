import type { Customer } from '../../../shared/console/customers.ts'
import { bookAt } from '../../../shared/rules/book.ts'
import { progressOf } from '../../../shared/rules/status.ts'
import { type Instant, toIso } from '../../../shared/time.ts'
import type { Sees } from '../../access/staff/accounts.ts'
import type { Sql, Tx } from '../../database/connect.ts'
import { readFacts } from '../../insight/facts/read.ts'
import { isLiveLot, isOpenHold } from '../../ledger/conditions.ts'
import { readRules } from '../../ledger/programme.ts'
import { findCustomer } from '../../ledger/read.ts'
import { readStatusesNow } from '../../ledger/statuses.ts'
import { readConsent } from '../../people/consents.ts'
import { readReach } from '../../people/people.ts'
import { isCustomerInSight } from '../sight.ts'

/** A customer by the keys that all look-ups of their page need. */
export interface Known {
  id: number
  card: string
  firstName: string | null
  state: Customer['state']
  programme: { id: number; name: string }
  joinedAt: Instant
  mergedInto: Customer['mergedInto']
  isStaff: boolean
}

export async function findKnown(sql: Sql | Tx, id: number, sees: Sees): Promise<Known | null> {
  const [found] = await sql<Known[]>`
    select c.id, c.card, c.first_name as "firstName", c.status as state, c.created_at as "joinedAt",
      json_build_object('id', programmes.id, 'name', programmes.name) as programme,
      case when k.id is not null then json_build_object('id', k.id, 'card', k.card) end as "mergedInto",
      exists (select from staff_cards where customer_id = c.id) as "isStaff"
    from customers c
    join programmes on programmes.id = c.programme_id
    left join customers k on k.id = c.merged_into
    where c.id = ${id} and ${isCustomerInSight(sql, sees)}`
  return found ?? null
}

/** The page of a customer, as of one moment. Of an erased customer only the sums are left. */
export async function readCustomer(
  sql: Sql,
  { joinedAt, ...known }: Known,
  { now, timeZone }: { now: Instant; timeZone: string },
): Promise<Customer> {
  return await sql.begin('isolation level repeatable read read only', async (sql) => {
    const [view, lots, holds, replaced, consent, advertising, telegram, status, facts] = await Promise.all([
      // The one reading that till and Mini App have, too. Under an old number they see what the new card has.
      known.mergedInto ? null : findCustomer(sql, known.card, now),
      readLots(sql, known.id, now),
      readHolds(sql, known.id),
      sql<Customer['replaced']>`select id, card from customers where merged_into = ${known.id} order by id`,
      readConsent(sql, known.id, 'programme'),
      readConsent(sql, known.id, 'advertising'),
      readReach(sql, known.id),
      known.mergedInto ? null : readStatus(sql, known, { now, timeZone }),
      readFacts(sql, known.id, now),
    ])
    return {
      ...known,
      joinedAt: toIso(joinedAt),
      ...{ available: view?.available ?? 0, held: view?.held ?? 0, debt: view?.debt ?? 0 },
      waiting: view?.waiting ?? null,
      expiresNext: view?.expiresNext ?? null,
      ...{ status, lots, holds, telegram, replaced: [...replaced] },
      consent: consent && { ...consent, givenAt: toIso(consent.givenAt) },
      advertising: advertising && { ...advertising, givenAt: toIso(advertising.givenAt) },
      facts: await factsOf(sql, facts),
      asOf: toIso(now),
    }
  })
}

async function readLots(sql: Tx, customerId: number, now: Instant): Promise<Customer['lots']> {
  const rows = await sql<{ points: number; activeFrom: Instant; expiresAt: Instant }[]>`
    select remaining as points, active_from as "activeFrom", expires_at as "expiresAt" from lots
    where customer_id = ${customerId} and ${isLiveLot(sql, now)}
    order by expires_at, active_from`
  return rows.map(({ points, activeFrom, expiresAt }) => ({
    ...{ points, activeFrom: toIso(activeFrom), expiresAt: toIso(expiresAt) },
  }))
}

type HoldRow = Omit<Customer['holds'][number], 'until' | 'inDoubtAt'> & {
  until: Instant
  inDoubtAt: Instant | null
}

async function readHolds(sql: Tx, customerId: number): Promise<Customer['holds']> {
  const rows = await sql<HoldRow[]>`
    select holds.id, state, points, purchase_kopecks as "purchaseKopecks", until, in_doubt_at as "inDoubtAt",
      json_build_object('id', stores.id, 'name', stores.name) as store
    from holds join stores on stores.id = holds.store_id
    where customer_id = ${customerId} and ${isOpenHold(sql)}
    order by until, holds.id`
  return rows.map(({ until, inDoubtAt, ...hold }) => ({
    ...hold,
    until: toIso(until),
    inDoubtAt: inDoubtAt === null ? null : toIso(inDoubtAt),
  }))
}

async function readStatus(
  sql: Tx,
  { id, programme }: Pick<Known, 'id' | 'programme'>,
  { now, timeZone }: { now: Instant; timeZone: string },
): Promise<Customer['status']> {
  const { books } = await readRules(sql, { programmeId: programme.id, since: now, timeZone })
  const book = bookAt(books, now)
  const standing = (await readStatusesNow(sql, { customerIds: [id], book, now })).get(id)
  if (!standing) return null
  const { status, next } = progressOf(book, standing)
  return {
    ...{ name: standing.status, title: status?.title ?? null, colour: status?.colour ?? null },
    ...{ metric: book.status_terms.metric, value: standing.value },
    next: next && { name: next.status.name, title: next.status.title, missing: next.missing },
    all: book.statuses.map(({ name, title }) => ({ name, title })),
  }
}

async function factsOf(
  sql: Tx,
  { homeStoreId, ...facts }: Awaited<ReturnType<typeof readFacts>>,
): Promise<Customer['facts']> {
  const [homeStore] = await sql<{ id: number; name: string }[]>`
    select id, name from stores where id = ${homeStoreId}`
  const iso = (at: Instant | null) => (at === null ? null : toIso(at))
  return {
    ...facts,
    firstPurchaseAt: iso(facts.firstPurchaseAt),
    lastPurchaseAt: iso(facts.lastPurchaseAt),
    asOf: iso(facts.asOf),
    homeStore: homeStore ?? null,
  }
}
