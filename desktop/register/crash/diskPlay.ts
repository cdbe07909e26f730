import type { Snapshot } from '../../../shared/bridge.ts'
import type { LogLine } from '../rig/machine.ts'
import { createFailingDisk, type DiskFault } from './failingDisk.ts'
import { openPlayedTill, type World } from './playedTill.ts'
import { type Scenario, TapRefused, type Till } from './scenarios.ts'

const LATER_KOPECKS = 70_000

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
export async function playOnDisk(world: World, scenario: Scenario, bite: Bite | null): Promise<DiskEnd> {
  const disk = createFailingDisk()
  const complaints = createComplaints()
  let isReached = false
  let isOver = false
  let mostAlerts = 0

  const till = await openPlayedTill(world, scenario, {
    change: disk.under,
    onLog: complaints.hear,
    onSnapshot({ notices }) {
      mostAlerts = Math.max(mostAlerts, notices.filter(({ code }) => code === 'disk_failing').length)
    },
    hear({ effect, moment }) {
      if (moment === 'after' || effect !== bite?.effect || isReached || isOver) return undefined
      isReached = true
      const { code, isOnce, place } = bite
      const folders = [
        ...(place !== 'exchange' ? [till.dataFolder] : []),
        ...(place !== 'data' ? [till.machine.exchangeFolder] : []),
      ]
      disk.fail({ code, isOnce, folders, hasJournal: place !== 'exchange' && !isOnce })
      return undefined
    },
  })

  try {
    const register = await till.start()
    const played = { ...till, register }
    await scenario.bring?.(played)
    till.number()
    const shown = register.until('an error', ({ act }) => act?.type === 'error')
    const play = scenario.play(played).catch((error) => {
      // The look at the folder may find it broken before the cashier taps: then the screen has said so, and nothing was done.
      if (!(error instanceof TapRefused && isReached && saysFolderIsBroken(register.snapshot()))) throw error
    })
    await Promise.race([play, shown])
    const { act } = register.snapshot()
    const refused = act?.type === 'error' ? act : null
    // What was not done is plainly refused: the journal owes nothing.
    if (refused?.fate === 'untouched') till.untapped()
    const isBitten = () => disk.refusals() > 0 || mostAlerts > 0
    const isIdle = () => till.isQuiet(register, ({ act }) => act?.type !== 'processing')
    await till.until(async () => isReached || (await isIdle()), 'the disk begins to fail, or all is over')
    if (isReached) await till.until(async () => isBitten() || (await isIdle()), 'a write is refused')
    const effects = [...till.effects()]
    isOver = true
    disk.recover()
    await till.settled(register, isWell)
    await sellOn(played)
    await till.settled(register, isWell)
    const { notices } = register.snapshot()
    await register.stop()
    const records = await till.records()
    return {
      effects,
      isReached,
      found: {
        ...records.found,
        // A word of 1C's about a redemption that is decided: the next word replaces it, and the next start removes it.
        leftInFolder: records.found.leftInFolder.filter((name) => name !== 'applied.json'),
        // The words fit what happened: a disk that fails is not called a mistake of the cashier's, or of nobody.
        unplain: bite && refused?.code === 'failed' ? refused : null,
        alertsAtOnce: mostAlerts,
        alertsLeft: notices.filter(({ code }) => code === 'disk_failing'),
        noise: complaints.noise(),
        lives: till.lives(),
      },
      expected: {
        ...records.expected,
        unplain: null,
        alertsAtOnce: Math.min(1, mostAlerts),
        alertsLeft: [],
        noise: [],
        lives: 1,
      },
    }
  } finally {
    await world.time.waitsFor(till.close())
  }
}

const isWell = ({ act, notices }: Snapshot): boolean =>
  act?.type !== 'processing' && notices.every(({ code }) => code !== 'disk_failing')

/** The next customer. */
async function sellOn({ card, register, simulator, tapped }: Till): Promise<void> {
  await register.call('cancel', {})
  await simulator.newReceipt({ purchaseKopecks: LATER_KOPECKS })
  await register.until(
    'the next amount',
    ({ sale, cloud }) => sale?.purchaseKopecks === LATER_KOPECKS && cloud.line === 'online',
  )
  await register.call('findCustomer', { code: card })
  await register.until(
    'the next customer',
    ({ phase, customer }) => phase === 'ready' && customer?.source === 'cloud',
  )
  const reply = await register.call('earn', { purchaseKopecks: LATER_KOPECKS })
  if (!reply.ok) throw new Error(`the next customer is refused: ${reply.code}`)
  tapped()
  await register.until('success', ({ act }) => act?.type === 'success' && !act.isQueued)
}

const saysFolderIsBroken = ({ offer }: Snapshot): boolean =>
  offer?.redeem.isPossible === false && offer.redeem.reason === 'exchange_unwritable'

/** Something is said, once: a till that complains ten times a second is as good as silent. */
function createComplaints() {
  const counts = new Map<string, number>()
  return {
    hear({ level, message }: LogLine): void {
      const name = `${level} ${message}`
      counts.set(name, (counts.get(name) ?? 0) + 1)
    },
    noise: () => [...counts].filter(([, count]) => count > MOST_COMPLAINTS),
  }
}
const MOST_COMPLAINTS = 4
