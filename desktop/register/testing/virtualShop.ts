import { rm } from 'node:fs/promises'
import type { TestCloud } from '../../../cloud/testing/cloud.ts'
import type { Snapshot } from '../../../shared/bridge.ts'
import { createSimulator, type SimulatorEvent, type SimulatorSetting } from '../exchange/simulator.ts'
import type { Faults } from '../rig/faults.ts'
import { createMachine, type MachineOptions } from '../rig/machine.ts'
import { type Carried, createNetwork } from '../rig/network.ts'
import type { Random } from '../rig/random.ts'
import type { VirtualTime } from '../rig/time.ts'
import { fetchOf } from '../testing.ts'
import { makeShopFolder } from './shopFolder.ts'

const CLOUD_URL = 'https://cloud.test'

interface VirtualShopOptions
  extends Pick<SimulatorSetting, 'behaviour' | 'pollMs' | 'hasVouchers'>,
    Partial<Pick<MachineOptions, 'onLog' | 'plant'>> {
  time: VirtualTime
  cloud: TestCloud & { storeId: number }
  random: Random
  faults: Faults
  takeMs: number
  onSnapshot?: (snapshot: Snapshot) => void
  /** Hears what 1C does. */
  onEvent?: (event: SimulatorEvent) => void
}

/** A till with its 1C in virtual time, and the real cloud on a real Postgres, for which time stands still. */
export async function openVirtualShop(options: VirtualShopOptions) {
  const { time, cloud, random, faults, takeMs, onSnapshot = () => {}, onEvent } = options
  const { behaviour, pollMs, hasVouchers, plant, onLog = () => {} } = options
  const folder = await makeShopFolder()
  const { key } = await cloud.addRegister(cloud.storeId, `Касса ${folder.slice(-6)}`)
  const network = createNetwork({
    ...{ clock: time, random: random.fork('network'), faults },
    async serve(request) {
      const response = await time.waitsFor(answerOf(cloud, request))
      response.headers.set('date', new Date(time.now()).toUTCString())
      return response
    },
  })
  const machine = createMachine({
    ...{ folder, time, faults, fetch: network.fetch, random: random.fork('register') },
    ...{ cloudUrl: CLOUD_URL, key, skewMs: 0, takeMs, onLog },
    ...(plant && { plant }),
  })
  const { disk, exchangeFolder, dataFolder } = machine
  const events: SimulatorEvent[] = []
  const simulator = createSimulator({
    ...{ folder: exchangeFolder, files: disk.oneC, clock: time, behaviour, random: random.fork('1C').next },
    ...(pollMs !== undefined && { pollMs }),
    ...(hasVouchers !== undefined && { hasVouchers }),
    onEvent(event) {
      // Its database commits, and the disk under it keeps all that was done there before.
      if (event.kind === 'taken') disk.syncNames()
      events.push(event)
      onEvent?.(event)
    },
  })
  return {
    ...{ network, machine, dataFolder, simulator, events },
    start: () => machine.start(onSnapshot),
    /** What lies in the folder where 1C and the register meet. */
    exchanged: () => disk.namesIn(exchangeFolder),
    async close(): Promise<void> {
      machine.end('process')
      await simulator.stop()
      await rm(folder, { recursive: true, maxRetries: 5 })
    },
  }
}

/** Read to its end, because nothing real may be waited for in virtual time. */
async function answerOf(
  cloud: Parameters<typeof fetchOf>[0],
  { method, url, authorization, body }: Carried,
): Promise<Response> {
  const headers = { 'content-type': 'application/json', ...(authorization && { authorization }) }
  const response = await fetchOf(cloud)(url, { method, headers, ...(body !== null && { body }) })
  return Response.json(await response.json(), { status: response.status })
}
