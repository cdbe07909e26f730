import { readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { pino } from 'pino'
import { beforeEach, describe, expect, it } from 'vitest'
import { createRandom, seedOf } from '../../testing/random.ts'
import { createStage } from '../../testing/turns.ts'
import { createTwoStepDisk, type TwoStepDisk } from '../../testing/twoStepFiles.ts'
import type { Clock } from '../../time/clock.ts'
import { decodeAmount } from '../decode.ts'
import { type Discount, openDiscountFolder } from '../discountFolder.ts'
import type { OneCFiles } from '../oneCFiles.ts'
import { HELD_ATTEMPTS, HELD_PAUSE_MS } from '../simulatorTill.ts'
import { failure } from '../testing.ts'
import { type Kopilka, openKopilka } from './kopilka.ts'

const folder = '/loyalty'
const path = (name: string) => `${folder}/${name}`
const names = async (disk: TwoStepDisk) => (await disk.files.list(folder)).toSorted()

/** Time passes only while somebody waits for it. */
function createHurriedClock(): Clock {
  let elapsed = 0
  return {
    now: () => elapsed,
    elapsed: () => elapsed,
    after(ms, call) {
      elapsed += ms
      queueMicrotask(call)
      return () => {}
    },
  }
}

const versions = [
  { place: 'Сервер', replaces: true, mindsMissing: true },
  { place: 'Сервер', replaces: false, mindsMissing: false },
  { place: 'ТонкийКлиент', replaces: true, mindsMissing: false },
  { place: 'ТонкийКлиент', replaces: false, mindsMissing: true },
] as const

describe.each(versions)(
  'kopilka.bsl ($place, replaces: $replaces, minds what is missing: $mindsMissing)',
  (version) => {
    let clock: Clock
    let disk: TwoStepDisk
    let lines: { isError: boolean; text: string }[]
    let kopilka: Kopilka
    const open = (files: OneCFiles = disk.oneC) =>
      openKopilka({ files, folder, clock, ...version, onLog: (line) => lines.push(line) })
    beforeEach(() => {
      clock = createHurriedClock()
      disk = createTwoStepDisk({ clock, folders: [folder] })
      lines = []
      kopilka = open()
    })

    it('writes an amount whole, with a dot, and the next one over it', async () => {
      await kopilka.writeAmount({ kopecks: 123_456, receipt: ' ТД-1 ', protocol: 1 })
      expect(JSON.parse(disk.text(path('amount.json')) ?? '')).toEqual({ amount: '1234.56', receipt: 'ТД-1' })
      await kopilka.writeAmount({ kopecks: 0, receipt: 'ТД-2', protocol: 2 })
      expect(JSON.parse(disk.text(path('amount.json')) ?? '')).toEqual({
        ...{ amount: '0.00', receipt: 'ТД-2', protocol: 2 },
      })
      expect(await names(disk)).toEqual(['amount.json'])
      expect(lines).toEqual([])
    })

    it('writes what is bought as it is given', async () => {
      const items = [
        { sku: '0042', name: 'Чай', category: 'Чай', quantity: 0.25, kopecks: 100_000 },
        { sku: '7', quantity: 2, kopecks: 23_456 },
      ]
      await kopilka.writeAmount({ kopecks: 123_456, receipt: '1', protocol: 1, items })
      const text = disk.text(path('amount.json')) ?? ''
      expect(decodeAmount(new TextEncoder().encode(text))).toMatchObject({ amount: { items } })
      expect(lines).toEqual([])
    })

    it('names the cashier whom it is told of', async () => {
      await kopilka.writeAmount({ kopecks: 5000, receipt: '1', protocol: 1, cashier: 'Иванова О. ' })
      const text = disk.text(path('amount.json')) ?? ''
      expect(decodeAmount(new TextEncoder().encode(text))).toMatchObject({
        amount: { cashier: 'Иванова О.' },
      })
      expect(lines).toEqual([])
    })

    it('takes a discount with an id for a receipt that has no number', async () => {
      await kopilka.writeAmount({ kopecks: 100_000, receipt: '', protocol: 2 })
      disk.put(path('discount.json'), '{"id":"a","receipt":null,"points":9}')
      expect(await kopilka.takeWithId('')).toEqual({ id: 'a', points: 9 })
      expect(await kopilka.confirm('a', true)).toBe(true)
      expect(JSON.parse(disk.text(path('applied.json')) ?? '')).toMatchObject({ id: 'a', applied: true })
      expect(lines).toEqual([])
    })

    it('takes one discount a receipt, and lets the next receipt have its own', async () => {
      await kopilka.writeAmount({ kopecks: 100_000, receipt: '1', protocol: 1 })
      expect(await kopilka.takeDiscount('1')).toBe(0)
      disk.put(path('discount.txt'), '250')
      expect(await kopilka.takeDiscount('1')).toBe(250)
      disk.put(path('discount.txt'), '30')
      expect(await kopilka.takeDiscount('1')).toBe(0)
      await kopilka.clear()
      expect(await names(disk)).toEqual(['discount.txt'])
      expect(await kopilka.takeDiscount('2')).toBe(30)
      expect(lines.map(({ isError }) => isError)).toEqual([false, false])
    })

    it('takes by number, declines what is for another receipt, and says what became of it', async () => {
      const offer = (id: string) => disk.put(path('discount.json'), `{"id":"${id}","receipt":"1","points":9}`)
      const answer = () => JSON.parse(disk.text(path('applied.json')) ?? '')
      offer('a')
      expect(await kopilka.takeWithId('1')).toEqual({ id: 'a', receipt: '1', points: 9 })
      expect(await kopilka.unfinished()).toEqual({ id: 'a', receipt: '1', points: 9 })
      await kopilka.confirm('a', true)
      expect(answer()).toEqual({ id: 'a', applied: true })
      offer('b')
      expect(await kopilka.takeWithId('2')).toBe(null)
      expect(answer()).toMatchObject({
        id: 'b',
        applied: false,
        error: expect.stringContaining('открыт чек 2'),
      })
      expect(await names(disk)).toEqual(['applied.json'])
      expect(lines).toEqual([])
    })

    it('raises nothing without a folder, and says why in the log', async () => {
      disk = createTwoStepDisk({ clock, folders: [] })
      kopilka = open()
      await kopilka.writeAmount({ kopecks: 1, receipt: '1', protocol: 1 })
      expect(await kopilka.takeDiscount('1')).toBe(0)
      expect(await kopilka.takeWithId('1')).toBe(null)
      expect(await kopilka.unfinished()).toBe(null)
      await kopilka.confirm('a', true)
      await kopilka.clear()
      expect(lines.map(({ text }) => text.split('.')[0])).toEqual([
        'Сумма чека не передана киоску',
        'Ответ по скидке a не передан',
      ])
    })

    describe('with a file that another program holds', () => {
      /** Held as an antivirus does, for so long by the clock, from the first call that meets it. */
      function holding(name: string, forMs: number): OneCFiles {
        let endMs = Number.POSITIVE_INFINITY
        const meet = (met: string) => {
          if (basename(met) !== name) return
          if (endMs === Number.POSITIVE_INFINITY) endMs = clock.elapsed() + forMs
          if (clock.elapsed() < endMs) throw failure('EBUSY')
        }
        const { oneC } = disk
        return {
          ...oneC,
          async read(file) {
            meet(file)
            return await oneC.read(file)
          },
          async write(file, text) {
            meet(file)
            await oneC.write(file, text)
          },
          async move(from, to) {
            meet(from)
            if (await oneC.exists(to)) meet(to)
            await oneC.move(from, to)
          },
          async remove(file) {
            meet(file)
            await oneC.remove(file)
          },
        }
      }

      it.each(['amount.json', 'amount.json.1c.tmp'])(
        'brings the new total through, be it %s',
        async (name) => {
          await kopilka.writeAmount({ kopecks: 100, receipt: 'A', protocol: 1 })
          await open(holding(name, 100)).writeAmount({ kopecks: 555, receipt: 'A', protocol: 1 })
          expect(disk.text(path('amount.json'))).toContain('5.55')
          expect(lines).toEqual([])
        },
      )

      it('does not lose a total that was put in place by a move that was answered with an error', async () => {
        await kopilka.writeAmount({ kopecks: 100, receipt: 'A', protocol: 1 })
        const { oneC } = disk
        const lost = {
          ...oneC,
          async move(from: string, to: string) {
            await oneC.move(from, to)
            throw failure('EPERM')
          },
        }
        await open(lost).writeAmount({ kopecks: 555, receipt: 'A', protocol: 1 })
        expect(disk.text(path('amount.json'))).toContain('5.55')
        expect(lines).toEqual([])
      })

      it('gives a discount that could not be read for a moment, and one that could not for long at the next call', async () => {
        disk.put(path('discount.txt'), '250')
        expect(await open(holding('discount.claim.txt', 200)).takeDiscount('A')).toBe(250)
        await kopilka.clear()
        disk.put(path('discount.txt'), '70')
        expect(await open(holding('discount.claim.txt', 5000)).takeDiscount('A')).toBe(0)
        expect(lines.at(-1)).toMatchObject({ isError: true, text: expect.stringContaining('не прочитана') })
        expect(await kopilka.takeDiscount('A')).toBe(70)
        expect(await kopilka.takeDiscount('A')).toBe(0)
      })

      it('takes the next discount by number, though the confirmed one could not be removed', async () => {
        disk.put(path('discount.json'), '{"id":"1","receipt":"A","points":7}')
        expect(await kopilka.takeWithId('A')).toMatchObject({ points: 7 })
        await open(holding('discount.taken.json', 5000)).confirm('1', true)
        disk.put(path('discount.json'), '{"id":"2","receipt":"B","points":9}')
        expect(await kopilka.takeWithId('B')).toMatchObject({ points: 9 })
      })

      it('takes the discount of the next receipt, though the last one could not be removed', async () => {
        disk.put(path('discount.txt'), '7')
        expect(await kopilka.takeDiscount('A')).toBe(7)
        await open(holding('discount.taken.txt', 5000)).clear()
        disk.put(path('discount.txt'), '9')
        expect(await kopilka.takeDiscount('B')).toBe(9)
      })
    })

    /** Two receipts of one protocol as our page says; what is in a receipt survives a crash of 1C. */
    async function sellTwice(
      protocol: 1 | 2,
      call: <T>(work: (kopilka: Kopilka) => Promise<T>) => Promise<T>,
    ) {
      const given: string[] = []
      const offer = path(protocol === 1 ? 'discount.txt' : 'discount.json')
      for (const [receipt, points] of [
        ['A', 250],
        ['B', 30],
      ] as const) {
        const inReceipt: { id: string; points: number }[] = []
        const take = async (kopilka: Kopilka) => {
          const found =
            (await kopilka.unfinished()) ??
            (protocol === 2
              ? await kopilka.takeWithId(receipt)
              : { id: '', points: await kopilka.takeDiscount(receipt) })
          if (found && found.points > 0 && inReceipt.length === 0) inReceipt.push(found)
        }
        // The total changes, or somebody opens the receipt again.
        const isTold = () => disk.text(path('amount.json'))?.includes(`"${receipt}"`)
        for (let writing = 0; writing < 3 && !isTold(); writing += 1) {
          await call((kopilka) => kopilka.writeAmount({ kopecks: points * 1000, receipt, protocol }))
          await call((kopilka) => kopilka.takeDiscount(receipt))
        }
        disk.put(
          offer,
          protocol === 1
            ? String(points)
            : `{"id":"id-${receipt}","receipt":"${receipt}","points":${points}}`,
        )
        for (let poll = 0; poll < 4 && inReceipt.length === 0; poll += 1) await call(take)
        given.push(...inReceipt.map(({ points }) => `${receipt}: ${points}`))
        const { id = '' } = inReceipt[0] ?? {}
        if (protocol === 2) while (!(await call((kopilka) => kopilka.confirm(id, true)))) {}
        await call((kopilka) => kopilka.clear())
      }
      for (const _ of [1, 2]) await call((kopilka) => kopilka.unfinished())
      return { given, left: await names(disk), answer: disk.text(path('applied.json')) }
    }

    const sold = (protocol: 1 | 2) => ({
      given: ['A: 250', 'B: 30'],
      left: protocol === 1 ? [] : ['applied.json'],
      answer: protocol === 1 ? null : expect.stringContaining('id-B'),
    })

    describe.each([1, 2] as const)('in two sales by protocol %i', (protocol) => {
      /** How many calls of the platform there are, and from which on it goes wrong. */
      function failing(code: 'EBUSY' | 'EPERM', first: number, isOver: (failures: number) => boolean) {
        let calls = 0
        let failures = 0
        let failed: string | null = null
        const guard = (name: string, file: string) => {
          calls += 1
          if (calls === first) failed = `${name} ${file}`
          if (failed !== `${name} ${file}` || isOver(failures)) return
          failures += 1
          throw failure(code)
        }
        const { oneC } = disk
        const files: OneCFiles = {
          ...oneC,
          async read(file) {
            guard('read', file)
            return await oneC.read(file)
          },
          async write(file, text) {
            guard('write', file)
            await oneC.write(file, text)
          },
          async move(from, to) {
            guard('move', from)
            await oneC.move(from, to)
          },
          async remove(file) {
            guard('remove', file)
            await oneC.remove(file)
          },
        }
        return { files, calls: () => calls, failures: () => failures }
      }

      it('goes well', async () => {
        expect(await sellTwice(protocol, (work) => work(kopilka))).toEqual(sold(protocol))
        expect(lines.filter(({ isError }) => isError)).toEqual([])
      })

      it.each(['EBUSY', 'EPERM'] as const)(
        'bears %s at every call, be it for a moment or for longer than it waits',
        async (code) => {
          for (const [what, isMoment] of [
            ['a moment', true],
            ['long', false],
          ] as const) {
            for (let first = 1, all = Number.POSITIVE_INFINITY; first <= all; first += 1) {
              disk = createTwoStepDisk({ clock, folders: [folder] })
              lines = []
              let isLifted = false
              const fault = failing(code, first, (failures) => (isMoment ? failures >= 5 : isLifted))
              const held = open(fault.files)
              const ended = await sellTwice(protocol, async (work) => {
                const before = fault.failures()
                const result = await work(held)
                // Held longer than this call has waited, not than the next one does.
                if (fault.failures() > before) isLifted = true
                return result
              })
              expect({ what, first, ...ended }).toEqual({ what, first, ...sold(protocol) })
              if (isMoment)
                expect({ first, errors: lines.filter(({ isError }) => isError) }).toEqual({
                  first,
                  errors: [],
                })
              all = fault.calls()
            }
          }
        },
      )

      it.each(['before', 'after'] as const)('goes on after a crash %s every call', async (moment) => {
        for (let last = 1, all = Number.POSITIVE_INFINITY; last <= all; last += 1) {
          disk = createTwoStepDisk({ clock, folders: [folder] })
          const { files, dead, calls } = mortal(disk.oneC, last, moment)
          let current = open(files)
          let isDead = false
          const ended = await sellTwice(protocol, async (work) => {
            if (isDead) return await work(current)
            const result = await Promise.race([work(current), dead])
            if (result !== CRASH) return result as Awaited<ReturnType<typeof work>>
            isDead = true
            current = open()
            return await work(current)
          })
          expect({ last, ...ended }).toEqual({ last, ...sold(protocol) })
          all = calls()
        }
      })
    })
  },
)

const CRASH = Symbol('crash')

/** 1C ends before or after one of its calls, and nothing of it ever answers again. */
function mortal(oneC: OneCFiles, last: number, moment: 'before' | 'after') {
  const { promise: dead, resolve: die } = Promise.withResolvers<typeof CRASH>()
  let calls = 0
  async function perform<T>(work: () => Promise<T>): Promise<T> {
    calls += 1
    const isLast = calls === last
    if (isLast && moment === 'before') die(CRASH)
    if (calls > last || (isLast && moment === 'before')) return await new Promise(() => {})
    const result = await work()
    if (!isLast) return result
    die(CRASH)
    return await new Promise(() => {})
  }
  const files: OneCFiles = {
    exists: oneC.exists,
    identity: oneC.identity,
    read: (file) => perform(() => oneC.read(file)),
    write: (file, text) => perform(() => oneC.write(file, text)),
    move: (from, to) => perform(() => oneC.move(from, to)),
    remove: (file) => perform(() => oneC.remove(file)),
  }
  return { files, dead, calls: () => calls }
}

it('is as patient as the 1C that our simulator plays without it', () => {
  const text = readFileSync(join(import.meta.dirname, '../1c/kopilka.bsl'), 'utf8')
  expect(text).toContain(`Функция Попыток()\n\tВозврат ${HELD_ATTEMPTS};`)
  expect(text).toContain(`Сейчас < Начало + ${HELD_PAUSE_MS} Цикл`)
})

it('and the register agree who has a discount, in whatever order their steps come', async () => {
  const random = createRandom(seedOf('TURNS_SEED'))
  const discount: Discount = {
    id: '0198c5a8-7b1e-7c3a-9f00-000000000001',
    rubles: 250,
    receipt: null,
    protocol: 1,
  }
  const log = pino({ level: 'silent' })
  const signal = new AbortController().signal
  const endings = new Map<string, number>()
  for (let round = 0; round < 600; round += 1) {
    // Whoever is ahead stays so for a while, as processes do.
    const lead = random()
    const stage = createStage<'register' | '1C'>((of) => Math.min(of - 1, random() < lead ? 0 : 1))
    let isOpen = false
    const hurried = createHurriedClock()
    const disk = createTwoStepDisk({
      clock: hurried,
      folders: [folder],
      between: async (who, step) => void (isOpen && isOfDiscount(step) && (await stage.step(who))),
      deletes: random() < 0.5 ? 'at own closing' : 'at last closing',
    })
    const after: Clock['after'] = (_ms, call) => {
      void stage.idle('register').then(call)
      return () => {}
    }
    const discounts = openDiscountFolder({ folder, files: disk.files, clock: { ...hurried, after }, log })
    await discounts.prepare(discount)
    await discounts.publish(discount, { withinMs: 1, signal })
    isOpen = true
    const kopilka = openKopilka({ files: disk.oneC, folder, clock: hurried })
    let verdict = ''
    let points = 0
    await stage.run({
      async register() {
        verdict = await discounts.takeBack(discount, { signal, busyAfterMs: 1, onBusy() {} })
      },
      async '1C'() {
        points = await kopilka.takeDiscount('1')
      },
    })
    isOpen = false
    points += await kopilka.takeDiscount('1')
    const ending = `${verdict}, ${points}`
    endings.set(ending, (endings.get(ending) ?? 0) + 1)
  }
  console.log('kopilka.bsl against the register', Object.fromEntries(endings))
  expect([...endings.keys()].sort()).toEqual(['taken, 250', 'withdrawn, 0'])
})

const isOfDiscount = (step: string) => step === 'list' || step.includes('discount.')
