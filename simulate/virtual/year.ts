import { createHash } from 'node:crypto'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { judge } from '../../cloud/ledger/judge.ts'
import { defaultTerms, rulesToPickFrom, type Terms } from '../../cloud/ledger/testing/terms.ts'
import type { RegisterOptions } from '../../desktop/register/register.ts'
import { createFaults, drawSwarm, type Faults, type Injection } from '../../desktop/register/rig/faults.ts'
import { createMachine, type LogLine, type Machine } from '../../desktop/register/rig/machine.ts'
import { createNetwork } from '../../desktop/register/rig/network.ts'
import { createRandom, type Random } from '../../desktop/register/rig/random.ts'
import { createTime, type VirtualTime } from '../../desktop/register/rig/time.ts'
import { pause } from '../../desktop/register/time/clock.ts'
import { DAY, MINUTE, SECOND } from '../../shared/time.ts'
import { type Evidence, readJournal, type Till } from '../evidence.ts'
import { checkInvariants, type Finding } from '../invariants.ts'
import { virtualPlace } from '../meetingPlace.ts'
import { cardOf, follow, planEnd, planSale, type SalePlan } from '../plan.ts'
import { openShop, type Shop } from '../shop.ts'
import { createVirtualCloud, type VirtualCloud, type VirtualRegister } from './cloud.ts'

export interface YearOptions {
  seed: string
  registers: number
  sales: number
  customers: number
  /** Of one register. */
  salesADay: number
  /** Those that may happen. */
  faults: readonly Injection[]
  /** Each day has only a random part of them. */
  isSwarm: boolean
}

/** What a test plants a bug with. */
export interface Plants {
  register?: (options: RegisterOptions) => RegisterOptions
  judgeBy?: typeof judge
}

export interface Year {
  sales: number
  /** What did not hold, on the first day on which something did not. */
  findings: Finding[]
  /** How many were looked at in all. */
  looked: Map<string, number>
  happened: Map<string, number>
  faults: ReadonlyMap<Injection, number>
  /** Of the log of the whole run. */
  hash: string
  events: number
  virtualMs: number
}

const TAKE_MS = 5 * SECOND
const START = Date.parse('2030-01-07T10:00:00.000Z')
const SKEW_MS = 8 * MINUTE
const SWEEP_EVERY_MS = 30 * SECOND
/** What is sold on a day takes much less, with all its outages. */
const OPEN_MS = 180 * MINUTE
const REGISTERS_A_STORE = 3
/** Points live for days here, so that they die in every run. */
const LIFETIMES = [2, 3, 5, 8, 45]

interface Place {
  /** For the files of SQLite. */
  folder: string
  say?: (text: string) => void
  plants?: Plants
  /** Hears every line of the log. */
  onLine?: (line: string) => void
}

/** Many days of sales in one process and in virtual time; ends at the first day that does not hold. */
export async function runYear(options: YearOptions, place: Place): Promise<Year> {
  const { registers, sales, customers, salesADay } = options
  const random = createRandom(`year ${options.seed}`)
  const time = createTime({ start: START, random: random.fork('time') })
  const faults = createFaults(random.fork('faults'), options.faults)
  const log = createRunLog(time, place.onLine)
  const cloud = openCloud({ random: random.fork('cloud'), time, registers, customers, plants: place.plants })
  const shops: VirtualShop[] = []
  const year: Year = {
    ...{ sales: 0, findings: [], looked: new Map(), happened: new Map() },
    ...{ faults: faults.counts(), hash: '', events: 0, virtualMs: 0 },
  }

  async function run(): Promise<void> {
    await openDay(cloud, random.fork('morning'), customers)
    for (let index = 0; index < registers; index += 1)
      shops.push(await openVirtualShop({ index, options, place, random, time, faults, cloud, log }))
    for (let day = 0; year.sales < sales; day += 1) {
      const findings = await runDay(day, Math.min(salesADay, Math.ceil((sales - year.sales) / registers)))
      if (findings.some(({ violations }) => violations.length > 0)) {
        year.findings = findings
        return
      }
    }
  }

  async function runDay(day: number, salesEach: number): Promise<Finding[]> {
    const chance = random.fork(`day ${day}`)
    faults.beginDay(options.isSwarm ? drawSwarm(random.fork(`swarm ${day}`)) : options.faults)
    const morning = cloud.morning()
    const sweeping = keepSweeping(time, cloud)
    if (chance.chance(0.3)) publish(cloud, chance, time.now() + chance.int(0, 60) * SECOND)
    await withinOpeningHours(time, Promise.all(shops.map((shop) => shop.sell(salesEach))))
    year.sales += salesEach * registers
    faults.heal(true)
    for (const { machine, network } of shops) {
      machine.heal()
      network.heal()
    }
    cloud.heal()
    await Promise.all(shops.map(({ shop }) => shop.close()))
    while (!shops.every(({ network }) => network.isQuiet())) await pause(time, SECOND)
    sweeping.abort()
    const findings = look(morning)
    for (const { shop } of shops) await shop.handOver()
    log.write(`day ${day} is over: ${year.sales} sales`)
    place.say?.(`day ${day + 1}: ${year.sales} of ${sales} sales`)
    faults.heal(false)
    await night(chance)
    return findings
  }

  function look(morning: Map<string, number>): Finding[] {
    const evidence: Evidence = { ...cloud.evidence(), morning, tills: shops.map((shop) => shop.till()) }
    const findings = [
      ...checkInvariants(evidence),
      {
        what: 'the ledger answers what the specification says',
        count: evidence.operations.length,
        violations: cloud.wrong,
      },
    ]
    for (const { what, count } of findings) year.looked.set(what, (year.looked.get(what) ?? 0) + count)
    for (const { notes } of evidence.tills)
      for (const [name, count] of Object.entries(notes.happened.counts))
        year.happened.set(name, (year.happened.get(name) ?? 0) + count)
    return findings
  }

  async function night(chance: Random): Promise<void> {
    const ms = DAY - ((time.now() - START) % DAY)
    cloud.expire([...cloud.cards].filter(() => chance.chance(0.2)))
    await Promise.all(shops.map((shop) => shop.overnight(ms)))
    cloud.beginDay(time.now() - 2 * DAY)
  }

  try {
    await time.run(run())
  } catch (error) {
    const violations = [String(error instanceof Error ? error.stack : error)]
    year.findings = [{ what: 'nothing comes to a stop', count: 1, violations }]
  } finally {
    for (const { machine } of shops) machine.off()
  }
  return { ...year, hash: log.hash(), events: time.events(), virtualMs: time.elapsed() }
}

