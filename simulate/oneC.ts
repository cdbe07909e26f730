import { join } from 'node:path'
import { ifThere } from '../desktop/register/exchange/oneCFiles.ts'
import { createSimulator, type SimulatorEvent } from '../desktop/register/exchange/simulator.ts'
import { untilNotHeld } from '../desktop/register/exchange/simulatorTill.ts'
import type { Random } from '../desktop/register/rig/random.ts'
import { type Clock, pause } from '../desktop/register/time/clock.ts'
import { goodsOf } from './goods.ts'
import type { MeetingPlace } from './meetingPlace.ts'
import type { SalePlan } from './plan.ts'

export type OneC = ReturnType<typeof openOneC>

export type OneCProgram = Pick<Parameters<typeof createSimulator>[0], 'program' | 'platform' | 'entered'>

/**
 * The program that plays 1C at a till, the same for every sale: at half of the tills the module that a 1C developer
 * pastes, and half of those on a platform whose moves refuse to replace a file.
 */
export function programOf(till: number): OneCProgram {
  const entered = new Set<string>()
  if (till % 2 === 1) return { program: 'its own', entered }
  return {
    ...{ program: 'kopilka.bsl', entered },
    platform: { replaces: till % 4 === 0, place: till % 8 < 4 ? 'Сервер' : 'ТонкийКлиент' },
  }
}

/** The 1C of one sale: its simulator, started again when it has crashed. */
export function openOneC({
  place: { folder, files, pollMs, committed },
  clock,
  program,
  sale,
  random,
  onEvent,
}: {
  place: MeetingPlace
  clock: Clock
  program: OneCProgram
  sale: SalePlan
  random: Random
  onEvent: (event: SimulatorEvent) => void
}) {
  const { oneC, purchaseKopecks } = sale
  const { promise: appeared, resolve: appear } = Promise.withResolvers<void>()
  let restarting = Promise.resolve()
  let isClosed = false
  const simulator = createSimulator({
    folder,
    files,
    clock,
    behaviour: oneC?.behaviour ?? { kind: 'never' },
    ...program,
    random: random.next,
    hasVouchers: sale.code !== null,
    pollMs,
    onEvent(event) {
      if (event.kind === 'taken') committed()
      onEvent(event)
      if (event.kind === 'appeared') appear()
      if (event.kind === 'crashed') restarting = restart(oneC?.crashedForMs ?? 0)
    },
  })

  async function restart(afterMs: number): Promise<void> {
    await pause(clock, afterMs)
    await simulator.restart()
  }

  return {
    /** The register has put a discount into the folder. */
    appeared,
    isClosed: () => isClosed,

    async open(): Promise<void> {
      if (!oneC) throw new Error('this sale has no 1C')
      await simulator.newReceipt({
        purchaseKopecks,
        protocol: oneC.protocol,
        items: goodsOf(sale),
        ...(oneC.receipt !== null && { receipt: oneC.receipt }),
      })
    },

    /** 1C is closed: nothing is taken any more, and its receipt is gone. */
    async abandon(): Promise<void> {
      isClosed = true
      await simulator.stop()
      await ifThere(untilNotHeld(() => files.remove(join(folder, 'amount.json')), clock))
      committed()
    },

    /** The next receipt takes the place of this one. */
    async hurry(): Promise<{ purchaseKopecks: number; receipt: string }> {
      isClosed = true
      const next = { purchaseKopecks: purchaseKopecks + 100, receipt: `${oneC?.receipt ?? sale.number}-next` }
      await simulator.newReceipt({ ...next, protocol: oneC?.protocol ?? 1 })
      return next
    },

    /** The machine has lost its power meanwhile. */
    repeatWord: simulator.repeatWord,

    /** Takes the discount that lies there, of whichever sale it is. */
    takeNow: () => simulator.takeNow(),

    async finish({ isAmountLeft }: { isAmountLeft: boolean }): Promise<void> {
      await restarting
      // The step it is in the middle of ends first, even in a crash.
      await simulator.restart()
      if (!isAmountLeft) await simulator.clear()
      await simulator.stop()
      // The receipt is closed in its database, and the disk keeps that its files are gone.
      committed()
    },
  }
}
