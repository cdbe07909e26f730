import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import { type Instant, MINUTE, toIso } from '../../../shared/time.ts'
import { logChange, type Origin } from '../../auditLog.ts'
import type { Sql } from '../../database/connect.ts'
import { hashSecret } from '../secrets.ts'
import { isAccountName, passwordHashOf } from './accounts.ts'
import { type Attempt, beginAttempt, forgiveAttempts } from './attempts.ts'
import { isPassword } from './passwords.ts'
import type { SignInQueue } from './signInQueue.ts'

const IDLE_MS = 30 * MINUTE
export const SESSION_LIFE_MS = 12 * 60 * MINUTE

export type Login = { status: 'open'; token: string } | { status: 'wrong' | 'locked' }

/** Opens a session for the right name and password. What is wrong of the two is not told, nor by the time it takes. */
export async function logIn(
  sql: Sql,
  queue: SignInQueue,
  { password, from, ...attempt }: Attempt & { password: string; from: Origin },
  now: Instant,
): Promise<Login> {
  const login = await queue.enter(attempt.network, async (take): Promise<Login> => {
    if (!(await beginAttempt(sql, attempt, now))) return { status: 'locked' }
    // A name with NUL would be a fault of the query instead of a wrong name.
    const hash = isAccountName(attempt.name) ? await passwordHashOf(sql, attempt.name) : null
    const isRight = await take(() => isPassword(password, hash))
    return isRight ? await openSession(sql, attempt, { hash, from, now }) : { status: 'wrong' }
  })
  if (login.status === 'open') queue.remember(attempt.network)
  return login
}

async function openSession(
  sql: Sql,
  attempt: Attempt,
  { hash, from, now }: { hash: string | null; from: Origin; now: Instant },
): Promise<Login> {
  const token = randomBytes(32).toString('base64url')
  return await sql.begin(async (sql) => {
    // The password may have been changed, or the account removed, while it was looked at.
    const opened = await sql`
      insert into it_sessions (token_hash, account, created_at, seen_at)
      select ${hashSecret(token)}, name, ${toIso(now)}, ${toIso(now)} from it_accounts
      where name = ${attempt.name} and password_hash = ${hash} for update`
    if (opened.count === 0) return { status: 'wrong' }
    await forgiveAttempts(sql, attempt)
    const who = `it:${attempt.name}`
    await logChange(sql, { who, from, action: 'it login', subject: `it ${attempt.name}` })
    return { status: 'open', token }
  })
}

/**
 * Whose session it is, if it is one still: not idle for half an hour, not older than twelve. What a page does
 * by itself is no sign of a person, and does not keep the session open.
 */
export async function findSession(
  sql: Sql,
  token: string,
  { now, isByPerson }: { now: Instant; isByPerson: boolean },
): Promise<{ account: string } | null> {
  const seenAt = isByPerson ? sql`${toIso(now)}` : sql`seen_at`
  const [session] = await sql<{ account: string }[]>`
    update it_sessions set seen_at = ${seenAt}
    where token_hash = ${hashSecret(token)}
      and seen_at > ${toIso(now - IDLE_MS)} and created_at > ${toIso(now - SESSION_LIFE_MS)}
    returning account`
  return session ?? null
}

export async function endSession(sql: Sql, token: string): Promise<void> {
  await sql`delete from it_sessions where token_hash = ${hashSecret(token)}`
}

export async function forgetOldSessions(sql: Sql, now: Instant): Promise<void> {
  await sql`
    delete from it_sessions
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
