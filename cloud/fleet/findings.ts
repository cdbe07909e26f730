import { mendText } from '../../shared/text.ts'
import { type Instant, MINUTE } from '../../shared/time.ts'
import type { ReachedBudget } from '../ledger/readBudgets.ts'
import type { Usual } from '../ledger/thresholds.ts'
import type { BusyCard, Giver, ManyCards, Merger, RegisterActivity } from './activity.ts'
import type { Alert, Finding } from './alerts.ts'
import type { Failure } from './failures.ts'
import { budgetFindings, type FlaggedDay, flaggedFinding } from './givenFindings.ts'
import { openForMs } from './hours.ts'
import { type FleetRegister, isExchangeBad, SILENT_AFTER_MS } from './read.ts'
import { ago } from './words.ts'

const QUEUE_TOO_OLD_MS = 15 * MINUTE

export interface Facts {
  registers: FleetRegister[]
  open: Alert[]
  /** The open ones, by kind and register. */
  discrepancies: { kind: string; registerId: number | null; count: number }[]
  jobs: Failure[]
  activity: RegisterActivity[]
  busyCards: BusyCard[]
  givers: Giver[]
  mergers: Merger[]
  manyCards: ManyCards[]
  flaggedDays: FlaggedDay[]
  budgets: ReachedBudget[]
  /** What one person did alone, and nobody else has looked at. */
  doneAlone: { id: number; act: string; decidedBy: string }[]
  /** By programme. */
  usual: Map<number, Usual>
}

/** Everything that IT should know of now. */
export function findingsOf(facts: Facts, now: Instant): Finding[] {
  const { registers, open, discrepancies, jobs } = facts
  const openKeys = new Set(open.map(keyOf))
  const used = registers.filter(({ revokedAt, lastSeenAt }) => revokedAt === null && lastSeenAt !== null)
  return [
    ...used
      .filter((register) => isMissed(register, openKeys, now))
      .map((register) => ({
        ...ofRegister('silent', register),
        what: `not heard of since ${utc(register.lastSeenAt ?? now)}`,
      })),
    ...used
      .filter(({ queuedSince }) => queuedSince !== null && now - queuedSince > QUEUE_TOO_OLD_MS)
      .map((register) => ({
        ...ofRegister('queue', register),
        what: `${register.heartbeat?.queueDepth} operations not sent, the oldest for ${ago(now - (register.queuedSince ?? now))}`,
      })),
    ...used
      .filter((register) => hasBadExchange(register, openKeys))
      .map((register) => ({
        ...ofRegister('exchange', register),
        what: `the exchange with 1C: ${register.heartbeat?.exchange}`,
      })),
    ...discrepancies
      .filter(({ kind }) => kind !== 'audit')
      .map(({ kind, registerId }) =>
        discrepancyOf(
          kind,
          registers.find((one) => one.registerId === registerId),
        ),
      ),
    ...registers
      .filter(({ revokedAt }) => revokedAt === null)
      .flatMap((register) => unusualOf(register, facts)),
    ...facts.busyCards.map(busyOf),
    ...facts.givers.flatMap((giver) => giverOf(giver, facts)),
    ...facts.mergers.flatMap((merger) => mergerOf(merger, facts)),
    ...facts.manyCards.flatMap((customer) => manyCardsOf(customer, facts)),
    ...facts.flaggedDays.map(flaggedFinding),
    ...facts.budgets.flatMap(budgetFindings),
    ...facts.doneAlone.map(({ id, act, decidedBy }) => ({
      kind: 'break_glass' as const,
      reference: `proposal ${id}`,
      registerId: null,
      where: null,
      what: `"${act}" was done by ${decidedBy} alone, without approvals: somebody else is to look at proposal ${id}`,
    })),
    ...jobs.map(({ job, error }) => ({
      kind: 'job' as const,
      reference: job,
      registerId: null,
      where: null,
      what: `the job ${job} failed: ${mendText(error, 200)}`,
    })),
    ...auditOf(discrepancies.filter(({ kind }) => kind === 'audit')),
  ]
}

export const keyOf = ({ kind, reference }: Pick<Finding, 'kind' | 'reference'>) => `${kind} ${reference}`

const utc = (at: Instant) => `${new Date(at).toISOString().slice(0, 16).replace('T', ' ')} UTC`

function ofRegister<Kind extends Finding['kind']>(kind: Kind, { registerId, name, store }: FleetRegister) {
  return { kind, reference: `register ${registerId}`, registerId, where: `${store.name}, ${name}` }
}

/** Begins in opening hours, when the machine has had time to start; ends when it is heard of, not at closing time. */
function isMissed(register: FleetRegister, openKeys: Set<string>, now: Instant): boolean {
  const { hours } = register.store
  if (!register.isSilent || !hours) return false
  if (openKeys.has(keyOf(ofRegister('silent', register)))) return true
  return (openForMs(hours, now) ?? 0) > SILENT_AFTER_MS
}

