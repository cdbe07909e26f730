import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { DAY } from '../shared/time.ts'
import { runProgram } from './child.ts'
import { seedCustomers, settle } from './customers.ts'
import type { Finding } from './findings.ts'
import { runAtRate } from './rate.ts'
import type { Stage } from './stage.ts'
import { someLots } from './throughput.ts'

const BUYERS = 10_000
const DEAD_LOTS_EACH = 2
const REDEMPTIONS_A_SECOND = 50

/** The nightly job at its worst, while customers redeem, also those whose dead lots the job is writing off. */
export async function expiry(stage: Stage): Promise<Finding[]> {
  const { deadLots, seconds } = stage.options
  const dead = deadLotsOf(Date.now())
  const owners = Math.ceil(deadLots / DEAD_LOTS_EACH)
  const buyers = await seedCustomers(stage, Math.min(BUYERS, owners), [...dead, ...someLots(Date.now())])
  await seedCustomers(stage, owners - buyers.length, dead)
  await settle(stage)

  const before = await runAtRate(stage, REDEMPTIONS_A_SECOND, buyers, pause(seconds * 1000))
  const dying = await countDeadLots(stage)
  const job = runJob(stage)
  const during = await runAtRate(stage, REDEMPTIONS_A_SECOND, buyers, job)
  const jobSeconds = await job
  const left = await countDeadLots(stage)
  const rate = `redemptions at ${REDEMPTIONS_A_SECOND}/s (each a redeem and its apply)`
  const problems: Record<string, number> = left > 0 ? { 'dead lots not written off': left } : {}
  return [
    { what: `${rate}, no job running`, ...before },
    {
      what: `${rate}, while ${dying.toLocaleString('en')} dead lots expire`,
      reach: { p99Ms: 50 },
      ...during,
    },
    { what: 'the job meanwhile', unit: 'dead lots', perSecond: (dying - left) / jobSeconds, problems },
  ]
}

function deadLotsOf(now: number) {
  return [60, 50].map((daysAgo) => {
    const earnedAt = now - daysAgo * DAY
    return { points: 100, earnedAt, activeFrom: earnedAt, expiresAt: earnedAt + 45 * DAY }
  })
}

async function countDeadLots({ sql }: Stage): Promise<number> {
  const [row] = await sql<{ count: number }[]>`
    select count(*) from lots where remaining > 0 and expires_at <= now()`
  return row?.count ?? 0
}

/** Runs the job in a process of its own, as IT would start it by hand; returns how many seconds it took. */
async function runJob({ closers, dataDir }: Stage): Promise<number> {
  const { DATABASE_URL: _, ...env } = process.env
  const admin = join(import.meta.dirname, '../cloud/admin/main.ts')
  const startedAt = performance.now()
  await runProgram(closers, process.execPath, [admin, 'job', 'run', 'expire'], {
    ...env,
    KOPILKA_DATA: dataDir,
  })
  return (performance.now() - startedAt) / 1000
}
