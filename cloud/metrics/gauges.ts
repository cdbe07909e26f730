import { Gauge, Registry } from 'prom-client'
import { type Instant, SECOND } from '../../shared/time.ts'
import { type FleetRegister, isExchangeBad } from '../fleet/read.ts'
import { openStates } from '../ledger/account.ts'
import type { Standing } from './standing.ts'

const REGISTER_STATES = ['online', 'silent', 'unseen', 'revoked'] as const

/** Made anew for each scrape, so that what is unknown while the database is away is absent, and not zero. */
export async function gaugesOf(standing: Standing | null, doneHere: Map<string, Instant>): Promise<string> {
  const gauges = new Registry()
  const gauge = <Label extends string>(name: string, help: string, ...labelNames: Label[]) =>
    new Gauge({ name: `kopilka_${name}`, help, labelNames, registers: [gauges] })

  gauge('database_up', '1 where the database answered this scrape in time, else 0.').set(standing ? 1 : 0)
  if (!standing) return await gauges.metrics()
  const { at, registers, holds } = standing

  const inState = gauge('registers', 'Registers of the chain, by state.', 'state')
  for (const state of REGISTER_STATES)
    inState.set({ state }, registers.filter((register) => stateOf(register) === state).length)

  const used = registers.filter(({ revokedAt }) => revokedAt === null)
  const queued = used.filter(({ queuedSince }) => queuedSince !== null)
  gauge('registers_queued_operations', 'Operations that wait in registers, by their last heartbeats.').set(
    sum(queued.map(({ heartbeat }) => heartbeat?.queueDepth ?? 0)),
  )
  gauge('registers_oldest_queued_seconds', 'Age of the oldest operation that waits in a register.').set(
    ageSeconds(at, ...queued.map(({ queuedSince }) => queuedSince ?? at)),
  )
  gauge('registers_exchange_bad', 'Registers whose exchange with 1C is broken.').set(
    used.filter(({ heartbeat }) => isExchangeBad(heartbeat?.exchange ?? null)).length,
  )

  const held = gauge('holds', 'Open holds, by state.', 'state')
  for (const state of openStates) held.set({ state }, holds.find((open) => open.state === state)?.holds ?? 0)
  gauge('holds_oldest_seconds', 'Age of the oldest open hold, 0 where there is none.').set(
    ageSeconds(at, ...holds.map(({ oldestAt }) => oldestAt)),
  )

  const open = gauge('proposals_open', 'Proposals that wait for approval, by age.', 'age')
  for (const [age, count] of Object.entries(standing.proposals.open)) open.set({ age }, count)
  gauge('proposals_to_review', 'What one person did without approvals, and nobody else has looked at.').set(
    standing.proposals.toReview,
  )

  const { done: approved, rejected, lapsed, alone, middleSeconds, slowSeconds } = standing.proposals.decided
  const decided = gauge('proposals_decided', 'What became of proposals within the latest 30 days.', 'as')
  for (const [as, count] of Object.entries({ approved, rejected, lapsed, alone })) decided.set({ as }, count)
  const decidedIn = gauge(
    'proposals_decision_seconds',
    'From a proposal to its last approval or its rejection, within the latest 30 days.',
    'quantile',
  )
  for (const [quantile, seconds] of [['0.5', middleSeconds] as const, ['0.9', slowSeconds] as const])
    if (seconds !== null) decidedIn.set({ quantile }, seconds)

  const done = gauge('job_last_success_timestamp_seconds', 'When a job last went well, in Unix time.', 'job')
  const successes = new Map(standing.lastSuccesses.map(({ job, at }) => [job, at]))
  for (const [job, at] of doneHere) successes.set(job, Math.max(at, successes.get(job) ?? 0))
  for (const [job, at] of successes) done.set({ job }, at / SECOND)
  return await gauges.metrics()
}

function stateOf({ revokedAt, lastSeenAt, isSilent }: FleetRegister): (typeof REGISTER_STATES)[number] {
  if (revokedAt !== null) return 'revoked'
  if (lastSeenAt === null) return 'unseen'
  return isSilent ? 'silent' : 'online'
}

const sum = (numbers: number[]) => numbers.reduce((total, number) => total + number, 0)

function ageSeconds(now: Instant, ...since: Instant[]): number {
  return Math.max(0, now - Math.min(now, ...since)) / SECOND
}
