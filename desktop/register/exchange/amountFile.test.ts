import { mkdir, mkdtemp, open, rename, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Writable } from 'node:stream'
import { pino } from 'pino'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { type Files, systemFiles } from '../machine/files.ts'
import { type Clock, pause, systemClock } from '../time/clock.ts'
import { type AmountEvent, watchAmount } from './amountFile.ts'
import { createFakeClock, createMemoryFiles, type Faults, failure, withFaults } from './testing.ts'

const json = (rubles: number | string) => `{"amount": ${rubles}}`
const amount = (purchaseKopecks: number) => ({ type: 'amount', reading: { amount: { purchaseKopecks } } })
const folderIsThere = { type: 'folder', state: 'ok' }
const cleared = { type: 'cleared' }
const alertOver = { type: 'alert_over' }

/** A watch on a folder, what it told and what it logged. */
function startWatch(setting: { folder: string; evidenceFolder: string; files: Files; clock: Clock }) {
  const events: AmountEvent[] = []
  const lines: { level: number; problem?: string; code?: string; evidence?: string }[] = []
  const stream = new Writable({
    write(chunk, _encoding, done) {
      lines.push(JSON.parse(String(chunk)))
      done()
    },
  })
  const stopping = new AbortController()
  let deafTo = 0
  const onEvent = (event: AmountEvent) => {
    if (event.type === 'amount' && deafTo > 0) {
      deafTo -= 1
      throw new Error('disk full')
    }
    events.push(event)
  }
  const ended = watchAmount({ ...setting, log: pino(stream), onEvent, signal: stopping.signal })
  return {
    /** What was told since this was asked last. */
    told: () => events.splice(0),
    events,
    /** Who hears fails at the next so many amounts. */
    deafen(times: number) {
      deafTo = times
    },
    lines,
    errors: () => lines.filter(({ level }) => level === 50),
    stop() {
      stopping.abort()
      return ended
    },
  }
}

