import type { ExchangeState, JoinedCustomer, MergeShown, Notice, Snapshot } from '../../../shared/bridge.ts'
import type { DisplayState } from '../../../shared/display.ts'
import { defaultProgramme } from '../../../shared/programme.ts'
import { MINUTE } from '../../../shared/time.ts'
import type { UpdateState } from '../../../shared/update.ts'
import { offerOf } from '../session/offer.ts'
import { phaseOf, type Session } from '../session/state.ts'
import { voucherShown } from '../session/voucher.ts'
import type { World } from '../session/world.ts'
import { type Settings, timeZoneOf } from '../settings/settings.ts'
import type { LineState } from '../sync/line.ts'
import type { JournalView } from './journalView.ts'

/** A clock that is further off than this is a warning to the cashier, long before the ledger refuses. */
const FAR_OFF_MS = 2 * MINUTE

export interface Facts {
  version: string
  session: Session
  world: World
  settings: Settings
  exchange: ExchangeState
  is1cHeard: boolean
  /** Null until the register is enrolled. */
  line: LineState | null
  depth: { queued: number; oldestAt: number | null }
  lists: JournalView['lists']
  joined: JoinedCustomer[]
  update: UpdateState | null
  display: DisplayState | null
  notices: Notice[]
}

/** Everything a screen may show, from everything the register knows. */
export function snapshotOf(facts: Facts): Snapshot {
  const { session, settings, line, world } = facts
  const { sale, customer, act, search } = session
  const offsetMs = line?.offsetMs ?? null
  return {
    version: facts.version,
    phase: phaseOf(session),
    sale: sale && { purchaseKopecks: sale.purchaseKopecks, receipt: sale.receipt, source: sale.source },
    isAmountNew: session.isAmountNew,
    search: search && { code: search.code },
    notFound: session.notFound,
    customer,
    offer:
      sale &&
      customer &&
      offerOf({ sale, customer, chosen: session.chosen, voucher: session.voucher }, world),
    voucher: voucherShown(session),
    merge: mergeShown(session),
    act,
    register: settings.known && { id: settings.known.register.id, name: settings.known.register.name },
    store: settings.known?.store ?? null,
    programme: settings.known?.programme ?? defaultProgramme,
    supportContact: settings.known?.supportContact ?? null,
    joinUrl: settings.known?.joinHereUrl ?? settings.known?.joinUrl ?? null,
    joined: facts.joined,
    timeZone: timeZoneOf(settings.known),
    exchange: facts.exchange,
    is1cHeard: facts.is1cHeard,
    cloud: {
      line: line?.line ?? 'not_enrolled',
      since: line?.since ?? 0,
      queued: facts.depth.queued,
      oldestAt: facts.depth.oldestAt,
    },
    clock: { offsetMs, isFarOff: offsetMs !== null && Math.abs(offsetMs) > FAR_OFF_MS },
    ...facts.lists,
    settings: {
      cloudUrl: settings.cloudUrl,
      exchangeFolder: settings.exchangeFolder,
      hasPin: settings.pin !== null,
      display: settings.display,
    },
    preferences: settings.preferences,
    display: facts.display,
    update: facts.update,
    notices: facts.notices,
  }
}

function mergeShown({ merging, customer }: Session): MergeShown | null {
  if (!merging || !customer) return null
  if (merging.state !== 'offered') return { card: customer.card, ...merging }
  const { state, phone, plastic } = merging
  return { state, card: phone.card, otherCard: plastic.card }
}