/** The exchange of a silent register is unknown: it counts as it was. */
function hasBadExchange(register: FleetRegister, openKeys: Set<string>): boolean {
  if (register.isSilent) return openKeys.has(keyOf(ofRegister('exchange', register)))
  return isExchangeBad(register.heartbeat?.exchange ?? null)
}

function auditOf(filed: Facts['discrepancies']): Finding[] {
  const violations = filed.reduce((total, { count }) => total + count, 0)
  if (violations === 0) return []
  const what = `the audit of the ledger is not empty: ${violations} open`
  return [{ kind: 'audit', reference: 'ledger', registerId: null, where: null, what }]
}

/** A finding for each register and kind, however many discrepancies wait: a flood of them is one message. */
function discrepancyOf(kind: string, register: FleetRegister | undefined): Finding {
  const what = `discrepancies (${kind}) wait for a person: see "discrepancy list"`
  if (!register) return { kind: 'discrepancy', reference: kind, registerId: null, where: null, what }
  const found = ofRegister('discrepancy', register)
  return { ...found, reference: `${kind} of ${found.reference}`, what }
}

/** What a thief of a register's key would do, and a till hardly ever does. */
function unusualOf(register: FleetRegister, { activity, usual }: Facts): Finding[] {
  const done = activity.find(({ registerId }) => registerId === register.registerId)
  const most = usual.get(register.programmeId)
  if (!done || !most) return []
  const { openHolds, redemptions, cards, missed, points, merges } = done
  const hasManyCards =
    cards > most.alert_cards_in_ten_minutes || missed > most.alert_missed_cards_in_ten_minutes
  const words: [Finding['kind'], boolean, string][] = [
    openHolds >= most.maxOpenHolds
      ? ['holds', true, `${openHolds} redemptions are open, and it may open no more`]
      : ['holds', redemptions > most.alert_redemptions_an_hour, `${redemptions} redemptions within an hour`],
    [
      'lookups',
      hasManyCards,
      `${cards} different cards looked up within ten minutes, ${missed} of them nobody's`,
    ],
    ['points', points > most.alert_points_a_register_a_day, `${points} points earned within a day`],
    ['merges', merges > most.alert_merges_a_day, `${merges} times two cards were made one within a day`],
  ]
  return words.flatMap(([kind, isSo, what]) => (isSo ? [{ ...ofRegister(kind, register), what }] : []))
}

/** What is too much at a time for one person can be given in parts, to many customers, by many batches or by many campaigns. */
function giverOf({ programmeId, name, points, kopecks }: Giver, { usual }: Pick<Facts, 'usual'>): Finding[] {
  const most = usual.get(programmeId)
  if (!most) return []
  const parts = [
    ...(points > most.approval_adjust_points ? [`moved ${points} points by hand`] : []),
    ...(kopecks > most.approval_book_kopecks
      ? [`gave vouchers and gifts of campaigns of up to ${Math.round(kopecks / 100)} rubles`]
      : []),
  ]
  if (parts.length === 0) return []
  const what = `${name} ${parts.join(' and ')} within a day, in parts that nobody had to approve: see the log of changes`
  return [{ kind: 'points', reference: `${name} in ${programmeId}`, registerId: null, where: null, what }]
}

/** Points of cards that were lost, or are somebody else's, can be brought together so. */
function mergerOf({ programmeId, author, merges }: Merger, { usual }: Pick<Facts, 'usual'>): Finding[] {
  if (merges <= (usual.get(programmeId)?.alert_merges_a_day ?? Number.POSITIVE_INFINITY)) return []
  const what = `${author} made two cards one ${merges} times within a day: see "customer merge" in the log of changes`
  return [{ kind: 'merges', reference: `${author} in ${programmeId}`, registerId: null, where: null, what }]
}

function manyCardsOf(
  { programmeId, customerId, card, others }: ManyCards,
  { usual }: Pick<Facts, 'usual'>,
): Finding[] {
  if (others <= (usual.get(programmeId)?.alert_cards_of_a_customer ?? Number.POSITIVE_INFINITY)) return []
  const what = `a card that ends in ${card.slice(-3)} stands for ${others} others, the latest within a day: see "customer busy"`
  return [{ kind: 'merges', reference: `customer ${customerId}`, registerId: null, where: null, what }]
}

/** The card is in no message: IT asks for it where it has signed in. */
function busyOf({ customerId, card, purchases }: BusyCard): Finding {
  const what = `a card that ends in ${card.slice(-3)} made ${purchases} purchases within a day: see "customer busy"`
  return { kind: 'purchases', reference: `customer ${customerId}`, registerId: null, where: null, what }
}
