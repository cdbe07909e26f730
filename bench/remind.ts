import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { DAY, startOfUtcDay } from '../shared/time.ts'
import { runProgram, stopChild } from './child.ts'
import { seedCustomers, settle } from './customers.ts'
import type { Finding } from './findings.ts'
import type { Stage } from './stage.ts'

/** Far too little for a list of them all: the job may not hold what it plans. */
const HEAP_MEGABYTES = 48

/** People whose points die in three days: planned by a job that is killed half-way, and run again. */
export async function remind(stage: Stage): Promise<Finding[]> {
  const { dying } = stage.options
  const diesAt = startOfUtcDay(Date.now()) + 3 * DAY
  const lot = { points: 100, earnedAt: diesAt - 45 * DAY, activeFrom: diesAt - 45 * DAY, expiresAt: diesAt }
  await seedCustomers(stage, dying, [lot, { ...lot, points: 50, activeFrom: diesAt - 44 * DAY }], true)
  await settle(stage)

  const startedAt = performance.now()
  const half = await killHalfWay(stage)
  await runProgram(stage.closers, process.execPath, job, environment(stage))
  const seconds = (performance.now() - startedAt) / 1000
  const planned = await countPlanned(stage)
  return [
    {
      what: `${dying.toLocaleString('en')} people reminded, the job killed after ${half.toLocaleString('en')} of them, heap ${HEAP_MEGABYTES} MB`,
      seconds,
      reach: { seconds: 60 },
      problems:
        planned === dying ? {} : { 'people not planned, or more than once': Math.abs(dying - planned) },
    },
  ]
}

const job = [
  `--max-old-space-size=${HEAP_MEGABYTES}`,
  join(import.meta.dirname, '../cloud/admin/main.ts'),
  ...['job', 'run', 'remind'],
]

function environment({ dataDir }: Stage): NodeJS.ProcessEnv {
  const { DATABASE_URL: _, ...env } = process.env
  return { ...env, KOPILKA_DATA: dataDir }
}

/** Kills the job as the system would, and says how many were planned by then. */
async function killHalfWay(stage: Stage): Promise<number> {
  const child = spawn(process.execPath, job, { env: environment(stage), stdio: 'ignore' })
  stage.closers.defer(() => stopChild(child))
  const ended = once(child, 'exit')
  while (child.exitCode === null && (await countPlanned(stage)) < stage.options.dying / 3) await pause(20)
  child.kill('SIGKILL')
  await ended
  return await countPlanned(stage)
}

async function countPlanned({ sql }: Stage): Promise<number> {
  const [row] = await sql<{ count: number }[]>`select count(*) from notifications where kind = 'expiring'`
  return row?.count ?? 0
}