/** Whoever waits for what never comes, with the polls of everybody going on, is found by this. */
async function withinOpeningHours<T>(time: VirtualTime, work: Promise<T>): Promise<T> {
  const { promise: over, reject } = Promise.withResolvers<never>()
  const cancel = time.after(OPEN_MS, () => reject(new Error('somebody waits for what never comes')))
  return await Promise.race([work, over]).finally(cancel)
}

type RunLog = ReturnType<typeof createRunLog>

/** All that happened, in its order: two runs of one seed have the same, to the byte. */
function createRunLog(time: VirtualTime, onLine?: (line: string) => void) {
  const hash = createHash('sha256')
  return {
    write(text: string): void {
      const line = `${time.elapsed()} ${text}\n`
      hash.update(line)
      onLine?.(line)
    },
    hash: () => hash.digest('hex').slice(0, 16),
  }
}

function openCloud({
  random,
  time,
  registers,
  customers,
  plants,
}: {
  random: Random
  time: VirtualTime
  registers: number
  customers: number
  plants: Plants | undefined
}) {
  const cards = Array.from({ length: customers }, (_, index) => cardOf(index + 1))
  const known = Array.from({ length: registers }, (_, index): VirtualRegister => {
    const id = Math.floor(index / REGISTERS_A_STORE) + 1
    return { id: index + 1, key: `key-${index + 1}`, store: { id, name: `Магазин ${id}` } }
  })
  let minted = 0
  let downUntilMs = 0
  const cloud: VirtualCloud = createVirtualCloud({
    ...{ cards, registers: known, now: time.now },
    terms: { ...defaultTerms, lifetimeDays: random.pick(LIFETIMES) },
    ...{ timeZone: 'Europe/Moscow', supportContact: '@kopilka_help' },
    newId: () => `0198c5a8-7b1e-7c3a-9f00-${String(++minted).padStart(12, '0')}`,
    ...(plants?.judgeBy && { judgeBy: plants.judgeBy }),
  })
  return {
    ...cloud,
    cards,
    registers: known,
    newId: () => `0198c5a8-7b1e-7c3a-9f01-${String(++minted).padStart(12, '0')}`,
    isDown: () => time.elapsed() < downUntilMs,
    goDown(ms: number): void {
      downUntilMs = time.elapsed() + ms
    },
    heal(): void {
      downUntilMs = 0
    },
    morning: () =>
      new Map([...cloud.ledger.accounts()].map(({ card, balance, debt }) => [card, balance - debt])),
  }
}

type OpenCloud = ReturnType<typeof openCloud>

async function openDay(cloud: OpenCloud, random: Random, customers: number): Promise<void> {
  for (const card of cloud.cards.slice(0, customers)) {
    if (random.chance(0.15)) continue
    cloud.post([
      {
        ...{ id: cloud.newId(), kind: 'adjust', at: START, card, points: random.int(50, 9000) },
        ...{ reason: 'the first morning', author: { type: 'admin', name: 'simulate' } },
      },
    ])
  }
  cloud.beginDay(0)
}

/** Other rules, from some moment on. */
function publish(cloud: OpenCloud, random: Random, from: number): void {
  const terms: Terms = {
    ...defaultTerms,
    cashback: random.pick([400, 700, 1500]),
    limit: random.pick([1000, 2000]),
    lifetimeDays: random.pick(LIFETIMES),
    activationDays: random.pick([0, 0, 0, 1]),
    rules: rulesToPickFrom.filter(() => random.chance(0.3)),
  }
  cloud.publish(terms, from)
}