describe('a watch on amount.json, by the clock', () => {
  const folder = join('c', 'loyalty')
  const evidenceFolder = 'evidence'
  const path = join(folder, 'amount.json')
  let clock = createFakeClock()
  let memory = createMemoryFiles(clock)
  let faults: Faults = {}
  let watching: ReturnType<typeof startWatch>

  beforeEach(() => {
    clock = createFakeClock()
    memory = createMemoryFiles(clock, folder)
    faults = {}
  })
  afterEach(() => watching.stop())

  it('tells again what could not be taken in, and logs that once', async () => {
    const watch = await startWith()
    watch.deafen(3)
    memory.put(path, json(12))
    await clock.advance(1000)
    expect(watch.told().filter(({ type }) => type === 'amount')).toMatchObject([amount(1200)])
    expect(watch.errors()).toHaveLength(1)
  })

  const start = () => {
    watching = startWatch({ folder, evidenceFolder, files: withFaults(memory, faults), clock })
    return watching
  }
  /** A watch that has told what there was at the start. */
  async function startWith(content?: string | Uint8Array) {
    if (content !== undefined) memory.put(path, content)
    start()
    await clock.advance(50)
    watching.told()
    return watching
  }
  const evidence = async () => (await memory.list(join(evidenceFolder, 'bad'))).sort()

  it('tells at its first look what is there', async () => {
    memory.put(path, json(12.5))
    const { told } = start()
    await clock.advance(50)
    expect(told()).toMatchObject([folderIsThere, amount(1250)])
  })

  it('tells at its first look that there is no sale', async () => {
    const { told } = start()
    await clock.advance(50)
    expect(told()).toEqual([folderIsThere, cleared])
  })

  it('tells each writing once, and the same content with the same fingerprint', async () => {
    const { told } = await startWith(json(1))
    memory.put(path, json(2))
    await clock.advance(1000)
    memory.put(path, json(2))
    await clock.advance(1000)
    const [first, second, ...more] = told()
    expect(more).toEqual([])
    expect([first, second]).toMatchObject([amount(200), amount(200)])
    if (first?.type !== 'amount' || second?.type !== 'amount') throw new Error('two amounts')
    expect(second.reading.fingerprint).toBe(first.reading.fingerprint)
    expect(second.reading.version).not.toBe(first.reading.version)
  })

  it('notices another amount of the same size and time: FAT tells times apart by two seconds only', async () => {
    const { told } = await startWith(json(11))
    const { modifiedNs } = await memory.stat(path)
    memory.put(path, json(22), { modifiedNs })
    await clock.advance(2500)
    expect(told()).toMatchObject([amount(2200)])
  })

  it('reads an amount once more, and then never again while its size and time stay', async () => {
    const read = vi.spyOn(memory, 'read')
    const { told } = await startWith(json(11))
    await clock.advance(60_000)
    expect(told()).toEqual([])
    expect(read.mock.calls.filter(([asked]) => asked === path)).toHaveLength(2)
  })

  it('doubts nothing of a file that was deleted', async () => {
    await startWith(json(11))
    await memory.remove(path)
    await clock.advance(3000)
    const read = vi.spyOn(memory, 'read')
    const { told } = watching
    told()
    await clock.advance(3000)
    expect(told()).toEqual([])
    expect(read).not.toHaveBeenCalled()
    memory.put(path, json(11))
    await clock.advance(500)
    expect(told()).toMatchObject([amount(1100)])
  })

  it('tells once that the sale is cleared, by amount 0 and by a deletion', async () => {
    const { told } = await startWith(json(1))
    memory.put(path, json(0))
    await clock.advance(500)
    await memory.remove(path)
    await clock.advance(500)
    expect(told()).toEqual([cleared])
    memory.put(path, json(1))
    await clock.advance(500)
    await memory.remove(path)
    await clock.advance(500)
    expect(told()).toMatchObject([amount(100), cleared])
  })

  it('takes a file that is deleted and written anew at once for a new writing only', async () => {
    const { told } = await startWith(json(1))
    await memory.remove(path)
    memory.hint()
    await clock.advance(5)
    memory.put(path, json(2))
    await clock.advance(500)
    expect(told()).toMatchObject([amount(200)])
  })

  it('takes a file that is listed and cannot be found for no deletion', async () => {
    const { told } = await startWith(json(1))
    faults.stat = () => {
      throw failure('ENOENT')
    }
    await clock.advance(1000)
    faults.stat = undefined
    await clock.advance(200)
    expect(told()).toEqual([])
  })

  it('follows a hint without waiting for the poll', async () => {
    const { told } = await startWith(json(1))
    memory.put(path, json(2))
    memory.hint()
    await clock.advance(20)
    expect(told()).toMatchObject([amount(200)])
  })

  it('does not look when another file was written: 1C may just be putting its new amount in place', async () => {
    const { told } = await startWith(json(1))
    await clock.advance(50)
    let looks = 0
    faults.stat = () => {
      looks += 1
    }
    memory.hint('amount.json.1c.tmp')
    await clock.advance(20)
    expect(looks).toBe(0)
    memory.put(path, json(2))
    memory.hint('Amount.json')
    await clock.advance(20)
    expect(told()).toMatchObject([amount(200)])
  })

  it('looks less often while hints come, and soon again when one was missing', async () => {
    const { told } = await startWith(json(1))
    let looks = 0
    faults.stat = () => {
      looks += 1
    }
    const looksIn = async (ms: number) => {
      looks = 0
      await clock.advance(ms)
      return looks
    }
    expect(await looksIn(4000)).toBeGreaterThanOrEqual(35)
    memory.put(path, json(2))
    memory.hint('amount.json')
    await clock.advance(500)
    // Ten polls, and the three looks of the one reading more.
    expect(await looksIn(4000)).toBeLessThanOrEqual(13)
    memory.put(path, json(3))
    await clock.advance(450)
    expect(told()).toMatchObject([amount(200), amount(300)])
    expect(await looksIn(4000)).toBeGreaterThanOrEqual(35)
  })

  it('works without any hint', async () => {
    const { told } = await startWith(json(1))
    memory.put(path, json(2))
    await clock.advance(120)
    expect(told()).toMatchObject([amount(200)])
  })

  it('looks no more often for a thousand hints than for a few, and still polls', async () => {
    memory.put(path, 'broken')
    let looks = 0
    const { told } = start()
    faults.stat = () => {
      looks += 1
    }
    const flood = async (forMs: number) => {
      for (let ms = 0; ms < forMs; ms += 1) {
        for (let hint = 0; hint < 100; hint += 1) memory.hint()
        await clock.advance(1)
      }
    }
    await flood(4000)
    expect(told()).toEqual([folderIsThere])
    await flood(2000)
    expect(looks).toBeLessThan((6000 / 12) * 3)
    expect(told()).toEqual([{ type: 'alert', problem: 'not_json' }])
  })

  it('polls a folder that cannot be watched, and says so once', async () => {
    faults.watch = () => {
      throw failure('EMFILE')
    }
    const { told, lines } = await startWith(json(1))
    for (const rubles of [2, 3]) {
      memory.put(path, json(rubles))
      await clock.advance(200)
    }
    expect(told()).toMatchObject([amount(200), amount(300)])
    expect(lines).toHaveLength(1)
  })

  it('watches anew when a change came without a hint', async () => {
    const { told } = await startWith(json(1))
    let watches = 0
    faults.watch = () => {
      watches += 1
    }
    memory.put(path, json(2))
    await clock.advance(500)
    memory.put(path, json(3))
    memory.hint()
    await clock.advance(500)
    expect(told()).toMatchObject([amount(200), amount(300)])
    memory.put(path, json(4))
    faults.read = () => memory.hint()
    await clock.advance(500)
    expect(told()).toMatchObject([amount(400)])
    expect({ watches, watchers: memory.watcherCount() }).toEqual({ watches: 1, watchers: 1 })
  })

  it.each(['EBUSY', 'EPERM', 'EACCES'])('waits for a file that is held with %s', async (code) => {
    const { told, lines } = await startWith(json(1))
    memory.put(path, json(2))
    faults.read = () => {
      throw failure(code)
    }
    await clock.advance(4000)
    expect(told()).toEqual([])
    faults.read = undefined
    await clock.advance(200)
    expect(told()).toMatchObject([amount(200)])
    expect(lines).toEqual([])
  })

  it.each([
    // operation, code, problem
    ['read', 'EBUSY', 'held'],
    ['stat', 'EPERM', 'held'],
    ['read', 'EISDIR', 'unreadable'],
    ['stat', 'EIO', 'unreadable'],
  ] as const)('alerts once when the %s fails with %s for long', async (operation, code, problem) => {
    const { told, errors } = await startWith(json(1))
    memory.put(path, json(2))
    faults[operation] = () => {
      throw failure(code)
    }
    await clock.advance(60_000)
    expect(told()).toEqual([{ type: 'alert', problem }])
    expect(errors()).toMatchObject([{ problem }])
    faults[operation] = undefined
    await clock.advance(200)
    expect(told()).toMatchObject([alertOver, amount(200)])
    await expect(evidence()).rejects.toThrow('ENOENT')
  })

  it.each([
    // what, the content, problem
    ['broken', '{"amount": ', 'not_json'],
    ['empty', '', 'empty'],
    ['full of zeros', new Uint8Array(20), 'not_text'],
    ['about something else', '{}x', 'not_json'],
    ['of 10 MB', new Uint8Array(10_000_000), 'too_large'],
  ])('alerts once of a file that is %s, and keeps a copy', async (_what, content, problem) => {
    const { told, errors } = await startWith(json(1))
    memory.put(path, content)
    await clock.advance(60_000)
    expect(told()).toEqual([{ type: 'alert', problem }])
    const [name = ''] = await evidence()
    expect(await evidence()).toEqual([name])
    expect(name).toMatch(/^amount-2025-12-07T10-00-0\d-\d{3}Z\.json$/)
    const copy = join(evidenceFolder, 'bad', name)
    expect(errors()).toMatchObject([{ problem, evidence: copy }])
    const expected = Buffer.from(content).subarray(0, 1024 * 1024)
    expect(expected.equals(await memory.read(copy, 10_000_000))).toBe(true)
    expect((await memory.stat(path)).sizeBytes).toBe(content.length)
  })

  it('never reads a file that is too large to be an amount', async () => {
    let reads = 0
    faults.read = () => {
      reads += 1
    }
    await startWith(new Uint8Array(10_000_000))
    await clock.advance(4000)
    expect(reads).toBe(0)
  })

  it('says what is wrong now, and keeps a copy of that too, when the file is broken in another way', async () => {
    const { told, errors } = await startWith(json(1))
    memory.put(path, '{"amount": -1}')
    await clock.advance(6000)
    memory.put(path, '{"amount": ')
    await clock.advance(60_000)
    expect(told()).toEqual([
      { type: 'alert', problem: 'amount_negative' },
      { type: 'alert', problem: 'not_json' },
    ])
    expect(errors()).toMatchObject([{ problem: 'amount_negative' }, { problem: 'not_json' }])
    expect(await evidence()).toHaveLength(2)
    memory.put(path, json(2))
    await clock.advance(200)
    expect(told()).toMatchObject([alertOver, amount(200)])
  })

  it('ends the alert when the file is deleted', async () => {
    const { told } = await startWith('broken')
    await clock.advance(6000)
    await memory.remove(path)
    await clock.advance(200)
    expect(told()).toEqual([{ type: 'alert', problem: 'not_json' }, alertOver, cleared])
  })

  it('tells the amount again when the alert is over, though the file is as it was: the sale was given up for it', async () => {
    const { told } = await startWith(json(1))
    faults.stat = () => {
      throw failure('EBUSY')
    }
    await clock.advance(6000)
    faults.stat = undefined
    await clock.advance(200)
    expect(told()).toMatchObject([{ type: 'alert', problem: 'held' }, alertOver, amount(100)])
  })

  it('alerts anew of a file that is as bad as before when the folder is back', async () => {
    const { told } = await startWith('broken')
    await clock.advance(6000)
    const vanish = () => {
      throw failure('ENOENT')
    }
    Object.assign(faults, { stat: vanish, list: vanish })
    await clock.advance(1000)
    Object.assign(faults, { stat: undefined, list: undefined })
    told()
    await clock.advance(6000)
    expect(told()).toEqual([folderIsThere, { type: 'alert', problem: 'not_json' }])
    memory.put(path, json(2))
    await clock.advance(200)
    expect(told()).toMatchObject([alertOver, amount(200)])
  })

  it('begins to count anew after a good look', async () => {
    const { told } = await startWith(json(1))
    for (let rubles = 2; rubles < 5; rubles += 1) {
      memory.put(path, 'broken')
      await clock.advance(4000)
      memory.put(path, json(rubles))
      await clock.advance(200)
    }
    expect(told()).toMatchObject([amount(200), amount(300), amount(400)])
  })

  it('alerts of a file that never stands still', async () => {
    const { told } = await startWith(json(1))
    for (let ms = 0; ms < 12_000; ms += 5) {
      memory.put(path, json(2))
      await clock.advance(5)
    }
    expect(told()).toEqual([{ type: 'alert', problem: 'never_still' }])
    await clock.advance(200)
    expect(told()).toMatchObject([alertOver, amount(200)])
  })

  it('tells nothing of a file that changes while it is read', async () => {
    const { told } = await startWith(json(1))
    memory.put(path, json(2))
    faults.read = () => {
      faults.read = undefined
      memory.put(path, json(3))
    }
    await clock.advance(500)
    expect(told()).toMatchObject([amount(300)])
  })

  it('keeps the latest 20 copies, and the same content not twice in a row', async () => {
    await startWith(json(1))
    for (let number = 0; number < 25; number += 1) {
      for (let time = 0; time < 2; time += 1) {
        memory.put(path, `broken ${number}`)
        await clock.advance(7000)
        memory.put(path, json(1))
        await clock.advance(200)
      }
    }
    const names = await evidence()
    const contents = names.map((name) => memory.text(join(evidenceFolder, 'bad', name)))
    expect(contents).toEqual(Array.from({ length: 20 }, (_, index) => `broken ${index + 5}`))
  })

  it('alerts as well when no copy can be kept', async () => {
    faults.makeFolder = () => {
      throw failure('ENOSPC')
    }
    const { told, errors, lines } = await startWith('broken')
    await clock.advance(6000)
    expect(told()).toEqual([{ type: 'alert', problem: 'not_json' }])
    expect({ errors: errors().length, lines: lines.length }).toEqual({ errors: 1, lines: 2 })
  })

  it('takes a folder that vanishes for a moment for no cleared sale, and goes on when it is back', async () => {
    const { told, lines } = await startWith(json(1))
    const vanish = () => {
      throw failure('ENOENT')
    }
    Object.assign(faults, { stat: vanish, list: vanish })
    await clock.advance(4000)
    expect(told()).toEqual([{ type: 'folder', state: 'away', code: 'ENOENT' }])
    let watches = 0
    const countWatch = () => {
      watches += 1
    }
    Object.assign(faults, { stat: undefined, list: undefined, watch: countWatch })
    await clock.advance(200)
    expect(told()).toEqual([folderIsThere])
    expect(watches).toBe(1)
    memory.put(path, json(2))
    memory.hint()
    await clock.advance(20)
    expect(told()).toMatchObject([amount(200)])
    expect(lines).toMatchObject([{ level: 40, code: 'ENOENT' }, { level: 30 }])
  })

  it('gives up the sale when the folder is away for long, as then its amount is typed, and tells it again when it is back', async () => {
    const { told } = await startWith(json(1))
    const vanish = () => {
      throw failure('ENOENT')
    }
    Object.assign(faults, { stat: vanish, list: vanish })
    await clock.advance(60_000)
    expect(told()).toEqual([{ type: 'folder', state: 'away', code: 'ENOENT' }, cleared])
    Object.assign(faults, { stat: undefined, list: undefined })
    await clock.advance(200)
    expect(told()).toMatchObject([folderIsThere, amount(100)])
  })

  it('tells once that the sale it gave up is over in 1C, where that is so when the folder is back', async () => {
    const { told } = await startWith(json(1))
    const vanish = () => {
      throw failure('ENOENT')
    }
    Object.assign(faults, { stat: vanish, list: vanish })
    await clock.advance(60_000)
    memory.remove(path)
    told()
    Object.assign(faults, { stat: undefined, list: undefined })
    await clock.advance(2000)
    expect(told()).toEqual([folderIsThere, cleared])
  })

  it('tells that nothing lies there when the folder is back, though nothing lay there as it went away', async () => {
    const { told } = await startWith(json(1))
    memory.remove(path)
    await clock.advance(1000)
    told()
    const vanish = () => {
      throw failure('ENOENT')
    }
    Object.assign(faults, { stat: vanish, list: vanish })
    await clock.advance(2000)
    Object.assign(faults, { stat: undefined, list: undefined })
    told()
    await clock.advance(2000)
    expect(told()).toEqual([folderIsThere, cleared])
    memory.put(path, json(2))
    await clock.advance(1000)
    expect(told()).toMatchObject([amount(200)])
  })

  it('never has two looks at a share that answers after 700 ms', async () => {
    memory.put(path, json(1))
    let asking = 0
    let most = 0
    faults.stat = async () => {
      asking += 1
      most = Math.max(most, asking)
      await pause(clock, 700)
      asking -= 1
    }
    const { told } = start()
    for (let tick = 0; tick < 100; tick += 1) {
      memory.hint()
      await clock.advance(100)
    }
    expect(told()).toMatchObject([folderIsThere, amount(100)])
    expect(most).toBe(1)
    faults.stat = undefined
    await clock.advance(700)
  })

  it('takes a share that never answers for one that is away, until it answers', async () => {
    const { told } = await startWith(json(1))
    faults.stat = () => pause(clock, 60_000)
    await clock.advance(30_000)
    expect(told()).toEqual([{ type: 'folder', state: 'away', code: 'ETIMEDOUT' }, cleared])
    faults.stat = undefined
    await clock.advance(40_000)
    expect(told()).toMatchObject([folderIsThere, amount(100)])
  })

  it('is silent and watches nothing once it is stopped', async () => {
    const { events, stop } = await startWith(json(1))
    memory.put(path, json(2))
    await stop()
    await clock.advance(1000)
    expect(events).toEqual([])
    expect(memory.watcherCount()).toBe(0)
  })
})

