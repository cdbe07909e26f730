import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Faults } from '../../desktop/register/rig/faults.ts'
import { createMachine, type LogLine, type Machine } from '../../desktop/register/rig/machine.ts'
import { type Carried, createNetwork } from '../../desktop/register/rig/network.ts'
import type { Random } from '../../desktop/register/rig/random.ts'
import type { VirtualTime } from '../../desktop/register/rig/time.ts'
import { pause } from '../../desktop/register/time/clock.ts'
import { type Instant, MINUTE, SECOND } from '../../shared/time.ts'
import { readJournal, type Till } from '../evidence.ts'
import { virtualPlace } from '../meetingPlace.ts'
import { programOf } from '../oneC.ts'
import { follow, planEnd, planSale, type SalePlan } from '../plan.ts'
import { openShop, type Shop } from '../shop.ts'
import type { Plants } from './planted.ts'
import type { RunLog } from './runLog.ts'
import type { Stage } from './stage.ts'

const TAKE_MS = 5 * SECOND
const SKEW_MS = 8 * MINUTE

export interface VirtualTill {
  shop: Shop
  sell(count: number): Promise<void>
  /** Nothing of its machine and its network fails any more. */
  heal(): void
  /** Nothing is on its way to the cloud. */
  isQuiet(): boolean
  /** What is known of it since it was asked last. */
  evidence(): Till
  overnight(ms: number): Promise<void>
  off(): void
}

export interface TillOptions {
  index: number
  /** For the files of SQLite. */
  folder: string
  customers: number
  random: Random
  time: VirtualTime
  faults: Faults
  stage: Stage
  log: RunLog
  plants: Plants | undefined
}

/** A till of the year: its machine, its way to the cloud, its 1C, and a cashier who sells what chance brings. */
export async function openTill(options: TillOptions): Promise<VirtualTill> {
  const { index, customers, random, time, faults, stage, log, plants } = options
  const registerId = index + 1
  const name = `register ${registerId}`
  const folder = join(options.folder, `register-${registerId}`)
  mkdirSync(folder, { recursive: true })
  const heard = createHeard()
  let last = 0

  const network = createNetwork({
    ...{ clock: time, faults, random: random.fork('network') },
    serve(request) {
      const answer = serveLogged(request, { name, faults, stage, log })
      return answer && responseOf(answer, time.now())
    },
  })
  const machine = createMachine({
    ...{ folder, time, faults, takeMs: TAKE_MS, fetch: network.fetch, random: random.fork('register') },
    cloudUrl: 'https://cloud.test',
    key: stage.registers[index]?.key ?? '',
    skewMs: random.chance(0.5) ? random.int(-SKEW_MS, SKEW_MS) : 0,
    onLog(line) {
      log.write(`${name} ${line.level}: ${line.message} ${line.code ?? ''}`)
      heard.line(line)
    },
    ...(plants?.register && { plant: plants.register }),
  })
  const shop = await openShop({
    ...{ name, network, takeMs: TAKE_MS, clock: time, random: random.fork('1C') },
    program: programOf(registerId),
    place: virtualPlace(machine.exchangeFolder, machine.disk),
    start: machine.start,
    onSale: () => true,
    say: (text) => log.write(`${name} ${text}`),
  })
  const sales = planSales({ index, customers, random, faults, stage })

  function* beginEach(count: number): Generator<SalePlan> {
    for (const sale of sales(count)) {
      disturbClock(machine, faults)
      log.write(`${name} sale ${sale.number} of ${sale.card}: ${sale.wish} ${sale.purchaseKopecks}`)
      yield sale
    }
  }

  return {
    shop,
    sell: (count) => shop.sell(beginEach(count)),
    heal() {
      machine.heal()
      network.heal()
    },
    isQuiet: network.isQuiet,
    evidence() {
      const journal = machine.journal()
      if (!journal) throw new Error(`${name} has no journal in the evening`)
      const read = readJournal(journal, { after: last })
      last = read.last
      return { ...{ name, registerId }, ...heard.today(), notes: shop.notes(), ...read }
    },
    async overnight(ms) {
      const how = nightOf(random, faults)
      if (how === 'on') machine.clock.sleep(ms)
      heard.forget()
      await shop.overnight(how, () => pause(time, ms))
    },
    off: () => machine.end('process'),
  }
}

