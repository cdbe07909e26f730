import type { KnownCustomer, Snapshot, Success, VoucherOffer } from '../../../shared/bridge.ts'
import type { Display, DisplayState, Done, Scene, Wallet } from '../../../shared/display.ts'
import { lastDayOf } from '../../../shared/lastDay.ts'

/** The page on which customers see their side of the till. A shell that can show it brings one. */
export interface DisplayLink {
  state(): DisplayState
  subscribe(listener: () => void): void
}

type PossibleVoucher = Extract<VoucherOffer, { isPossible: true }>

/** The part of the screen that the customer sees. A field that is not named here stays on the cashier's side. */
export function displayOf(snapshot: Snapshot): Display {
  const { language, brand, colour, theme, hasMotion } = snapshot.preferences
  return {
    version: snapshot.version,
    look: { language, brand, colour, theme, hasMotion },
    joinUrl: snapshot.joinUrl,
    scene: sceneOf(snapshot),
  }
}

function sceneOf({ act, customer, sale, offer, timeZone, supportContact }: Snapshot): Scene {
  if (act?.type === 'processing') return { type: 'working', kind: act.kind }
  if (act?.type === 'success') return { type: 'done', ...doneOf(act) }
  if (act?.type === 'error')
    return { type: 'failed', kind: act.kind, fate: act.fate, ...(act.voucher && { hasVoucher: true }) }
  if (!customer) return { type: 'idle' }
  if (customer.status === 'frozen')
    return { type: 'frozen', supportContact, isProgrammeFrozen: customer.isProgrammeFrozen === true }
  const wallet = walletOf(customer, timeZone)
  if (!sale || !offer) return { type: 'customer', ...wallet }
  const { earned, isSure } = offer.earn
  return {
    type: 'sale',
    ...wallet,
    purchaseKopecks: sale.purchaseKopecks,
    earn: { earned, isSure },
    redeem: offer.redeem.isPossible ? offer.redeem.choice : null,
    ...(offer.voucher?.isPossible && { voucher: voucherOf(offer.voucher) }),
  }
}

function voucherOf(offer: PossibleVoucher) {
  const { title, alone, maxPoints } = offer
  const { points, paidKopecks, earned, isSure, remains, discountRubles } = offer
  const together = { points, paidKopecks, earned, isSure, remains, discountRubles }
  return { title, alone, together: maxPoints > 0 ? together : null }
}

function walletOf({ firstName, available, expiresNext }: KnownCustomer, timeZone: string): Wallet {
  const expires = expiresNext && {
    points: expiresNext.points,
    lastDay: lastDayOf(Date.parse(expiresNext.at), timeZone),
  }
  return { firstName, available, expiresNext: expires }
}

function doneOf({
  kind,
  paidKopecks,
  spent,
  earned,
  repaid,
  available,
  debt,
  isQueued,
  isSure,
  voucher,
}: Success): Done {
  const moved = { kind, spent, earned, isQueued, ...(isSure === false && { isSure }) }
  return kind === 'refund'
    ? { ...moved, repaid: 0, paidKopecks: null, available: null, debt: 0 }
    : {
        ...{ ...moved, repaid, paidKopecks, available, debt },
        ...(voucher && { voucher: { title: voucher.title, kopecks: voucher.kopecks } }),
      }
}
