import { pino } from 'pino'
import type { Failure, Snapshot } from '../../../shared/bridge.ts'
import { systemFiles } from '../machine/files.ts'
import type { Register } from '../register.ts'
import { fetchOf, openTestShop, when } from '../testing.ts'
import { createFailingDisk, type DiskFault } from './failingDisk.ts'
import { createKillableLife } from './killable.ts'
import { checkingOffers } from './offers.ts'
import { type Cloud, openHolds, recordsOf } from './records.ts'
import { type Scenario, TapRefused, type Till } from './scenarios.ts'
import { until } from './until.ts'

const POINTS = 1000
const LATER_KOPECKS = 70_000
let cards = 200_000

type Place = 'data' | 'exchange' | 'both'

export interface Bite {
  /** From this effect on, or only in it, nothing can be written. */
  effect: string
  place: Place
  code: DiskFault['code']
  isOnce: boolean
}

export interface DiskEnd {
  effects: readonly string[]
  isReached: boolean
  found: object
  expected: object
}

/**
 * Plays a scenario on a disk that begins to fail at an effect, up to where the screen has told the cashier what
 * became of it; then there is room again, and the same register, never started anew, settles everything and sells.
 */
export async function playOnDisk(cloud: Cloud, scenario: Scenario, bite: Bite | null): Promise<DiskEnd> {
  const card = String(++cards)
  await cloud.addCustomer(card, POINTS)
  const { behaviour, takeMs = 150 } = scenario
  const shop = await openTestShop({ cloud, behaviour, takeMs, pollMs: 20 })
  const { dataFolder, exchangeFolder } = shop
  const faults: string[] = []
  const disk = createFailingDisk(checkingOffers(systemFiles, cloud, faults))
  const complaints = createComplaints()
  let isReached = false
  let isOver = false
  let taps = 0

  const life = createKillableLife({
    dataFolder,
    imageFolder: '',
    death: null,
    files: disk.files,
    fetch: fetchOf(cloud),
    isNumbered: !scenario.bring,
    onEffect(effect) {
      if (effect !== bite?.effect || isReached || isOver) return
      isReached = true
      const { code, isOnce, place } = bite
      const folders = [
        ...(place !== 'exchange' ? [dataFolder] : []),
        ...(place !== 'data' ? [exchangeFolder] : []),
      ]
      disk.fail({ code, isOnce, folders, hasJournal: place !== 'exchange' && !isOnce })
    },
  })

  let register: Register | null = null
  try {
    register = await shop.start({
      dataFolder,
      files: life.files,
      clock: life.clock,
      fetch: life.fetch,
      openDatabase: disk.openDatabase,
      log: complaints.log,
    })
    const alerts = countAlerts(register)
    const tapped = () => {
      taps += 1
    }
    const till: Till = { card, register, shop, tapped }
    await scenario.bring?.(till)
    life.number()
    const shown = errorShown(register)
    const lookingAt = register
    const play = scenario.play(till).catch((error) => {
      // The look at the folder may find it broken before the cashier taps: then the screen has said so, and nothing was done.
      if (!(error instanceof TapRefused && isReached && saysFolderIsBroken(lookingAt.snapshot()))) throw error
    })
    await Promise.race([play, shown])
    const { act } = register.snapshot()
    const refused = act?.type === 'error' ? act : null
    // What was not done is plainly refused: the cashier knows, and the journal owes nothing.
    if (refused?.fate === 'untouched') taps -= 1
    const bitten = () => disk.refusals() > 0 || alerts.most() > 0
    const running = register
    await until(async () => isReached || (await isQuiet(running)), 'the disk begins to fail, or all is over')
    if (isReached) await until(async () => bitten() || (await isQuiet(running)), 'a write is refused')
    const effects = [...life.effects()]
    isOver = true
    disk.recover()
    await settled(register)
    await sellOn(till)
    await settled(register)
    const notices = register.snapshot().notices
    await register.stop()
    await shop.simulator.stop()
    const records = await recordsOf({ ...shop, cloud, card, points: POINTS, taps, faults })
    return {
      effects,
      isReached,
      found: {
        ...records.found,
        // A word of 1C's about a redemption that is decided: the next word replaces it, and the next start removes it.
        leftInFolder: records.found.leftInFolder.filter((name) => name !== 'applied.json'),
        unplain: refused && isPlain(refused, bite) ? null : refused,
        alertsAtOnce: Math.min(1, alerts.most()),
        alertsLeft: notices.filter(({ code }) => code === 'disk_failing'),
        noise: complaints.noise(),
      },
      expected: {
        ...records.expected,
        unplain: null,
        alertsAtOnce: alerts.most(),
        alertsLeft: [],
        noise: [],
      },
    }
  } finally {
    disk.recover()
    await register?.stop().catch(() => {})
    await shop.close()
  }

  async function isQuiet(register: Register): Promise<boolean> {
    const { cloud: line, act } = register.snapshot()
    const isIdle = line.line === 'online' && line.queued === 0 && act?.type !== 'processing'
    return isIdle && (await openHolds(cloud, card)) === 0
  }

  async function settled(register: Register): Promise<void> {
    await until(async () => {
      const { exchange, notices } = register.snapshot()
      const isWell = exchange.state === 'ok' && notices.every(({ code }) => code !== 'disk_failing')
      return isWell && (await isQuiet(register))
    }, 'everything is settled')
  }

  /** The next customer. */
  async function sellOn({ register, shop, tapped }: Till): Promise<void> {
    await register.cancel({})
    await shop.simulator.newReceipt({ purchaseKopecks: LATER_KOPECKS })
    await when(
      register,
      ({ sale, cloud }) => sale?.purchaseKopecks === LATER_KOPECKS && cloud.line === 'online',
    )
    await register.findCustomer({ code: card })
    await when(register, ({ phase, customer }) => phase === 'ready' && customer?.source === 'cloud')
    const reply = await register.earn({ purchaseKopecks: LATER_KOPECKS })
    if (!reply.ok) throw new Error(`the next customer is refused: ${reply.code}`)
    tapped()
    await when(register, ({ act }) => act?.type === 'success' && !act.isQueued)
  }
}

const saysFolderIsBroken = ({ offer }: Snapshot): boolean =>
  offer?.redeem.isPossible === false && offer.redeem.reason === 'exchange_unwritable'

/** Something is said, once: a till that complains ten times a second is as good as silent. */
function createComplaints() {
  const counts = new Map<string, number>()
  const log = pino(
    { level: 'warn' },
    {
      write(line: string) {
        const { msg, level } = JSON.parse(line) as { msg: string; level: number }
        const name = `${level} ${msg}`
        counts.set(name, (counts.get(name) ?? 0) + 1)
      },
    },
  )
  return { log, noise: () => [...counts].filter(([, count]) => count > MOST_COMPLAINTS) }
}
const MOST_COMPLAINTS = 4

function countAlerts(register: Register) {
  let most = 0
  const look = ({ notices }: Snapshot) => {
    most = Math.max(most, notices.filter(({ code }) => code === 'disk_failing').length)
  }
  register.subscribe(look)
  look(register.snapshot())
  return { most: () => most }
}

const errorShown = (register: Register) => when(register, ({ act }) => act?.type === 'error')

/** The words fit what happened: a disk that fails is not called a mistake of the cashier's, or of nobody. */
function isPlain({ code }: Failure, bite: Bite | null): boolean {
  return bite === null || code !== 'failed'
}
