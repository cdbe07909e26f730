import { DAY, type Instant, MINUTE, SECOND } from '../../shared/time.ts'
import type { Author } from '../ledger/account.ts'
import { derivedId } from '../ledger/derivedId.ts'
import type { Request } from '../ledger/request.ts'

export const storeNames = ['Ашукино', 'Софрино', 'Правда'] as const
/** A name of its own, so that no register of a real shop is taken for it. */
export const registerName = 'Демо-касса'

/** What a customer did: so many days ago, in that store; `spent` is a discount taken with the purchase. */
type Deed =
  | { daysAgo: number; store: number; kopecks: number; spent?: number }
  | { daysAgo: number; gift: number; reason: string }

interface Person {
  card: string
  firstName: string
  deeds: Deed[]
}

export const people: Person[] = [
  {
    card: '654321',
    firstName: 'Анна',
    deeds: [
      { daysAgo: 41, store: 0, kopecks: 235_040 },
      { daysAgo: 33, store: 0, kopecks: 184_000 },
      { daysAgo: 21, gift: 100, reason: 'день рождения' },
      { daysAgo: 12, store: 1, kopecks: 312_090, spent: 60 },
      { daysAgo: 2, store: 0, kopecks: 99_000 },
    ],
  },
  {
    // What he has dies in two days.
    card: '100200',
    firstName: 'Борис',
    deeds: [
      { daysAgo: 43, store: 0, kopecks: 870_000 },
      { daysAgo: 43, gift: 50, reason: 'за отзыв' },
    ],
  },
  {
    card: '271828',
    firstName: 'Вера',
    deeds: [
      { daysAgo: 30, store: 1, kopecks: 540_000 },
      { daysAgo: 5, store: 1, kopecks: 127_550, spent: 100 },
    ],
  },
  { card: '314159', firstName: 'Галина', deeds: [{ daysAgo: 18, store: 2, kopecks: 1_250_000 }] },
  {
    card: '112358',
    firstName: 'Дмитрий',
    deeds: [
      { daysAgo: 26, store: 0, kopecks: 64_000 },
      { daysAgo: 19, store: 0, kopecks: 71_000 },
      { daysAgo: 12, store: 0, kopecks: 65_500 },
      { daysAgo: 5, store: 0, kopecks: 82_000 },
    ],
  },
  { card: '161803', firstName: 'Елена', deeds: [{ daysAgo: 9, gift: 500, reason: 'подарочный сертификат' }] },
  {
    card: '202530',
    firstName: 'Иван',
    deeds: [
      { daysAgo: 38, store: 2, kopecks: 333_300 },
      { daysAgo: 1, store: 2, kopecks: 45_005 },
    ],
  },
  { card: '777000', firstName: 'Лариса', deeds: [{ daysAgo: 3, store: 1, kopecks: 2_100_000 }] },
  {
    card: '404040',
    firstName: 'Михаил',
    deeds: [
      { daysAgo: 15, store: 0, kopecks: 250_000 },
      { daysAgo: 8, store: 0, kopecks: 250_000, spent: 100 },
    ],
  },
  { card: '505152', firstName: 'Ольга', deeds: [{ daysAgo: 6, store: 1, kopecks: 9990 }] },
  { card: '600601', firstName: 'Пётр', deeds: [{ daysAgo: 28, store: 2, kopecks: 715_000 }] },
  { card: '888999', firstName: 'Татьяна', deeds: [] },
]

/**
 * The operations of a customer's history, counted back from the moment the demo first knew them. The ids
 * follow from the card, so that seeding again asks for nothing new.
 */
export function historyOf(
  { card, deeds }: Person,
  { since, tills }: { since: Instant; tills: Author[] },
): Request[] {
  return deeds.flatMap((deed, index): Request[] => {
    const at = since - deed.daysAgo * DAY - index * MINUTE
    const id = derivedId(at, `demo ${card} ${index}`)
    if ('gift' in deed) {
      const author: Author = { type: 'system', name: 'demo' }
      return [{ id, at, author, kind: 'bonus', card, points: deed.gift, reason: deed.reason }]
    }
    const author = tills[deed.store]
    if (!author) throw new Error(`the demo has no store ${deed.store}`)
    const purchase = { id, at, author, card, purchaseKopecks: deed.kopecks }
    if (deed.spent === undefined) return [{ ...purchase, kind: 'earn' }]
    const taken = at + 3 * SECOND
    const applied = { id: derivedId(taken, `demo ${card} ${index} applied`), at: taken, author, redeemId: id }
    return [
      { ...purchase, kind: 'redeem', points: deed.spent },
      { ...applied, kind: 'apply' },
    ]
  })
}
