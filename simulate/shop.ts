import type { Random } from '../desktop/register/rig/random.ts'
import { RegisterGone, type RunningRegister } from '../desktop/register/rig/running.ts'
import { type Clock, pause } from '../desktop/register/time/clock.ts'
import type { Snapshot } from '../shared/bridge.ts'
import { resume, serve, settled, undo } from './cashier.ts'
import { discountsIn, firstDiscount, type MeetingPlace } from './meetingPlace.ts'
import { createNotes, type Notes } from './notes.ts'
import { type OneCProgram, openOneC } from './oneC.ts'
import type { End, SalePlan } from './plan.ts'

export interface ShopOptions {
  name: string
  clock: Clock
  place: MeetingPlace
  program: OneCProgram
  start: (onSnapshot: (snapshot: Snapshot) => void) => Promise<RunningRegister>
  takeMs: number
  network: { goAway(ms: number): void }
  random: Random
  /** A sale begins; false where no more should. */
  onSale: () => boolean
  /** Told what 1C does, and how a register ends. */
  say?: (text: string) => void
}

export interface Shop {
  name: string
  /** The notes of the day. */
  notes: () => Notes
  sell(sales: Iterable<SalePlan>): Promise<void>
  /** With the network healed: sends what waits, and asks again for what was parked. */
  close(): Promise<void>
  /** Hands over to a person what is parked. */
  handOver(): Promise<void>
  /** Ends the register, and begins another day with it when that is over. */
  overnight(how: 'stopped' | 'powerless' | 'on', night: () => Promise<void>): Promise<void>
  stop(): Promise<void>
}

const RETRY_ROUNDS = 5

/** One till of the day: a register that ends now and then in the middle of it, its 1C, and a cashier. */
export async function openShop(options: ShopOptions): Promise<Shop> {
  const { name, clock, place, program, takeMs, network, random, onSale } = options
  let notes = createNotes()
  let shown: Snapshot | null = null
  let register = await startAlive()
  let isStopped = false

  /** Starts a register; one that ends while it starts is started once more. */
  async function startAlive(): Promise<RunningRegister> {
    for (;;) {
      try {
        return await options.start((snapshot) => {
          shown = snapshot
          notes.screen(snapshot)
        })
      } catch (error) {
        unlessGone(error)
        notes.happened.add('ended_at_start')
        await pause(clock, 100)
      }
    }
  }

  async function end({ how, aim, afterMs, downMs }: End): Promise<void> {
    await (aim === 'time' ? pause(clock, afterMs) : firstDiscount(place, { aim, withinMs: takeMs, clock }))
    if (register.isGone()) return
    notes.happened.add(how)
    options.say?.(`the register ends: ${how}`)
    await endAs(how)
    await pause(clock, downMs)
  }

  async function endAs(how: End['how']): Promise<void> {
    if (how === 'stopped') await register.stop()
    else await register.kill(how === 'killed' ? 'process' : 'machine')
  }

  /** Starts the register again where it has ended; whether it had. */
  async function beAlive(): Promise<boolean> {
    if (!register.isGone()) return false
    if (isStopped) throw new RegisterGone('the day was ended')
    if (shown) notes.screenLost(shown)
    register = await startAlive()
    return true
  }

  async function sellOne(sale: SalePlan): Promise<void> {
    const oneC = openOneC({
      ...{ place, clock, program, sale, random },
      onEvent(event) {
        options.say?.(`1C: ${JSON.stringify(event)}`)
        notes.oneC(event, sale)
      },
    })
    let ending: Promise<void> | null = null
    let wasGone = false
    const desk = () => ({
      ...{ register, oneC, notes, clock },
      onTap() {
        if (sale.end && !ending) ending = end(sale.end)
      },
    })
    /** A register may end at any moment; then another one begins where it was. */
    async function alive(work: () => Promise<void>): Promise<void> {
      await work().catch(unlessGone)
      await ending
      if (!(await beAlive())) return
      wasGone = true
      await oneC.repeatWord()
      await alive(() => settled({ register }))
    }

    await beAlive()
    if (sale.awayForMs !== null) network.goAway(sale.awayForMs)
    await alive(() => serve(sale, desk()))
    await alive(() => settled({ register }))
    if (wasGone && !oneC.isClosed()) await alive(() => resume(sale, desk()))
    if (sale.twist === 'undoes') await alive(() => undo(sale, desk()))
    await alive(() => settled({ register }))
    await oneC.finish(sale)
    for (const left of await discountsIn(place)) notes.wrong.push(`left: ${left} after sale ${sale.number}`)
  }

  async function emptyQueue(): Promise<void> {
    // A look-up shows the register that the network is back.
    await register.call('findCustomer', { code: '200001' })
    await register.until('an empty queue', ({ cloud }) => cloud.queued === 0)
  }

  return {
    name,
    notes: () => notes,
    async sell(sales) {
      for (const sale of sales) {
        if (!onSale()) return
        notes.happened.add('begun')
        await sellOne(sale)
      }
    },
    async close() {
      await beAlive()
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
    async handOver() {
      for (const { id } of register.snapshot().parked) {
        const { ok } = await register.call('handOverParked', { operationId: id })
        if (ok) notes.happened.add('handed_over')
      }
    },
    async overnight(how, night) {
      if (how !== 'on') await endAs(how)
      await night()
      notes = createNotes()
      if (register.isGone()) register = await startAlive()
      else notes.screen(register.snapshot())
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
