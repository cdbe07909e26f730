import { advertisingVersion, consentVersion, type Operator } from '../../shared/consent.ts'
import { invitationOf } from '../../shared/invitation.ts'
import type { Frozen, Language } from '../../shared/me.ts'
import { mendText } from '../../shared/text.ts'
import { type Instant, toIso } from '../../shared/time.ts'
import { logChange } from '../auditLog.ts'
import type { Sql, Tx } from '../database/connect.ts'
import { takeLock } from '../database/locks.ts'
import { FIRST_PROGRAMME } from '../ledger/programme.ts'
import { authorName } from '../ledger/rows.ts'
import { arrive } from '../referrals/invite.ts'
import { type ConsentGiven, recordConsent, withdrawAdvertisingConsent } from './consents.ts'
import { carryDebt } from './debts.ts'
import { eraseWithin } from './erase.ts'
import { noteJoin } from './joins.ts'
import { hashOfPerson } from './personHash.ts'
import { registerWithin } from './registration.ts'

/** A customer as Telegram knows them. The card comes from the database, never from a Telegram id. */
export interface Person {
  telegramId: number
  programmeId: number
  customerId: number
  card: string
  firstName: string | null
  status: 'active' | 'frozen'
  isProgrammeFrozen: boolean
  language: Language
  consentVersion: string
  consentedAt: Instant
  notifyPurchases: boolean
  notifyExpiry: boolean
  notifyStatus: boolean
  notifyReferrals: boolean
  notifyVouchers: boolean
  /** The consent to advertising: to which text and when; null where there is none, or not any more. */
  advertising: { version: string; at: Instant } | null
}

export async function findPerson(sql: Sql | Tx, telegramId: number): Promise<Person | null> {
  const [row] = await sql<
    (Omit<Person, 'advertising'> & { advertisingVersion: string | null; advertisingAt: Instant | null })[]
  >`
    select p.telegram_id as "telegramId", c.programme_id as "programmeId", p.customer_id as "customerId", c.card, c.first_name as "firstName", c.status,
      (select frozen_at from programmes where id = c.programme_id) is not null as "isProgrammeFrozen",
      p.language, consents.version as "consentVersion", consents.given_at as "consentedAt",
      p.notify_purchases as "notifyPurchases", p.notify_expiry as "notifyExpiry",
      p.notify_status as "notifyStatus", p.notify_referrals as "notifyReferrals",
      p.notify_vouchers as "notifyVouchers",
      ads.version as "advertisingVersion", ads.given_at as "advertisingAt"
    from people p join customers c on c.id = p.customer_id
    join consents on consents.customer_id = c.id and consents.purpose = 'programme'
      and consents.withdrawn_at is null
    left join consents ads on ads.customer_id = c.id and ads.purpose = 'advertising' and ads.withdrawn_at is null
    where p.telegram_id = ${telegramId}`
  if (!row) return null
  const { advertisingVersion: version, advertisingAt: at, ...person } = row
  return { ...person, advertising: version === null || at === null ? null : { version, at } }
}

/** Whether messages reach a customer; null: they are not in Telegram. Who they are there is not told. */
export async function readReach(sql: Tx, customerId: number): Promise<'linked' | 'unreachable' | null> {
  const [person] = await sql<{ isReachable: boolean }[]>`
    select unreachable_since is null as "isReachable" from people where customer_id = ${customerId}`
  if (!person) return null
  return person.isReachable ? 'linked' : 'unreachable'
}

/**
 * Whether the programme or the customer is frozen; null: neither. Where both are, it is the programme: the card is all
 * right then.
 */
export function frozenOf({ status, isProgrammeFrozen }: Person): Frozen | null {
  return isProgrammeFrozen ? 'programme' : status === 'frozen' ? 'card' : null
}

export interface NewPerson {
  telegramId: number
  /** As Telegram has it; what cannot be stored is left out. */
  firstName: string
  language: Language
  /** The version of the text that was shown to them, and that they agreed to. */
  consentVersion: string
  /** The same of the text about advertising; absent: they did not agree to it. */
  advertisingVersion?: string | undefined
  /** The parameter of the link that they came by, as Telegram has handed it on. */
  start?: string | undefined
  /** The operator of the data who was named in the text. */
  operator: Operator | undefined
  /** Where they agreed. */
  channel: ByTelegram
  now: Instant
}

