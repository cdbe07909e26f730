import { DAY, type Instant, startOfUtcDay } from '../../../shared/time.ts'
import type { Life, Lot, Person, Purchase } from './oraclePeople.ts'
import { defaultTerms, type Terms } from './terms.ts'

export const size = (parts: { points: number }[]) => parts.reduce((total, part) => total + part.points, 0)

export const living = (person: Person, now: Instant) =>
  person.lots.reduce((total, lot) => total + (lot.dies > now ? lot.left : 0), 0)

export const alive = (person: Person, now: Instant) =>
  person.lots.reduce((total, lot) => total + (lot.dies > now && lot.wakes <= now ? lot.left : 0), 0)

export function lifeOf(
  at: Instant,
  { activationDays, lifetimeDays }: Pick<Terms, 'activationDays' | 'lifetimeDays'>,
): Life {
  const day = startOfUtcDay(at)
  return { wakes: day + activationDays * DAY, dies: day + lifetimeDays * DAY }
}

export const lifeOfReturned = (now: Instant) => lifeOf(now, { ...defaultTerms, lifetimeDays: 2 })

export const isOf = (life: Life) => (lot: Life) => lot.wakes === life.wakes && lot.dies === life.dies

/** Points of one life are one lot. */
export function fill(person: Person, life: Life, points: number): void {
  const lot = person.lots.find(isOf(life))
  if (lot) lot.left += points
  else if (points > 0) person.lots.push({ ...life, left: points, lost: 0, forgiven: 0 })
}

const inOrderOfSpending = (a: Life, b: Life) => a.dies - b.dies || a.wakes - b.wakes

/** What cannot be spent yet is claimed first. */
export const inOrderOfClaims = (now: Instant) => (a: Life, b: Life) =>
  Number(a.wakes <= now) - Number(b.wakes <= now) || inOrderOfSpending(a, b)

function drain(lots: Lot[], most: number) {
  const taken = []
  for (const lot of lots) {
    const points = Math.min(lot.left, most - size(taken))
    if (points <= 0) continue
    lot.left -= points
    taken.push({ lot, points })
  }
  return taken
}

/** Earliest expiry first, then oldest; nothing that cannot be spent yet. */
export const spend = (person: Person, most: number, now: Instant) =>
  drain(person.lots.filter((lot) => lot.wakes <= now).sort(inOrderOfSpending), most)

export const claim = (person: Person, most: number, now: Instant) =>
  size(drain(person.lots.toSorted(inOrderOfClaims(now)), most))

/** Back into the lots they came from, the last taken first; from one that dies before tomorrow's end into that day's. */
export function giveBack(purchase: Purchase, most: number, now: Instant): number {
  const tomorrow = lifeOfReturned(now)
  let given = 0
  for (const part of purchase.taken.toReversed()) {
    const points = Math.min(part.points, most - given)
    if (points <= 0) continue
    part.points -= points
    if (part.lot.dies >= tomorrow.dies) part.lot.left += points
    else fill(purchase.person, tomorrow, points)
    given += points
  }
  return given
}
