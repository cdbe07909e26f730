import { keepApart, merge, onMerge } from './merging.ts'
import { onSale, onSaleGone, typeAmount } from './openSale.ts'
import { onProgress, updateSuccess } from './progress.ts'
import { found, notFound, search } from './search.ts'
import { type Event, phaseOf, type Session, stay, type Transition } from './state.ts'
import { cancel, choose, earn, redeem, refund } from './taps.ts'
import { askForReturned, askForWaiting, onVoucher } from './voucher.ts'
import { afresh, forget } from './withoutCustomer.ts'
import type { World } from './world.ts'

/** The one place where the session changes: an event in, the next session and what to do about it out. */
export function step(session: Session, event: Event, world: World): Transition {
  const next = transition(session, event, world)
  if ('refused' in next || next.session === session) return next
  const isNewTurn = phaseOf(next.session) !== phaseOf(session) || next.session.act?.type !== session.act?.type
  const turn = isNewTurn || isTouched(event, session) ? session.turn + 1 : session.turn
  return { ...next, session: { ...next.session, turn } }
}

/** Whether a person has done something, which begins the wait anew; a phone that shows its next code to an error has not. */
function isTouched({ type }: Event, { act }: Session): boolean {
  if (type === 'search' || type === 'found') return act === null
  if (type === 'show_voucher' || type === 'price_voucher_item') return true
  return type === 'amount_typed' || type === 'sale' || type === 'choose'
}

function transition(session: Session, event: Event, world: World): Transition {
  switch (event.type) {
    case 'sale':
      return onSale(session, event)
    case 'sale_rewritten':
      return stay(session.sale ? { ...session, sale: { ...session.sale, key: event.key } } : session)
    case 'sale_gone':
      return onSaleGone(session, world)
    case 'amount_typed':
      return typeAmount(session, event)
    case 'search':
      return search(session, event, world)
    case 'found':
      return askForWaiting(found(session, event, world), world)
    case 'not_found':
      return stay(notFound(session, event))
    case 'forget':
      return stay(forget(session, event))
    case 'choose':
      return choose(session, event)
    case 'earn':
      return earn(session, event, world)
    case 'redeem':
      return redeem(session, event, world)
    case 'refund':
      return refund(session, event)
    case 'show_voucher':
    case 'voucher_found':
    case 'voucher_missed':
    case 'drop_voucher':
    case 'price_voucher_item':
      return onVoucher(session, event, world)
    case 'outcome':
      return askForReturned(
        onMerge(session, event, world) ?? onProgress(session, event, world),
        event.outcome,
      )
    case 'merge':
      return merge(session, event)
    case 'keep_apart':
      return keepApart(session, event)
    case 'cancel':
      return cancel(session)
    case 'reset':
      if (event.turn !== session.turn || session.act?.type === 'processing') return stay(session)
      return stay(afresh(session))
    case 'applied':
      return stay(updateSuccess(session, event.redeemId, event.outcome))
    case 'committed':
    case 'commit_failed':
    case 'patience_over':
      return onMerge(session, event, world) ?? onProgress(session, event, world)
    default:
      return onProgress(session, event, world)
  }
}