/** As much of a response as a register hears: a whole one is a stream, and costs as much as the sale. */
function responseOf({ status, text }: { status: number; text: string }, now: Instant): Response {
  const date = new Date(now).toUTCString()
  const heard = {
    status,
    headers: new Headers({ 'content-type': 'application/json', date }),
    body: [new TextEncoder().encode(text)],
    text: async () => text,
  }
  return heard as unknown as Response
}

const DISK = /^(ENOSPC|EIO|EBUSY|EPERM|SQLITE_FULL)$/
const isOfDisk = (code: unknown) => typeof code === 'string' && DISK.test(code)

/** What the log of a register says of a day. */
function createHeard() {
  let errors: string[] = []
  let cutShort: string[] = []
  return {
    line({ level, message, fields, code: ofError, text }: LogLine): void {
      const { redemption, step, code } = fields
      if (redemption && step) cutShort.push(String(step))
      // What 1C wrote badly, because the power went, is 1C's.
      if (level === 'error' && !isOfDisk(ofError ?? code) && !('problem' in fields))
        errors.push(`${message} ${JSON.stringify(code ?? ofError)} ${text}`)
    },
    today: () => ({ errors, cutShort }),
    forget(): void {
      errors = []
      cutShort = []
    },
  }
}

/** Null where the cloud is down, or ends before the answer is on its way. */
function serveLogged(
  request: Carried,
  { name, faults, stage, log }: { name: string } & Pick<TillOptions, 'faults' | 'stage' | 'log'>,
): { status: number; text: string } | null {
  const ends = 'cloud: ends in the middle, and starts again'
  if (stage.isDown()) return null
  const isEnding = faults.strikes(ends)
  const isDone = !isEnding || faults.random(ends).chance(0.5)
  const said = isDone ? stage.serve(request) : null
  const answer = said && { status: said.status, text: JSON.stringify(said.body) }
  if (isEnding) stage.goDown(faults.random(ends).between(SECOND, 20 * SECOND))
  log.write(`${name} ${request.method} ${request.url.pathname}${request.url.search} ${request.body ?? ''}`)
  log.write(answer ? `${answer.status} ${answer.text}` : 'no answer')
  return isEnding ? null : answer
}

/** One sale ahead: what the next one is like says what is left of this one. */
function planSales({
  index,
  customers,
  random,
  faults,
  stage: { codes },
}: Pick<TillOptions, 'index' | 'customers' | 'random' | 'faults' | 'stage'>) {
  let number = 0
  let next: SalePlan | null = null

  function draw(): SalePlan {
    number += 1
    const sale = planSale({ takeMs: TAKE_MS, customers, codes }, random, { number, register: index })
    return { ...sale, awayForMs: null, end: endOf(faults) }
  }

  return function* (count: number): Generator<SalePlan> {
    for (let sold = 0; sold < count; sold += 1) {
      const sale = next ?? draw()
      next = draw()
      follow(next, sale, random)
      yield sale
    }
  }
}

function endOf(faults: Faults): SalePlan['end'] {
  const ends = [
    ['process: killed', 'killed'],
    ['process: stopped', 'stopped'],
    ['power: lost', 'powerless'],
  ] as const
  for (const [injection, how] of ends)
    if (faults.strikes(injection)) return planEnd({ takeMs: TAKE_MS }, faults.random(injection), how)
  return null
}

function disturbClock({ clock }: Machine, faults: Faults): void {
  const set = 'clock: set forward or back'
  if (faults.strikes(set)) clock.set(faults.random(set).int(-20, 20) * MINUTE)
  const asleep = 'clock: asleep, with time standing still'
  if (faults.strikes(asleep)) clock.sleep(faults.random(asleep).between(SECOND, 10 * MINUTE))
}

function nightOf(random: Random, faults: Faults): 'stopped' | 'powerless' | 'on' {
  const drawn = random.pick(['stopped', 'powerless', 'on', 'on'] as const)
  if (drawn === 'powerless' && faults.strike('power: lost')) return 'powerless'
  if (drawn === 'on' && faults.strike('clock: asleep, with time standing still')) return 'on'
  return 'stopped'
}
