import { pino } from 'pino'
import { beforeEach, describe, expect, it } from 'vitest'
import { type Discount, type DiscountFolder, openDiscountFolder } from './discountFolder.ts'
import {
  createFakeClock,
  createMemoryFiles,
  type FakeClock,
  failure,
  type MemoryFiles,
  withFaults,
} from './testing.ts'

const folder = '/exchange'
const discount: Discount = {
  id: '0198c5a8-7b1e-7c3a-9f00-000000000001',
  rubles: 250,
  receipt: 'ЧЕК-1',
  protocol: 1,
}
const own = `${folder}/discount.${discount.id}.tmp`
const offer = `${folder}/discount.txt`
const log = pino({ level: 'silent' })
const never = new AbortController().signal

describe('a discount in the folder', () => {
  let clock: FakeClock
  let files: MemoryFiles
  let faults: Parameters<typeof withFaults>[1]
  let discounts: DiscountFolder
  let busy: number
  beforeEach(() => {
    clock = createFakeClock()
    files = createMemoryFiles(clock, folder)
    faults = {}
    busy = 0
    discounts = openDiscountFolder({ folder, files: withFaults(files, faults), clock, log })
  })

  const names = async () => (await files.list(folder)).toSorted()
  const takeBack = (signal = never) =>
    discounts.takeBack(discount, { signal, busyAfterMs: 1000, onBusy: () => (busy += 1) })
  async function publish(): Promise<boolean> {
    await discounts.prepare(discount)
    const published = discounts.publish(discount, { withinMs: 5000, signal: never })
    await clock.advance(5000)
    return await published
  }
  /** Fails so many times, and works then. */
  const times = (count: number, code: string) => {
    let left = count
    return () => {
      left -= 1
      if (left >= 0) throw failure(code)
    }
  }
  async function ended<T>(work: Promise<T>, withinMs = 5000): Promise<T> {
    await clock.advance(withinMs)
    return await work
  }

  it('is a bare number, whole before anybody can see it', async () => {
    await discounts.prepare(discount)
    expect(await names()).toEqual([`discount.${discount.id}.tmp`])
    expect(files.text(own)).toBe('250')
    await discounts.publish(discount, { withinMs: 5000, signal: never })
    expect(await names()).toEqual(['discount.txt'])
    expect(files.text(offer)).toBe('250')
  })

  it('names its redemption and its receipt in the second protocol', async () => {
    await discounts.prepare({ ...discount, protocol: 2 })
    expect(JSON.parse(files.text(own))).toEqual({ id: discount.id, receipt: 'ЧЕК-1', points: 250 })
    await discounts.publish({ ...discount, protocol: 2 }, { withinMs: 5000, signal: never })
    expect(await names()).toEqual(['discount.json'])
  })

  describe('is published', () => {
    it.each(['EPERM', 'EACCES', 'EBUSY'])('although an antivirus holds it for a while: %s', async (code) => {
      faults.rename = times(20, code)
      expect(await publish()).toBe(true)
      expect(await names()).toEqual(['discount.txt'])
    })

    it('where the share did it and could not say so', async () => {
      let isLost = true
      faults.rename = async () => {
        if (isLost) await files.rename(own, offer)
        isLost = false
        throw failure('ETIMEDOUT')
      }
      expect(await publish()).toBe(true)
    })

    it('not at all where it is held all the time, and stays ours', async () => {
      faults.rename = () => {
        throw failure('EPERM')
      }
      expect(await publish()).toBe(false)
      expect(await takeBack()).toBe('withdrawn')
    })
  })

  describe('taken back', () => {
    it('is ours again when 1C has not moved it', async () => {
      await publish()
      expect(await takeBack()).toBe('withdrawn')
      expect(await names()).toEqual([`discount.${discount.id}.tmp`])
    })

    it.each([
      ['deletes', () => files.remove(offer)],
      ['renames', () => files.rename(offer, `${folder}/discount.taken.txt`)],
    ])('is taken when 1C %s it first', async (_what, take) => {
      await publish()
      await take()
      expect(await takeBack()).toBe('taken')
    })

    it('that was never published is ours', async () => {
      await discounts.prepare(discount)
      expect(await takeBack()).toBe('withdrawn')
    })

    it('is undecided while 1C has it open, and decided when it lets go', async () => {
      await publish()
      faults.rename = times(30, 'EBUSY')
      const deciding = takeBack()
      await clock.advance(500)
      await files.remove(offer)
      expect(await ended(deciding)).toBe('taken')
      expect(busy).toBe(0)
    })

    it('is reported when that takes long, once, and goes on', async () => {
      await publish()
      faults.rename = times(60, 'EPERM')
      expect(await ended(takeBack(), 20_000)).toBe('withdrawn')
      expect(busy).toBe(1)
    })

    it('is not taken because the folder is away', async () => {
      await publish()
      const gone = () => {
        throw failure('ENOENT')
      }
      Object.assign(faults, { list: gone, rename: gone, stat: gone })
      const deciding = takeBack()
      await clock.advance(3000)
      for (const name of ['list', 'rename', 'stat'] as const) delete faults[name]
      expect(await ended(deciding)).toBe('withdrawn')
    })

    it('is ours where the share renamed it and could not say so', async () => {
      await publish()
      let isLost = true
      faults.rename = async () => {
        if (!isLost) return
        isLost = false
        await files.rename(offer, own)
        throw failure('EIO')
      }
      expect(await ended(takeBack())).toBe('withdrawn')
    })

    it('stays undecided when the register stops', async () => {
      await publish()
      faults.rename = () => {
        throw failure('EBUSY')
      }
      const stopping = new AbortController()
      const deciding = takeBack(stopping.signal)
      await clock.advance(100)
      stopping.abort()
      expect(await ended(deciding)).toBe('stopped')
    })
  })

  describe('of nobody', () => {
    it('is removed when it is old enough', async () => {
      files.put(offer, '77')
      await clock.advance(59_000)
      expect(await discounts.clearOrphan({ atLeastMs: 60_000 })).toBeNull()
      await clock.advance(2000)
      expect(await discounts.clearOrphan({ atLeastMs: 60_000 })).toBe('discount.txt')
      expect(await names()).toEqual([])
    })

    it('is removed before a sale though its time is yet to come, as after a clock that was set back', async () => {
      files.put(offer, '77')
      clock.set(-3_600_000)
      expect(await discounts.clearOrphan({ atLeastMs: 60_000 })).toBeNull()
      expect(await discounts.clearOrphan()).toBe('discount.txt')
      expect(await names()).toEqual([])
    })

    it('that is held stays, and nothing breaks', async () => {
      files.put(offer, '77')
      faults.rename = () => {
        throw failure('EPERM')
      }
      expect(await discounts.clearOrphan()).toBeNull()
      expect(await names()).toEqual(['discount.txt'])
    })

    it('is not touched by the tidying of what is decided', async () => {
      await discounts.prepare(discount)
      files.put(`${folder}/discount.0198c5a8-7b1e-7c3a-9f00-000000000002.tmp`, '1')
      files.put(`${folder}/amount.json`, '{}')
      await discounts.tidy((id) => id === discount.id)
      expect(await names()).toEqual(['amount.json', 'discount.0198c5a8-7b1e-7c3a-9f00-000000000002.tmp'])
    })
  })
})
