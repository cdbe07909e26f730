import { readdir } from 'node:fs/promises'
import { testVoucherKey } from '../../../cloud/access/testVoucherKey.ts'
import { addVouchers, voucherOf } from '../../../cloud/ledger/testing/makers.ts'
import { voucherCodeOf } from '../../../shared/voucherCode.ts'
import { failure, withFaults } from '../exchange/testing.ts'
import { systemFiles } from '../machine/files.ts'
import type { Register } from '../register.ts'
import { fetchOf, openTestShop, type TestShop } from '../testing.ts'
import { pause, systemClock } from '../time/clock.ts'
import { watchGaps } from './gaps.ts'
import { createKillableLife, type KillPoint, type Life } from './killable.ts'
import { checkingOffers } from './offers.ts'
import { type Cloud, hasMoved, openHolds, recordsOf, type ShopVoucher } from './records.ts'
import type { Scenario, Till, VoucherGift } from './scenarios.ts'
import { until } from './until.ts'

const POINTS = 1000
let cards = 100_000

/** Of the last life that was to end by a death. */
interface LastLife {
  effects: readonly string[]
  isDeathReached: boolean
  /** Transactions of the journal with no effect between them, where a death would have been missed. */
  gaps: readonly string[]
}

export interface Ended extends LastLife {
  /** What the journal, the ledger and 1C say in the end, and what they must. */
  found: object
  expected: object
}

/**
 * Plays a scenario in as many lives as there are deaths, and one more in which the register settles
 * everything.
 */
export async function playWithDeaths(
  cloud: Cloud,
  scenario: Scenario,
  deaths: (KillPoint | null)[],
): Promise<Ended> {
  const card = String(++cards)
  await cloud.addCustomer(card, POINTS)
  const { behaviour, takeMs = 150 } = scenario
  const voucher = scenario.voucher ? await addVoucher(cloud, card, scenario.voucher) : null
  const shop = await openTestShop({ cloud, behaviour, takeMs, pollMs: 20, hasVouchers: voucher !== null })
  const reboots = rebootCrashed(shop)
  const folders = [shop.dataFolder, ...deaths.map((_, index) => `${shop.dataFolder}-${index + 1}`)]
  const faults: string[] = []
  const files = filesOf(cloud, scenario, faults)
  let last: LastLife = { effects: [], isDeathReached: false, gaps: [] }
  let dataFolder = shop.dataFolder
  let taps = 0

  try {
    for (const [index, death] of deaths.entries()) {
      const isFirst = index === 0
      const gaps = watchGaps(dataFolder)
      const life = createKillableLife({
        dataFolder,
        imageFolder: folders[index + 1] ?? '',
        death,
        files,
        fetch: fetchOf(cloud),
        isNumbered: !(isFirst && scenario.bring),
        ...(death === null && { onEffect: gaps.look }),
      })
      await Promise.race([life.dead, live(life, isFirst)])
      last = { effects: life.effects(), isDeathReached: life.isDead(), gaps: gaps.found }
      if (life.isDead()) dataFolder = folders[index + 1] ?? ''
      if (scenario.isAwayForLong) await until(() => isTaken(shop), '1C takes what lies there')
    }
    await settleEverything()
    await reboots.stop()
    await shop.simulator.stop()
    const records = { ...shop, cloud, card, points: POINTS, voucher, dataFolder, taps, faults }
    return { ...last, ...(await recordsOf(records)) }
  } finally {
    await reboots.stop()
    await shop.close()
  }

  async function live(life: Life, isFirst: boolean): Promise<void> {
    const { clock, fetch } = life
    const register = await shop.start({ dataFolder, files: life.files, clock, fetch })
    const tapped = () => {
      if (!life.isDead()) taps += 1
    }
    const till: Till = { card, voucher: voucher?.code, register, shop, tapped }
    if (isFirst) {
      await scenario.bring?.(till)
      life.number()
      await scenario.play(till)
    }
    if (scenario.isStopped) return
    await settled(register, life.isDead)
    await register.stop()
  }

  async function settleEverything(): Promise<void> {
    const register = await shop.start({ dataFolder, files })
    await settled(register)
    if (!scenario.isRewritten) {
      const isOpen = (await isWritten(shop, 'amount.json')) && !(await hasMoved(cloud, card))
      const what = isOpen ? 'the sale is shown' : 'no sale is shown'
      await until(() => (register.snapshot().sale !== null) === isOpen, what)
    }
    await register.stop()
  }

  async function settled(register: Register, isDead = () => false): Promise<void> {
    await until(async () => {
      if (isDead()) return true
      const { cloud: line, exchange } = register.snapshot()
      const isQuiet = line.line === 'online' && line.queued === 0 && exchange.state === 'ok'
      return isQuiet && (await openHolds(cloud, card)) === 0
    }, 'everything is settled')
  }
}

/** A code of its own, which whoever shows it may use once. */
async function addVoucher(
  { sql }: Cloud,
  card: string,
  { offRubles, creditedPoints }: VoucherGift,
): Promise<ShopVoucher> {
  const code = voucherCodeOf(BigInt(card))
  const gives =
    creditedPoints > 0
      ? ({ type: 'points', points: creditedPoints } as const)
      : ({ type: 'discount_kopecks', kopecks: offRubles * 100 } as const)
  const made = voucherOf(gives, {}, { hash: testVoucherKey.hash(code) })
  await addVouchers(sql, made)
  return { code, id: made.id, offRubles, creditedPoints }
}

function filesOf(cloud: Cloud, { heldRenames = 0 }: Scenario, faults: string[]) {
  const attempts = new Map<string, number>()
  const held = withFaults(systemFiles, {
    rename(path) {
      const count = (attempts.get(path) ?? 0) + 1
      attempts.set(path, count)
      if (count <= heldRenames) throw failure('EPERM')
    },
  })
  return checkingOffers(held, cloud, faults)
}

/** 1C is started again a while after it crashed, whatever the register does meanwhile. */
function rebootCrashed(shop: TestShop) {
  const stopping = new AbortController()
  const crashes = () => shop.events.filter(({ kind }) => kind === 'crashed').length
  async function watch(): Promise<void> {
    for (let reboots = 0; !stopping.signal.aborted; ) {
      await pause(systemClock, 40, stopping.signal)
      if (crashes() > reboots) {
        reboots += 1
        await shop.simulator.restart()
      }
    }
  }
  const watching = watch()
  return {
    async stop() {
      stopping.abort()
      await watching
    },
  }
}

async function isWritten({ exchangeFolder }: TestShop, ...wanted: string[]): Promise<boolean> {
  const names = await readdir(exchangeFolder)
  return names.some((name) => wanted.includes(name))
}

const isTaken = async (shop: TestShop) => !(await isWritten(shop, 'discount.txt', 'discount.json'))
