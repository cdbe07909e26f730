import { watch } from 'node:fs'
import { readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { createSimulator, type SimulatorEvent } from '../desktop/register/exchange/simulator.ts'
import { pause, systemClock } from '../desktop/register/time/clock.ts'
import type { SalePlan } from './plan.ts'
import type { Random } from './random.ts'

export type OneC = ReturnType<typeof openOneC>

export type OneCProgram = Pick<Parameters<typeof createSimulator>[0], 'program' | 'platform'>

/**
 * What a till has for a 1C, the same for every sale: half of them what a 1C developer pastes, and of those half a platform
 * whose moves refuse to replace.
 */
export function programOf(till: number): OneCProgram {
  if (till % 2 === 1) return { program: 'its own' }
  return {
    program: 'kopilka.bsl',
    platform: { replaces: till % 4 === 0, place: till % 8 < 4 ? 'Сервер' : 'ТонкийКлиент' },
  }
}

/** The 1C of one sale: its simulator, started again when it has crashed. */
export function openOneC({
  folder,
  program,
  sale,
  random,
  onEvent,
}: {
  folder: string
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
    clock: systemClock,
    behaviour: oneC?.behaviour ?? { kind: 'never' },
    ...program,
    random: random.next,
    pollMs: 10,
    onEvent(event) {
      onEvent(event)
      if (event.kind === 'appeared') appear()
      if (event.kind === 'crashed') restarting = restart(oneC?.crashedForMs ?? 0)
    },
  })

  async function restart(afterMs: number): Promise<void> {
    await pause(systemClock, afterMs)
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
        ...(oneC.receipt !== null && { receipt: oneC.receipt }),
      })
    },

    /** Somebody closes 1C: nothing is taken any more, and its receipt is gone. */
    async abandon(): Promise<void> {
      isClosed = true
      await simulator.stop()
      await rm(join(folder, 'amount.json'), { force: true })
    },

    /** The next receipt takes the place of this one. */
    async hurry(): Promise<{ purchaseKopecks: number; receipt: string }> {
      isClosed = true
      const next = { purchaseKopecks: purchaseKopecks + 100, receipt: `${oneC?.receipt ?? sale.number}-next` }
      await simulator.newReceipt({ ...next, protocol: oneC?.protocol ?? 1 })
      return next
    },

    /** Takes what lies there, of whatever sale it is. */
    takeNow: () => simulator.takeNow(),

    async finish({ isAmountLeft }: { isAmountLeft: boolean }): Promise<void> {
      await restarting
      // Whatever it is in the middle of comes to its end first, be that a crash.
      await simulator.restart()
      if (!isAmountLeft) await simulator.clear()
      await simulator.stop()
    },
  }
}

/** Discounts that lie where 1C would find them. */
export async function discountsIn(folder: string): Promise<string[]> {
  const names = await readdir(folder)
  return names.filter((name) => name === 'discount.txt' || name === 'discount.json')
}

/** Resolves when the discount is there, under the register's own name or 1C's, or when that takes too long. */
export function firstDiscount(
  folder: string,
  { aim, withinMs }: { aim: 'temporary' | 'offer'; withinMs: number },
): Promise<void> {
  const wanted = aim === 'offer' ? /^discount\.(txt|json)$/ : /^discount\..*\.tmp$/
  return new Promise((resolve) => {
    const end = () => {
      cancel()
      watcher.close()
      resolve()
    }
    const cancel = systemClock.after(withinMs, end)
    const watcher = watch(folder, (_, name) => {
      if (name !== null && wanted.test(name)) end()
    })
  })
}
