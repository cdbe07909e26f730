import { createHash } from 'node:crypto'
import { DAY, type Instant, MINUTE, toIso } from '../../../shared/time.ts'
import type { Sql, Tx } from '../../database/connect.ts'

/**
 * So many wrong passwords from one network, for a name or for any, and it is not asked for so long. A name is never
 * closed to everybody: whoever knew it could shut its owner out, and no number of guesses finds a password of ours.
 */
const WRONG_ALLOWED = 5
const LOCKED_FOR_MS = 15 * MINUTE

export interface Attempt {
  name: string
  /** As `networkOf` has it. */
  network: string
}

/** What wrong passwords are counted for. */
export const passwordSubjects = ({ name, network }: Attempt) => [
  `network ${network}`,
  `network ${network} name ${name}`,
]

/**
 * Wrong codes are counted for the account, wherever they come from: a code is asked for only behind the right password,
 * so nobody else can shut its owner out, and a million networks have no more guesses than one.
 */
export const codeSubjects = (account: string) => [`second factor of ${account}`]

/**
 * Counts an attempt before what was given is looked at, so that guesses sent at once are counted too. False
 * where one of the subjects is locked. Then nothing is counted: the lock ends when it would have.
 */
export async function beginAttempt(sql: Sql, subjects: string[], now: Instant): Promise<boolean> {
  const over = toIso(now - LOCKED_FOR_MS)
  const hashes = hashesOf(subjects)
  const counted = await sql<{ count: number }[]>`
    insert into staff_attempts as old (subject, count, last_at)
    select decode(hex, 'hex'), 1, ${toIso(now)} from unnest(${hashes}::text[]) as hex
    where not exists (
      select from staff_attempts
      where subject in (select decode(hex, 'hex') from unnest(${hashes}::text[]) as hex) and count >= ${WRONG_ALLOWED} and last_at > ${over})
    order by hex
    on conflict (subject) do update set
      count = case when old.last_at <= ${over} then 1 else least(old.count + 1, ${WRONG_ALLOWED + 1}) end,
      last_at = case when old.last_at > ${over} and old.count >= ${WRONG_ALLOWED} then old.last_at else ${toIso(now)} end
    returning count`
  return counted.length > 0 && counted.every(({ count }) => count <= WRONG_ALLOWED)
}

/** What was given was right: what was counted is forgotten. */
export async function forgiveAttempts(sql: Sql | Tx, subjects: string[]): Promise<void> {
  await sql`
    delete from staff_attempts
    where subject in (
      select subject from staff_attempts
      where subject in (select decode(hex, 'hex') from unnest(${hashesOf(subjects)}::text[]) as hex)
      order by subject for update)`
}

export async function forgetOldAttempts(sql: Sql, now: Instant): Promise<void> {
  await sql`delete from staff_attempts where last_at < ${toIso(now - DAY)}`
}

const hashesOf = (subjects: string[]) =>
  subjects.map((text) => createHash('sha256').update(text).digest('hex'))
