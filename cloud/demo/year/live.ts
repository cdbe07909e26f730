import { localTimeOf, startOfLocalDay } from '../../../shared/rules/localTime.ts'
import { DAY, type Instant, MINUTE, SECOND } from '../../../shared/time.ts'
import { author as campaigns } from '../../campaigns/give.ts'
import type { Author } from '../../ledger/account.ts'
import { derivedId } from '../../ledger/derivedId.ts'
import type { MemoryLedger } from '../../ledger/memory.ts'
import type { Request } from '../../ledger/request.ts'
import { type Chosen, choose, type Promotion } from './campaigns.ts'
import type { Chance } from './chance.ts'
import type { Member } from './members.ts'

type Till = Author & { type: 'register' }

interface Shops {
  ledger: MemoryLedger
  tills: Till[]
  from: Instant
  now: Instant
  timeZone: string
  promotions: Promotion[]
  /** Hears who is in one of them. */
  onChosen(chosen: Chosen): void
}

const cashiers: [string, ...string[]][] = [
  ['Иванова О.', 'Петрова Н.'],
  ['Сидоров А.', 'Кузнецова Л.'],
  ['Орлова Т.'],
]
const letters = ['А', 'С', 'П']

/** What a shop cannot have more of: a redemption takes no more than a fifth of a purchase. */
const SHARE_OF_DISCOUNT = 2000
const LEAST_SPENT = 30