describe('a watch on amount.json, on a disk', () => {
  let root = ''
  let folder = ''
  let path = ''
  let watching: ReturnType<typeof startWatch>
  const patience = { timeout: 30_000, interval: 10 }
  const start = (files: Files = systemFiles) => {
    const evidenceFolder = join(root, 'evidence')
    watching = startWatch({ folder, evidenceFolder, files, clock: systemClock })
    return watching
  }
  const expectEvents = (expected: object[]) =>
    vi.waitFor(() => expect(watching.events).toMatchObject(expected), patience)

  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'kopilka-amount-'))
    folder = join(root, 'loyalty')
    path = join(folder, 'amount.json')
    await mkdir(folder)
  })
  afterEach(async () => {
    await watching.stop()
    await rm(root, { recursive: true, maxRetries: 5 })
  })

  it('tells an amount, another, one renamed into place, and its deletion', async () => {
    start()
    await expectEvents([folderIsThere, cleared])
    await writeFile(path, json(1))
    await expectEvents([folderIsThere, cleared, amount(100)])
    await writeFile(path, json('"22,50"'))
    await expectEvents([folderIsThere, cleared, amount(100), amount(2250)])
    await writeFile(join(folder, 'amount.tmp'), json(3))
    await rename(join(folder, 'amount.tmp'), path)
    await expectEvents([folderIsThere, cleared, amount(100), amount(2250), amount(300)])
    await rm(path)
    await expectEvents([folderIsThere, cleared, amount(100), amount(2250), amount(300), cleared])
  })

  it('tells only the whole of what a writer writes in three parts, with the file open', async () => {
    let reads = 0
    const countRead = () => {
      reads += 1
    }
    start(withFaults(systemFiles, { read: countRead }))
    await expectEvents([folderIsThere, cleared])
    const file = await open(path, 'w')
    for (const part of ['{"amount"', ': 1234']) {
      await file.write(part)
      const readsBefore = reads
      await vi.waitFor(() => expect(reads).toBeGreaterThan(readsBefore + 1), patience)
    }
    await file.write('.56}')
    await expectEvents([folderIsThere, cleared, amount(123_456)])
    await file.close()
    expect(watching.lines).toEqual([])
  })

  it('comes back with a folder that was deleted and made again', async () => {
    await writeFile(path, json(1))
    start()
    await expectEvents([folderIsThere, amount(100)])
    await rm(folder, { recursive: true, maxRetries: 5 })
    const away = { type: 'folder', state: 'away', code: 'ENOENT' }
    await vi.waitFor(() => expect(watching.events.at(-1)).toEqual(away), patience)
    await mkdir(folder)
    await vi.waitFor(() => expect(watching.events.slice(-2)).toEqual([folderIsThere, cleared]), patience)
    await writeFile(path, json(2))
    await vi.waitFor(() => expect(watching.events.at(-1)).toMatchObject(amount(200)), patience)
  })

  it('waits for the folder when there is none at the start', async () => {
    await rm(folder, { recursive: true, maxRetries: 5 })
    start()
    const away = { type: 'folder', state: 'away', code: 'ENOENT' }
    await expectEvents([away])
    await mkdir(folder)
    await expectEvents([away, folderIsThere, cleared])
  })

  it('works where the watch never calls', async () => {
    start({ ...systemFiles, watch: () => () => {} })
    await expectEvents([folderIsThere, cleared])
    await writeFile(path, json(1))
    await expectEvents([folderIsThere, cleared, amount(100)])
  })
})
