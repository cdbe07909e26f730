import {
  type Account,
  isOpen,
  isStaff,
  keyOf,
  type Merged,
  type MergedPart,
  type ReturnedPart,
  sum,
} from './account.ts'
import { openMovements } from './movements.ts'
import type { Request } from './request.ts'

type MergeRequest = Request & { kind: 'merge' }

/** Why two customers stay two. */
export type MergeProblem = 'both_in_telegram' | 'none_in_telegram' | 'open_hold'

/**
 * Which of two accounts stays: the one whose card is in Telegram, whichever card was shown first. So a till may
 * merge in either order, and two tills that did it in both orders did the same.
 */
export function sidesOf(account: Account, other: Account): { kept: Account; given: Account } {
  return other.isInTelegram && !account.isInTelegram
    ? { kept: other, given: account }
    : { kept: account, given: other }
}

/** Held points would be in neither account, so an open redemption must end before a merge. */
export function mergeProblem(
  { author }: MergeRequest,
  account: Account,
  other: Account,
): { reason: MergeProblem; card?: string; points?: number } | null {
  if (account.customerId === other.customerId) return null
  const { kept, given } = sidesOf(account, other)
  if (given.isInTelegram) return { reason: 'both_in_telegram' }
  // Of two plastic cards a till cannot know that they are one person's; staff may know it.
  if (!kept.isInTelegram && !isStaff(author)) return { reason: 'none_in_telegram' }
  const open = [...given.holds.values()].filter(isOpen)
  return open.length > 0 ? { reason: 'open_hold', card: given.card, points: sum(open) } : null
}

/**
 * Every lot of one account goes into the lot of the other account that lives as long, its spent and expired points too:
 * so a later refund finds there what it would have found before. A debt goes along.
 */
export function mergeAccounts(kept: Account, given: Account, now: number) {
  const into = openMovements(kept, now)
  const out = openMovements(given, now)
  const parts = [...given.lots.values()].map((lot) => out.leave(lot))
  for (const part of parts) into.arrive(part)
  const debtMoved = out.leaveDebt()
  into.owe('merge_in', debtMoved)
  const closed = out.close()
  const merged: Merged = {
    ...closed,
    customerId: given.customerId,
    parts: parts.map(({ credited: _, ...part }) => part),
    debtMoved,
  }
  return { movements: into, merged, points: sum(parts) }
}

/** What a merge brought: its lots, and the debt. */
export interface Brought {
  parts: MergedPart[]
  debt: number
}

/**
 * What a merge brought, less what an undone earlier merge has taken home of it. Points that went home dead are first
 * counted among those that were dead when they were brought.
 */
export function withoutParted({ parts, debt }: Brought, parted: ReturnedPart[], debtParted: number): Brought {
  const byLot = Map.groupBy(parted, keyOf)
  const left = parts.map((part) => {
    const gone = byLot.get(keyOf(part)) ?? []
    const dead = gone.reduce((total, { forgivable, expired }) => total + forgivable + expired, 0)
    const diedBefore = Math.min(dead, part.forgivable)
    const points = part.points - sum(gone) - (dead - diedBefore)
    return { ...part, points, forgivable: part.forgivable - diedBefore }
  })
  return { parts: left, debt: debt - debtParted }
}

/** The most that may go home when a merge is undone: what it brought, as far as the merges after it have moved it on. */
export function mostOf(merge: Brought, further: Brought[]): { parts: ReturnedPart[]; debt: number } {
  let parts = merge.parts.map((part): ReturnedPart => ({ ...part, expired: 0 }))
  for (const { parts: next } of further) {
    const onward = new Map(next.map((part) => [keyOf(part), part]))
    parts = parts.map((part) => broughtOn(part, onward.get(keyOf(part))))
  }
  return { parts, debt: Math.min(...[merge, ...further].map(({ debt }) => debt)) }
}

/** Points that had expired before the next merge were moved on by it as points that may be forgiven. */
function broughtOn(part: ReturnedPart, onward: MergedPart | undefined): ReturnedPart {
  const points = Math.min(part.points, onward?.points ?? 0)
  const forgivable = Math.min(part.forgivable, onward?.forgivable ?? 0)
  const expired = Math.min(part.expired + part.points - points, (onward?.forgivable ?? 0) - forgivable)
  return { ...part, points, forgivable, expired }
}

/** Undoes `mergeAccounts`: the points that are left of those that were brought go home, and the debt that is still owed. */
export function unmergeAccounts(
  kept: Account,
  given: Account,
  { parts, debt, now }: { parts: ReturnedPart[]; debt: number; now: number },
) {
  const out = openMovements(kept, now)
  const into = openMovements(given, now)
  const returned = parts.map((part) => out.giveUp(part))
  for (const part of returned) into.takeHome(part)
  const debtMoved = Math.min(debt, kept.debt)
  out.owe('merge_out', -debtMoved)
  into.owe('merge_in', debtMoved)
  const merged = { ...out.close(), customerId: kept.customerId, parts: returned, debtMoved } satisfies Merged
  return { ...into.close(), merged }
}
