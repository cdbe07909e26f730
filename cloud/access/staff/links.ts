import { randomBytes } from 'node:crypto'
import type { Role } from '../../../shared/staff.ts'
import { type Instant, MINUTE, toIso } from '../../../shared/time.ts'
import { logChange, type Origin } from '../../auditLog.ts'
import type { Sql, Tx } from '../../database/connect.ts'
import { hashSecret } from '../secrets.ts'
import { hashPassword, newPassword } from './passwords.ts'
import { endSessionsOf, openSession } from './sessions.ts'

const LINK_LIFE_MS = 60 * MINUTE

/** A way in that is good once; the database keeps a hash, and a new one ends the one before. */
export async function makeLink(
  sql: Tx,
  account: string,
  now: Instant,
): Promise<{ token: string; expiresAt: string }> {
  const token = randomBytes(32).toString('base64url')
  const expiresAt = toIso(now + LINK_LIFE_MS)
  await sql`
    insert into staff_links (account, token_hash, expires_at) values (${account}, ${hashSecret(token)}, ${expiresAt})
    on conflict (account) do update set token_hash = excluded.token_hash, expires_at = excluded.expires_at`
  return { token, expiresAt }
}

export interface Welcome {
  account: string
  /** In this answer and nowhere else. */
  password: string
  /** Of a session; null where the second factor is asked for first. */
  token: string | null
}

/** Uses a link up: a new password, which ends every session of the old one. Null where the link is none any more. */
export async function acceptLink(
  sql: Sql,
  { token, from, now }: { token: string; from: Origin; now: Instant },
): Promise<Welcome | null> {
  return await sql.begin(async (sql) => {
    const [used] = await sql<{ account: string }[]>`
      delete from staff_links where token_hash = ${hashSecret(token)} and expires_at > ${toIso(now)} returning account`
    if (!used) return null
    const { account } = used
    const password = newPassword()
    const [changed] = await sql<{ roles: Role[]; hasSecondFactor: boolean }[]>`
      update staff set password_hash = ${await hashPassword(password)}
      where name = ${account} and disabled_at is null
      returning roles, totp_secret is not null as "hasSecondFactor"`
    if (!changed) return null
    await endSessionsOf(sql, account)
    const opened = changed.hasSecondFactor
      ? null
      : await openSession(sql, { account, isProven: false, from, now })
    await logChange(sql, {
      ...{ who: `${changed.roles[0]}:${account}`, from },
      ...{ action: 'staff link used', subject: `staff ${account}` },
    })
    return { account, password, token: opened }
  })
}
