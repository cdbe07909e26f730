import type { Snapshot } from '../../shared/bridge.ts'
import type { Outbox } from './outbox/outbox.ts'

/** What an engineer needs to know of this register, without anybody's name or card. */
export function diagnosticsOf({ snapshot, outbox }: { snapshot: Snapshot; outbox: Outbox }) {
  const { customer: _, search: __, notFound: ___, act, recent, parked, ...rest } = snapshot
  return {
    ...rest,
    act: act && { ...act, firstName: undefined },
    recent: recent.map(anonymous),
    parked: parked.map(anonymous),
    redemptions: outbox.redemptions.open(),
  }
}

function anonymous<T extends { card: string | null; firstName: string | null }>(row: T) {
  const { card, firstName: _, ...rest } = row
  return { ...rest, card: card && `…${card.slice(-2)}` }
}
