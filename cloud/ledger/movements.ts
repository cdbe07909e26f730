import { type Award, lifeOf } from '../../shared/rules/quote.ts'
import type { Instant } from '../../shared/time.ts'
import {
  type Account,
  byClawbackOrder,
  bySpendingOrder,
  type Entry,
  type EntryKind,
  type Hold,
  keyOf,
  type Lot,
  type LotLife,
  type Part,
  type ReturnedPart,
  sum,
} from './account.ts'

type Mark = { holdId?: string; ruleId?: string | null; debt?: number }

/**
 * The movements of one operation, written over an account that itself stays as it is.
 * Opening them writes off the dead lots they meet, so that every lot a rule sees is alive.
 */
export function openMovements(account: Account, now: Instant) {
  const touched = new Map<string, Lot>()
  const entries: Entry[] = []
  let balance = account.balance
  let debt = account.debt

  /** A copy of the lot that may be changed; the account keeps its own. */
  function lotToChange(life: LotLife): Lot {
    const key = keyOf(life)
    const known = touched.get(key) ?? account.lots.get(key)
    if (!known) throw new Error(`the lot ${key} of customer ${account.customerId} was not loaded`)
    const copy = touched.get(key) ?? { ...known }
    touched.set(key, copy)
    return copy
  }

  /** After a merge was undone, the lot from which a purchase was paid, or into which it earned, may be the other customer's. */
  const isThere = (life: LotLife) => touched.has(keyOf(life)) || account.lots.has(keyOf(life))

  function enter(
    kind: EntryKind,
    lot: LotLife | null,
    points: number,
    { holdId, ruleId, debt: owed = 0 }: Mark = {},
  ) {
    entries.push({
      seq: account.lastEntry + entries.length + 1,
      kind,
      lot: lot && { activeFrom: lot.activeFrom, expiresAt: lot.expiresAt },
      ruleId: ruleId ?? null,
      holdId: holdId ?? null,
      points,
      debt: owed,
      balanceBefore: balance,
    })
    balance += points
    debt += owed
  }

  function filledLots(): Lot[] {
    const lots = [...account.lots].map(([key, lot]) => touched.get(key) ?? lot)
    for (const [key, lot] of touched) if (!account.lots.has(key)) lots.push(lot)
    return lots.filter((lot) => lot.remaining > 0)
  }

  /** Takes up to `most` points of one lot; a debt payment takes as much off the debt. */
  function takeFrom(life: LotLife, kind: EntryKind, most: number, holdId?: string): number {
    const lot = lotToChange(life)
    const points = Math.min(most, lot.remaining)
    if (points === 0) return 0
    lot.remaining -= points
    enter(kind, lot, -points, { ...(holdId && { holdId }), debt: kind === 'debt_payment' ? -points : 0 })
    return points
  }

  function takeInOrder(lots: Lot[], kind: EntryKind, most: number, holdId?: string): Part[] {
    const parts: Part[] = []
    let left = most
    for (const { activeFrom, expiresAt } of lots) {
      if (left === 0) break
      const points = takeFrom({ activeFrom, expiresAt }, kind, left, holdId)
      parts.push({ activeFrom, expiresAt, points })
      left -= points
    }
    return parts
  }

  /** Takes up to `most` points that can be spent, earliest expiry first, then oldest; says what each lot gave. */
  function take(kind: EntryKind, most: number, holdId?: string): Part[] {
    const active = filledLots().filter((lot) => lot.activeFrom <= now)
    return takeInOrder(active.sort(bySpendingOrder), kind, most, holdId)
  }

  /** Takes up to `most` points that are owed; points that cannot be spent yet go first. */
  function takeOwed(kind: 'clawback' | 'adjust' | 'debt_payment', most: number): number {
    return sum(takeInOrder(filledLots().sort(byClawbackOrder(now)), kind, most))
  }

  /** As `lotToChange`; opens the lot where there was none. */
  function lotFor({ activeFrom, expiresAt }: LotLife): Lot {
    const key = keyOf({ activeFrom, expiresAt })
    if (!account.lots.has(key) && !touched.has(key))
      touched.set(key, { activeFrom, expiresAt, points: 0, remaining: 0, expired: 0, forgiven: 0 })
    return lotToChange({ activeFrom, expiresAt })
  }

  function credit(kind: EntryKind, life: LotLife, points: number, mark: Mark = {}) {
    if (points === 0) return
    const lot = lotFor(life)
    lot.points += points
    lot.remaining += points
    enter(kind, life, points, mark)
  }

  function award({ ruleId, points, activeFrom, expiresAt }: Award) {
    credit('earn', { activeFrom, expiresAt }, points, { ruleId })
  }

  /**
   * Gives up to `most` points of a hold back, the last taken first: to the lot they came from or, where that one dies
   * before the end of the next UTC day, to the lot of that day. Points never come back dead.
   */
  function putBack(kind: EntryKind, hold: Hold, most: number): { parts: Part[]; points: number } {
    const parts = hold.parts.map((part) => ({ ...part }))
    const returned = returnedLife(now)
    let left = most
    for (const part of parts.toReversed()) {
      const points = Math.min(left, part.points)
      if (points === 0) continue
      if (part.expiresAt < returned.expiresAt) credit(kind, returned, points, { holdId: hold.id })
      else if (!isThere(part)) credit(kind, part, points, { holdId: hold.id })
      else {
        lotToChange(part).remaining += points
        enter(kind, part, points, { holdId: hold.id })
      }
      part.points -= points
      left -= points
    }
    return { parts: parts.filter((part) => part.points > 0), points: most - left }
  }

  function owe(kind: EntryKind, points: number, holdId?: string) {
    if (points !== 0) enter(kind, null, 0, { ...(holdId && { holdId }), debt: points })
  }

  /**
   * Takes an award or a gift back. First from its own lot, whose expired points are forgiven, each of them once; then from the
   * customer's other lots; the rest becomes debt. When a merge was undone, the own lot may have gone with the other
   * customer: then the other lots pay for all of it. Answers how many points were not forgiven.
   */
  function takeBack(kind: 'clawback' | 'adjust', life: LotLife, points: number): number {
    if (points === 0) return 0
    const isHere = isThere(life)
    const fromOwn = isHere ? takeFrom(life, kind, points) : 0
    const forgiven = isHere ? forgive(life, points - fromOwn) : 0
    const elsewhere = points - fromOwn - forgiven
    owe(kind, elsewhere - takeOwed(kind, elsewhere))
    return points - forgiven
  }

  function forgive(life: LotLife, most: number): number {
    const lot = lotToChange(life)
    const forgiven = Math.min(most, lot.expired - lot.forgiven)
    lot.forgiven += forgiven
    return forgiven
  }

  /** Empties a lot for a merge: the points that are left, those that may be forgiven, and all that were ever credited. */
  function leave(life: LotLife): Part & { forgivable: number; credited: number } {
    const lot = lotToChange(life)
    const { activeFrom, expiresAt, points: credited } = lot
    const forgivable = lot.expired - lot.forgiven
    lot.forgiven = lot.expired
    const points = takeFrom(lot, 'merge_out', lot.remaining)
    return { activeFrom, expiresAt, points, forgivable, credited }
  }

  function leaveDebt(): number {
    const owed = debt
    owe('merge_out', -owed)
    return owed
  }

  /** The other side of `leave`. Spent points are credited too, so that a lot of which nothing is left is known here. */
  function arrive({ points, forgivable, credited, ...life }: ReturnType<typeof leave>): void {
    const lot = lotFor(life)
    lot.points += credited
    lot.remaining += points
    lot.expired += forgivable
    if (points > 0) enter('merge_in', lot, points)
  }

  /**
   * Takes out of a lot what is left of the points that a merge had brought, and of those that may be forgiven. Points that
   * expired meanwhile may be forgiven at home, as if they had never left.
   */
  function giveUp({ points: brought, forgivable: most, expired: died, ...life }: ReturnedPart): ReturnedPart {
    const lot = lotToChange(life)
    const points = takeFrom(life, 'merge_out', Math.min(brought, lot.remaining))
    const dead = lot.expired - lot.forgiven
    const forgivable = Math.min(most, dead)
    const expired = Math.min(died + brought - points, dead - forgivable)
    lot.expired -= forgivable + expired
    return { ...life, points, forgivable, expired }
  }

  /** The other side of `giveUp`: the lot has been there all the time, and was empty. */
  function takeHome({ points, forgivable, expired, ...life }: ReturnedPart): void {
    const lot = lotToChange(life)
    lot.remaining += points
    lot.forgiven -= forgivable
    lot.expired += expired
    if (points > 0) enter('merge_in', lot, points)
  }

  /** Points pay a debt before anything else can have them: after every operation, debt or balance is 0. */
  function close() {
    if (debt > 0) takeOwed('debt_payment', debt)
    const lots = [...touched.values()]
    const moved = lots.reduce(
      (total, lot) => total + lot.remaining - (account.lots.get(keyOf(lot))?.remaining ?? 0),
      0,
    )
    if (account.balance + moved !== balance)
      throw new Error(`the lots of customer ${account.customerId} moved ${moved}, the balance to ${balance}`)
    return { entries, lots, balance, debt, lastEntry: account.lastEntry + entries.length }
  }

  function writeOffDead(): number {
    let points = 0
    for (const lot of account.lots.values()) {
      if (lot.remaining === 0 || lot.expiresAt > now) continue
      lotToChange(lot).expired += lot.remaining
      points += takeFrom(lot, 'expire', lot.remaining)
    }
    return points
  }

  const expiredPoints = writeOffDead()
  return {
    expiredPoints,
    take,
    award,
    credit,
    putBack,
    takeBack,
    owe,
    leave,
    leaveDebt,
    arrive,
    giveUp,
    takeHome,
    close,
  }
}

/** The lot of points that come back today: they can be spent to the end of the next UTC day. */
export function returnedLife(now: Instant): LotLife {
  return lifeOf(now, { activationDays: 0, lifetimeDays: 2 })
}