type ByTelegram = (ConsentGiven & { channel: 'bot' | 'mini_app' })['channel']

/** The author of what people do in the bot and in the Mini App. */
const author = { type: 'system', name: 'telegram' } as const

/** The longest name that the kiosk has room for. */
const LONGEST_NAME = 64

export type Joining =
  | { status: 'joined' | 'known'; person: Person }
  /** No operator of the data is set, so there is nothing to agree to. */
  | { status: 'closed' }
  /** The text agreed to is not the present one, which must be shown. */
  | { status: 'consent_outdated' }
  | { status: 'no_free_card' }

/**
 * Makes a person who agreed a customer with a card. A second tap, or the bot and the Mini App at the same moment, find the
 * card of the first. The secret is the bot's token: by its hash we know people whom we have welcomed before, and their debts.
 */
export async function join(sql: Sql, secret: string, person: NewPerson): Promise<Joining> {
  if (person.consentVersion !== consentVersion) return { status: 'consent_outdated' }
  if (person.advertisingVersion !== undefined && person.advertisingVersion !== advertisingVersion)
    return { status: 'consent_outdated' }
  return await sql.begin(async (sql): Promise<Joining> => {
    const { telegramId, language, now } = person
    const firstName = mendText(person.firstName, LONGEST_NAME).trim()
    await takeLock(sql, `person ${telegramId}`)
    const known = await findPerson(sql, telegramId)
    if (known) {
      await comeAgain(sql, known, { invitation: invitationOf(person.start), now })
      return { status: 'known', person: known }
    }
    if (!person.operator) return { status: 'closed' }
    const personHash = hashOfPerson(secret, telegramId)
    const [welcomed] = await sql`select from welcomed where person_hash = ${personHash}`
    const registration = await registerWithin(sql, {
      programmeId: FIRST_PROGRAMME,
      firstName,
      author,
      now,
      isWelcomed: Boolean(welcomed),
      consent: { channel: person.channel },
    })
    if (registration.status !== 'registered') return { status: 'no_free_card' }
    const { customerId, card, welcomeBonus: bonus, change } = registration
    if (bonus > 0) await sql`insert into welcomed (person_hash) values (${personHash})`
    await sql`
      insert into people (telegram_id, customer_id, language) values (${telegramId}, ${customerId}, ${language})`
    if (person.advertisingVersion !== undefined)
      await agreeToAdvertising(sql, { customerId, channel: person.channel, now })
    await noteJoin(sql, { customerId, start: person.start, now })
    const code = invitationOf(person.start)
    if (code !== undefined) {
      const [friend] = await sql`select from former_friends where person_hash = ${personHash}`
      const wasCustomer = Boolean(welcomed ?? friend)
      await arrive(sql, { code, programmeId: FIRST_PROGRAMME, customerId, wasCustomer, now })
    }
    const debt = await carryDebt(sql, { personHash, card, now })
    const facts = { bonus, ...(debt > 0 && { debt }) }
    await sql`
      insert into notifications (customer_id, kind, reference, facts, created_at, due_at)
      values (${customerId}, 'welcome', ${person.consentVersion}, ${sql.json(facts)}, ${toIso(now)}, ${toIso(now)})`
    const joined = await findPerson(sql, telegramId)
    if (!joined) throw new Error('who has just joined is not there')
    await logChange(sql, { who: authorName(author), action: 'customer add', ...change })
    return { status: 'joined', person: joined }
  })
}

/** A customer who opens the link of another, or their own, is no new friend; both are told so. */
async function comeAgain(
  sql: Tx,
  { programmeId, customerId }: Person,
  { invitation: code, now }: { invitation: string | undefined; now: Instant },
): Promise<void> {
  if (code !== undefined) await arrive(sql, { code, programmeId, customerId, wasCustomer: true, now })
}

