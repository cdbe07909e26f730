import { quietUntil } from '../../shared/campaigns/quietHours.ts'
import { DAY, type Instant, MINUTE, toIso } from '../../shared/time.ts'
import type { Fate } from '../campaigns/fate.ts'
import { type Written, writeMessage, writeTest } from '../campaigns/message.ts'
import type { Sql } from '../database/connect.ts'
import { isLiveLot } from '../ledger/conditions.ts'
import { readTimeZone } from '../ledger/programme.ts'
import { readOwn } from '../vouchers/mine.ts'
import { type Notification, notificationSchema } from './facts.ts'
import type { Begun, Recipient } from './messages.ts'
import { type Message, textOf, type When } from './texts.ts'

/** After so long it is too late to tell of a purchase: the Mini App has the history. */
const STALE_AFTER_MS = 7 * DAY

/** A reminder of who is frozen waits for their thaw; by the day on which the points die there is nothing to tell. */
const FROZEN_LOOK_MS = 60 * MINUTE

export type Composed =
  | { status: 'ready'; chatId: number; text: string }
  /** Now is not the time. */
  | { status: 'early'; at: Instant; why: string }
  /** The person has left, or there is nothing to tell any more. Campaigns count what became of theirs. */
  | { status: 'pointless'; why: string; fate?: Fate }
  /** No text can be made of it, now or later. */
  | { status: 'unreadable'; why: string }

/** Writes the message as it is true at the moment of sending. */
export async function compose(sql: Sql, begun: Begun, when: When): Promise<Composed> {
  const { now } = when
  const { person } = begun
  if (!person) return { status: 'pointless', why: 'they have left', fate: 'gone' }
  const read = notificationSchema.safeParse(begun)
  if (!read.success) {
    const places = read.error.issues.map((issue) => issue.path.join('.') || issue.code)
    return { status: 'unreadable', why: `the row cannot be read: ${places.join(', ')}` }
  }
  const why = whyNot(read.data, person, begun, now)
  if (why) return { status: 'pointless', why, ...(!person.isReachable && { fate: 'blocked' }) }
  if (read.data.kind === 'campaign' || read.data.kind === 'campaign_test')
    return ofCampaign(await writeOfCampaign(sql, read.data, { begun, person }, when), person)
  if (read.data.kind === 'expiring' && (await isFrozen(sql, begun)))
    return { status: 'early', at: now + FROZEN_LOOK_MS, why: 'nothing can be spent while it is frozen' }
  const morning = read.data.kind === 'voucher' ? await quietUntilHere(sql, begun, when) : null
  if (morning !== null) return { status: 'early', at: morning, why: 'it is night there' }
  const message = await complete(sql, read.data, begun, when)
  if (!message) return { status: 'pointless', why: 'there is nothing to tell any more' }
  return { status: 'ready', chatId: person.telegramId, text: textOf(message, person.language, when) }
}

function whyNot(
  { kind }: Notification,
  person: Recipient,
  { createdAt }: Begun,
  now: Instant,
): string | null {
  if (!person.isReachable) return 'they blocked the bot'
  if (kind === 'expiring' && !person.notifyExpiry) return 'they do not want it'
  if (kind === 'status' && !person.notifyStatus) return 'they do not want it'
  if (kind === 'referral' && !person.notifyReferrals) return 'they do not want it'
  if (kind === 'voucher' && !person.notifyVouchers) return 'they do not want it'
  if (isOfPurchase(kind) && !person.notifyPurchases) return 'they do not want it'
  // A campaign knows itself whether it is over.
  if (kind === 'campaign') return null
  return now - createdAt >= STALE_AFTER_MS ? 'too old to be news' : null
}

const isOfPurchase = (kind: Notification['kind']) =>
  kind === 'earned' || kind === 'spent' || kind === 'refunded'

type OfCampaign = Extract<Notification, { kind: 'campaign' | 'campaign_test' }>

async function writeOfCampaign(
  sql: Sql,
  notification: OfCampaign,
  { begun: { customerId }, person: { language } }: { begun: Begun; person: Recipient },
  when: When,
): Promise<Written> {
  return notification.kind === 'campaign'
    ? await writeMessage(sql, { campaignId: notification.reference, customerId, language }, when)
    : await writeTest(sql, { campaignId: notification.facts.campaign, customerId, language }, when.now)
}

function ofCampaign(written: Written, { telegramId: chatId }: Recipient): Composed {
  switch (written.status) {
    case 'ready':
      return { status: 'ready', chatId, text: written.text }
    case 'later':
      return { status: 'early', at: written.at, why: written.why }
    case 'never':
      return { status: 'pointless', why: written.why, fate: written.fate }
  }
}

/** Looks up what the row does not hold. */
async function complete(
  sql: Sql,
  notification: Exclude<Notification, OfCampaign>,
  { customerId, card, programmeId }: Begun,
  when: When,
): Promise<Message | null> {
  const { now } = when
  switch (notification.kind) {
    case 'earned':
    case 'spent':
    case 'refunded':
      return { ...notification, store: await nameOfStore(sql, notification.facts.storeId) }
    case 'welcome':
      return { kind: 'welcome', ...notification.facts, card }
    case 'status':
    case 'merged':
    case 'referral':
      return notification
    case 'voucher': {
      const whose = { programmeId, customerId }
      const own = await readOwn(sql, whose, when, { batchId: notification.reference })
      const usable = own.find(({ state }) => state === 'good' || state === 'early')
      return usable ? { kind: 'voucher', terms: usable.voucher.terms } : null
    }
    case 'expiring': {
      const diesAt = notification.reference
      const points = await pointsDying(sql, { customerId, diesAt, now })
      return points > 0 ? { kind: 'expiring', diesAt, points } : null
    }
  }
}

/** By the clock of the programme nobody is told at night of what can wait. */
async function quietUntilHere(
  sql: Sql,
  { programmeId }: Begun,
  { now, timeZone }: When,
): Promise<Instant | null> {
  return quietUntil(now, (await readTimeZone(sql, programmeId)) ?? timeZone)
}

/** The job that plans reminders leaves them out; a long line of them is sent for hours. */
async function isFrozen(sql: Sql, { customerId }: Begun): Promise<boolean> {
  const [row] = await sql<{ isFrozen: boolean }[]>`
    select status = 'frozen' or frozen_at is not null as "isFrozen"
    from customers c join programmes on programmes.id = c.programme_id where c.id = ${customerId}`
  return row?.isFrozen ?? false
}

async function nameOfStore(sql: Sql, storeId: number | null): Promise<string | null> {
  if (storeId === null) return null
  const [store] = await sql<{ name: string }[]>`select name from stores where id = ${storeId}`
  return store?.name ?? null
}

async function pointsDying(
  sql: Sql,
  { customerId, diesAt, now }: { customerId: number; diesAt: Instant; now: Instant },
): Promise<number> {
  const [row] = await sql<{ points: number }[]>`
    select coalesce(sum(remaining), 0)::bigint as points from lots
    where customer_id = ${customerId} and ${isLiveLot(sql, now)}
      and expires_at >= ${toIso(diesAt)} and expires_at < ${toIso(diesAt + DAY)}`
  return row?.points ?? 0
}