/** One member lives to the end of the year, and the ledger judges each thing they do at its own time. */
export function live(
  member: Member & { customerId: number },
  { ledger, tills, from, now, timeZone, promotions, onChosen }: Shops,
  chance: Chance,
): void {
  const { card } = member
  let deeds = 0
  let latest: Instant = 0
  const bought = { boughtAt: null as Instant | null, kopecks: 0 }

  function post(request: Request): boolean {
    writeOffBefore(request.at)
    if (request.at < latest) throw new Error(`${card} does something before what they did last`)
    latest = request.at
    const [outcome] = ledger.post([request], request.at)
    return outcome?.status === 'accepted'
  }
  function idAt(at: Instant): string {
    deeds += 1
    return derivedId(at, `the year of ${card}, ${deeds}`)
  }

  /** What the nightly job does: points that died unspent are written off the night after. */
  function writeOffBefore(at: Instant): void {
    const lots = [...(ledger.account(card)?.lots.values() ?? [])]
    const dead = lots.filter(({ remaining, expiresAt }) => remaining > 0 && expiresAt + 10 * MINUTE < at)
    for (const expiresAt of [...new Set(dead.map((lot) => lot.expiresAt))].sort((a, b) => a - b)) {
      // What came back to a lot that was dead is written off with the next one.
      const night = Math.max(expiresAt + 10 * MINUTE, latest)
      const author = { type: 'system', name: 'expire' } as const
      ledger.post([{ kind: 'expire', id: idAt(night), at: night, card, author }], night)
    }
  }

  const pending: { at: Instant; run(at: Instant): void }[] = []
  const plan = (at: Instant, run: (at: Instant) => void) => {
    if (at < now) pending.push({ at: Math.floor(at), run })
  }

  function buy(at: Instant, { isExtra = false } = {}): void {
    const place = chance.is(0.85) ? member.home : chance.int(0, tills.length - 1)
    const author = tills[place]
    if (!author) throw new Error(`the demo has no store ${place}`)
    const kopecks =
      10 * Math.round((member.receiptKopecks * seasonOf(at, timeZone) * Math.exp(0.5 * chance.normal())) / 10)
    const purchase = {
      ...{ id: idAt(at), at, author, card, purchaseKopecks: Math.min(9_000_000, Math.max(5000, kopecks)) },
      receipt: `${letters[place] ?? 'Ч'}-${String(Math.floor((at - from) / (20 * SECOND))).padStart(7, '0')}`,
      cashier: chance.pick(cashiers[place] ?? ['Кассир']),
    }
    bought.boughtAt = at
    bought.kopecks += purchase.purchaseKopecks
    const available = ledger.view(card, at)?.available ?? 0
    const most = Math.floor((purchase.purchaseKopecks * SHARE_OF_DISCOUNT) / 10_000 / 100)
    const points = Math.min(available, most)
    if (points >= LEAST_SPENT && chance.is(member.spends)) spend(purchase, points)
    else {
      // In the last store the scales were out of order for long, and amounts were typed.
      const isTyped = chance.is(place === tills.length - 1 ? 0.09 : 0.01)
      post({ ...purchase, kind: 'earn', ...(isTyped && { typed: true }) })
    }
    if (chance.is(0.018))
      plan(openFrom(at + chance.exponential(4 * DAY)), (later) => giveBack(purchase, later))
    if (!isExtra && !chance.is(member.leaves))
      plan(openFrom(at + chance.exponential(member.gapDays * DAY)), buy)
  }

  function promote(promotion: Promotion): void {
    const { campaign, startedAt: at, bringsBack } = promotion
    const chosen = choose(promotion, { ...member, ...bought })
    if (!chosen) return
    onChosen(chosen)
    if (chosen.giftId === null || !campaign.gift) return
    const { points } = campaign.gift
    post({ kind: 'bonus', id: chosen.giftId, at, card, author: campaigns, points, reason: campaign.name })
    if (chance.is(bringsBack))
      plan(openFrom(at + chance.exponential(6 * DAY)), (later) => buy(later, { isExtra: true }))
  }

  function spend(purchase: Omit<Request & { kind: 'redeem' }, 'kind' | 'points'>, points: number): void {
    const settled = { at: purchase.at + 4 * SECOND, author: purchase.author, redeemId: purchase.id }
    if (!post({ ...purchase, kind: 'redeem', points })) return
    const id = idAt(settled.at)
    if (chance.is(0.97)) post({ ...settled, id, kind: 'apply' })
    else post({ ...settled, id, kind: 'release', reason: '1С не взяла скидку' })
  }

  function giveBack(
    { id, author, purchaseKopecks }: { id: string; author: Till; purchaseKopecks: number },
    at: Instant,
  ) {
    const isWhole = chance.is(0.4)
    const part = 100 * Math.floor((purchaseKopecks * (0.1 + 0.5 * chance.next())) / 100)
    if (at < now)
      post({
        kind: 'refund',
        id: idAt(at),
        at,
        author,
        originalId: id,
        ...(!isWhole && { refundKopecks: part }),
      })
  }

  /** The next time that shops are open: fewer come on Mondays than on Saturdays. */
  function openFrom(at: Instant): Instant {
    const { day, weekday } = localTimeOf(at, timeZone)
    const waits = weekday < 5 && chance.is(0.25) ? 6 - weekday : 0
    const opens = startOfLocalDay(day, timeZone) + waits * DAY + 9 * 60 * MINUTE
    const time =
      opens + Math.floor(12 * 60 * MINUTE * (chance.next() + chance.next() + chance.next()) * (1 / 3))
    return time > at ? time : at
  }

  plan(openFrom(member.joinedAt), buy)
  if (chance.is(0.06))
    plan(member.joinedAt + chance.int(20, 300) * DAY, (at) => {
      const author = { type: 'system', name: 'demo' } as const
      post({ kind: 'bonus', id: idAt(at), at, card, author, points: 200, reason: 'день рождения' })
    })
  for (const promotion of promotions) plan(promotion.startedAt, () => promote(promotion))
  for (;;) {
    const next = pending.sort((one, other) => other.at - one.at).pop()
    if (!next) break
    // The next visit may have been planned within the seconds in which 1C takes a discount.
    next.run(Math.max(next.at, latest))
  }
  writeOffBefore(now)
}

/** December is the best month of a shop, and January the leanest. */
const SEASON = [0.82, 0.9, 1.02, 0.97, 1, 1.04, 0.95, 0.97, 1, 1.03, 1.06, 1.3]
const seasonOf = (at: Instant, timeZone: string) =>
  SEASON[Number(localTimeOf(at, timeZone).day.slice(5, 7)) - 1] ?? 1
