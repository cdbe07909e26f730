import { type Instant, MINUTE, toIso } from '../../../shared/time.ts'
import { logChange } from '../../auditLog.ts'
import type { Sql, Tx } from '../../database/connect.ts'
import { hashSecret } from '../secrets.ts'
import { newPairingCode } from './keys.ts'
import type { Register } from './registers.ts'

/** What IT does to a register, by the command line or by the page; `who` is as the log of changes writes it. */
interface Change {
  registerId: number
  who: string
}

const CODE_LIFE = 15 * MINUTE

/** Ends a register's key at once. Doing it again changes nothing. */
export async function revokeKey(
  sql: Tx,
  { registerId, who, now }: Change & { now: Instant },
): Promise<Instant> {
  const [found] = await sql<{ revokedAt: Instant | null }[]>`
    select revoked_at as "revokedAt" from registers where id = ${registerId} for update`
  if (!found) throw new Error(`there is no register ${registerId}`)
  if (found.revokedAt !== null) return found.revokedAt
  const revokedAt = toIso(now)
  await sql`update registers set revoked_at = ${revokedAt} where id = ${registerId}`
  await logChange(sql, {
    who,
    action: 'register revoke',
    subject: `register ${registerId}`,
    before: { revokedAt: null },
    after: { revokedAt },
  })
  return now
}

/**
 * A short-lived code with which a register fetches its key itself. Made for a register, it gives that one a
 * new key, whatever the machine calls itself; made for a store only, the machine's name decides.
 */
export async function makePairingCode(
  sql: Tx,
  { storeId, registerId, who, now }: { storeId: number; registerId?: number; who: string; now: Instant },
): Promise<{ code: string; expiresAt: string }> {
  const code = newPairingCode()
  const expiresAt = toIso(now + CODE_LIFE)
  await sql`
    insert into pairing_codes (code_hash, store_id, expires_at, register_id)
    values (${hashSecret(code)}, ${storeId}, ${expiresAt}, ${registerId ?? null})`
  const subject = registerId === undefined ? `store ${storeId}` : `register ${registerId}`
  await logChange(sql, { who, action: 'register code', subject, after: { expiresAt } })
  return { code, expiresAt }
}

export async function setChannel(
  sql: Tx,
  { registerId, channel, who }: Change & { channel: Register['channel'] },
): Promise<void> {
  const [before] = await sql<Pick<Register, 'channel'>[]>`
    select channel from registers where id = ${registerId} for update`
  if (!before || before.channel === channel) return
  await sql`update registers set channel = ${channel} where id = ${registerId}`
  await logChange(sql, {
    who,
    action: 'register channel',
    subject: `register ${registerId}`,
    before: { channel: before.channel },
    after: { channel },
  })
}

/** The register hears of it with its next heartbeat. Asked again before that, it is the same question. */
export async function askDiagnostics(
  sql: Tx,
  { registerId, who, now }: Change & { now: Instant },
): Promise<void> {
  const asked = await sql`
    update registers set diagnostics_asked_at = ${toIso(now)}
    where id = ${registerId} and diagnostics_asked_at is null`
  if (asked.count === 0) return
  await logChange(sql, { who, action: 'register diagnostics', subject: `register ${registerId}` })
}

const FILES_KEPT = 3

/** Keeps what was asked for, once. What nobody asked for, or came already, is not kept. */
export async function keepDiagnostics(
  sql: Sql,
  { registerId, content, now }: { registerId: number; content: string; now: Instant },
): Promise<boolean> {
  return await sql.begin(async (sql) => {
    const wanted = await sql`
      update registers set diagnostics_asked_at = null
      where id = ${registerId} and diagnostics_asked_at is not null`
    if (wanted.count === 0) return false
    await sql`
      insert into diagnostics (register_id, received_at, content)
      values (${registerId}, ${toIso(now)}, ${content})`
    await sql`
      delete from diagnostics where register_id = ${registerId} and id not in (
        select id from diagnostics where register_id = ${registerId} order by id desc limit ${FILES_KEPT})`
    return true
  })
}
