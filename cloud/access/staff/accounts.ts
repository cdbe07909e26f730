import type { Instant } from '../../../shared/time.ts'
import type { Sql, Tx } from '../../database/connect.ts'

export const isAccountName = (name: string) => /^[a-z][a-z0-9._-]{0,31}$/.test(name)

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
