import { execFileSync } from 'node:child_process'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Stage } from './stage.ts'

/** Seconds of CPU used since a process began, by who used them. */
interface CpuTimes {
  at: number
  api: number
  postgres: number
  generator: number
  /** All processes, those too that have nothing to do with the bench. */
  machine: number
}

/** Cores kept busy: 1 is one core all the time. */
export type CpuShares = Pick<CpuTimes, 'api' | 'postgres' | 'generator'> & { others: number }

/** Null where there is no /proc to ask. */
export async function readCpu({ api, dataDir }: Stage): Promise<CpuTimes | null> {
  if (process.platform !== 'linux') return null
  const pidFile = await readFile(join(dataDir, 'postgres', 'data', 'postmaster.pid'), 'utf8')
  const postmaster = Number(pidFile.split('\n')[0])
  let postgres = 0
  let apiTicks = 0
  for (const name of await readdir('/proc')) {
    if (!/^\d+$/.test(name)) continue
    const used = await ticksOf(name)
    if (!used) continue
    if (Number(name) === api.pid) apiTicks = used.own
    if (Number(name) === postmaster) postgres += used.own + used.ofEndedChildren
    if (used.parent === postmaster) postgres += used.own
  }
  const { user, system } = process.cpuUsage()
  return {
    at: performance.now() / 1000,
    api: apiTicks / ticksASecond,
    postgres: postgres / ticksASecond,
    generator: (user + system) / 1e6,
    machine: await readMachine(),
  }
}

export function sharesBetween(before: CpuTimes | null, after: CpuTimes | null): CpuShares | null {
  if (!before || !after) return null
  const share = (who: Exclude<keyof CpuTimes, 'at'>) => (after[who] - before[who]) / (after.at - before.at)
  const [api, postgres, generator] = [share('api'), share('postgres'), share('generator')]
  return { api, postgres, generator, others: Math.max(0, share('machine') - api - postgres - generator) }
}

/** The first line of /proc/stat: user, nice, system, idle, iowait, irq, softirq, … */
async function readMachine(): Promise<number> {
  const [line = ''] = (await readFile('/proc/stat', 'utf8')).split('\n')
  const [user = 0, nice = 0, system = 0, , , irq = 0, softirq = 0] = line.split(/ +/).slice(1).map(Number)
  return (user + nice + system + irq + softirq) / ticksASecond
}

/** See proc_pid_stat(5); the name of the program, in brackets, may hold anything. */
async function ticksOf(pid: string) {
  const text = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => null) // it ended meanwhile
  if (text === null) return null
  const fields = text
    .slice(text.lastIndexOf(')') + 2)
    .split(' ')
    .map(Number)
  const [, parent = 0] = fields
  const [user = 0, system = 0, childUser = 0, childSystem = 0] = fields.slice(11, 15)
  return { parent, own: user + system, ofEndedChildren: childUser + childSystem }
}

const ticksASecond =
  process.platform === 'linux' ? Number(execFileSync('getconf', ['CLK_TCK'], { encoding: 'utf8' })) : 1
