import { mendText } from '../../shared/text.ts'
import { type Instant, MINUTE } from '../../shared/time.ts'
import type { Alert, Finding } from './alerts.ts'
import { openForMs } from './hours.ts'
import { type FleetRegister, isExchangeBad, SILENT_AFTER_MS } from './read.ts'
import { ago } from './words.ts'

const QUEUE_TOO_OLD_MS = 15 * MINUTE
/** A job that runs every few seconds leaves no word of going well; after so long it does. */
const FAILURE_OVER_MS = 60 * MINUTE

export interface Facts {
  registers: FleetRegister[]
  open: Alert[]
  discrepancies: { id: number; kind: string; storeName: string | null; isOfAudit: boolean }[]
  jobs: { job: string; error: string; failedAt: Instant; isDaily: boolean }[]
}

/** Everything that IT should know of now. */
export function findingsOf({ registers, open, discrepancies, jobs }: Facts, now: Instant): Finding[] {
  const isOpen = new Set(open.map(keyOf))
  const used = registers.filter(({ revokedAt, lastSeenAt }) => revokedAt === null && lastSeenAt !== null)
  return [
    ...used
      .filter((register) => isMissed(register, isOpen, now))
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
      .filter((register) => hasBadExchange(register, isOpen))
      .map((register) => ({
        ...ofRegister('exchange', register),
        what: `the exchange with 1C: ${register.heartbeat?.exchange}`,
      })),
    ...discrepancies
      .filter(({ isOfAudit }) => !isOfAudit)
      .map(({ id, kind, storeName }) => ({
        kind: 'discrepancy' as const,
        reference: String(id),
        registerId: null,
        where: storeName,
        what: `discrepancy ${id} (${kind}) waits for a person`,
      })),
    ...jobs
      .filter(({ isDaily, failedAt }) => isDaily || now - failedAt < FAILURE_OVER_MS)
      .map(({ job, error }) => ({
        kind: 'job' as const,
        reference: job,
        registerId: null,
        where: null,
        what: `the job ${job} failed: ${mendText(error, 200)}`,
      })),
    ...auditOf(discrepancies.filter(({ isOfAudit }) => isOfAudit).length),
  ]
}

export const keyOf = ({ kind, reference }: Pick<Finding, 'kind' | 'reference'>) => `${kind} ${reference}`

const utc = (at: Instant) => `${new Date(at).toISOString().slice(0, 16).replace('T', ' ')} UTC`

function ofRegister(kind: 'silent' | 'queue' | 'exchange', { registerId, name, store }: FleetRegister) {
  return { kind, reference: `register ${registerId}`, registerId, where: `${store.name}, ${name}` }
}

/** Begins in opening hours, when the machine has had time to start; ends when it is heard of, not at closing time. */
function isMissed(register: FleetRegister, isOpen: Set<string>, now: Instant): boolean {
  const { hours } = register.store
  if (!register.isSilent || !hours) return false
  if (isOpen.has(keyOf(ofRegister('silent', register)))) return true
  return (openForMs(hours, now) ?? 0) > SILENT_AFTER_MS
}

/** Nobody knows how the exchange of a silent register is: then it is as it was. */
function hasBadExchange(register: FleetRegister, isOpen: Set<string>): boolean {
  if (register.isSilent) return isOpen.has(keyOf(ofRegister('exchange', register)))
  return isExchangeBad(register.heartbeat?.exchange ?? null)
}

function auditOf(violations: number): Finding[] {
  if (violations === 0) return []
  const what = `the audit of the ledger is not empty: ${violations} open`
  return [{ kind: 'audit', reference: 'ledger', registerId: null, where: null, what }]
}
