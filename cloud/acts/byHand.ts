import { ROLES } from '../../shared/staff.ts'
import { DAY, type Instant, toIso } from '../../shared/time.ts'
import type { Tx } from '../database/connect.ts'
import { takeLock } from '../database/locks.ts'
import type { Staff } from '../ledger/account.ts'
import { authorName } from '../ledger/rows.ts'

/**
 * What an account has done by hand in a programme within a day weighs together, of however many customers and in however many
 * parts; what others have approved was not theirs alone. Whoever asks it of themselves at the same instant waits. At the
 * server nothing is counted: who is there has the database, and may be moving a whole chain to it.
 */
interface Own {
  programmeId: number
  who: Staff
  now: Instant
}

/** In either direction. */
export async function pointsMovedAlone(sql: Tx, { programmeId, who, now }: Own): Promise<number> {
  if (who.type === 'admin') return 0
  await waitForOneself(sql, who)
  const [row] = await sql<{ points: number }[]>`
    select coalesce(sum(abs(points)), 0)::bigint as points from operations
    where kind = 'adjust' and author = any(${authorsOf(who)}) and at > ${toIso(now - DAY)}
      and programme_id = ${programmeId} and status = 'accepted'
      and not exists (
        select from proposals
        where act = 'customer adjust' and state = 'done' and input ->> 'id' = operations.id::text)`
  return row?.points ?? 0
}

/** The most that the codes of the batches may give, in kopecks. */
export async function vouchersMadeAlone(sql: Tx, { programmeId, who, now }: Own): Promise<number> {
  if (who.type === 'admin') return 0
  await waitForOneself(sql, who)
  const [row] = await sql<{ kopecks: number }[]>`
    select coalesce(sum((after ->> 'worthKopecks')::bigint), 0)::bigint as kopecks
    from voucher_batches
    join audit_log on subject = 'voucher batch ' || voucher_batches.id and action = 'voucher add' and proposal is null
    where programme_id = ${programmeId} and created_by = any(${authorsOf(who)}) and created_at > ${toIso(now - DAY)}`
  return row?.kopecks ?? 0
}

const waitForOneself = (sql: Tx, { name }: Staff) => takeLock(sql, `by hand ${name}`)

/** Under these names it is written down, whichever role has let them. */
const authorsOf = ({ name }: Staff): string[] => ROLES.map((role) => authorName({ type: role, name }))
