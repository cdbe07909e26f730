import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import type { Language } from '../../../shared/me.ts'
import { needsSecondFactor, type Role } from '../../../shared/staff.ts'
import { mendText } from '../../../shared/text.ts'
import { type Instant, MINUTE, toIso } from '../../../shared/time.ts'
import { LONGEST_USER_AGENT, logChange, type Origin } from '../../auditLog.ts'
import type { Sql, Tx } from '../../database/connect.ts'
import { hashSecret } from '../secrets.ts'
import { credentialsOf, isAccountName, type Person, personOf, type Sees } from './accounts.ts'
import { type Attempt, beginAttempt, codeSubjects, forgiveAttempts, passwordSubjects } from './attempts.ts'
import { isPassword } from './passwords.ts'
import { takeCode } from './secondFactor.ts'
import type { SignInQueue } from './signInQueue.ts'

const IDLE_MS = 30 * MINUTE
export const SESSION_LIFE_MS = 12 * 60 * MINUTE

export type Login =
  | { status: 'open'; token: string }
  | { status: 'wrong' | 'locked' | 'code_needed' | 'code_wrong' }

type Given = Attempt & { password: string; code: string; from: Origin }

/**
 * Opens a session for the right name and password, and code where the account has a second factor. What is wrong of
 * name and password is not told, nor by the time it takes.
 */
export async function logIn(sql: Sql, queue: SignInQueue, given: Given, now: Instant): Promise<Login> {
  const { name, password, network } = given
  const login = await queue.enter(network, async (take): Promise<Login> => {
    if (!(await beginAttempt(sql, passwordSubjects(given), now))) return { status: 'locked' }
    // A name with NUL would be a fault of the query instead of a wrong name.
    const account = isAccountName(name) ? await credentialsOf(sql, name) : null
    const hash = account?.hash ?? null
    if (!(await take(() => isPassword(password, hash)))) return { status: 'wrong' }
    await forgiveAttempts(sql, passwordSubjects(given))
    if (!account?.hasSecondFactor) return await openFor(sql, given, { hash, isProven: false, now })
    if (given.code === '') return { status: 'code_needed' }
    if (!(await beginAttempt(sql, codeSubjects(name), now))) return { status: 'locked' }
    return await openFor(sql, given, { hash, isProven: true, now })
  })
  if (login.status === 'open') queue.remember(network)
  return login
}

async function openFor(
  sql: Sql,
  { name, code, from }: Given,
  { hash, isProven, now }: { hash: string | null; isProven: boolean; now: Instant },
): Promise<Login> {
  return await sql.begin(async (sql): Promise<Login> => {
    // Since it was looked at, the account may have got another password or a second factor, or may have ended.
    const [account] = await sql<{ roles: Role[]; hasSecondFactor: boolean }[]>`
      select roles, totp_secret is not null as "hasSecondFactor" from staff
      where name = ${name} and password_hash = ${hash} and disabled_at is null for update`
    if (!account || account.hasSecondFactor !== isProven) return { status: 'wrong' }
    if (isProven) {
      if (!(await takeCode(sql, { account: name, code, now }))) return { status: 'code_wrong' }
      await forgiveAttempts(sql, codeSubjects(name))
    }
    const token = await openSession(sql, { account: name, isProven, from, now })
    const who = `${account.roles[0]}:${name}`
    await logChange(sql, { who, from, action: 'staff sign-in', subject: `staff ${name}` })
    return { status: 'open', token }
  })
}

/** Always with a token that nobody has seen before. */
export async function openSession(
  sql: Tx,
  { account, isProven, from, now }: { account: string; isProven: boolean; from: Origin; now: Instant },
): Promise<string> {
  const token = randomBytes(32).toString('base64url')
  await sql`
    insert into staff_sessions (token_hash, account, created_at, seen_at, ip, user_agent, is_proven)
    values (${hashSecret(token)}, ${account}, ${toIso(now)}, ${toIso(now)}, ${from.ip},
      ${mendText(from.userAgent, LONGEST_USER_AGENT)}, ${isProven})`
  return token
}

export interface Session {
  id: string
  /** As their account is now, not as it was when they signed in. */
  person: Person
  language: Language
  isProven: boolean
  hasSecondFactor: boolean
}

/** Whether there is nothing left to prove. */
export const isWhole = ({ person, isProven, hasSecondFactor }: Session) =>
  isProven || (!hasSecondFactor && !needsSecondFactor(person.roles))

/**
 * Whose session it is, if it is one still: not idle for half an hour, not older than twelve; it is seen now. What a page
 * does by itself is no sign of a person, and does not keep the session open.
 */
export async function touchSession(
  sql: Sql,
  token: string,
  { now, isByPerson }: { now: Instant; isByPerson: boolean },
): Promise<Session | null> {
  const seenAt = isByPerson ? sql`${toIso(now)}` : sql`seen_at`
  type Row = Omit<Session, 'person'> & { name: string; roles: Role[] } & Sees
  const [row] = await sql<Row[]>`
    update staff_sessions set seen_at = ${seenAt}
    from staff
    where token_hash = ${hashSecret(token)} and name = account and disabled_at is null
      and seen_at > ${toIso(now - IDLE_MS)} and staff_sessions.created_at > ${toIso(now - SESSION_LIFE_MS)}
    returning staff_sessions.id, name, roles, programmes, stores, language, is_proven as "isProven",
      totp_secret is not null as "hasSecondFactor"`
  if (!row) return null
  const { name, roles, programmes, stores, ...session } = row
  return { ...session, person: personOf({ name, roles, programmes, stores }) }
}

export interface OpenSession {
  id: string
  createdAt: Instant
  seenAt: Instant
  ip: string | null
  userAgent: string | null
}

export async function listSessions(sql: Sql, account: string, now: Instant): Promise<OpenSession[]> {
  return [
    ...(await sql<OpenSession[]>`
      select id, created_at as "createdAt", seen_at as "seenAt", ip, user_agent as "userAgent" from staff_sessions
      where account = ${account} and seen_at > ${toIso(now - IDLE_MS)} and created_at > ${toIso(now - SESSION_LIFE_MS)}
      order by seen_at desc, id`),
  ]
}

export async function endSession(sql: Sql, token: string): Promise<void> {
  await sql`delete from staff_sessions where token_hash = ${hashSecret(token)}`
}

/** All of somebody, or the one of that id. */
export async function endSessionsOf(sql: Sql | Tx, account: string, id?: string): Promise<number> {
  const one = id === undefined ? sql`` : sql`and id = ${id}`
  const { count } = await sql`delete from staff_sessions where account = ${account} ${one}`
  return count
}

export async function forgetOldSessions(sql: Sql, now: Instant): Promise<void> {
  await sql`
    delete from staff_sessions
    where seen_at <= ${toIso(now - IDLE_MS)} or created_at <= ${toIso(now - SESSION_LIFE_MS)}`
}

/** Goes into the forms of a session. To know it one must know the session's token, which a foreign page cannot. */
export function csrfTokenOf(sessionToken: string): string {
  return createHmac('sha256', sessionToken).update('kopilka csrf').digest('base64url')
}

export function isCsrfToken(given: string, sessionToken: string): boolean {
  const expected = Buffer.from(csrfTokenOf(sessionToken))
  const bytes = Buffer.from(given)
  return bytes.length === expected.length && timingSafeEqual(bytes, expected)
}
