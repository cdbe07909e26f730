import { type Instant, toIso } from '../../../shared/time.ts'
import { logChange } from '../../auditLog.ts'
import type { Sql, Tx } from '../../database/connect.ts'
import { hashPassword, newPassword } from './passwords.ts'

export const isAccountName = (name: string) => /^[a-z][a-z0-9._-]{0,31}$/.test(name)

interface Change {
  name: string
  who: string
}

/** Makes an account with a password that is in the answer and nowhere else; null where the name is taken. */
export async function addAccount(
  sql: Sql,
  { name, who, now }: Change & { now: Instant },
): Promise<{ password: string } | null> {
  const password = newPassword()
  const hash = await hashPassword(password)
  return await sql.begin(async (sql) => {
    const added = await sql`
      insert into it_accounts (name, password_hash, created_at) values (${name}, ${hash}, ${toIso(now)})
      on conflict (name) do nothing`
    if (added.count === 0) return null
    await logChange(sql, { who, action: 'it add', subject: `it ${name}` })
    return { password }
  })
}

/** A new password ends the sessions of the old one. Null where there is no such account. */
export async function renewPassword(sql: Sql, { name, who }: Change): Promise<{ password: string } | null> {
  const password = newPassword()
  const hash = await hashPassword(password)
  return await sql.begin(async (sql) => {
    const changed = await sql`update it_accounts set password_hash = ${hash} where name = ${name}`
    if (changed.count === 0) return null
    await sql`delete from it_sessions where account = ${name}`
    await logChange(sql, { who, action: 'it password', subject: `it ${name}` })
    return { password }
  })
}

/** With its sessions: they end at once. */
export async function removeAccount(sql: Sql, { name, who }: Change): Promise<boolean> {
  return await sql.begin(async (sql) => {
    const removed = await sql`delete from it_accounts where name = ${name}`
    if (removed.count > 0) await logChange(sql, { who, action: 'it remove', subject: `it ${name}` })
    return removed.count > 0
  })
}

export async function listAccounts(
  sql: Sql,
): Promise<{ name: string; createdAt: Instant; lastSeenAt: Instant | null }[]> {
  return await sql`
    select name, it_accounts.created_at as "createdAt", max(seen_at) as "lastSeenAt"
    from it_accounts left join it_sessions on account = name
    group by name order by name`
}

export async function passwordHashOf(sql: Sql | Tx, name: string): Promise<string | null> {
  const [row] = await sql<{ hash: string }[]>`
    select password_hash as hash from it_accounts where name = ${name}`
  return row?.hash ?? null
}
