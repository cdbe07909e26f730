import { mkdtemp, readdir } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type BehaviourSetting, createSimulator, type SimulatorEvent } from '../exchange/simulator.ts'
import { systemFiles } from '../machine/files.ts'
import { removeShopFolder } from '../testing/shopFolder.ts'
import { systemClock } from '../time/clock.ts'
import { type Cloud, openHolds, recordsOf } from './records.ts'
import { startTill, type TillProcess } from './tillProcess.ts'
import { until } from './until.ts'

const POINTS = 10_000
const POINTS_OF_A_SALE = 200

export interface KilledShopOptions {
  cloud: Cloud
  /** Where the process of the cloud answers. */
  cloudUrl: string
  card: string
  behaviour: BehaviourSetting
  random: () => number
}

export type KilledShop = Awaited<ReturnType<typeof openKilledShop>>

/** A shop whose register is a process, started and killed as often as a test likes, while 1C goes on. */
export async function openKilledShop({ cloud, cloudUrl, card, behaviour, random }: KilledShopOptions) {
  const root = await mkdtemp(join(tmpdir(), 'kopilka-kill-'))
  const exchangeFolder = join(root, 'exchange')
  const dataFolder = join(root, 'data')
  await systemFiles.makeFolder(exchangeFolder)
  await cloud.addCustomer(card, POINTS)
  const { key } = await cloud.addRegister(cloud.storeId, `Касса ${card}`)
  const events: SimulatorEvent[] = []
  const simulator = createSimulator({
    ...{ folder: exchangeFolder, clock: systemClock, behaviour, random, pollMs: 5 },
    onEvent: (event) => events.push(event),
  })
  const tills: TillProcess[] = []
  let sales = 0

  const noPointsAreHeld = () => until(async () => (await openHolds(cloud, card)) === 0, 'no points are held')

  return {
    start(program?: URL): TillProcess {
      const till = startTill({ cloud: cloudUrl, key, exchange: exchangeFolder, data: dataFolder }, program)
      tills.push(till)
      return till
    },

    /** Up to the tap of the cashier. */
    async redeem(till: TillProcess): Promise<void> {
      sales += 1
      const purchaseKopecks = 100_000 + sales
      await simulator.newReceipt({ purchaseKopecks })
      await till.shows(({ sale }) => sale?.purchaseKopecks === purchaseKopecks)
      till.tell({ name: 'findCustomer', input: { code: card } })
      await till.shows(({ offer }) => offer?.redeem.isPossible === true)
      till.tell({ name: 'redeem', input: { purchaseKopecks, points: POINTS_OF_A_SALE } })
    },

    noPointsAreHeld,

    /** What was cut short before. */
    async isSettled(till: TillProcess): Promise<void> {
      await noPointsAreHeld()
      await till.shows(({ cloud }) => cloud.line === 'online' && cloud.queued === 0)
    },

    discounts: async () => (await readdir(exchangeFolder)).filter((name) => name.startsWith('discount')),

    /** When no till runs any more. */
    async records() {
      await simulator.stop()
      return await recordsOf({
        ...{ cloud, card, points: POINTS, dataFolder, simulator, events },
        left: await readdir(exchangeFolder),
      })
    },

    async close(): Promise<void> {
      for (const till of tills) await till.end('SIGKILL')
      await simulator.stop()
      await removeShopFolder(root)
    },
  }
}