export async function followLink(
  sql: Sql,
  person: Person,
  link: { invitation: string; now: Instant },
): Promise<void> {
  await sql.begin((sql) => comeAgain(sql, person, link))
}

export interface Choices {
  language?: Language | undefined
  notifyPurchases?: boolean | undefined
  notifyExpiry?: boolean | undefined
  notifyStatus?: boolean | undefined
  notifyReferrals?: boolean | undefined
  notifyVouchers?: boolean | undefined
}

export async function choose(
  sql: Sql,
  telegramId: number,
  { language, notifyPurchases, notifyExpiry, notifyStatus, notifyReferrals, notifyVouchers }: Choices,
): Promise<Person | null> {
  await sql`
    update people set language = coalesce(${language ?? null}, language),
      notify_purchases = coalesce(${notifyPurchases ?? null}, notify_purchases),
      notify_expiry = coalesce(${notifyExpiry ?? null}, notify_expiry),
      notify_status = coalesce(${notifyStatus ?? null}, notify_status),
      notify_referrals = coalesce(${notifyReferrals ?? null}, notify_referrals),
      notify_vouchers = coalesce(${notifyVouchers ?? null}, notify_vouchers)
    where telegram_id = ${telegramId}`
  return await findPerson(sql, telegramId)
}

function agreeToAdvertising(
  sql: Tx,
  { customerId, channel, now }: { customerId: number; channel: ByTelegram; now: Instant },
): Promise<boolean> {
  const who = authorName(author)
  return recordConsent(sql, { customerId, purpose: 'advertising', given: { channel }, who, now })
}

/** The wish about advertising: consent to this text, or its withdrawal. */
export type AdvertisingWish = { version: string } | 'withdraw'

/** Null where there is no such person; `consent_outdated` where the text they agreed to is not the present one. */
export async function chooseAdvertising(
  sql: Sql,
  telegramId: number,
  { wish, channel, now }: { wish: AdvertisingWish; channel: ByTelegram; now: Instant },
): Promise<Person | null | 'consent_outdated'> {
  if (wish !== 'withdraw' && wish.version !== advertisingVersion) return 'consent_outdated'
  return await sql.begin(async (sql) => {
    // Locked, so that the person is not erased at this moment: a consent in force would stay behind.
    const [customer] = await sql<{ customerId: number }[]>`
      select c.id as "customerId" from people p join customers c on c.id = p.customer_id
      where p.telegram_id = ${telegramId} and c.status <> 'erased'
      for no key update of c`
    if (!customer) return null
    const { customerId } = customer
    if (wish === 'withdraw') await withdrawAdvertisingConsent(sql, { customerId, now })
    else await agreeToAdvertising(sql, { customerId, channel, now })
    return await findPerson(sql, telegramId)
  })
}

/** Erases a person who asks for it, and keeps the sums. False where there is no such person. */
export async function forget(
  sql: Sql,
  telegramId: number,
  { secret, now }: { secret: string; now: Instant },
): Promise<boolean> {
  return await sql.begin(async (sql) => {
    const [customer] = await sql<{ customerId: number; card: string; before: string }[]>`
      select c.id as "customerId", c.card, c.status as before
      from people p join customers c on c.id = p.customer_id
      where p.telegram_id = ${telegramId}
      for no key update of c`
    // The second of two requests at the same moment finds the old row of the person, but the customer as the first has left it.
    if (!customer || customer.before === 'erased') return false
    const { change } = await eraseWithin(sql, { ...customer, secret, now })
    await logChange(sql, { who: authorName(author), action: 'customer erase', ...change })
    return true
  })
}

/** Notes that the person has blocked the bot, so that nothing is sent to them, or has come back. */
export async function setReachable(
  sql: Sql | Tx,
  telegramId: number,
  { isReachable, now }: { isReachable: boolean; now: Instant },
): Promise<void> {
  await sql`
    update people set unreachable_since = ${isReachable ? null : toIso(now)}
    where telegram_id = ${telegramId} and (unreachable_since is null) <> ${isReachable}`
}
