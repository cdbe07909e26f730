import { pino } from 'pino'
import { describe, expect, it } from 'vitest'
import { codeOf, isHeld } from '../machine/files.ts'
import { createStage, everyOrder } from '../testing/turns.ts'
import { createTwoStepDisk, type TwoStepDisk, type TwoStepSetting } from '../testing/twoStepFiles.ts'
import { type Clock, systemClock } from '../time/clock.ts'
import { type Discount, openDiscountFolder } from './discountFolder.ts'

const folder = '/exchange'
const offer = `${folder}/discount.txt`
const claimed = `${folder}/discount.taken.txt`
const discount: Discount = {
  id: '0198c5a8-7b1e-7c3a-9f00-000000000001',
  rubles: 250,
  receipt: null,
  protocol: 1,
}
const log = pino({ level: 'silent' })
const never = new AbortController().signal

/** Whether 1C has given the discount, in the end. */
type Take = (disk: TwoStepDisk, wait: () => Promise<void>) => Promise<boolean>

/** Asks again while somebody has the file open. */
async function untilFree<T>(work: () => Promise<T>, wait: () => Promise<void>): Promise<T | null> {
  for (;;) {
    try {
      return await work()
    } catch (error) {
      if (codeOf(error) === 'ENOENT') return null
      if (!isHeld(error)) throw error
      await wait()
    }
  }
}

const deletes: Take = async ({ oneC }, wait) =>
  (await untilFree(async () => {
    await oneC.remove(offer)
    return true
  }, wait)) !== null

const renames: Take = async ({ oneC }, wait) => {
  const hasRenamed = await untilFree(async () => {
    await oneC.move(offer, claimed)
    return true
  }, wait)
  return hasRenamed !== null && (await untilFree(() => oneC.read(claimed), wait)) === '250'
}

interface Ending {
  verdict: 'taken' | 'withdrawn' | 'stopped'
  isGiven: boolean
}

/** Every order in which the steps of a take-back and of a take can follow each other, on a disk as Windows has it. */
async function playEveryOrder(take: Take, how: Pick<TwoStepSetting, 'deletes' | 'readsOpenly'>) {
  const endings = new Map<string, number>()
  const orders = await everyOrder(async (choose) => {
    const stage = createStage<'register' | '1C'>(choose)
    let isOpen = false
    const disk = createTwoStepDisk({
      clock: systemClock,
      folders: [folder],
      between: async (who) => void (isOpen && (await stage.step(who))),
      ...how,
    })
    const clock: Clock = {
      now: () => 0,
      elapsed: () => 0,
      after(_ms, call) {
        void stage.idle('register').then(call)
        return () => {}
      },
    }
    const discounts = openDiscountFolder({ folder, files: disk.files, clock, log })
    await discounts.prepare(discount)
    await discounts.publish(discount, { withinMs: 1, signal: never })
    isOpen = true
    const ending: Partial<Ending> = {}
    await stage.run({
      async register() {
        ending.verdict = await discounts.takeBack(discount, {
          signal: never,
          busyAfterMs: 1,
          onBusy() {},
        })
      },
      async '1C'() {
        ending.isGiven = await take(disk, () => stage.idle('1C'))
      },
    })
    const key = `${ending.verdict}, ${ending.isGiven ? 'given' : 'not given'}`
    endings.set(key, (endings.get(key) ?? 0) + 1)
  })
  return { orders, endings: Object.fromEntries(endings) }
}

describe('a discount is 1C’s or the customer’s in every order of steps', () => {
  describe.each(['at own closing', 'at last closing'] as const)(
    'where a deleted file loses its name %s',
    (deletion) => {
      it.each([
        ['deletes', deletes],
        ['renames and reads', renames],
      ])('of a 1C that %s', async (how, take) => {
        const { orders, endings } = await playEveryOrder(take, { deletes: deletion })
        console.log(`${how}: ${orders} orders`, endings)
        expect(Object.keys(endings).sort()).toEqual(['taken, given', 'withdrawn, not given'])
      })
    },
  )

  it('but not where 1C lets others rename what it reads, which only a real 1C can tell', async () => {
    const { endings } = await playEveryOrder(renames, { readsOpenly: true })
    expect(Object.keys(endings).sort()).toEqual(['taken, given', 'withdrawn, given', 'withdrawn, not given'])
  })
})
