import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { bookOfBase } from '../shared/programme.ts'
import { lifeOfGift } from '../shared/rules/quote.ts'
import { DAY } from '../shared/time.ts'
import { type AttackName, attacks } from './attacks.ts'
import { stopChild } from './child.ts'
import { seedCustomers, settle, untilFollowed } from './customers.ts'
import type { Finding } from './findings.ts'
import { say } from './print.ts'
import { runAtRate } from './rate.ts'
import { createRegisters, type Stage, startApi } from './stage.ts'
import { someLots } from './throughput.ts'

const CLIENTS = 300
const HOSTILE = 2
const SALES_A_SECOND = 50
const BUYERS = 10_000
const LOTS_OF_ONE_CARD = 45
const REACH = 3

/** How much two hostile clients slow honest registers down. The API has the limits of production here. */
export async function hostile(stage: Stage): Promise<Finding[]> {
  const { options, closers, sql, databaseUrl, dataDir } = stage
  const keys = await createRegisters(sql, 'Hostile bench', CLIENTS)
  const cards = await seedCustomers(stage, BUYERS, someLots(Date.now()))
  const [hotCard = ''] = await seedCustomers(stage, 1, manyLots(Date.now()))
  await untilFollowed(stage)
  await settle(stage)
  const findings: Finding[] = []
  for (const name of Object.keys(attacks) as AttackName[]) {
    // An API for each attack, so that none begins with what another has left in its memory.
    const api = await startApi(dataDir, options, closers, { ...DEFAULT_LIMITS, DATABASE_URL: databaseUrl })
    const honest = { ...stage, api, keys: keys.slice(HOSTILE) }
    const sales = (until: Promise<unknown>) =>
      runAtRate(honest, SALES_A_SECOND, cards, until, CLIENTS - HOSTILE)
    await sales(pause(options.warmUpSeconds * 1000))
    const alone = await sales(pause(options.seconds * 1000))
    const attackers = keys.slice(0, HOSTILE).map((key) => attack(stage, name, [api.url.href, key, hotCard]))
    await pause(options.warmUpSeconds * 1000)
    const under = await sales(pause(options.seconds * 1000))
    const answers = await Promise.all(attackers.map((attacker) => attacker.stop()))
    say(`  ${name}: the attackers were answered ${answers.join(' and ')}`)
    await api.stop()
    findings.push({
      what: `sales at ${SALES_A_SECOND}/s of ${CLIENTS - HOSTILE} clients, while two clients ${attacks[name].what}`,
      alone: alone.latency,
      latency: under.latency,
      problems: under.problems,
      reach: { p99Ratio: REACH },
    })
  }
  return findings
}

/** As many lots as a card can have: one of each day. */
function manyLots(now: number) {
  return Array.from({ length: LOTS_OF_ONE_CARD }, (_, daysAgo) => {
    const earnedAt = now - daysAgo * DAY
    return { points: 1, earnedAt, ...lifeOfGift(earnedAt, bookOfBase({})) }
  })
}

/** The limits of production: an empty setting has its default, whatever our own environment says. */
const DEFAULT_LIMITS = Object.fromEntries(
  [
    'OPERATIONS_BURST',
    'TURNED_AWAY_PER_SECOND',
    ...[
      'OPERATIONS',
      'REQUESTS',
      'LOOKUPS',
      'MISSED_LOOKUPS',
      'MINI_APP_REQUESTS',
      'ENROL_ATTEMPTS',
      'STRANGERS',
    ].map((what) => `${what}_PER_MINUTE`),
  ].map((name) => [name, '']),
)

/** A hostile client is a process of its own, so that it costs the honest ones nothing but what it does to the API. */
function attack({ closers }: Stage, name: AttackName, args: string[]) {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'attackProcess.ts'), name, ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  closers.defer(() => stopChild(child))
  let answers = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    answers += text
  })
  const ended = once(child, 'close')
  return {
    async stop(): Promise<string> {
      await stopChild(child)
      await ended
      return answers.trim()
    },
  }
}
