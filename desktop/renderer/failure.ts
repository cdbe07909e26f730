import type {
  CommandRefusal,
  Failure,
  FailureCode,
  KnownCustomer,
  MergeShown,
  NoVoucher,
  ParkedOperation,
  Snapshot,
} from '../../shared/bridge.ts'
import { known } from '../../shared/known.ts'
import { proofProblems } from '../../shared/signedCode.ts'
import { voucherProblems } from '../../shared/voucherCode.ts'
import { type FailureFacts, mergeReasons } from './texts/facts.ts'
import type { Texts } from './texts.ts'

export interface Sentences {
  what: string
  points: string
  next: string
}

/** What happened, what happened to the points, what to do next. */
export function sentencesOf(failure: Failure, texts: Texts, support: string | null = null): Sentences {
  const { code, kind, fate, points, message, voucher } = failure
  const about = known(texts.failures, code)
  const facts = { ...factsOf(failure), support }
  const { what, next, nextWhenHeld } = about ?? texts.newReason
  return {
    what: about ? what(facts) : texts.newReason.told(message ?? code),
    // Of one that is refused nothing was ever taken.
    points: texts.fates[fate][kind](points, voucher !== undefined && code !== 'voucher_refused'),
    next: fate === 'held' && nextWhenHeld ? nextWhenHeld : next(facts),
  }
}

/** Of a card that can do nothing: said before anybody tries. */
export function sentencesOfFrozen(
  texts: Texts,
  { isProgrammeFrozen = false }: Pick<KnownCustomer, 'isProgrammeFrozen'>,
  support: string | null,
): Sentences {
  const { what, next } = texts.failures.customer_frozen
  const facts = { ...factsOf({ details: { isProgrammeFrozen }, points: 0 }), support }
  const points = isProgrammeFrozen ? texts.programmeFrozen : texts.noRedemption.card_frozen
  return { what: what(facts), points, next: next(facts) }
}

/** Why an operation was not done, in a few words. */
export function reasonOf({ code, message, details, points }: ParkedOperation, texts: Texts): string {
  const about = known(texts.failures, code)
  return about ? about.what(factsOf({ details, points: points ?? 0 })) : texts.newReason.told(message || code)
}

/** Why two cards did not become one, and what to do next. */
export function sentencesOfMerge(
  { code = 'failed', message = '', details = {} }: MergeShown,
  texts: Texts,
  support: string | null,
): Omit<Sentences, 'points'> {
  const { what, next } = known(texts.failures, code) ?? texts.newReason
  const facts = { ...factsOf({ details, points: 0 }), support }
  return {
    what: known(texts.failures, code) ? what(facts) : texts.newReason.told(message || code),
    next: next(facts),
  }
}

/** Why nobody was found. */
export function missOf({ code, reason, message }: NonNullable<Snapshot['notFound']>, texts: Texts): string {
  const sentence = known(texts.idle.notFound, reason)
  return sentence ? sentence(code) : `${texts.newReason.told(message ?? reason)}.`
}

export function sentencesOfRefusal(code: CommandRefusal, texts: Texts): Sentences {
  return { ...(known(texts.refusals, code) ?? texts.refusals.failed), points: texts.refusalPoints }
}

function factsOf({ details, points }: Pick<Failure, 'details' | 'points'>): FailureFacts {
  const number = (value: unknown) => (typeof value === 'number' ? value : null)
  return {
    points,
    available: number(details.available),
    minKopecks: number(details.minKopecks),
    maxKopecks: number(details.maxKopecks),
    maxBalance: number(details.maxBalance),
    error: typeof details.error === 'string' && details.error !== '' ? details.error : null,
    support: null,
    isProgrammeFrozen: details.isProgrammeFrozen === true,
    proof: proofProblems.find((problem) => problem === details.reason) ?? null,
    voucher: voucherProblems.find((problem) => problem === details.reason) ?? null,
    merge: mergeReasons.find((reason) => reason === details.reason) ?? null,
  }
}

/** Why a voucher does nothing for a sale, in the words for a refusal of it where there are any. */
export function sentenceOfVoucher(
  reason: NoVoucher,
  { minKopecks }: { minKopecks?: number | undefined },
  texts: Texts,
): string {
  const about = known(texts.vouchers, reason)
  if (about) return `${about.what(factsOf({ details: { minKopecks }, points: 0 }))}. ${about.next}`
  return known(texts.noRedemption, reason) ?? texts.voucher.newReason
}

/** What the screen offers after a failure: the main way on, and whether earning alone is another. */
export interface WayOn {
  main: 'confirm_duplicate' | 'retry' | 'choose' | 'back'
  canEarnOnly: boolean
}

/** A second purchase and spending have keys of their own; Enter, often pressed from habit, confirms what has one meaning. */
export function keyOfWay({ main }: WayOn, kind: Failure['kind']): 'enter' | 'f2' | 'f3' {
  if (kind === 'redeem' && (main === 'retry' || main === 'confirm_duplicate')) return 'f3'
  return main === 'confirm_duplicate' ? 'f2' : 'enter'
}

/** The same sale, tried again as it is, may go through. */
const passing = new Set<FailureCode>([
  'id_reused',
  'clock_out_of_range',
  'too_many_holds',
  'cloud_away',
  'not_taken',
  'refused_by_1c',
  'folder_busy',
  'not_written',
  'failed',
])

/** With other points it may; the cashier chooses again. */
const choosing = new Set<FailureCode>([
  'over_discount_limit',
  'below_minimum',
  'insufficient_points',
  'cancelled',
])

/** Earning is no way on where it would fail for the same reason, or where the discount may yet be in the receipt. */
const hopeless = new Set<FailureCode>([
  'malformed',
  'customer_not_found',
  'customer_frozen',
  'amount_out_of_range',
  'clock_out_of_range',
  'duplicate_transaction',
  'sale_changed',
])

export function wayOnFrom(
  failure: Failure,
  { customer, sale, offer }: Pick<Snapshot, 'customer' | 'sale' | 'offer'>,
): WayOn {
  const { code, kind, fate, points, purchaseKopecks, voucher } = failure
  const isSameSale = customer !== null && sale?.purchaseKopecks === purchaseKopecks
  if (kind === 'refund' || !isSameSale || fate === 'held') return { main: 'back', canEarnOnly: false }
  if (code === 'duplicate_transaction') return { main: 'confirm_duplicate', canEarnOnly: false }
  if (kind === 'earn') return { main: passing.has(code) ? 'retry' : 'back', canEarnOnly: false }

  const canEarnOnly = !hopeless.has(code)
  const way = voucher ? offer?.voucher : offer?.redeem
  const canRedeem = way?.isPossible === true
  if (canRedeem && !voucher && choosing.has(code)) return { main: 'choose', canEarnOnly }
  const canRetry = canRedeem && points <= way.maxPoints && passing.has(code)
  return { main: canRetry ? 'retry' : 'back', canEarnOnly }
}
