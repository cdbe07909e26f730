import { RegisterGone, type RunningRegister } from '../desktop/register/rig/running.ts'
import { type Clock, pause } from '../desktop/register/time/clock.ts'
import type { Failure, Snapshot, Success } from '../shared/bridge.ts'
import type { Notes, Promised, TapName } from './notes.ts'
import type { OneC } from './oneC.ts'
import type { SalePlan } from './plan.ts'

export interface Desk {
  register: RunningRegister
  clock: Clock
  oneC: OneC
  notes: Notes
  /** The first tap of the sale has been made. */
  onTap: () => void
}

const MOST_TAPS = 4
/** The states in which 1C can be met: a file that cannot be read is said on the screen, and 1C writes it anew. */
const SEEN: readonly string[] = ['ok', 'alert', 'unwritable']

/** Serves one customer by what the screen shows, as a person does. */
export async function serve(sale: SalePlan, desk: Desk): Promise<void> {
  const { notes } = desk
  if (sale.isScannedFirst || !sale.oneC) await scan(sale, desk)
  await enterAmount(sale, desk)
  if (!sale.isScannedFirst && sale.oneC) await scan(sale, desk)
  if (!desk.register.snapshot().customer) return notes.happened.add('nobody')
  if (sale.wish === 'redeem' && sale.isInNoHurry) await waitForNetwork(sale, desk)
  await showCode(sale, desk)
  await transact(sale, desk, sale.wish)
  if (sale.twist === 'tries_again') await tryAgain(sale, desk)
}

/**
 * After a kill, sells what is still for sale for points, if the customer is still there. An amount that lies in the
 * folder since an earlier receipt of 1C is not this customer's.
 */
export async function resume(sale: SalePlan, desk: Desk): Promise<void> {
  const { sale: shown } = desk.register.snapshot()
  if (shown?.receipt !== sale.oneC?.receipt || shown?.purchaseKopecks !== sale.purchaseKopecks) return
  desk.notes.happened.add('resumed')
  await scan(sale, desk)
  if (!desk.register.snapshot().customer) return
  await showCode(sale, desk)
  await transact({ ...sale, twist: 'none' }, desk, 'earn')
}

/** Undoes one of the sales that the screen lists. */
export async function undo(sale: SalePlan, desk: Desk): Promise<void> {
  const { register, notes } = desk
  const undoable = register.snapshot().recent.filter(({ isRefundable }) => isRefundable)
  const chosen = undoable[Math.floor(sale.share * (undoable.length - 1))]
  if (!chosen) return
  const before = register.snapshot().act?.operationId
  const isTaken = await tapped('refund', desk, register.call('refund', { operationId: chosen.id }))
  if (!isTaken) return
  const act = await ended(desk, before)
  if (act.type === 'success') notes.happened.add('undone')
  await register.call('cancel', {})
}

/** Waits until nothing of the register is under way that the next sale could meet. */
export async function settled({ register }: Pick<Desk, 'register'>): Promise<void> {
  await register.until(
    'rest',
    ({ phase, recent, exchange }) =>
      phase !== 'processing' &&
      SEEN.includes(exchange.state) &&
      recent.every(({ state }) => state !== 'open'),
  )
}

/**
 * A customer who shows an older card too is asked whether both cards are one person's, and says yes. The till also asks
 * it where the next customer comes while the one before is still on the screen, and those are two people.
 */
async function scan(sale: SalePlan, desk: Desk): Promise<void> {
  const { register, notes } = desk
  if (sale.older !== null) await show(sale.older, desk)
  await show(sale.isQr ? `99${sale.card}` : sale.card, desk)
  const { merge } = register.snapshot()
  if (merge?.state !== 'offered') return
  const { card, otherCard } = merge
  if (sale.older === null) {
    await register.call('keepApart', { card, otherCard })
    return
  }
  const { ok } = await register.call('merge', { card, otherCard })
  if (ok) notes.happened.add('merged')
}

/** Shows a card. An old number finds the customer for whom it stands. */
async function show(code: string, { register }: Desk): Promise<void> {
  await register.call('findCustomer', { code })
  await register.until(`the customer of ${code}`, ({ search, customer, notFound }) =>
    Boolean(!search && (notFound || customer)),
  )
}