function keepSweeping(time: VirtualTime, cloud: OpenCloud): AbortController {
  const ending = new AbortController()
  const sweep = () => {
    if (ending.signal.aborted) return
    cloud.sweep()
    time.after(SWEEP_EVERY_MS, sweep)
  }
  sweep()
  return ending
}

interface VirtualShop {
  shop: Shop
  machine: Machine
  network: ReturnType<typeof createNetwork>
  sell(count: number): Promise<void>
  till(): Till
  overnight(ms: number): Promise<void>
}

async function openVirtualShop({
  index,
  options,
  place,
  time,
  faults,
  cloud,
  log,
  ...world
}: {
  index: number
  options: YearOptions
  place: Place
  random: Random
  time: VirtualTime
  faults: Faults
  cloud: OpenCloud
  log: RunLog
}): Promise<VirtualShop> {
  const random = world.random.fork(`shop ${index}`)
  const registerId = index + 1
  const name = `register ${registerId}`
  const folder = join(place.folder, `register-${registerId}`)
  mkdirSync(folder, { recursive: true })
  let errors: string[] = []
  let cutShort: string[] = []
  let last = 0
  let number = 0
  let next: SalePlan | null = null

  function hear(line: LogLine): void {
    log.write(`${name} ${line.level}: ${line.message} ${line.code ?? ''}`)
    const { redemption, step, code } = line.fields
    if (redemption && step) cutShort.push(String(step))
    // What 1C wrote badly, because the power went, is 1C's.
    if (line.level === 'error' && !isOfDisk(line.code ?? code) && !('problem' in line.fields))
      errors.push(`${line.message} ${JSON.stringify(code ?? line.code)} ${line.text}`)
  }

  const network = createNetwork({
    ...{ clock: time, faults, cloudNow: time.now, random: random.fork('network') },
    serve(request) {
      const ends = 'cloud: ends in the middle, and starts again'
      if (cloud.isDown()) return null
      const isEnding = faults.strikes(ends)
      const isDone = !isEnding || faults.random(ends).chance(0.5)
      const answer = isDone ? cloud.serve(request) : null
      if (isEnding) cloud.goDown(faults.random(ends).between(SECOND, 20 * SECOND))
      log.write(
        `${name} ${request.method} ${request.url.pathname}${request.url.search} ${request.body ?? ''}`,
      )
      log.write(answer ? `${answer.status} ${JSON.stringify(answer.body)}` : 'no answer')
      return isEnding ? null : answer
    },
  })
  const machine = createMachine({
    ...{ folder, time, faults, takeMs: TAKE_MS, fetch: network.fetch, random: random.fork('register') },
    cloudUrl: 'https://cloud.test',
    key: cloud.registers[index]?.key ?? '',
    skewMs: random.chance(0.5) ? random.int(-SKEW_MS, SKEW_MS) : 0,
    onLog: hear,
    onSnapshot: (onSnapshot) => shown?.(onSnapshot),
    ...(place.plants?.register && { plant: place.plants.register }),
  })
  let shown: Parameters<Parameters<typeof openShop>[0]['start']>[0] | null = null
  const shop = await openShop({
    ...{ name, network, takeMs: TAKE_MS, clock: time, random: random.fork('1C') },
    program: { program: 'its own' },
    place: virtualPlace(machine.exchangeFolder, machine.disk),
    start(onSnapshot) {
      shown = onSnapshot
      return machine.start()
    },
    onSale: () => true,
    say: (text) => log.write(`${name} ${text}`),
  })

  function draw(): SalePlan {
    number += 1
    const of = { number, register: index }
    const sale = planSale({ takeMs: TAKE_MS, customers: options.customers }, random, of)
    return { ...sale, awayForMs: null, end: endOf(faults) }
  }

  /** One sale ahead: what the next one is like says what is left of this one. */
  function* plan(count: number): Generator<SalePlan> {
    for (let sold = 0; sold < count; sold += 1) {
      const sale = next ?? draw()
      next = draw()
      follow(next, sale, random)
      disturbClock(machine, faults)
      log.write(`${name} sale ${sale.number} of ${sale.card}: ${sale.wish} ${sale.purchaseKopecks}`)
      yield sale
    }
  }

  return {
    ...{ shop, machine, network },
    sell: (count) => shop.sell(plan(count)),
    till() {
      const journal = machine.journal()
      if (!journal) throw new Error(`${name} has no journal in the evening`)
      const read = readJournal(journal, last)
      last = read.last
      return { ...{ name, registerId, errors, cutShort }, notes: shop.notes(), ...read }
    },
    async overnight(ms) {
      const how = nightOf(random, faults)
      if (how === 'on') machine.clock.sleep(ms)
      errors = []
      cutShort = []
      await shop.overnight(how, () => pause(time, ms))
    },
  }
}

const DISK = /^(ENOSPC|EIO|EBUSY|EPERM|SQLITE_FULL)$/
const isOfDisk = (code: unknown) => typeof code === 'string' && DISK.test(code)

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
