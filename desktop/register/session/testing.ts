import type { KnownCustomer } from '../../../shared/bridge.ts'
import type { Accepted, HeardOutcome, HeardRefusal, Outcome } from '../../../shared/operation.ts'
import { bookOfBase, settingsSchema } from '../../../shared/programme.ts'
import { writeSignedCode } from '../../../shared/signedCode.ts'
import { type Effect, type Event, emptySession, type OpenSale, type Session } from './state.ts'
import { step } from './step.ts'
import type { World } from './world.ts'

export const world: World = {
  settings: settingsSchema.parse({}),
  operationFields: ['cashier', 'typed', 'items'],
  book: bookOfBase({}),
  storeId: 1,
  now: Date.parse('2025-12-07T12:00:00.000Z'),
  isOnline: true,
  isExchangeReady: true,
  is1cHeard: true,
  isExchangeWritable: true,
  hasOpenRedemption: false,
  isUnsettled: () => false,
}

export const anna: KnownCustomer = {
  card: '654321',
  firstName: 'Анна',
  available: 500,
  debt: 0,
  expiresNext: null,
  code: null,
  status: 'active',
  source: 'cloud',
  asOf: 0,
}

export const saleOf = (purchaseKopecks: number, id = 1): OpenSale => ({
  id,
  purchaseKopecks,
  receipt: null,
  source: '1c',
  key: `key-${id}`,
  protocol: 1,
})

export const accepted = (change: Partial<Accepted> = {}): Outcome => ({
  id: 'op',
  kind: 'earn',
  status: 'accepted',
  replay: false,
  earned: 40,
  spent: 0,
  customer: { card: '654321', firstName: 'Анна', available: 540, held: 0, debt: 0, expiresNext: null },
  ...change,
})

export const refused = (code: HeardRefusal['code'], details: HeardRefusal['details'] = {}): HeardOutcome => ({
  id: 'op',
  kind: 'earn',
  status: 'refused',
  replay: false,
  code,
  message: '',
  details,
})

/** What a session is after events, and what the last of them asked to be done. */
export function play(events: Event[], { from = emptySession, in: around = world } = {}) {
  let session: Session = from
  let effects: Effect[] = []
  let refused: string | null = null
  for (const event of events) {
    const next = step(session, event, around)
    refused = 'refused' in next ? next.refused : null
    effects = 'refused' in next ? [] : next.effects
    if ('session' in next) session = next.session
  }
  return { session, effects, refused }
}

/** A text that claims to be the code of a card; whether it is genuine is not for the session to say. */
export const codeOf = (card: string, id = 1) =>
  writeSignedCode({ id: String(id).padStart(16, '0'), card, expiresAt: 60_000 }, () => new Uint8Array(64))

export const search: Event[] = [
  { type: 'search', id: 7, code: '654321' },
  { type: 'found', searchId: 7, customer: anna },
]
export const ready: Event[] = [{ type: 'sale', sale: saleOf(100_000) }, ...search]
const tap = { id: 'op', purchaseKopecks: 100_000, confirmDuplicate: false }
export const earn = { type: 'earn', ...tap } as const
export const redeem = { type: 'redeem', ...tap, points: 200 } as const
export const committed: Event = { type: 'committed', id: 'op' }
export const offered: Event = { type: 'offered', id: 'op', deadlineAt: 5000 }
