import { createRandom, type Random } from '../desktop/register/rig/random.ts'
import { openCloud } from './cloud.ts'
import { openFiles } from './files.ts'
import type { Options } from './options.ts'
import { openScreen } from './screen.ts'
import type { Attempt, Target } from './target.ts'

interface Finding {
  at: string
  problem: string
  /** How often it was met. */
  times: number
  input: string
  /** Sends the same again, with as few changes as still do it. */
  command: string
}

export interface Report {
  /** How many inputs each door was sent. */
  doors: Map<string, number>
  findings: Finding[]
  /** What was wrong at the end. */
  remains: string[]
}

interface Place {
  /** Of an empty database. */
  databaseUrl: string
  folder: string
  closers: AsyncDisposableStack
  say: (text: string) => void
}

const MOST_ROUNDS = 3

/** Sends input after input until the time is over, and looks back at the end. */
export async function runFuzz({ seed, seconds, only }: Options, { say, ...place }: Place): Promise<Report> {
  const cloud = await openCloud(place)
  const targets = [
    cloud.target,
    await openScreen({ ...place, cloud: cloud.url(), key: cloud.world.kioskKey }),
    await openFiles(place),
  ]
  const random = createRandom(seed)
  const doors = new Map<string, number>()
  const findings = new Map<string, Finding>()

  async function once(input: number, mostRounds?: number): Promise<void> {
    const { target, rounds, again } = planOf(random.fork(String(input)), targets)
    const attempt = await again(mostRounds ?? rounds)
    const door = `${target.name} ${attempt.at}`
    doors.set(door, (doors.get(door) ?? 0) + 1)
    if (attempt.problem === null) return
    const known = findings.get(keyOf(attempt))
    if (known) {
      known.times += 1
      return
    }
    const least = await shrink(attempt, rounds, again)
    findings.set(keyOf(attempt), {
      ...{ at: door, problem: attempt.problem, times: 1, input: least.attempt.input },
      command: `npm run fuzz -- --seed ${seed} --input ${input} --rounds ${least.rounds}`,
    })
    say(`input ${input}, ${door}: ${attempt.problem}`)
  }

  if (only) await once(only.input, only.rounds)
  else {
    const until = performance.now() + seconds * 1000
    for (let input = 1; performance.now() < until; input += 1) await once(input)
  }
  const remains: string[] = []
  for (const target of targets) remains.push(...((await target.lookBack?.()) ?? []))
  return { doors, findings: [...findings.values()], remains }
}

const keyOf = ({ at, problem }: Attempt) => `${at} ${problem}`

/** What an input is follows from its own chance alone, and not from those before it. */
function planOf(random: Random, targets: Target[]) {
  const target = random.fork('target').weighted(targets.map((target) => [target, target.weight] as const))
  const rounds = random.fork('rounds').int(1, MOST_ROUNDS)
  return { target, rounds, again: (rounds: number) => target.attempt(random.fork('attempt'), rounds) }
}

/** The same input with fewer of its changes, where those do it too. */
async function shrink(attempt: Attempt, rounds: number, again: (rounds: number) => Promise<Attempt>) {
  for (let fewer = 0; fewer < rounds; fewer += 1) {
    const less = await again(fewer)
    if (less.problem !== null && keyOf(less) === keyOf(attempt)) return { attempt: less, rounds: fewer }
  }
  return { attempt, rounds }
}
