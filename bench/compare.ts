import { fork } from 'node:child_process'
import { once } from 'node:events'
import { join, resolve } from 'node:path'
import { Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { type Closers, closeAfter } from '../build/command/interrupt.ts'
import { stopChild } from './child.ts'
import type { Finding } from './findings.ts'
import { say, table } from './print.ts'

// npm run bench:compare -- ../other earns,batches 3: this checkout and another one, each with a cloud of its own, under the
// same load in the same seconds, so that what else this machine does, it does to both. Options of the bench may follow, and
// are of this one alone: `-- . earns 1 --aged 1000000` compares a database with a year behind it with a young one.

const HOME = join(import.meta.dirname, '..')
const usage =
  'npm run bench:compare -- <folder of the other checkout> [phases, with commas] [rounds] [options]'
const [other, only = 'earns,batches,redemptions,mixed,hot', rounds = '3', ...own] = process.argv.slice(2)
if (!other || other.startsWith('-') || !(Number(rounds) > 0)) {
  console.error(usage)
  process.exit(2)
}
const usual = ['--only', only, '--seconds', '10', '--alone', '--json']
const sides = [
  { folder: resolve(other), args: usual },
  { folder: HOME, args: [...usual, ...own] },
]

const rateOf = ({ perSecond = Number.NaN }: Finding) => perSecond
const microsOf = ({ cpu }: Finding, rate: number) =>
  cpu ? [cpu.api, cpu.postgres].map((cores) => (cores * 1e6) / rate) : []
const sum = (numbers: number[]) => numbers.reduce((sum, number) => sum + number, 0)
const change = (ratio: number) => `${ratio < 1 ? '−' : '+'}${Math.abs(100 * (ratio - 1)).toFixed(0)} %`

const pairs: Finding[][] = []
await closeAfter(async (closers) => {
  for (let round = 1; round <= Number(rounds); round += 1) {
    say(`round ${round} …`)
    const [theirs = [], ours = []] = await runBoth(closers)
    pairs.push(...ours.flatMap((finding, index) => (theirs[index] ? [[theirs[index], finding]] : [])))
  }
})
console.log(
  table(
    ['what', `${other}: rate, CPU µs of API + Postgres`, 'this one', 'rate', 'CPU'],
    pairs.map(([theirs, ours]) => (theirs && ours ? rowOf(theirs, ours) : [])),
  ),
)

/** Runs both benches; each load begins when both are ready for it. */
async function runBoth(closers: Closers): Promise<Finding[][]> {
  const benches = sides.map(({ folder, args }) => {
    const bench = fork('bench/cloud.ts', args, {
      cwd: folder,
      execPath: join(folder, 'node_modules/.bin/node'),
      stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
    })
    closers.defer(() => stopChild(bench))
    return bench
  })
  let ready = 0
  const areReady = () => ready % benches.length === 0
  const { promise: left, reject: leave } = Promise.withResolvers<never>()
  left.catch(() => {}) // the wait for the figures hears of it
  function leaveWhoWaits(): void {
    if (areReady() || benches.every(({ exitCode }) => exitCode === null)) return
    leave(
      new Error('one of the benches ended while the other waited for it: it does not know of comparisons'),
    )
  }
  for (const bench of benches) {
    bench.on('exit', leaveWhoWaits)
    bench.on('message', () => {
      ready += 1
      if (areReady()) for (const each of benches) each.send('begin')
      else leaveWhoWaits()
    })
  }
  const figures = Promise.all(
    benches.map(async (bench) => {
      const [printed, [code]] = await Promise.all([
        text(bench.stdout ?? Readable.from('')),
        once(bench, 'close'),
      ])
      if (code !== 0) throw new Error(`a bench ended with ${code}`)
      return (JSON.parse(printed) as { findings: Finding[] }).findings
    }),
  )
  return await Promise.race([figures, left])
}

function rowOf(theirs: Finding, ours: Finding): string[] {
  const [before, after] = [theirs, ours].map((finding) => {
    const rate = rateOf(finding)
    return { rate, micros: microsOf(finding, rate) }
  })
  if (!before || !after) return []
  const told = ({ rate, micros }: typeof before) =>
    `${Math.round(rate).toLocaleString('en')}/s, ${micros.map((each) => each.toFixed(0)).join(' + ')}`
  return [
    ours.what,
    told(before),
    told(after),
    change(after.rate / before.rate),
    change(sum(after.micros) / sum(before.micros)),
  ]
}
