import { link, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { codeOf, isHeld, systemFiles } from '../machine/files.ts'
import { type Clock, pause, systemClock } from '../time/clock.ts'
import { systemOneCFiles } from './oneCFiles.ts'
import {
  type BehaviourSetting,
  createSimulator,
  type Simulator,
  type SimulatorEvent,
  type SimulatorSetting,
} from './simulator.ts'
import { failure } from './testing.ts'

const id = '0193a5f2-0000-7000-8000-000000000001'
const start = Date.parse('2026-11-20T12:00:00.000Z')

describe('the 1C simulator', () => {
  let folder: string
  let clock: ManualClock
  let events: SimulatorEvent[]
  let simulator: Simulator
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'kopilka-1c-'))
    clock = createManualClock()
    events = []
  })
  afterEach(async () => {
    await simulator.stop()
    await rm(folder, { recursive: true, maxRetries: 5 })
  })

  function play(
    behaviour: BehaviourSetting,
    program?: SimulatorSetting['program'],
    { hasVouchers = false } = {},
  ) {
    simulator = createSimulator({
      ...{ folder, clock, behaviour, hasVouchers },
      ...(program && { program }),
      random: () => 0.5,
      onEvent: (event) => events.push(event),
    })
    return simulator
  }

  const text = (name: string) => readFile(join(folder, name), 'utf8')
  const names = async () => (await readdir(folder)).sort()
  const taken = () => simulator.taken().map(({ points }) => points)
  const kinds = () => events.map(({ kind }) => kind)

  it('writes the amount in rubles with a dot, and removes it with the receipt', async () => {
    play({ kind: 'never' })
    await simulator.newReceipt({ purchaseKopecks: 123_405 })
    expect(await text('amount.json')).toBe('{"amount": 1234.05}')
    await simulator.rewriteAmount(7)
    expect(await text('amount.json')).toBe('{"amount": 0.07}')
    await simulator.newReceipt({ purchaseKopecks: 100_000, receipt: 'ТД"1', protocol: 2 })
    expect(JSON.parse(await text('amount.json'))).toEqual({ amount: 1000, receipt: 'ТД"1', protocol: 2 })
    await simulator.clear()
    expect(await names()).toEqual([])
  })

  it.each([
    ['by renaming in 110 ms', { kind: 'polite' }, 110],
    ['by deleting', { kind: 'polite', by: 'delete' }, 110],
    ['after three seconds', { kind: 'slow' }, 3000],
    ['around the end of the five seconds', { kind: 'last_moment' }, 5000],
    ['by deleting, at a moment of choice', { kind: 'last_moment', fromMs: 90, toMs: 90, by: 'delete' }, 90],
  ] as const)('takes a discount %s', async (_how, behaviour, delayMs) => {
    play(behaviour)
    await simulator.newReceipt({ purchaseKopecks: 100_000, receipt: '7' })
    await publish(folder, '200')
    await clock.advance(20)
    await clock.advance(delayMs - 1)
    expect(await names()).toEqual(['amount.json', 'discount.txt'])
    await clock.advance(1)
    expect(await names()).toEqual(['amount.json'])
    expect(simulator.taken()).toEqual([
      {
        receipt: '7',
        purchaseKopecks: 100_000,
        points: 200,
        at: start + 20 + delayMs,
        id: null,
        gapHit: false,
      },
    ])
    expect(kinds()).toEqual(['appeared', 'taken'])
  })

  it.each([{ kind: 'never' }, { kind: 'refuses' }] as const)(
    'leaves a discount where it lies when it $kind',
    async (behaviour) => {
      play(behaviour)
      await simulator.newReceipt({ purchaseKopecks: 100_000 })
      await publish(folder, '200')
      await clock.advance(6000)
      expect(await withdraw(folder)).toBe(true)
      expect(taken()).toEqual([])
    },
  )

  it.each(['rename', 'delete'] as const)(
    'has taken a discount by %s exactly when the register could not take it back',
    async (by) => {
      play({ kind: 'never' })
      const rounds = Array.from({ length: 12 }, async (_, round) => {
        const own = await mkdtemp(join(folder, 'till-'))
        const behaviour = { kind: 'last_moment', fromMs: 40, toMs: 80, by } as const
        const random = () => round / 12
        const till = createSimulator({
          folder: own,
          clock: systemClock,
          behaviour,
          random,
          onEvent() {},
          pollMs: 2,
        })
        await till.newReceipt({ purchaseKopecks: 100_000 })
        await publish(own, '200')
        await pause(systemClock, 60)
        const isWithdrawn = await withdraw(own)
        await till.stop()
        expect(till.taken()).toHaveLength(isWithdrawn ? 0 : 1)
      })
      await Promise.all(rounds)
    },
  )

  it('gives the discount it has read although the register took it back in the gap', async () => {
    play({ kind: 'reads_then_deletes', fromMs: 100, toMs: 100, gapMs: 300 })
    await simulator.newReceipt({ purchaseKopecks: 100_000 })
    await publish(folder, '200')
    await clock.advance(120)
    expect(await withdraw(folder)).toBe(true)
    await clock.advance(300)
    expect(simulator.taken()).toMatchObject([{ points: 200, gapHit: true }])
  })

  it('deletes what it has read when nobody was in the gap', async () => {
    play({ kind: 'reads_then_deletes' })
    await simulator.newReceipt({ purchaseKopecks: 100_000 })
    await publish(folder, '200')
    await clock.advance(1000)
    expect(simulator.taken()).toMatchObject([{ points: 200, gapHit: false }])
    expect(await withdraw(folder)).toBe(false)
  })

  it.each(['before_receipt', 'after_receipt'] as const)(
    'puts a claimed discount into the receipt once when it crashes %s',
    async (crash) => {
      play({ kind: 'crashes_between', crash })
      await simulator.newReceipt({ purchaseKopecks: 100_000, receipt: '7' })
      await publish(folder, '200')
      await clock.advance(1000)
      expect(await names()).toEqual(['amount.json', 'discount.taken.txt'])
      expect(taken()).toEqual(crash === 'before_receipt' ? [] : [200])
      expect(kinds()).toContain('crashed')
      await expect(simulator.clear()).rejects.toThrow('crashed')
      await simulator.restart()
      expect(simulator.taken()).toMatchObject([{ receipt: '7', points: 200 }])
      expect(await names()).toEqual(['amount.json'])
      await simulator.clear()
    },
  )

  it('rewrites the amount of a receipt once while the discount lies there, then takes what still lies', async () => {
    play({ kind: 'rewrites_amount', addKopecks: 5000, takesAfterMs: 500 })
    await simulator.newReceipt({ purchaseKopecks: 100_000 })
    await publish(folder, '200')
    await clock.advance(200)
    expect(await text('amount.json')).toBe('{"amount": 1050.00}')
    expect(await withdraw(folder)).toBe(true)
    await clock.advance(1000)
    expect(taken()).toEqual([])
    await publish(folder, '210')
    await clock.advance(1000)
    expect(simulator.taken()).toMatchObject([{ points: 210, purchaseKopecks: 105_000 }])
  })

  it('counts the delay of each discount from its own appearance', async () => {
    play({ kind: 'slow' })
    await simulator.newReceipt({ purchaseKopecks: 100_000 })
    await publish(folder, '100')
    await clock.advance(2000)
    await withdraw(folder)
    await publish(folder, '200')
    await clock.advance(2900)
    expect(taken()).toEqual([])
    await clock.advance(200)
    expect(taken()).toEqual([200])
  })

  it('takes at once when asked to', async () => {
    play({ kind: 'never' })
    await simulator.newReceipt({ purchaseKopecks: 100_000 })
    await simulator.takeNow()
    await publish(folder, '200')
    await simulator.takeNow()
    expect(taken()).toEqual([200])
  })

  describe('with protocol 2', () => {
    const offer = (receipt: string) => JSON.stringify({ id, receipt, points: 200 })
    const applied = async () => JSON.parse(await text('applied.json'))

    it('confirms a discount that is in the receipt', async () => {
      play({ kind: 'polite' })
      await simulator.newReceipt({ purchaseKopecks: 100_000, receipt: '7', protocol: 2 })
      await publish(folder, offer('7'), 'discount.json')
      await clock.advance(1000)
      expect(await applied()).toEqual({ id, applied: true })
      expect(simulator.taken()).toMatchObject([{ id, receipt: '7', points: 200 }])
      expect(await names()).toEqual(['amount.json', 'applied.json'])
    })

    it.each([
      ['for another receipt', { kind: 'polite' }, '6', 'not for this receipt'],
      ['that it refuses', { kind: 'refuses', error: 'Чек уже оплачен' }, '7', 'Чек уже оплачен'],
    ] as const)('declines a discount %s', async (_which, behaviour, receipt, error) => {
      play(behaviour)
      await simulator.newReceipt({ purchaseKopecks: 100_000, receipt: '7', protocol: 2 })
      await publish(folder, offer(receipt), 'discount.json')
      await clock.advance(1000)
      expect(await applied()).toEqual({ id, applied: false, error })
      expect(taken()).toEqual([])
    })

    it.each([
      ['before_receipt', false],
      ['after_receipt', true],
    ] as const)(
      'says after a crash %s whether the discount is in the receipt',
      async (crash, isInReceipt) => {
        play({ kind: 'crashes_between', crash })
        await simulator.newReceipt({ purchaseKopecks: 100_000, receipt: '7', protocol: 2 })
        await publish(folder, offer('7'), 'discount.json')
        await clock.advance(1000)
        expect(await names()).toEqual(['amount.json', 'discount.taken.json'])
        await simulator.restart()
        expect(await applied()).toMatchObject({ id, applied: isInReceipt })
        expect(taken()).toEqual(isInReceipt ? [200] : [])
        expect(await names()).toEqual(['amount.json', 'applied.json'])
      },
    )
  })

  describe.each(['its own', 'kopilka.bsl'] as const)('after a loss of power, with %s in it', (program) => {
    const offerOf = (redemption: string) => JSON.stringify({ id: redemption, receipt: '7', points: 200 })
    const repeatWord = () => Promise.all([simulator.repeatWord(), clock.advance(100)])

    it.each([
      ['is gone', () => rm(join(folder, 'applied.json'))],
      ['is torn', () => writeFile(join(folder, 'applied.json'), '')],
      [
        'is gone, and what was answered is back',
        async () => {
          await rm(join(folder, 'applied.json'))
          await writeFile(join(folder, 'discount.taken.json'), offerOf(id))
        },
      ],
    ])('says its last word once more where it %s', async (_what, lose) => {
      play({ kind: 'polite' }, program)
      await simulator.newReceipt({ purchaseKopecks: 100_000, receipt: '7', protocol: 2 })
      await repeatWord()
      expect(await names()).toEqual(['amount.json'])
      await publish(folder, offerOf(id), 'discount.json')
      await clock.advance(1000)
      await lose()
      await repeatWord()
      expect(JSON.parse(await text('applied.json'))).toEqual({ id, applied: true })
      expect(taken()).toEqual([200])
    })

    it('puts nothing into a receipt twice that lies there again', async () => {
      play({ kind: 'polite' }, program)
      await simulator.newReceipt({ purchaseKopecks: 100_000, receipt: '7', protocol: 2 })
      await publish(folder, offerOf(id), 'discount.json')
      await clock.advance(1000)
      await writeFile(join(folder, 'discount.taken.json'), offerOf(id))
      await Promise.all([simulator.restart(), clock.advance(100)])
      expect(taken()).toEqual([200])
      expect(JSON.parse(await text('applied.json'))).toEqual({ id, applied: true })
    })
  })

  describe('with kopilka.bsl in it', () => {
    const pasted = (behaviour: BehaviourSetting) => play(behaviour, 'kopilka.bsl')

    it('takes one discount a receipt, and leaves nothing when it ends', async () => {
      pasted({ kind: 'polite' })
      await simulator.newReceipt({ purchaseKopecks: 100_000, receipt: '7' })
      expect(JSON.parse(await text('amount.json'))).toEqual({ amount: '1000.00', receipt: '7' })
      await publish(folder, '200')
      await clock.advance(1000)
      expect(await names()).toEqual(['amount.json', 'discount.taken.txt'])
      await publish(folder, '30')
      await clock.advance(1000)
      expect(simulator.taken()).toMatchObject([{ receipt: '7', points: 200, id: null }])
      expect(await withdraw(folder)).toBe(true)
      await simulator.clear()
      expect(await names()).toEqual([])
    })

    it('confirms by number, and declines what is for another receipt', async () => {
      pasted({ kind: 'polite' })
      await simulator.newReceipt({ purchaseKopecks: 100_000, receipt: '7', protocol: 2 })
      await publish(folder, JSON.stringify({ id, receipt: '7', points: 200 }), 'discount.json')
      await clock.advance(1000)
      expect(JSON.parse(await text('applied.json'))).toEqual({ id, applied: true })
      await publish(folder, JSON.stringify({ id, receipt: '6', points: 200 }), 'discount.json')
      await clock.advance(1000)
      expect(JSON.parse(await text('applied.json'))).toMatchObject({ id, applied: false })
      expect(kinds()).toEqual(['appeared', 'taken', 'appeared', 'refused', 'missed'])
      expect(await names()).toEqual(['amount.json', 'applied.json'])
    })

    it.each(['before_receipt', 'after_receipt'] as const)(
      'puts a claimed discount into the receipt once when it crashes %s',
      async (crash) => {
        pasted({ kind: 'crashes_between', crash })
        await simulator.newReceipt({ purchaseKopecks: 100_000, receipt: '7' })
        await publish(folder, '200')
        await clock.advance(1000)
        expect(taken()).toEqual(crash === 'before_receipt' ? [] : [200])
        await Promise.all([simulator.restart(), clock.advance(100)])
        expect(taken()).toEqual([200])
        await Promise.all([simulator.clear(), clock.advance(100)])
        expect(await names()).toEqual([])
      },
    )

    it('finishes at its next look what was held before', async () => {
      pasted({ kind: 'polite' })
      await simulator.newReceipt({ purchaseKopecks: 100_000, receipt: '7' })
      await writeFile(join(folder, 'amount.json.1c.tmp'), '{"amount": "2000.00", "receipt": "7"}')
      await clock.advance(200)
      expect(await names()).toEqual(['amount.json'])
      expect(JSON.parse(await text('amount.json'))).toMatchObject({ amount: '2000.00' })
    })
  })

  describe('reports a violation', () => {
    const violations = () => events.flatMap((event) => (event.kind === 'violation' ? [event.violation] : []))

    it.each([
      ['a byte order mark', '\uFEFF200'],
      ['a newline', '200\n'],
      ['decimals', '200.00'],
      ['a zero', '0'],
      ['nothing', ''],
    ])('when discount.txt has %s', async (_what, content) => {
      play({ kind: 'polite' })
      await simulator.newReceipt({ purchaseKopecks: 100_000 })
      await publish(folder, content)
      await clock.advance(1000)
      expect(violations()).toEqual(['malformed'])
      expect(taken()).toEqual([])
    })

    it('when a discount is larger than its receipt allows, and takes it as 1C would', async () => {
      play({ kind: 'polite' })
      await simulator.newReceipt({ purchaseKopecks: 99_999 })
      await publish(folder, '200')
      await clock.advance(1000)
      expect(violations()).toEqual(['over_limit'])
      expect(taken()).toEqual([200])
    })

    it('when with a voucher it is larger than its receipt, which may be wholly paid', async () => {
      play({ kind: 'polite' }, 'its own', { hasVouchers: true })
      await simulator.newReceipt({ purchaseKopecks: 99_999, receipt: '7' })
      await publish(folder, '999')
      await clock.advance(1000)
      expect(violations()).toEqual([])
      await simulator.newReceipt({ purchaseKopecks: 99_999, receipt: '8' })
      await publish(folder, '1000')
      await clock.advance(1000)
      expect(violations()).toEqual(['over_limit'])
    })

    it('when a discount appears with no receipt open, and again when it gets into the next one', async () => {
      play({ kind: 'polite' })
      await simulator.newReceipt({ purchaseKopecks: 100_000 })
      await simulator.clear()
      await publish(folder, '200')
      await clock.advance(1000)
      expect(violations()).toEqual(['stale'])
      expect(taken()).toEqual([])
      await simulator.newReceipt({ purchaseKopecks: 100_000, receipt: '8' })
      await clock.advance(20)
      expect(violations()).toEqual(['stale', 'stale'])
      expect(simulator.taken()).toMatchObject([{ receipt: '8', points: 200 }])
    })

    it('when a discount is of the other protocol, and lets it lie', async () => {
      play({ kind: 'polite' })
      await simulator.newReceipt({ purchaseKopecks: 100_000 })
      await publish(folder, JSON.stringify({ id, receipt: '7', points: 200 }), 'discount.json')
      await clock.advance(1000)
      expect(violations()).toEqual(['wrong_protocol'])
      expect(await names()).toEqual(['amount.json', 'discount.json'])
    })
  })

  it.each(['its own', 'kopilka.bsl'] as const)(
    'puts a discount that a loss of power has brought back into no second receipt: %s',
    async (program) => {
      const entered = new Set<string>()
      const next = (behaviour: BehaviourSetting) => {
        simulator = createSimulator({
          ...{ folder, clock, behaviour, program, entered, random: () => 0.5 },
          onEvent: (event) => events.push(event),
        })
      }
      next({ kind: 'crashes_between', crash: 'after_receipt' })
      await simulator.newReceipt({ purchaseKopecks: 100_000, receipt: '7' })
      await publish(folder, '200')
      await clock.advance(1000)
      expect(taken()).toEqual([200])
      await link(join(folder, 'discount.taken.txt'), join(folder, 'aside'))
      await simulator.restart()
      await simulator.clear()
      await simulator.stop()

      next({ kind: 'polite' })
      await simulator.newReceipt({ purchaseKopecks: 50_000, receipt: '8' })
      await rename(join(folder, 'aside'), join(folder, 'discount.taken.txt'))
      await simulator.restart()
      expect(taken()).toEqual([])
    },
  )

  it('tells once of a trouble that lasts', async () => {
    simulator = createSimulator({
      folder,
      files: {
        ...systemOneCFiles,
        async identity() {
          throw failure('EIO')
        },
      },
      clock,
      behaviour: { kind: 'polite' },
      random: () => 0.5,
      onEvent: (event) => events.push(event),
    })
    await clock.advance(1000)
    expect(kinds()).toEqual(['trouble'])
  })

  it('has no trouble when it is closed while another program holds its files for a moment', async () => {
    await publish(folder, '150')
    let attempts = 0
    const held = () => {
      attempts += 1
      if (attempts < 10) throw failure('EPERM')
    }
    simulator = createSimulator({
      folder,
      files: {
        ...systemOneCFiles,
        async read(path) {
          held()
          return await systemOneCFiles.read(path)
        },
        async remove(path) {
          held()
          await systemOneCFiles.remove(path)
        },
      },
      clock: systemClock,
      behaviour: { kind: 'never' },
      random: () => 0.5,
      onEvent: (event) => events.push(event),
    })
    await vi.waitUntil(() => attempts > 0)
    await Promise.all([simulator.stop(), simulator.clear()])
    expect(attempts).toBeGreaterThan(10)
    expect(kinds()).not.toContain('trouble')
  })

  it('refuses a behaviour that is not of the list', () => {
    play({ kind: 'never' })
    const unknown = { kind: 'rude' } as unknown as BehaviourSetting
    expect(() =>
      createSimulator({ folder, clock, behaviour: unknown, random: () => 0, onEvent() {} }),
    ).toThrow()
  })
})