/** The voucher is shown to the customer as the till knows it; one that is not good is put aside. */
async function showCode({ code }: SalePlan, desk: Desk): Promise<void> {
  const { register, notes } = desk
  if (code === null) return
  const { ok } = await register.call('showVoucher', { code })
  if (!ok) return
  notes.happened.add('code_shown')
  const { offer } = await register.until(
    `what ${code} gives`,
    ({ offer }) => !offer || offer.voucher !== undefined,
  )
  if (offer?.voucher?.isPossible) notes.happened.add('code_good')
  else await dropCode(desk)
}

async function dropCode({ register, notes }: Desk): Promise<void> {
  const { ok } = await register.call('dropVoucher', {})
  if (ok) notes.happened.add('code_dropped')
}

/** Spending needs the network; with it back, the balance must be asked for anew. */
async function waitForNetwork(sale: SalePlan, desk: Desk): Promise<void> {
  const { register } = desk
  const { redeem } = register.snapshot().offer ?? {}
  if (!redeem || redeem.isPossible) return
  if (redeem.reason !== 'cloud_away' && redeem.reason !== 'balance_not_current') return
  const end = new AbortController()
  const online = register.until('the network', ({ cloud }) => end.signal.aborted || cloud.line === 'online')
  await Promise.race([online, pause(desk.clock, sale.patienceMs)])
  end.abort()
  await scan(sale, desk)
}

async function enterAmount(sale: SalePlan, { register, oneC }: Desk): Promise<void> {
  const { purchaseKopecks } = sale
  if (sale.oneC) {
    const { receipt } = sale.oneC
    await oneC.open()
    await register.until(
      `the amount ${purchaseKopecks} of ${receipt}`,
      ({ sale }) => sale?.purchaseKopecks === purchaseKopecks && sale.receipt === receipt,
    )
  } else {
    await register.until('no amount', ({ sale }) => sale === null)
    await register.call('typeAmount', { purchaseKopecks })
  }
}

async function transact(sale: SalePlan, desk: Desk, first: SalePlan['wish']): Promise<void> {
  const { register, notes } = desk
  let wish = first
  let confirmDuplicate = false
  for (let taps = 0; taps < MOST_TAPS; taps += 1) {
    const seen = register.snapshot()
    if (!seen.sale || !seen.offer || desk.oneC.isClosed()) return
    const act = await tap(taps === 0 ? sale : { ...sale, twist: 'none' }, desk, {
      seen,
      wish,
      confirmDuplicate,
    })
    if (act?.type === 'success') return notes.happened.add('served')
    if (act?.fate === 'held') return
    if (act?.code === 'duplicate_transaction') {
      notes.happened.add('confirmed_duplicate')
      confirmDuplicate = true
    } else if (act) {
      if (sale.afterFailure === 'leave') return
      if (sale.afterFailure !== 'earn') continue
      wish = 'earn'
      if (seen.offer.voucher) await dropCode(desk)
    }
  }
}

/** Null where the register did not take the tap, because what it shows has changed meanwhile. */
async function tap(
  sale: SalePlan,
  desk: Desk,
  { seen, wish, confirmDuplicate }: { seen: Snapshot; wish: SalePlan['wish']; confirmDuplicate: boolean },
): Promise<Success | Failure | null> {
  const { register } = desk
  const amount = { purchaseKopecks: seen.sale?.purchaseKopecks ?? 0, confirmDuplicate }
  const spent = spentOn(seen, sale, wish)
  const press = () =>
    spent
      ? tapped('redeem', desk, register.call('redeem', { ...amount, ...spent }))
      : tapped('earn', desk, register.call('earn', amount))

  const before = seen.act?.operationId
  const presses = sale.twist === 'taps_twice' ? [press(), press()] : [press()]
  desk.onTap()
  const taken = await Promise.all(presses)
  const made = taken.filter(Boolean).length
  if (made === 0) return null
  // Where the disk has not taken the first press, the second is pressed once more; it is one tap.
  desk.notes.taps[spent ? 'redeem' : 'earn'] -= made - 1
  const over = ended(desk, before)
  if (spent) await Promise.all([over, interfere(sale, desk, over)])
  const act = await over
  const promised = promisedBy(seen, spent)
  if (promised) desk.notes.promised.set(act.operationId, promised)
  return act
}

interface Spent {
  points: number
  withVoucher: boolean
}

