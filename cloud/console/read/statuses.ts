import type { StatusChange, Statuses, StatusMove } from '../../../shared/console/statuses.ts'
import { type Book, bookAt } from '../../../shared/rules/book.ts'
import { entryStatus, type Ladder, stepOf } from '../../../shared/rules/status.ts'
import { type Instant, toIso } from '../../../shared/time.ts'
import type { Sql } from '../../database/connect.ts'
import { readRules } from '../../ledger/programme.ts'

interface Asked {
  programmeId: number
  since: Instant
  now: Instant
  timeZone: string
}

async function readBook(sql: Sql, { programmeId, now, timeZone }: Asked): Promise<Book> {
  const { books } = await readRules(sql, { programmeId, since: now, timeZone })
  return bookAt(books, now)
}

/** A customer who was erased, or merged into another, has no status. */
const counted = (sql: Sql, { programmeId }: Asked) => sql`
  c.programme_id = ${programmeId} and c.status <> 'erased' and c.merged_into is null`

export async function readStatuses(sql: Sql, asked: Asked): Promise<Statuses> {
  const book = await readBook(sql, asked)
  const [standings, changes] = await Promise.all([
    sql<{ name: string | null; customers: number; byHand: number; noticed: number }[]>`
      with last as (
        select distinct on (customer_id) customer_id, after, cause from status_snapshots
        order by customer_id desc, seq desc)
      select case when last.customer_id is null then ${entryStatus(book)}::text else after end as name,
        count(*)::int as customers, (count(*) filter (where cause = 'set'))::int as "byHand",
        (count(*) filter (where cause = 'notice'))::int as noticed
      from customers c left join last on last.customer_id = c.id
      where ${counted(sql, asked)}
      group by 1`,
    sql<{ before: string | null; after: string | null; changes: number }[]>`
      select before, after, count(*)::int as changes
      from status_snapshots s join customers c on c.id = s.customer_id
      where ${counted(sql, asked)} and s.at >= ${toIso(asked.since)} and before is distinct from after
      group by before, after`,
  ])
  const sum = (of: readonly { changes: number }[]) => of.reduce((total, { changes }) => total + changes, 0)
  const moved = (move: StatusMove) => sum(changes.filter((change) => moveOf(book, change) === move))
  const customers = standings.reduce((total, { customers }) => total + customers, 0)
  const statuses = book.statuses.map(({ name, title, colour, from, cashback_basis_points }) => {
    const standing = standings.find((one) => one.name === name)
    return {
      ...{ name, title, colour, from, cashbackBasisPoints: cashback_basis_points },
      ...{ customers: standing?.customers ?? 0, byHand: standing?.byHand ?? 0 },
      noticed: standing?.noticed ?? 0,
      came: sum(changes.filter(({ after }) => after === name)),
      left: sum(changes.filter(({ before }) => before === name)),
    }
  })
  return {
    metric: book.status_terms.metric,
    ...{ customers, statuses },
    without: customers - statuses.reduce((total, { customers }) => total + customers, 0),
    since: toIso(asked.since),
    moved: { up: moved('up'), down: moved('down'), other: moved('other') },
    asOf: toIso(asked.now),
  }
}

interface Move {
  before: string | null
  after: string | null
}

/** Whether a change was a rise or a fall. No status is below the lowest; one that has left the book is on no step. */
function moveOf(ladder: Pick<Ladder, 'statuses'>, { before, after }: Move): StatusMove {
  const isKnown = (name: string | null) => name === null || stepOf(ladder, name) >= 0
  const [from, to] = [stepOf(ladder, before), stepOf(ladder, after)]
  if (!isKnown(before) || !isKnown(after) || from === to) return 'other'
  return to > from ? 'up' : 'down'
}

/** A change of a status, and not only a notice or another end of it. */
export interface ChangePlace {
  at: Instant
  customerId: number
  seq: number
}

type Row = Omit<StatusChange, 'id' | 'at' | 'until' | 'move'> & {
  at: Instant
  seq: number
  until: Instant | null
}

export async function listStatusChanges(
  sql: Sql,
  {
    move,
    after,
    limit,
    ...asked
  }: Asked & { move: StatusMove | undefined; after: ChangePlace | undefined; limit: number },
): Promise<{ changes: StatusChange[]; next: ChangePlace | null }> {
  const book = await readBook(sql, asked)
  const steps = sql`${book.statuses.map(({ name }) => name)}::text[]`
  const step = (name: 'before' | 'after') =>
    sql`case when ${sql(name)} is null then 0 else array_position(${steps}, ${sql(name)}) end`
  const moveIn = sql`case when ${step('after')} > ${step('before')} then 'up' when ${step('after')} < ${step('before')} then 'down' else 'other' end`
  const rows = await sql<(Row & { move: StatusMove })[]>`
    select json_build_object('id', c.id, 'card', c.card, 'firstName', c.first_name) as customer, s.at, s.seq, s.before,
      s.after, s.cause, s.until, s.who, s.reason, ${moveIn} as move
    from status_snapshots s join customers c on c.id = s.customer_id
    where ${counted(sql, asked)} and s.at >= ${toIso(asked.since)} and before is distinct from after
      and ${move === undefined ? sql`true` : sql`${moveIn} = ${move}`}
      and ${
        after === undefined
          ? sql`true`
          : sql`(s.at, s.customer_id, s.seq) < (${toIso(after.at)}, ${after.customerId}::bigint, ${after.seq}::int)`
      }
    order by s.at desc, s.customer_id desc, s.seq desc limit ${limit + 1}`
  const page = rows.slice(0, limit)
  const last = rows.length > limit ? page.at(-1) : undefined
  return {
    changes: page.map(({ at, until, seq, ...change }) => ({
      ...change,
      id: `${change.customer.id}-${seq}`,
      at: toIso(at),
      until: until === null ? null : toIso(until),
    })),
    next: last ? { at: last.at, customerId: last.customer.id, seq: last.seq } : null,
  }
}
