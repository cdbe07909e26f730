import type { ParkedOperation, Snapshot } from '../../../shared/bridge.ts'
import type { Outbox } from '../outbox/outbox.ts'
import type { RegisterError } from './latestErrors.ts'

/** The file goes over the line too: a register with thousands of parked operations shows the first ones. */
const PARKED_SHOWN = 50

interface Facts {
  snapshot: Snapshot
  outbox: Outbox
  errors: RegisterError[]
}

/** What an engineer needs to know of this register, without the name or the card of a customer. */
export function diagnosticsOf({ snapshot, outbox, errors }: Facts) {
  const { customer: _, search: __, notFound: ___, act, recent, ...shown } = snapshot
  const { waiting, parked, handedOver, joined, merge, voucher, display, ...rest } = shown
  return {
    ...rest,
    joined: joined.length,
    merge: merge?.state,
    // The code is left out: its reader could use the voucher.
    voucher: voucher?.state,
    // Its links have a token in them.
    display: display && { ...display, links: undefined },
    act: act && { ...act, firstName: undefined, ...('details' in act && withoutCard(act)) },
    recent: recent.map(anonymous),
    waiting: waiting.map(anonymous),
    parked: parked.slice(0, PARKED_SHOWN).map(anonymousParked),
    handedOver: handedOver.map(anonymousParked),
    parkedInAll: parked.length,
    redemptions: outbox.redemptions.open(),
    errors,
  }
}

/** A refusal may name an unknown card in its details. */
function withoutCard({ details: { card: _, ...details } }: { details: Record<string, unknown> }) {
  return { details }
}

const anonymousParked = (row: ParkedOperation) => ({ ...anonymous(row), ...withoutCard(row) })

function anonymous<T extends { card: string | null; firstName: string | null }>(row: T) {
  const { card, firstName: _, ...rest } = row
  return { ...rest, card: card && `…${card.slice(-2)}` }
}