/** The discount of the receipt by the offer of the screen; null: none, and the purchase only earns. */
function spentOn({ offer }: Snapshot, { share }: SalePlan, wish: SalePlan['wish']): Spent | null {
  const voucher = offer?.voucher?.isPossible ? offer.voucher : null
  if (voucher) return { points: wish === 'redeem' ? Math.ceil(share * voucher.points) : 0, withVoucher: true }
  if (wish === 'earn' || !offer?.redeem.isPossible) return null
  return { points: Math.max(1, Math.ceil(share * offer.redeem.maxPoints)), withVoucher: false }
}

/** The points that the screen promised for sure at the tap. */
function promisedBy({ offer, customer }: Snapshot, spent: Spent | null): Promised | null {
  const asOf = customer?.asOf ?? null
  if (!offer || asOf === null) return null
  const by = { bookVersion: offer.bookVersion, asOf }
  if (spent === null) return offer.earn.isSure ? { earned: offer.earn.earned, ...by } : null
  const choice = spent.withVoucher ? offer.voucher : offer.redeem.isPossible ? offer.redeem.choice : null
  const isShown = choice && 'earned' in choice && choice.isSure && choice.points === spent.points
  return isShown ? { earned: choice.earned, ...by } : null
}

/** Whether the register took the tap. */
async function tapped(name: TapName, { notes }: Desk, reply: Promise<{ ok: boolean }>): Promise<boolean> {
  try {
    const { ok } = await reply
    if (ok) notes.taps[name] += 1
    else notes.happened.add('tap_refused')
    return ok
  } catch (error) {
    if (error instanceof RegisterGone) notes.lostTaps[name] += 1
    throw error
  }
}

/** The success or failure that the screen shows in the end of an operation other than `before`. */
async function ended({ register }: Desk, before: string | undefined): Promise<Success | Failure> {
  const isOver = ({ act }: Snapshot) =>
    act !== null && act.operationId !== before && act.type !== 'processing'
  const { act } = await register.until('the end of an operation', isOver)
  if (!act || act.type === 'processing') throw new Error('an operation ended without an end')
  return act
}

/** Does what people do while the points of a customer are on their way. */
async function interfere(sale: SalePlan, desk: Desk, over: Promise<unknown>): Promise<void> {
  const { register, oneC, notes } = desk
  const end = new AbortController()
  const stop = () => end.abort()
  over.then(stop, stop)
  const stillOnAfter = async (ms: number) => {
    await pause(desk.clock, ms, end.signal)
    return !end.signal.aborted
  }

  async function cancel(happening: 'cancelled' | 'gave_up_waiting') {
    const reply = await register.call('cancel', {})
    if (reply.ok) notes.happened.add(happening)
  }

  async function loseWait() {
    if (!(await stillOnAfter(sale.patienceMs))) return
    const { act } = register.snapshot()
    if (act?.type === 'processing' && act.stage === 'asking') await cancel('gave_up_waiting')
  }

  async function twist() {
    switch (sale.twist) {
      case 'cancels':
        if (await stillOnAfter(sale.twistAfterMs)) await cancel('cancelled')
        return
      case 'abandons':
        if (!(await stillOnAfter(sale.twistAfterMs))) return
        await oneC.abandon()
        notes.happened.add('abandoned')
        return
      case 'hurries': {
        // Before the discount lies there, the first protocol cannot tell which receipt it is for.
        await Promise.race([oneC.appeared, over])
        if (!(await stillOnAfter(0))) return
        const next = await oneC.hurry()
        notes.happened.add('hurried')
        const isSeen = (snapshot: Snapshot) => snapshot.sale?.receipt === next.receipt
        const { act } = await register.until(`the receipt ${next.receipt}`, isSeen)
        if (act?.type === 'processing' && act.stage === 'offered')
          notes.wrong.push(`stale: on offer still when ${next.receipt} was on the screen`)
        await settled(desk)
        return await oneC.takeNow()
      }
    }
  }
  await Promise.all([loseWait(), twist()])
}

/** Taps once more for the same receipt, which must give points only once. */
async function tryAgain(sale: SalePlan, desk: Desk): Promise<void> {
  await scan(sale, desk)
  const { purchaseKopecks } = sale
  const before = desk.register.snapshot().act?.operationId
  if (await tapped('earn', desk, desk.register.call('earn', { purchaseKopecks }))) await ended(desk, before)
}
