import type { Language } from '../../../shared/me.ts'
import type { Role } from '../../../shared/staff.ts'
import type { Instant } from '../../../shared/time.ts'
import type { Sql, Tx } from '../../database/connect.ts'

export const isAccountName = (name: string) => /^[a-z][a-z0-9._-]{0,31}$/.test(name)

/** By id; null is all of them, those that come later too. */
export interface Sees {
  programmes: number[] | null
  stores: number[] | null
}

/** A person with an account, and what it lets them do at this moment. */
export interface Person {
  type: 'person'
  name: string
  roles: Role[]
  sees: Sees
}

export interface Account extends Omit<Person, 'type'> {
  language: Language
  createdAt: Instant
  disabledAt: Instant | null
  hasSecondFactor: boolean
  /** In the latest of their open sessions. */
  lastSeenAt: Instant | null
}

export async function listAccounts(sql: Sql | Tx): Promise<Account[]> {
  const rows = await sql<(Omit<Account, 'sees'> & Sees)[]>`
    select name, roles, programmes, stores, language, staff.created_at as "createdAt", disabled_at as "disabledAt",
      totp_secret is not null as "hasSecondFactor", max(seen_at) as "lastSeenAt"
    from staff left join staff_sessions on account = name
    group by name order by name`
  return rows.map(({ programmes, stores, ...row }) => ({ ...row, sees: { programmes, stores } }))
}

/** As the account is now; null where there is none, or it is disabled. */
export async function findPerson(sql: Sql | Tx, name: string): Promise<Person | null> {
  const [row] = await sql<({ name: string; roles: Role[] } & Sees)[]>`
    select name, roles, programmes, stores from staff where name = ${name} and disabled_at is null`
  return row ? personOf(row) : null
}

export const personOf = ({
  name,
  roles,
  programmes,
  stores,
}: { name: string; roles: Role[] } & Sees): Person => ({
  type: 'person',
  name,
  roles,
  sees: { programmes, stores },
})

/** What a sign-in is held against. */
export async function credentialsOf(
  sql: Sql | Tx,
  name: string,
): Promise<{ hash: string | null; hasSecondFactor: boolean } | null> {
  const [row] = await sql<{ hash: string | null; hasSecondFactor: boolean }[]>`
    select password_hash as hash, totp_secret is not null as "hasSecondFactor"
    from staff where name = ${name} and disabled_at is null`
  return row ?? null
}
