import { randomBytes } from 'node:crypto'
import type { Language } from '../../../shared/me.ts'
import { needsSecondFactor, type Role } from '../../../shared/staff.ts'
import { type Instant, MINUTE, toIso } from '../../../shared/time.ts'
import { logChange, type Origin } from '../../auditLog.ts'
import type { Sql, Tx } from '../../database/connect.ts'
import { hashSecret } from '../secrets.ts'
import { type Person, personOf, type Sees } from './accounts.ts'
import type { Session } from './sessions.ts'

const LINK_LIFE_MS = 10 * MINUTE

/** Where they are, for the log of changes. Telegram does not tell us more. */
export const FROM_TELEGRAM: Origin = { ip: 'Telegram', userAgent: '' }

/** Telegram hands on what stands behind `?start=`, letters, digits, _ and - alone. */
const START = 'staff_'
const TOKEN = /^[\w-]{43}$/

/** Of the words with which a chat begins by our link; null where they are something else. */
export function tokenInStart(start: string | undefined): string | null {
  const token = start?.startsWith(START) ? start.slice(START.length) : ''
  return TOKEN.test(token) ? token : null
}

/** What a link ends with that binds the chat in which it is opened. It is good once; a new one ends the one before. */
export async function makeTelegramLink(sql: Sql, { person }: Session, now: Instant): Promise<string> {
  const token = randomBytes(32).toString('base64url')
  await sql`
    insert into staff_telegram_links (account, token_hash, expires_at)
    values (${person.name}, ${hashSecret(token)}, ${toIso(now + LINK_LIFE_MS)})
    on conflict (account) do update set token_hash = excluded.token_hash, expires_at = excluded.expires_at`
  return `${START}${token}`
}

export type Binding =
  | { status: 'bound'; account: string; language: Language }
  | { status: 'over' }
  /** The chat is somebody else's, who may be the same person. */
  | { status: 'taken'; language: Language }

/** Uses the link up. The chat of before is bound no longer, unless this one is somebody else's. */
export async function bindTelegram(
  sql: Sql,
  { token, telegramId, now }: { token: string; telegramId: number; now: Instant },
): Promise<Binding> {
  return await sql.begin(async (sql): Promise<Binding> => {
    const [used] = await sql<{ account: string }[]>`
      delete from staff_telegram_links where token_hash = ${hashSecret(token)} and expires_at > ${toIso(now)}
      returning account`
    if (!used) return { status: 'over' }
    const { account } = used
    const [member] = await sql<{ roles: Role[]; language: Language }[]>`
      select roles, language from staff where name = ${account} and disabled_at is null for update`
    if (!member) return { status: 'over' }
    const { roles, language } = member
    await sql`
      delete from staff_telegram where account = ${account} and not exists (
        select from staff_telegram other where other.telegram_id = ${telegramId} and other.account <> ${account})`
    const { count } = await sql`
      insert into staff_telegram (account, telegram_id, bound_at) values (${account}, ${telegramId}, ${toIso(now)})
      on conflict do nothing`
    if (count === 0) return { status: 'taken', language }
    await logChange(sql, {
      ...{ who: `${roles[0]}:${account}`, from: FROM_TELEGRAM },
      ...{ action: 'staff telegram bind', subject: `staff ${account}` },
      after: { telegram: true },
    })
    return { status: 'bound', account, language }
  })
}

/** Since when; null where they have bound none. */
export async function boundSince(sql: Sql, account: string): Promise<Instant | null> {
  const [row] = await sql<{ boundAt: Instant }[]>`
    select bound_at as "boundAt" from staff_telegram where account = ${account}`
  return row?.boundAt ?? null
}

/** By the person, in the console: what was sent there has no effect from now on. */
export async function unbindTelegram(
  sql: Sql,
  { session, from }: { session: Session; from: Origin },
): Promise<void> {
  const { name, roles } = session.person
  await sql.begin(async (sql) => {
    if (!(await dropTelegram(sql, name))) return
    await logChange(sql, {
      ...{ who: `${roles[0]}:${name}`, from, action: 'staff telegram unbind', subject: `staff ${name}` },
      ...{ before: { telegram: true }, after: { telegram: false } },
    })
  })
}

/** With the link that is on its way. Whether there was one. */
export async function dropTelegram(sql: Tx, account: string): Promise<boolean> {
  await sql`delete from staff_telegram_links where account = ${account}`
  return (await sql`delete from staff_telegram where account = ${account}`).count > 0
}

/** A member of the staff with a bound chat, as their account is at this moment. */
export interface Member {
  telegramId: number
  person: Person
  language: Language
  hasSecondFactor: boolean
  /** An approval asks for the code of their app, as the console does when they sign in. */
  needsCode: boolean
}

/** Null: the chat is nobody's of the staff, or their account is disabled. */
export async function findMember(sql: Sql | Tx, telegramId: number): Promise<Member | null> {
  const [member] = await readMembers(sql, telegramId)
  return member ?? null
}

/** All members of the staff with a bound chat, or the one of this chat. */
export async function readMembers(sql: Sql | Tx, telegramId?: number): Promise<Member[]> {
  type Row = Pick<Member, 'telegramId' | 'language' | 'hasSecondFactor'> & {
    name: string
    roles: Role[]
  } & Sees
  const rows = await sql<Row[]>`
    select telegram_id as "telegramId", name, roles, programmes, stores, language,
      totp_secret is not null as "hasSecondFactor"
    from staff_telegram join staff on name = account
    where disabled_at is null ${telegramId === undefined ? sql`` : sql`and telegram_id = ${telegramId}`}
    order by name`
  return rows.map(({ telegramId, language, hasSecondFactor, ...account }) => ({
    ...{ telegramId, language, hasSecondFactor, person: personOf(account) },
    needsCode: hasSecondFactor || needsSecondFactor(account.roles),
  }))
}

/** What the next words in a chat are the answer to. */
export interface Question {
  asks: 'code' | 'reason'
  proposal: number
  /** Of what they have seen. */
  hash: string
  /** Under which message they pressed the button. */
  message: number
}

/** Longer than this it is not waited for: words that come later are words. */
const ANSWER_WITHIN_MS = 5 * MINUTE

export async function ask(
  sql: Sql,
  telegramId: number,
  { asks, proposal, hash, message, now }: Question & { now: Instant },
): Promise<void> {
  await sql`
    update staff_telegram
    set asks = ${asks}, asked_proposal = ${proposal}, asked_hash = decode(${hash}, 'hex'), asked_message = ${message},
      asked_at = ${toIso(now)}
    where telegram_id = ${telegramId}`
}

export async function questionOf(sql: Sql, telegramId: number, now: Instant): Promise<Question | null> {
  const [row] = await sql<Question[]>`
    select asks, asked_proposal as proposal, encode(asked_hash, 'hex') as hash, asked_message as message
    from staff_telegram where telegram_id = ${telegramId} and asked_at > ${toIso(now - ANSWER_WITHIN_MS)}`
  return row ?? null
}

export async function forgetQuestion(sql: Sql, telegramId: number): Promise<void> {
  await sql`
    update staff_telegram set asks = null, asked_proposal = null, asked_hash = null, asked_message = null, asked_at = null
    where telegram_id = ${telegramId}`
}
