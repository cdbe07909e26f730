import { DAY, type Instant, startOfUtcDay } from '../../../shared/time.ts'
import { type Life, type Lot, nowOf, type Person, type Purchase } from './oraclePeople.ts'
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
  if (points > 0) lotOf(person, life).left += points
}

function lotOf(person: Person, { wakes, dies }: Life): Lot {
  const known = person.lots.find(isOf({ wakes, dies }))
  if (known) return known
  const lot = { wakes, dies, left: 0, lost: 0, forgiven: 0 }
  person.lots.push(lot)
  return lot
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
    taken.push({ life: lot, points })
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
    fill(nowOf(purchase.maker), part.life.dies >= tomorrow.dies ? part.life : tomorrow, points)
    given += points
  }
  return given
}

/** What died unspent is lost. */
export function bury(person: Person, now: Instant): void {
  for (const lot of person.lots)
    if (lot.dies <= now) {
      lot.lost += lot.left
      lot.left = 0
    }
}

/** Everything of one is the other's, and it is known what that was. */
export function becomeOne(kept: Person, given: Person): void {
  given.brought = {
    lots: given.lots.map(({ wakes, dies, left, lost, forgiven }) => ({
      ...{ wakes, dies, left, lost: lost - forgiven },
    })),
    debt: given.debt,
  }
  for (const lot of given.lots) {
    const own = lotOf(kept, lot)
    own.left += lot.left
    own.lost += lot.lost - lot.forgiven
    Object.assign(lot, { left: 0, forgiven: lot.lost })
  }
  kept.debt += given.debt
  given.debt = 0
  given.into = kept
  kept.others.add(given)
}

/**
 * They are two again: of what was brought back goes what is left, and no more of it than those brought on who were merged
 * themselves meanwhile. What was alive when it came and died since goes back as lost.
 */
export function part(given: Person, now: Instant): void {
  const kept = nowOf(given)
  const between = []
  for (let next = given.into; next?.into; next = next.into) between.push(next)
  bury(kept, now)
  for (const { left, lost, ...life } of given.brought.lots) {
    const onward = between.map(({ brought }) => broughtOf(brought, life))
    const most = { left, lost, died: 0 }
    for (const one of onward) {
      const living = Math.min(most.left, one.left)
      const dead = Math.min(most.lost, one.lost)
      most.died = Math.min(most.died + most.left - living, one.lost - dead)
      Object.assign(most, { left: living, lost: dead })
    }
    const [from, to] = [lotOf(kept, life), lotOf(given, life)]
    const points = Math.min(most.left, from.left)
    const dead = Math.min(most.lost, from.lost - from.forgiven)
    const died = Math.min(most.died + most.left - points, from.lost - from.forgiven - dead)
    from.left -= points
    from.lost -= dead + died
    to.left += points
    to.forgiven -= dead
    to.lost += died
    for (const one of onward) {
      const lostBefore = Math.min(dead + died, one.lost)
      one.lost -= lostBefore
      one.left -= points + dead + died - lostBefore
    }
  }
  const debt = Math.min(given.brought.debt, ...between.map(({ brought }) => brought.debt), kept.debt)
  kept.debt -= debt
  given.debt += debt
  for (const { brought } of between) brought.debt -= debt
  given.into?.others.delete(given)
  given.into = null
  for (const one of [kept, given]) one.debt -= claim(one, one.debt, now)
}

const broughtOf = ({ lots }: Person['brought'], life: Life) => lots.find(isOf(life)) ?? { left: 0, lost: 0 }
