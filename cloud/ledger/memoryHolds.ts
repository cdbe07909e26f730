import type { Settings } from '../../shared/programme.ts'
import { DAY, type Instant } from '../../shared/time.ts'
import { type Account, type Author, type Discrepancy, type Executed, type Hold, isOpen } from './account.ts'
import { isLapsed } from './refusals.ts'

interface Kept {
  byId: ReadonlyMap<number, Account>
  known: ReadonlyMap<string, Executed>
  discrepancies: Map<string, Discrepancy>
  settings: Pick<Settings, 'max_open_holds'>
}

/** The open holds of the ledger in memory, and what becomes of them without an operation. */
export function createMemoryHolds({ byId, known, discrepancies, settings }: Kept) {
  const ofRegister = new Map<number, Map<string, Hold>>()
  const inDoubtSince = new Map<string, Instant>()

  const all = () => [...ofRegister.values()].flatMap((holds) => [...holds.values()])

  function keep(hold: Hold): void {
    const holds = ofRegister.get(hold.registerId) ?? new Map<string, Hold>()
    ofRegister.set(hold.registerId, holds)
    if (isOpen(hold)) holds.set(hold.id, hold)
    else holds.delete(hold.id)
  }

  function turn(hold: Hold, state: Hold['state']): void {
    const turned = { ...hold, state }
    const customerId = known.get(hold.id)?.customerId ?? 0
    byId.get(customerId)?.holds.set(hold.id, turned)
    keep(turned)
  }

  return {
    all,
    of: (registerId: number): Hold[] =>
      [...(ofRegister.get(registerId)?.values() ?? [])].sort(
        (one, other) => one.until - other.until || (one.id < other.id ? -1 : 1),
      ),

    quotasAt: (now: Instant) => ({
      of(author: Author) {
        if (author.type !== 'register') return null
        const holds = [...(ofRegister.get(author.registerId)?.values() ?? [])]
        return { open: holds.filter((hold) => !isLapsed(hold, now)).length, limit: settings.max_open_holds }
      },
      move: (_before: Hold | undefined, after: Hold) => keep(after),
    }),

    /** An agent claims these pending holds. */
    claim(ids: readonly string[]): void {
      for (const hold of all()) if (ids.includes(hold.id)) turn(hold, 'processing')
    },

    /** Puts holds whose time is over into doubt, and after a day before a person. Returns those that came into doubt now. */
    sweep(now: Instant): string[] {
      const silent = all().filter(({ state, until }) => state === 'processing' && until <= now)
      for (const hold of silent) {
        turn(hold, 'in_doubt')
        inDoubtSince.set(hold.id, now)
      }
      for (const { id: reference, state, points } of all())
        if (state === 'in_doubt' && (inDoubtSince.get(reference) ?? now) <= now - DAY)
          discrepancies.set(`hold_in_doubt ${reference}`, {
            ...{ kind: 'hold_in_doubt', reference, details: { points } },
          })
      return silent.map(({ id }) => id)
    },
  }
}
