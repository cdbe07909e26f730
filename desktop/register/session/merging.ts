import type { KnownCustomer } from '../../../shared/bridge.ts'
import type { HeardOutcome } from '../../../shared/operation.ts'
import { SECOND } from '../../../shared/time.ts'
import { type Session, stay, type Transition } from './state.ts'
import type { World } from './world.ts'

/** So long the screen says that it asks; after that the merge waits in the queue like any operation. */
const MERGE_PATIENCE_MS = 3 * SECOND

/** Two cards that were shown one after the other, and what became of the question whether they are one person's. */
export type Merging =
  | { state: 'offered'; phone: KnownCustomer; plastic: KnownCustomer }
  | { state: 'asked' | 'queued' | 'done'; id: string; otherCard: string }
  | { state: 'refused'; otherCard: string; code: string; message: string; details: Record<string, unknown> }

type Pair = { card: string; otherCard: string }

/** A code of a phone says so itself; of a card the cloud does. */
const isPhone = ({ code, inTelegram }: KnownCustomer) => code !== null || inTelegram === true

/**
 * Whether the till asks «is this one person?»: a plastic card was shown and then a phone, or the other way round.
 * The question comes once for the same two cards, and the sale of the customer goes on meanwhile.
 */
export function offerMerge(
  { merging, notOne }: Session,
  { before, customer }: { before: KnownCustomer | null; customer: KnownCustomer },
  { operationFields }: Pick<World, 'operationFields'>,
): Merging | null {
  if (merging && merging.state !== 'offered') return merging
  if (!before || before.card === customer.card || !operationFields.includes('merge')) return null
  if (before.status !== 'active' || customer.status !== 'active') return null
  if (isPhone(before) === isPhone(customer)) return null
  const [phone, plastic] = isPhone(customer) ? [customer, before] : [before, customer]
  const isAnswered = notOne?.card === phone.card && notOne.otherCard === plastic.card
  return isAnswered ? null : { state: 'offered', phone, plastic }
}

/** Who has the phone stays on the screen: their card is the one that goes on. */
export function merge(session: Session, tap: Pair & { id: string }): Transition {
  const offered = offeredFor(session, tap)
  if (!offered) return { refused: 'no_customer' }
  if (session.act) return { refused: 'busy' }
  const { id } = tap
  const { phone, plastic } = offered
  const { card } = phone
  return {
    session: { ...session, customer: phone, merging: { state: 'asked', id, otherCard: plastic.card } },
    effects: [{ type: 'commit_merge', id, card, otherCard: plastic.card, firstName: phone.firstName }],
  }
}

export function keepApart(session: Session, tap: Pair): Transition {
  if (!offeredFor(session, tap)) return stay(session)
  const { card, otherCard } = tap
  return stay({ ...session, merging: null, notOne: { card, otherCard } })
}

function offeredFor({ merging }: Session, { card, otherCard }: Pair) {
  const isSeen =
    merging?.state === 'offered' && merging.phone.card === card && merging.plastic.card === otherCard
  return isSeen ? merging : null
}

/** News of the merge that the screen shows; null: it is about something else. */
export function onMerge(
  session: Session,
  event:
    | { type: 'committed'; id: string }
    | { type: 'commit_failed'; id: string; code: string }
    | { type: 'outcome'; id: string; outcome: HeardOutcome }
    | { type: 'patience_over'; id: string },
  { isOnline }: Pick<World, 'isOnline'>,
): Transition | null {
  const { merging } = session
  if (!merging || !('id' in merging) || merging.id !== event.id) return null
  const { id, otherCard } = merging
  const become = (next: Merging) => stay({ ...session, merging: next })
  switch (event.type) {
    case 'committed':
      if (!isOnline) return become({ state: 'queued', id, otherCard })
      return { session, effects: [{ type: 'be_patient', id, stage: 'asking', ms: MERGE_PATIENCE_MS }] }
    case 'patience_over':
      return merging.state === 'asked' ? become({ state: 'queued', id, otherCard }) : stay(session)
    case 'commit_failed':
      return become({ state: 'refused', otherCard, code: event.code, message: '', details: {} })
    case 'outcome': {
      const { outcome } = event
      if (outcome.status === 'refused') {
        const { code, message, details } = outcome
        return become({ state: 'refused', otherCard, code, message, details })
      }
      return stay({ ...withPoints(session, outcome), merging: { state: 'done', id, otherCard } })
    }
  }
}

/** The customer who stands there has the points of both cards now. */
function withPoints(session: Session, { customer }: HeardOutcome & { status: 'accepted' }): Session {
  const before = session.customer
  if (before?.card !== customer.card) return session
  const { available, debt, expiresNext, waiting } = customer
  return { ...session, customer: { ...before, available, debt, expiresNext, waiting } }
}
