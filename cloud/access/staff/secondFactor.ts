import type { Instant } from '../../../shared/time.ts'
import type { Sql, Tx } from '../../database/connect.ts'
import { hashSecret } from '../secrets.ts'
import { beginAttempt, codeSubjects, forgiveAttempts } from './attempts.ts'
import { newRecoveryCode } from './passwords.ts'
import { stepOfCode } from './totp.ts'

const RECOVERY_CODES = 10

interface Given {
  account: string
  /** Of the authenticator app, or a recovery code, as typed. */
  code: string
  now: Instant
}

/** Uses a code up; its account is locked by the caller. One that was used before, or is older than that, is none. */
export async function takeCode(sql: Tx, { account, code: typed, now }: Given): Promise<boolean> {
  const code = typed.replaceAll(/[\s-]/g, '').toLowerCase()
  const [factor] = await sql<{ secret: Uint8Array | null; lastStep: number | null }[]>`
    select totp_secret as secret, totp_step as "lastStep" from staff where name = ${account}`
  const step = factor?.secret ? stepOfCode(factor.secret, code, now) : null
  if (step === null) return await takeRecoveryCode(sql, account, code)
  if (step <= (factor?.lastStep ?? 0)) return false
  await sql`update staff set totp_step = ${step} where name = ${account}`
  return true
}

/**
 * For who is known already and is asked to prove it again: a code of the app and no recovery code, which is for a lost
 * phone. Wrong ones are counted together with those of the sign-in.
 */
export async function proveAgain(
  sql: Sql,
  { account, code, now }: Given,
): Promise<'proven' | 'wrong' | 'locked'> {
  // What is no code at all is no guess.
  if (!/^\d{6}$/.test(code)) return 'wrong'
  if (!(await beginAttempt(sql, codeSubjects(account), now))) return 'locked'
  const isRight = await sql.begin(async (sql) => {
    await sql`select from staff where name = ${account} for update`
    return await takeCode(sql, { account, code, now })
  })
  if (!isRight) return 'wrong'
  await forgiveAttempts(sql, codeSubjects(account))
  return 'proven'
}

async function takeRecoveryCode(sql: Tx, account: string, code: string): Promise<boolean> {
  const taken = await sql`
    delete from staff_recovery_codes where account = ${account} and code_hash = ${hashSecret(code)}`
  return taken.count === 1
}

/** Makes this secret the second factor, with new codes for a lost phone; they are in the answer and nowhere else. */
export async function setSecondFactor(
  sql: Tx,
  { account, secret, step }: { account: string; secret: Uint8Array; step: number },
): Promise<string[]> {
  await sql`update staff set totp_secret = ${secret}, totp_step = ${step} where name = ${account}`
  await sql`delete from staff_recovery_codes where account = ${account}`
  const codes = Array.from({ length: RECOVERY_CODES }, newRecoveryCode)
  const hashes = codes.map((code) => hashSecret(code.replaceAll('-', '')).toString('hex'))
  await sql`
    insert into staff_recovery_codes (account, code_hash)
    select ${account}, decode(hex, 'hex') from unnest(${hashes}::text[]) as hex`
  return codes
}

/** For who has lost the phone and the codes: the next sign-in sets up another. */
export async function dropSecondFactor(sql: Tx, account: string): Promise<void> {
  await sql`update staff set totp_secret = null, totp_step = null where name = ${account}`
  await sql`delete from staff_recovery_codes where account = ${account}`
}