/** The register's side: a temp file, then the rename that publishes it. */
async function publish(folder: string, content: string, name = 'discount.txt') {
  await writeFile(join(folder, 'published.tmp'), content)
  await rename(join(folder, 'published.tmp'), join(folder, name))
}

/** Whether the register got it back; what is gone is 1C's, and what somebody has open nobody's yet. */
async function withdraw(folder: string): Promise<boolean> {
  const offered = join(folder, 'discount.txt')
  const withdrawn = join(folder, 'withdrawn')
  return (
    (await untilFree(() => rename(offered, withdrawn))) &&
    (await untilFree(() => systemFiles.openAlone(withdrawn))) &&
    (await untilFree(() => rm(withdrawn)))
  )
}

/** False where the file is gone. */
async function untilFree(work: () => Promise<void>): Promise<boolean> {
  for (;;) {
    try {
      await work()
      return true
    } catch (error) {
      if (codeOf(error) === 'ENOENT') return false
      if (!isHeld(error)) throw error
      await pause(systemClock, 5)
    }
  }
}

type ManualClock = ReturnType<typeof createManualClock>

/** The simulator works on a real disk, so time passes only while it waits for time and for nothing else. */
function createManualClock() {
  let elapsed = 0
  const timers = new Set<{ at: number; call: () => void }>()
  const clock: Clock = {
    now: () => start + elapsed,
    elapsed: () => elapsed,
    after(ms, call) {
      const timer = { at: elapsed + ms, call }
      timers.add(timer)
      return () => timers.delete(timer)
    },
  }
  return {
    ...clock,
    async advance(ms: number) {
      const end = elapsed + ms
      for (;;) {
        // A disk under load is slow, not wrong.
        await vi.waitUntil(() => timers.size > 0, { interval: 1, timeout: 30_000 })
        const next = [...timers].reduce((one, other) => (other.at < one.at ? other : one))
        if (next.at > end) break
        timers.delete(next)
        elapsed = next.at
        next.call()
      }
      elapsed = end
    },
  }
}
