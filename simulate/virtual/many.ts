import { fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import type { Closers } from '../../build/command/interrupt.ts'
import { createCounter } from '../counter.ts'
import type { Year, YearOptions } from './year.ts'

const PROGRAM = join(import.meta.dirname, 'yearProcess.ts')

export interface ManyOptions {
  year: YearOptions
  /** How many runs, each with a seed of its own. */
  seeds: number
  /** How many at once. */
  processes: number
}

export interface Played {
  options: YearOptions
  year: Year
}

/** The seeds that follow from one; a single one is itself. */
const seedsOf = (seed: string, count: number): string[] =>
  count === 1 ? [seed] : Array.from({ length: count }, (_, index) => `${seed}-${index + 1}`)

/** Many runs, in as many processes as there may be at once. */
export async function playMany(
  { year, seeds, processes }: ManyOptions,
  { closers, onPlayed }: { closers: Closers; onPlayed: (played: Played) => void },
): Promise<Played[]> {
  const waiting = seedsOf(year.seed, seeds).map((seed): YearOptions => ({ ...year, seed }))
  const all: Played[] = []

  async function work(): Promise<void> {
    const player = startPlayer()
    closers.defer(player.end)
    for (let options = waiting.shift(); options; options = waiting.shift()) {
      const played = { options, year: await player.play(options) }
      all.push(played)
      onPlayed(played)
    }
    player.end()
  }

  await Promise.all(Array.from({ length: Math.min(processes, waiting.length) }, work))
  return all
}

function startPlayer() {
  const child = fork(PROGRAM, { serialization: 'advanced' })
  const exited = once(child, 'exit').then(([code, signal]) => {
    throw new Error(`a process that plays runs ended with ${code ?? signal}`)
  })
  exited.catch(() => {}) // heard by those who wait for a run
  return {
    async play(options: YearOptions): Promise<Year> {
      const told = once(child, 'message').then(([year]) => year as Year)
      child.send(options)
      return await Promise.race([told, exited])
    },
    end(): void {
      if (child.connected) child.disconnect()
    },
  }
}

/** All runs as one, for the tables of a report. */
export function addUp(played: readonly Played[]): Year {
  const years = played.map(({ year }) => year)
  const total = (numberOf: (year: Year) => number) => years.reduce((sum, year) => sum + numberOf(year), 0)
  return {
    sales: total(({ sales }) => sales),
    events: total(({ events }) => events),
    virtualMs: total(({ virtualMs }) => virtualMs),
    findings: years.flatMap(({ findings }) => findings),
    looked: sumsOf(years.map(({ looked }) => looked)),
    happened: sumsOf(years.map(({ happened }) => happened)),
    faults: sumsOf(years.map(({ faults }) => faults)),
    hash: years.map(({ hash }) => hash).join(' '),
  }
}

function sumsOf<Name extends string>(all: ReadonlyMap<Name, number>[]): Map<Name, number> {
  const sums = createCounter<Name>()
  for (const [name, count] of all.flatMap((each) => [...each])) sums.add(name, count)
  return sums.counts
}
