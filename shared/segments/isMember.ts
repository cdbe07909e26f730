import { numberOfDay, numberOfLocalDay } from '../rules/localTime.ts'
import type { Instant } from '../time.ts'
import type { Condition, Sum } from './definition.ts'

/** What is known of a customer when a segment is asked for. */
export interface Subject {
  registeredAt: Instant
  purchases: number
  netKopecks: number
  firstPurchaseAt: Instant | null
  lastPurchaseAt: Instant | null
  homeStoreId: number | null
  pointsEarned: number
  pointsSpent: number
  pointsExpired: number
  /** By `2025-12`; a month without purchases is not there. */
  months: ReadonlyMap<string, { purchases: number; netKopecks: number }>
  /** Null: none. */
  status: string | null
  hasConsent: boolean
  /** Has the card in Telegram, and has not blocked us there. */
  isInTelegram: boolean
}

/** Which day it is, and where. */
export interface Day {
  /** Of the shops: `2025-12-07`. */
  today: string
  timeZone: string
}

/** Whether a customer is in a segment; SQL says the same of all of them (cloud/ledger/segmentCondition.ts). */
export function isMember(condition: Condition, subject: Subject, day: Day): boolean {
  switch (condition.type) {
    case 'all':
      return condition.of.every((part) => isMember(part, subject, day))
    case 'any':
      return condition.of.some((part) => isMember(part, subject, day))
    case 'not':
      return !isMember(condition.of, subject, day)
    case 'sum':
      return isWithin(condition, sumOf(condition.of, subject))
    case 'lately': {
      const from = monthBefore(day.today, condition.months - 1)
      let sum = 0
      for (const [month, { purchases, netKopecks }] of subject.months)
        if (month >= from) sum += condition.of === 'purchases' ? purchases : netKopecks
      return isWithin(condition, sum)
    }
    case 'days_since': {
      const at = momentOf(condition.what, subject)
      if (at === null) return false
      return isWithin(condition, numberOfDay(day.today) - numberOfLocalDay(at, day.timeZone))
    }
    case 'status':
      return subject.status !== null && condition.names.includes(subject.status)
    case 'home_store':
      return subject.homeStoreId !== null && condition.ids.includes(subject.homeStoreId)
    case 'consent':
      return subject.hasConsent
    case 'telegram':
      return subject.isInTelegram
  }
}

/** The month that was so many before the one of a day: `2025-12`. */
export function monthBefore(day: string, months: number): string {
  const number = Number(day.slice(0, 4)) * 12 + Number(day.slice(5, 7)) - 1 - months
  return `${Math.floor(number / 12)}-${String((number % 12) + 1).padStart(2, '0')}`
}

function isWithin(
  { min, max }: { min?: number | undefined; max?: number | undefined },
  value: number | null,
): boolean {
  if (value === null) return false
  return (min === undefined || value >= min) && (max === undefined || value <= max)
}

function sumOf(what: Sum, subject: Subject): number | null {
  switch (what) {
    case 'purchases':
      return subject.purchases
    case 'net_kopecks':
      return subject.netKopecks
    case 'average_kopecks':
      return averageKopecks(subject)
    case 'points_earned':
      return subject.pointsEarned
    case 'points_spent':
      return subject.pointsSpent
    case 'points_expired':
      return subject.pointsExpired
  }
}

/** Rounded half up, as SQL does it in whole numbers. */
function averageKopecks({ purchases, netKopecks }: Subject): number | null {
  return purchases === 0 ? null : Math.floor((2 * netKopecks + purchases) / (2 * purchases))
}

function momentOf(
  what: Extract<Condition, { type: 'days_since' }>['what'],
  { firstPurchaseAt, lastPurchaseAt, registeredAt }: Subject,
): Instant | null {
  if (what === 'registration') return registeredAt
  return what === 'last_purchase' ? lastPurchaseAt : firstPurchaseAt
}
