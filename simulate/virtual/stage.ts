import {
  defaultTerms,
  rulesToPickFrom,
  segmentsToPickFrom,
  statusesToPickFrom,
  type Terms,
} from '../../cloud/ledger/testing/terms.ts'
import type { Random } from '../../desktop/register/rig/random.ts'
import type { VirtualTime } from '../../desktop/register/rig/time.ts'
import type { ReferralTerms } from '../../shared/rules/referral.ts'
import { type Instant, MINUTE, SECOND } from '../../shared/time.ts'
import { batchesOf, type Code, codeOfNumber, isForgotten } from '../codes.ts'
import { cardOf, drawCustomer, phonesOf } from '../plan.ts'
import type { Parting } from '../ties.ts'
import { createVirtualCloud, type VirtualCloud, type VirtualCloudOptions } from './cloud.ts'
import type { VirtualRegister } from './routes.ts'

const SWEEP_EVERY_MS = 30 * SECOND
const REGISTERS_A_STORE = 3
/** About how long it takes to sell what is sold on a day. */
const DAY_MS = 30 * MINUTE
/** Points live for days here, so that they die in every run. */
const LIFETIMES = [2, 3, 5, 8, 45]

/** Of a book that has any: regular customers meet them. */
const LIMITS = { points_per_customer_day: 400, purchases_per_customer_day: { soft: 2, hard: 6 } }

/** Of friends that buy within days: some of them bring it back in time, some later, some cost more than the month has room for. */
const drawReferral = (random: Random, { waits = [0, 1, 1, 2] } = {}): ReferralTerms => ({
  ...{ referrer_points: 200, referee_points: random.pick([0, 100]), per_month: random.pick([1, 1, 3]) },
  ...{ min_purchase_kopecks: random.pick([1, 50_000, 200_000]), wait_days: random.pick(waits) },
})

export interface StageOptions extends Pick<VirtualCloudOptions, 'judgeBy' | 'judgeInvitationBy' | 'partBy'> {
  random: Random
  time: VirtualTime
  registers: number
  customers: number
}

export type Stage = ReturnType<typeof setStage>

/** The cloud of a year, with its stores, tills and customers; it goes down now and then. */
export function setStage(options: StageOptions) {
  const { random, time, registers, customers, judgeBy, judgeInvitationBy, partBy } = options
  const cards = Array.from({ length: customers }, (_, index) => cardOf(index + 1))
  const phones = phonesOf(customers)
  const known = Array.from({ length: registers }, (_, index): VirtualRegister => {
    const id = Math.floor(index / REGISTERS_A_STORE) + 1
    return { id: index + 1, key: `key-${index + 1}`, store: { id, name: `Магазин ${id}` } }
  })
  let minted = 0
  let downUntilMs = 0
  const newId = () => `0198c5a8-7b1e-7c3a-9f00-${String(++minted).padStart(12, '0')}`
  const cloud: VirtualCloud = createVirtualCloud({
    ...{ cards, registers: known, now: time.now, newId, phones },
    terms: { ...defaultTerms, lifetimeDays: random.pick(LIFETIMES) },
    // The first wait has an end at which friends are met, whatever book comes later.
    referral: drawReferral(random.fork('referral'), { waits: [1, 2] }),
    ...(judgeInvitationBy && { judgeInvitationBy }),
    ...{ timeZone: 'Europe/Moscow', supportContact: '@kopilka_help', joinUrl: 'https://t.me/kopilka_bot' },
    ...(judgeBy && { judgeBy }),
    ...(partBy && { partBy }),
  })

  function pointsOf(card: string): number {
    const { balance = 0, debt = 0 } = cloud.ledger.account(card) ?? {}
    return balance - debt
  }

  let lastBatch = 0
  let lastCode = 0
  const codes: Code[] = []

  return {
    ...cloud,
    ...{ cards, phones },
    /** That customers have by now. */
    codes,
    evidence: () => ({ ...cloud.evidence(), codes }),
    registers: known,
    isDown: () => time.elapsed() < downUntilMs,
    goDown(ms: number): void {
      downUntilMs = time.elapsed() + ms
    },
    heal(): void {
      downUntilMs = 0
    },

    /** Most customers begin with points of their own. */
    firstMorning(chance: Random): void {
      const at = time.now()
      for (const card of cards) {
        if (chance.chance(0.15)) continue
        const points = chance.int(50, 9000)
        const author = { type: 'admin', name: 'simulate' } as const
        cloud.post([{ id: newId(), kind: 'adjust', at, card, points, reason: 'the first morning', author }])
      }
      for (const [index, card] of cards.entries())
        cloud.setSegments(card, segmentsToPickFrom[index % segmentsToPickFrom.length] ?? [])
      cloud.beginDay(0)
    },

    /** Vouchers of every kind; those of before that nobody can use any more are forgotten. */
    giveCodes(chance: Random): void {
      const { old = [], known = [] } = Object.groupBy(codes, (code) =>
        isForgotten(code, time.now()) ? 'old' : 'known',
      )
      cloud.forgetCodes(old)
      const given = batchesOf(time.now(), { dayMs: DAY_MS }).flatMap(
        ({ terms, codes: count, isPersonal }) => {
          const batch = ++lastBatch
          return Array.from({ length: count }, (): Code => {
            const owner = isPersonal ? cardOf(drawCustomer(chance, customers)) : null
            return { code: codeOfNumber(++lastCode), batch, owner, terms }
          })
        },
      )
      cloud.addCodes(given)
      codes.splice(0, codes.length, ...known, ...given)
    },

    /** Some have come by the link of somebody: mostly of the few who come all the time, and on some days many. */
    inviteSome(chance: Random): void {
      const share = chance.pick([0.05, 0.1, 0.3])
      const drawReferrer = () =>
        chance.chance(0.4) ? chance.int(1, Math.min(5, customers)) : drawCustomer(chance, customers)
      for (const card of cards) if (chance.chance(share)) cloud.invite(cardOf(drawReferrer()), card)
    },

    /** Of those who were merged, some are found to be two. */
    partSome(chance: Random): Parting[] {
      return cards.flatMap((card): Parting[] => {
        const from = cloud.rootOf(card)
        if (from === card || !chance.chance(0.5)) return []
        // What is dead is nobody's: it is written off before they are compared.
        cloud.expire([from])
        const before = pointsOf(from)
        cloud.part(card)
        return [{ card, from, before, after: pointsOf(from) + pointsOf(card) }]
      })
    },

    /** What each customer has, less what they owe. */
    points: () =>
      new Map([...cloud.ledger.accounts()].map(({ card, balance, debt }) => [card, balance - debt])),

    /** Other rules, from some moment on. */
    publishDrawn(chance: Random, from: Instant): void {
      const terms: Terms = {
        ...defaultTerms,
        cashback: chance.pick([400, 700, 1500]),
        limit: chance.pick([1000, 2000]),
        lifetimeDays: chance.pick(LIFETIMES),
        activationDays: chance.pick([0, 0, 0, 1]),
        rules: rulesToPickFrom.filter(() => chance.chance(0.3)),
        statuses: chance.chance(0.5) ? statusesToPickFrom : [],
        limits: chance.chance(0.3) ? LIMITS : {},
      }
      cloud.publish(terms, from, drawReferral(chance))
    },

    /** Until it is aborted. */
    keepSweeping(): AbortController {
      const ending = new AbortController()
      const sweep = () => {
        if (ending.signal.aborted) return
        cloud.sweep()
        cloud.followStatuses()
        cloud.followReferrals()
        time.after(SWEEP_EVERY_MS, sweep)
      }
      sweep()
      return ending
    },
  }
}
