import { needsSecondFactor, type Role } from '../../../shared/staff.ts'
import type { Instant } from '../../../shared/time.ts'
import { logChange, type Origin } from '../../auditLog.ts'
import type { Sql } from '../../database/connect.ts'
import { setSecondFactor } from './secondFactor.ts'
import { endSessionsOf, openSession, type Session } from './sessions.ts'
import { newTotpSecret, stepOfCode } from './totp.ts'

/** A second factor may be set up where there is none yet, or where the present one was proven in this session. */
export const maySetUp = ({ isProven, hasSecondFactor }: Session) => isProven || !hasSecondFactor

/** The secret that is being set up in this session, the same until it is confirmed. */
export async function pendingSecret(sql: Sql, { id }: Session): Promise<Uint8Array> {
  const [row] = await sql<{ secret: Uint8Array }[]>`
    update staff_sessions set pending_totp = coalesce(pending_totp, ${newTotpSecret()}) where id = ${id}
    returning pending_totp as secret`
  if (!row) throw new Error('the session ended meanwhile')
  return row.secret
}

export type SetUp = { status: 'done'; token: string; recoveryCodes: string[] } | { status: 'wrong' }

/**
 * The app shows the right code, so it has the secret. Every session of before ends, this one too: whoever knew its token
 * does not know the one that may do more.
 */
export async function confirmSecondFactor(
  sql: Sql,
  { session, code, from, now }: { session: Session; code: string; from: Origin; now: Instant },
): Promise<SetUp> {
  const { name: account } = session.person
  return await sql.begin(async (sql): Promise<SetUp> => {
    const [locked] = await sql<{ roles: Role[]; hasSecondFactor: boolean }[]>`
      select roles, totp_secret is not null as "hasSecondFactor" from staff where name = ${account} for update`
    const [pending] = await sql<{ secret: Uint8Array | null; isProven: boolean }[]>`
      select pending_totp as secret, is_proven as "isProven" from staff_sessions where id = ${session.id}`
    if (!locked || !pending?.secret || (locked.hasSecondFactor && !pending.isProven))
      return { status: 'wrong' }
    const step = stepOfCode(pending.secret, code.replaceAll(/\s/g, ''), now)
    if (step === null) return { status: 'wrong' }
    const recoveryCodes = await setSecondFactor(sql, { account, secret: pending.secret, step })
    await endSessionsOf(sql, account)
    const token = await openSession(sql, { account, isProven: true, from, now })
    await logChange(sql, {
      ...{
        who: `${locked.roles[0]}:${account}`,
        from,
        action: 'staff second factor',
        subject: `staff ${account}`,
      },
      after: { isNeeded: needsSecondFactor(locked.roles) },
    })
    return { status: 'done', token, recoveryCodes }
  })
}
