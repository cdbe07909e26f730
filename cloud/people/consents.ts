import type { Fragment } from 'postgres'
import { advertisingVersion, consentVersion } from '../../shared/consent.ts'
import { type Instant, toIso } from '../../shared/time.ts'
import type { Sql, Tx } from '../database/connect.ts'

/**
 * The purposes of a consent: to take part in the programme, which every card by Telegram needs, and apart from that
 * advertising, which is asked for alone, never presumed, and withdrawn alone.
 */
export type ConsentPurpose = 'programme' | 'advertising'

/** The version of the present text for each purpose. */
const versions: Record<ConsentPurpose, string> = {
  programme: consentVersion,
  advertising: advertisingVersion,
}

/** How a person agreed to the present text. */
export type ConsentGiven =
  | { channel: 'bot' | 'mini_app' }
  /** As staff noted it, such as where the paper lies. */
  | { channel: 'staff'; note: string }

export interface Consent {
  version: string
  channel: ConsentGiven['channel'] | 'telegram'
  note: string | null
  recordedBy: string
  givenAt: Instant
}

interface Recorded {
  customerId: number
  purpose: ConsentPurpose
  given: ConsentGiven
  who: string
  now: Instant
}

/** Records a consent; false where one is in force already. */
export async function recordConsent(
  sql: Tx,
  { customerId, purpose, given, who, now }: Recorded,
): Promise<boolean> {
  const note = given.channel === 'staff' ? given.note : null
  const { count } = await sql`
    insert into consents (customer_id, purpose, version, channel, note, recorded_by, given_at)
    values (${customerId}, ${purpose}, ${versions[purpose]}, ${given.channel}, ${note}, ${who}, ${toIso(now)})
    on conflict (customer_id, purpose) where withdrawn_at is null do nothing`
  return count === 1
}

/** Withdraws a consent, whose record stays with both dates; false where none is in force. */
export async function withdrawAdvertisingConsent(
  sql: Tx,
  { customerId, now }: { customerId: number; now: Instant },
): Promise<boolean> {
  const { count } = await sql`
    update consents set withdrawn_at = ${toIso(now)}
    where customer_id = ${customerId} and purpose = 'advertising' and withdrawn_at is null`
  return count === 1
}

/** Withdraws all consents of an erased customer. The record stays that each was given and when, without a customer. */
export async function withdrawConsents(sql: Tx, customerId: number, now: Instant): Promise<void> {
  await sql`
    update consents set withdrawn_at = coalesce(withdrawn_at, ${toIso(now)}), customer_id = null, note = null
    where customer_id = ${customerId}`
}

/** The consent in force; null where there is none. */
export async function readConsent(
  sql: Sql | Tx,
  customerId: number,
  purpose: ConsentPurpose,
): Promise<Consent | null> {
  const [consent] = await sql<Consent[]>`
    select version, channel, note, recorded_by as "recordedBy", given_at as "givenAt"
    from consents where customer_id = ${customerId} and purpose = ${purpose} and withdrawn_at is null`
  return consent ?? null
}

/** Whether a customer may be sent advertising now, as a condition of a query: `customerId` is a column of it. */
export const mayBeAdvertisedTo = (sql: Sql | Tx, customerId: Fragment) => sql`exists (
  select from consents
  where consents.customer_id = ${customerId} and purpose = 'advertising' and withdrawn_at is null)`
