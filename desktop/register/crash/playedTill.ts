import type { Snapshot } from '../../../shared/bridge.ts'
import { MINUTE } from '../../../shared/time.ts'
import { failure, withFaults } from '../exchange/testing.ts'
import type { Files } from '../machine/files.ts'
import type { RegisterOptions } from '../register.ts'
import { createFaults } from '../rig/faults.ts'
import type { LogLine } from '../rig/machine.ts'
import { createRandom } from '../rig/random.ts'
import type { RunningRegister } from '../rig/running.ts'
import { createTime } from '../rig/time.ts'
import { openVirtualShop } from '../testing/virtualShop.ts'
import { addVoucher } from '../testing/vouchers.ts'
import { openTestCloud } from '../testing.ts'
import { createEffects, type Moment } from './effects.ts'
import { checkingOffers } from './offers.ts'
import { createPlaces } from './places.ts'
import { type Cloud, isHeld, openHolds, recordsOf, type ShopVoucher } from './records.ts'
import type { Scenario, VoucherGift } from './scenarios.ts'
import { until } from './until.ts'

const POINTS = 1000
const TILLS_AT_ONCE = 16
/** 1C is started again a while after it crashed, whatever the register does meanwhile. */
const REBOOT_MS = 40
/** For the ledger time stands still, of all tills at once: it is not asked more often than it has to be. */
const LOOK_EVERY_MS = 200
/** Longer than any play: who waits for what never comes is found by this. */
const LONGEST_PLAY_MS = 10 * MINUTE
/** Far ahead of the clock of the database, so that no lot looks dead to the audit. */
const START = Date.parse('2050-12-07T10:00:00.000Z')

export type World = Awaited<ReturnType<typeof openWorld>>

/** A real cloud, and many tills of it, one after the other and at once, in a virtual time that stands still while the cloud works. */
export async function openWorld(name: string) {
  const random = createRandom(name)
  const time = createTime({ start: START, random: random.fork('time') })
  const cloud = await openTestCloud({ now: time.now })
  const atATill = createPlaces(TILLS_AT_ONCE)
  let cards = 100_000
  return {
    ...{ time, cloud, random },
    newCard: () => String(++cards),
    play: <T>(work: () => Promise<T>): Promise<T> => atATill(() => time.within(LONGEST_PLAY_MS, work())),
  }
}

interface PlayedTillOptions {
  /** Hears of every effect of a register that is numbered. */
  hear: (moment: Moment) => undefined | Promise<never>
  /** Between the effects and the machine. */
  change?: (options: RegisterOptions) => RegisterOptions
  onLog?: (line: LogLine) => void
  onSnapshot?: (snapshot: Snapshot) => void
}

/** The till at which a scenario is played: a machine of the rig, a 1C, a customer with a card, and perhaps a voucher. */
export async function openPlayedTill(
  { time, cloud, random, newCard }: World,
  scenario: Scenario,
  { hear, change = (options) => options, ...hearing }: PlayedTillOptions,
) {
  const card = newCard()
  const own = random.fork(card)
  const looking = { clock: time, everyMs: LOOK_EVERY_MS }
  const wrong: string[] = []
  const effects: ReturnType<typeof createEffects>[] = []
  let taps = 0
  let hasLostPower = false
  const voucher = scenario.voucher ?? null
  const shown = await time.waitsFor(bringCustomer(cloud, card, voucher))
  const shop = await time.waitsFor(
    openVirtualShop({
      ...{ time, cloud, random: own, behaviour: scenario.behaviour, pollMs: 40, ...hearing },
      ...{ takeMs: scenario.takeMs ?? 150, hasVouchers: voucher !== null },
      faults: createFaults(own.fork('faults'), [
        'disk: what was not synced is gone',
        'disk: a write is torn',
        'disk: a rename is lost',
      ]),
      plant(options) {
        const isNumbered = effects.length > 0 || !scenario.bring
        const ofLife = createEffects(hear, { isNumbered })
        effects.push(ofLife)
        const held = holdingRenames(options.files, scenario)
        const arePointsHeld = (id: string) => time.waitsFor(isHeld(cloud, id))
        return ofLife.of(change({ ...options, files: checkingOffers(held, arePointsHeld, wrong) }))
      },
      onEvent({ kind }) {
        if (kind === 'crashed') time.after(REBOOT_MS, () => void shop.simulator.restart())
      },
    }),
  )

  /** Nothing waits here, and the ledger was told the end of everything. */
  async function isQuiet(register: RunningRegister, isWell = (_: Snapshot) => true): Promise<boolean> {
    const snapshot = register.snapshot()
    const { line, queued } = snapshot.cloud
    if (line !== 'online' || queued > 0 || !isWell(snapshot)) return false
    return (await time.waitsFor(openHolds(cloud, card))) === 0
  }

  /** 1C syncs none of its files: without power for a moment one that was gone may lie there again. */
  const left = () =>
    shop.exchanged().filter((name) => !hasLostPower || name === 'discount.txt' || name === 'discount.json')

  /** What 1C wrote badly, because the power went, is 1C's. */
  const isFolderWell = ({ exchange: { state } }: Snapshot) =>
    state === 'ok' || (hasLostPower && state === 'alert')

  return {
    ...shop,
    ...{ card, voucher: shown?.code },
    /** The register has said yes to the cashier. */
    tapped: () => {
      taps += 1
    },
    /** What was tapped was not done, and the cashier knows. */
    untapped: () => {
      taps -= 1
    },
    /** How many registers were started, the ones that did not get far too. */
    lives: () => effects.length,
    effects: (): readonly string[] => effects.at(-1)?.all() ?? [],
    number: () => effects.at(-1)?.number(),
    until: (isSo: () => boolean | Promise<boolean>, what: string) => until(isSo, what, looking),
    isQuiet,
    settled: (register: RunningRegister, isWell?: (snapshot: Snapshot) => boolean) =>
      until(
        async () => isFolderWell(register.snapshot()) && (await isQuiet(register, isWell)),
        'everything is settled',
        looking,
      ),
    /** Ends the process of the register, or the power of its machine. */
    end(of: 'process' | 'machine'): void {
      hasLostPower ||= of === 'machine'
      shop.machine.end(of)
    },
    hasLostPower: () => hasLostPower,
    /** When no register runs any more. */
    async records() {
      await until(shop.network.isQuiet, 'nothing is on its way', looking)
      await shop.simulator.stop()
      return await time.waitsFor(
        recordsOf({
          ...{ cloud, card, points: POINTS, voucher: shown, taps, faults: wrong, left: left() },
          ...{ dataFolder: shop.dataFolder, simulator: shop.simulator, events: shop.events },
        }),
      )
    },
  }
}

async function bringCustomer(
  cloud: Cloud,
  card: string,
  gift: VoucherGift | null,
): Promise<ShopVoucher | null> {
  await cloud.addCustomer(card, POINTS)
  return gift && { ...gift, ...(await addVoucher(cloud, BigInt(card), gift)) }
}

/** Each rename of each file fails so often, as with an antivirus. */
function holdingRenames(files: Files, { heldRenames = 0 }: Scenario): Files {
  const attempts = new Map<string, number>()
  return withFaults(files, {
    rename(path) {
      const count = (attempts.get(path) ?? 0) + 1
      attempts.set(path, count)
      if (count <= heldRenames) throw failure('EPERM')
    },
  })
}
