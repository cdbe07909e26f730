import { consentVersion } from '../../shared/consent.ts'
import { type Instant, toIso } from '../../shared/time.ts'
import type { Sql, Tx } from '../database/connect.ts'

/** Where a person said yes to the present text. */
export type ConsentGiven =
  | { channel: 'bot' | 'mini_app' }
  /** As staff wrote it down, such as where the paper lies. */
  | { channel: 'staff'; note: string }

export interface Consent {
  version: string
  channel: ConsentGiven['channel'] | 'telegram'
  note: string | null
  recordedBy: string
  givenAt: Instant
}

/** False where one is in force already. */
export async function recordConsent(
  sql: Tx,
  { customerId, given, who, now }: { customerId: number; given: ConsentGiven; who: string; now: Instant },
): Promise<boolean> {
  const note = given.channel === 'staff' ? given.note : null
  const { count } = await sql`
    insert into consents (customer_id, version, channel, note, recorded_by, given_at)
    values (${customerId}, ${consentVersion}, ${given.channel}, ${note}, ${who}, ${toIso(now)})
    on conflict (customer_id) where withdrawn_at is null do nothing`
  return count === 1
}

/** Erasing withdraws them, and leaves of each that it was given and when, to no customer's account. */
export async function withdrawConsents(sql: Tx, customerId: number, now: Instant): Promise<void> {
  await sql`
    update consents set withdrawn_at = coalesce(withdrawn_at, ${toIso(now)}), customer_id = null, note = null
    where customer_id = ${customerId}`
}

export async function readConsent(sql: Sql | Tx, customerId: number): Promise<Consent | null> {
  const [consent] = await sql<Consent[]>`
    select version, channel, note, recorded_by as "recordedBy", given_at as "givenAt"
    from consents where customer_id = ${customerId} and withdrawn_at is null`
  return consent ?? null
}
