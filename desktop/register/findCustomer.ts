import type { KnownCustomer } from '../../shared/bridge.ts'
import { cardOfCode } from '../../shared/card.ts'
import type { Instant } from '../../shared/time.ts'
import type { Connection } from './connection.ts'
import type { Event } from './session/state.ts'
import type { CopiedCustomer } from './sync/customerCopy.ts'

/**
 * Who shows this code? The cloud knows; where it does not answer, the copy does, and where that has nobody,
 * points may still be earned on the card's number. While the line is known to be down the copy answers at
 * once, and the cloud, should it be back, after it.
 */
export async function findCustomer(
  { searchId, code }: { searchId: number; code: string },
  {
    connection,
    now,
    tell,
  }: { connection: Connection | null; now: () => Instant; tell: (event: Event) => void },
): Promise<void> {
  const card = cardOfCode(code)
  if (card === null) return tell({ type: 'not_found', searchId, reason: 'not_a_card' })
  if (!connection) return tell({ type: 'not_found', searchId, reason: 'cloud_away' })

  const isDown = connection.state().line === 'offline'
  if (isDown) tell({ type: 'found', searchId, customer: fromCopy(card, connection.find(card)) })
  const askedAt = now()
  const reply = await connection.client.customer(code, connection.signal)
  if (connection.signal.aborted) return
  if (reply.ok) {
    connection.remember(reply.value.customer, askedAt)
    const customer: KnownCustomer = { ...viewOf(reply.value.customer), source: 'cloud', asOf: now() }
    return tell({ type: 'found', searchId, customer })
  }
  if (reply.code === 'customer_not_found') {
    return tell({ type: 'not_found', searchId, reason: 'customer_not_found' })
  }
  if (!isDown) tell({ type: 'found', searchId, customer: fromCopy(card, connection.find(card)) })
}

function viewOf({ card, firstName, available, debt, expiresNext }: Omit<KnownCustomer, 'source' | 'asOf'>) {
  return { card, firstName, available, debt, expiresNext }
}

function fromCopy(card: string, copied: CopiedCustomer | null): KnownCustomer {
  return {
    card,
    firstName: copied?.firstName ?? null,
    available: copied?.available ?? null,
    debt: 0,
    expiresNext: null,
    source: copied ? 'copy' : 'unknown',
    asOf: copied?.asOf ?? null,
  }
}
