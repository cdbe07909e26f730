import { returnedLotExpiresAt } from '../../shared/programme.ts'
import type { Instant } from '../../shared/time.ts'
import { type Account, bySpendingOrder, type Entry, type EntryKind, type Hold, type Lot } from './account.ts'

type Part = { lotId: string; points: number }

/**
 * The movements of one operation, written over an account that itself stays as it is.
 * Opening a book writes off the dead lots it meets, so that every lot a rule sees is alive.
 */
export function openBook(account: Account, now: Instant) {
  const touched = new Map<string, Lot>()
  const entries: Entry[] = []
  let balance = account.balance
  let debt = account.debt

  /** A copy of the lot that may be changed; the account keeps its own. */
  function lotToChange(id: string): Lot {
    const known = touched.get(id) ?? account.lots.get(id)
    if (!known) throw new Error(`lot ${id} was not loaded`)
    const copy = touched.get(id) ?? { ...known }
    touched.set(id, copy)
    return copy
  }

  function enter(
    kind: EntryKind,
    lotId: string | null,
    points: number,
    holdId: string | null = null,
    owed = 0,
  ) {
    const seq = account.lastEntry + entries.length + 1
    entries.push({ seq, kind, lotId, holdId, points, debt: owed, balanceBefore: balance })
    balance += points
    debt += owed
  }

  function allLots(): Lot[] {
    const lots = [...account.lots.values()].map((lot) => touched.get(lot.id) ?? lot)
    for (const lot of touched.values()) if (!account.lots.has(lot.id)) lots.push(lot)
    return lots
  }

  /** Takes up to `most` points of one lot; a debt payment takes as much off the debt. */
  function takeFrom(lotId: string, kind: EntryKind, most: number, holdId: string | null = null): number {
    const lot = lotToChange(lotId)
    const points = Math.min(most, lot.remaining)
    if (points === 0) return 0
    lot.remaining -= points
    enter(kind, lotId, -points, holdId, kind === 'debt_payment' ? -points : 0)
    return points
  }

  /** Takes up to `most` points, earliest expiry first, then oldest; says what each lot gave. */
  function take(kind: EntryKind, most: number, holdId: string | null = null): Part[] {
    const parts: Part[] = []
    let left = most
    const live = allLots().filter((lot) => lot.remaining > 0)
    for (const lot of live.sort(bySpendingOrder)) {
      if (left === 0) break
      const points = takeFrom(lot.id, kind, left, holdId)
      parts.push({ lotId: lot.id, points })
      left -= points
    }
    return parts
  }

  function openLot(
    kind: EntryKind,
    lot: { id: string; earnedAt: Instant; expiresAt: Instant; points: number },
  ) {
    if (lot.points === 0) return
    touched.set(lot.id, { ...lot, remaining: lot.points, expired: 0 })
    enter(kind, lot.id, lot.points)
  }

  /** Gives up to `most` points of a hold back to the lots they came from, the last taken first. */
  function putBack(kind: EntryKind, hold: Hold, most: number): { parts: Part[]; points: number } {
    const parts = hold.parts.map((part) => ({ ...part }))
    let left = most
    for (const part of parts.toReversed()) {
      const points = Math.min(left, part.points)
      if (points === 0) continue
      const lot = lotToChange(part.lotId)
      lot.remaining += points
      lot.expiresAt = returnedLotExpiresAt(lot.expiresAt, now)
      part.points -= points
      left -= points
      enter(kind, part.lotId, points, hold.id)
    }
    return { parts: parts.filter((part) => part.points > 0), points: most - left }
  }

  function owe(kind: EntryKind, points: number, holdId: string | null = null) {
    if (points > 0) enter(kind, null, 0, holdId, points)
  }

  /** Points pay a debt before anything else can have them: after every operation, debt or balance is 0. */
  function close() {
    if (debt > 0) take('debt_payment', debt)
    return {
      entries,
      lots: [...touched.values()],
      balance,
      debt,
      lastEntry: account.lastEntry + entries.length,
    }
  }

  function writeOffDead(): number {
    let points = 0
    for (const { id, remaining, expiresAt } of account.lots.values()) {
      if (remaining === 0 || expiresAt > now) continue
      const lot = lotToChange(id)
      lot.expired += lot.remaining
      points += takeFrom(id, 'expire', lot.remaining)
    }
    return points
  }

  const expiredPoints = writeOffDead()
  return { expiredPoints, take, takeFrom, openLot, putBack, owe, close, lot: lotToChange }
}

export function sum(parts: { points: number }[]): number {
  return parts.reduce((total, part) => total + part.points, 0)
}
