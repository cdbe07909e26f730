import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { pause, systemClock } from '../desktop/register/time/clock.ts'
import { resume, serve, settled, undo } from './cashier.ts'
import type { RegisterSetting } from './messages.ts'
import type { Network } from './network.ts'
import { createNotes, type Notes } from './notes.ts'
import { discountsIn, firstDiscount, type OneCProgram, openOneC } from './oneC.ts'
import type { SalePlan } from './plan.ts'
import type { Random } from './random.ts'
import { RegisterGone, startRegister } from './register.ts'

export interface ShopOptions {
  name: string
  program: OneCProgram
  folder: string
  key: string
  skewMs: number
  takeMs: number
  /** The folder of the version of Kopilka that the register is of. */
  registersFrom: string
  network: Network
  random: Random
  /** A sale begins; false where no more should. */
  onSale: () => boolean
}

export interface Shop {
  name: string
  dataFolder: string
  notes: Notes
  sell(sales: SalePlan[]): Promise<void>
  /** With the network healed: sends what waits, and asks again for what was parked. */
  close(): Promise<void>
  stop(): Promise<void>
}

const RETRY_ROUNDS = 5

/** One till of the day: a register that is killed now and then, its 1C, and a cashier. */
export async function openShop(options: ShopOptions): Promise<Shop> {
  const { name, program, folder, key, skewMs, takeMs, registersFrom, network, random, onSale } = options
  const exchangeFolder = join(folder, 'exchange')
  const dataFolder = join(folder, 'data')
  await mkdir(exchangeFolder, { recursive: true })
  const setting: RegisterSetting = {
    cloudUrl: network.url,
    ...{ key, exchangeFolder, dataFolder, takeMs, skewMs },
  }
  const notes = createNotes()
  let register = await startRegister(registersFrom, setting, notes.screen)
  let isStopped = false

  async function end({ isHard, aim, afterMs, downMs }: NonNullable<SalePlan['kill']>): Promise<void> {
    await (aim === 'time'
      ? pause(systemClock, afterMs)
      : firstDiscount(exchangeFolder, { aim, withinMs: takeMs }))
    notes.happened.add(isHard ? 'killed' : 'stopped')
    notes.screenLost(register.snapshot())
    await (isHard ? register.kill() : register.stop())
    await pause(systemClock, downMs)
  }

  async function sellOne(sale: SalePlan): Promise<void> {
    const oneC = openOneC({
      ...{ folder: exchangeFolder, program, sale, random },
      onEvent: (event) => notes.oneC(event, sale),
    })
    let ending: Promise<void> | null = null
    const desk = () => ({
      ...{ register, oneC, notes },
      onTap() {
        if (sale.kill && !ending) ending = end(sale.kill)
      },
    })
    if (sale.awayForMs !== null) network.goAway(sale.awayForMs)
    await serve(sale, desk()).catch(unlessGone)
    await ending
    if (register.isGone() && isStopped) throw new RegisterGone('the day was ended')
    if (register.isGone()) register = await startRegister(registersFrom, setting, notes.screen)
    await settled({ register })
    if (ending && !oneC.isClosed()) await resume(sale, desk())
    if (sale.twist === 'undoes') await undo(sale, desk())
    await settled({ register })
    await oneC.finish(sale)
    for (const left of await discountsIn(exchangeFolder))
      notes.wrong.push(`left: ${left} after sale ${sale.number}`)
  }

  async function emptyQueue(): Promise<void> {
    // Somebody looks a customer up, which shows the register that the network is back.
    await register.call('findCustomer', { code: '200001' })
    await register.until('an empty queue', ({ cloud }) => cloud.queued === 0)
  }

  return {
    name,
    dataFolder,
    notes,
    async sell(sales) {
      for (const sale of sales) {
        if (!onSale()) return
        notes.happened.add('begun')
        await sellOne(sale)
      }
    },
    async close() {
      await emptyQueue()
      for (let round = 0; round < RETRY_ROUNDS; round += 1) {
        for (const { id } of register.snapshot().parked) {
          const { ok } = await register.call('retryParked', { operationId: id })
          if (ok) notes.happened.add('retried_parked')
        }
        await emptyQueue()
      }
      await settled({ register })
    },
    async stop() {
      isStopped = true
      await register.stop()
    },
  }
}

function unlessGone(error: unknown): void {
  if (!(error instanceof RegisterGone)) throw error
}
