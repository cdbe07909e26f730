import { judge } from '../../cloud/ledger/judge.ts'
import { createFaults, drawSwarm, type Injection } from '../../desktop/register/rig/faults.ts'
import { createRandom, type Random } from '../../desktop/register/rig/random.ts'
import { createTime } from '../../desktop/register/rig/time.ts'
import { pause } from '../../desktop/register/time/clock.ts'
import { DAY, MINUTE, SECOND } from '../../shared/time.ts'
import { createCounter } from '../counter.ts'
import type { Evidence } from '../evidence.ts'
import { createFriendsBook } from '../friends.ts'
import { checkInvariants, type Finding } from '../invariants.ts'
import { createTies } from '../ties.ts'
import { createVoucherUses } from '../voucherUses.ts'
import { plantedBugs } from './planted.ts'
import { createRunLog } from './runLog.ts'
import { setStage } from './stage.ts'
import { openTill, type VirtualTill } from './till.ts'

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
  /** A bug that is put in on purpose, by its name. */
  planted?: string
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

export interface Place {
  /** For the files of SQLite. */
  folder: string
  say?: (text: string) => void
  /** Hears every line of the log. */
  onLine?: (line: string) => void
}

const START = Date.parse('2030-01-07T10:00:00.000Z')
/** What is sold on a day takes much less, with all its outages. */
const OPEN_MS = 180 * MINUTE

/** Many days of sales in one process and in virtual time; ends at the first day that does not hold. */
export async function runYear(options: YearOptions, { folder, say, onLine }: Place): Promise<Year> {
  const { registers, sales, customers, salesADay } = options
  const random = createRandom(`year ${options.seed}`)
  const time = createTime({ start: START, random: random.fork('time') })
  const faults = createFaults(random.fork('faults'), options.faults)
  const log = createRunLog(time, onLine)
  const plants = options.planted === undefined ? {} : plantedBugs[options.planted]?.plants(judge)
  const stage = setStage({
    ...{ random: random.fork('cloud'), time, registers, customers },
    ...plants?.cloud,
  })
  const tills: VirtualTill[] = []
  const shops = () => tills.map(({ shop }) => shop)
  const looked = createCounter<string>()
  const happened = createCounter<string>()
  const voucherUses = createVoucherUses()
  const friends = createFriendsBook()
  const ties = createTies(stage.phones)
  let sold = 0
  let findings: Finding[] = []

  async function live(): Promise<void> {
    stage.firstMorning(random.fork('morning'))
    for (let index = 0; index < registers; index += 1) {
      const own = { index, random: random.fork(`shop ${index}`) }
      tills.push(await openTill({ ...own, folder, customers, time, faults, stage, log, plants }))
    }
    for (let day = 0; sold < sales; day += 1) {
      const chance = random.fork(`day ${day}`)
      const found = await trade(day, chance)
      if (found.some(({ violations }) => violations.length > 0)) {
        findings = found
        return
      }
      await night(chance)
    }
  }

  /** A day from its morning to its balance sheet. */
  async function trade(day: number, chance: Random): Promise<Finding[]> {
    faults.beginDay(options.isSwarm ? drawSwarm(random.fork(`swarm ${day}`)) : options.faults)
    stage.giveCodes(chance)
    stage.inviteSome(chance)
    const morning = stage.points()
    const sweeping = stage.keepSweeping()
    if (chance.chance(0.3)) stage.publishDrawn(chance, time.now() + chance.int(0, 60) * SECOND)
    const salesEach = Math.min(salesADay, Math.ceil((sales - sold) / registers))
    await time.within(OPEN_MS, Promise.all(tills.map((till) => till.sell(salesEach))))
    sold += salesEach * registers
    faults.heal(true)
    for (const till of tills) till.heal()
    stage.heal()
    await Promise.all(shops().map((shop) => shop.close()))
    while (!tills.every((till) => till.isQuiet())) await pause(time, SECOND)
    sweeping.abort()
    stage.followReferrals()
    const found = look(morning)
    for (const shop of shops()) await shop.handOver()
    log.write(`day ${day} is over: ${sold} sales`)
    say?.(`day ${day + 1}: ${sold} of ${sales} sales`)
    faults.heal(false)
    return found
  }

  function look(morning: Map<string, number>): Finding[] {
    const evidence: Evidence = { ...stage.evidence(), morning, tills: tills.map((till) => till.evidence()) }
    const answers = {
      what: 'the ledger answers what the specification says',
      count: evidence.operations.length,
      violations: stage.wrong,
    }
    const found = [
      ...checkInvariants(evidence),
      ...voucherUses.check(evidence),
      ...friends.check(evidence),
      ...ties.check(evidence),
      answers,
    ]
    for (const { what, count } of found) looked.add(what, count)
    for (const { notes } of evidence.tills)
      for (const [name, count] of notes.happened.counts) happened.add(name, count)
    return found
  }

  async function night(chance: Random): Promise<void> {
    const ms = DAY - ((time.now() - START) % DAY)
    for (const parting of stage.partSome(random.fork(`partings ${Math.floor(time.now() / DAY)}`)))
      ties.part(parting)
    stage.decideReferrals(() => chance.chance(0.5))
    stage.expire(stage.cards.filter(() => chance.chance(0.2)))
    await Promise.all(tills.map((till) => till.overnight(ms)))
    stage.beginDay(time.now() - 2 * DAY)
  }

  try {
    await time.run(live())
  } catch (error) {
    const violations = [String(error instanceof Error ? error.stack : error)]
    findings = [{ what: 'nothing comes to a stop', count: 1, violations }]
  } finally {
    for (const till of tills) till.off()
  }
  return {
    ...{ sales: sold, findings, looked: looked.counts, happened: happened.counts, faults: faults.counts() },
    ...{ hash: log.hash(), events: time.events(), virtualMs: time.elapsed() },
  }
}
