import { entryStatus, judgedBy, stepOf } from '../../shared/rules/status.ts'
import type { Instant } from '../../shared/time.ts'
import type { Tx } from '../database/connect.ts'
import { introduce, lockReader } from '../feed/reader.ts'
import { customerOfCard } from '../ledger/cards.ts'
import { measureNow, periodsAt } from '../ledger/statuses.ts'
import { readLadders } from './evaluate.ts'
import { planMessages } from './messages.ts'
import { STATUSES } from './reader.ts'
import { saveSnapshots } from './snapshots.ts'

interface Wish {
  card: string
  status: string
  until: Instant
  reason: string
  who: string
  now: Instant
  timeZone: string
}

type Set =
  | { result: 'set'; before: string | null }
  | { result: 'no_customer' }
  | { result: 'no_status'; names: string[] }

/** Gives a customer a status by hand, in turn with all other changes of statuses. */
export async function setStatusWithin(sql: Tx, wish: Wish): Promise<Set> {
  const { card, status, until, reason, who, now, timeZone } = wish
  await introduce(sql, { name: STATUSES, basis: '' })
  await lockReader(sql, { name: STATUSES }, { wait: true })
  const [customer] = await sql<
    { customerId: number; programmeId: number; seq: number | null; has: string | null }[]
  >`
    select id as "customerId", programme_id as "programmeId", last.seq, last.after as has
    from customers
    left join lateral (
      select seq, after from status_snapshots where customer_id = customers.id
      order by customer_id desc, seq desc limit 1) last on true
    where customers.id = ${customerOfCard(sql, card)} and status <> 'erased'`
  if (!customer) return { result: 'no_customer' }
  const { customerId, programmeId, seq, has } = customer
  const book = (await readLadders(sql, { now, timeZone })).get(programmeId)
  if (!book || stepOf(book, status) < 0)
    return { result: 'no_status', names: book?.statuses.map(({ name }) => name) ?? [] }
  const before = seq === null ? entryStatus(book) : has
  const measured = await measureNow(sql, { customerIds: [customerId], book, now })
  const snapshot = {
    ...{ customerId, seq: (seq ?? 0) + 1, at: now, before, after: status, cause: 'set' as const, until },
    value: judgedBy(measured.get(customerId) ?? { value: 0, before: null }),
    ...{ periodFrom: periodsAt(book, now).from, needed: null, bookVersion: book.version, who, reason },
  }
  await saveSnapshots(sql, [snapshot])
  await planMessages(sql, [snapshot], book)
  return { result: 'set', before }
}
