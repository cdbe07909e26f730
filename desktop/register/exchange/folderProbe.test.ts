import { join } from 'node:path'
import { pino } from 'pino'
import { beforeEach, describe, expect, it } from 'vitest'
import { watchWriting } from './folderProbe.ts'
import { createFakeClock, createMemoryFiles, type Faults, failure, withFaults } from './testing.ts'

const FOLDER = '/exchange'

describe('whether the exchange folder can be written', () => {
  let clock: ReturnType<typeof createFakeClock>
  let files: ReturnType<typeof createMemoryFiles>
  let faults: Faults
  let told: (string | null)[]
  let writes: string[]
  let stop: () => Promise<void>
  beforeEach(() => {
    clock = createFakeClock()
    files = createMemoryFiles(clock, FOLDER)
    faults = { writeDurably: (path) => void writes.push(path) }
    told = []
    writes = []
  })

  async function start(): Promise<void> {
    const stopping = new AbortController()
    const ended = watchWriting({
      folder: FOLDER,
      files: withFaults(files, faults),
      clock,
      log: pino({ level: 'silent' }),
      signal: stopping.signal,
      onChange: (problem) => told.push(problem),
    })
    stop = async () => {
      stopping.abort()
      await ended
    }
    await clock.advance(0)
  }
  const failWith = (code: string) => {
    faults.writeDurably = () => {
      throw failure(code)
    }
  }

  it('is asked at once and once a minute, and nothing stays there', async () => {
    await start()
    await clock.advance(120_000)
    expect(writes).toHaveLength(3)
    expect(new Set(writes)).toEqual(new Set([join(FOLDER, 'kopilka-probe.tmp')]))
    expect(await files.list(FOLDER)).toEqual([])
    expect(told).toEqual([])
    await stop()
  })

  it.each(['EROFS', 'EACCES', 'ENOSPC', 'EIO'])(
    'says once that it cannot, by %s, and that it can again',
    async (code) => {
      failWith(code)
      await start()
      await clock.advance(60_000)
      expect(told).toEqual([code])
      faults.writeDurably = undefined
      await clock.advance(5000)
      expect(told).toEqual([code, null])
      await stop()
    },
  )

  it('bears an antivirus that holds a new file for a moment', async () => {
    let isHeld = true
    faults.remove = () => {
      if (isHeld) throw failure('EPERM')
    }
    await start()
    isHeld = false
    await clock.advance(60_000)
    expect(told).toEqual([])
    expect(await files.list(FOLDER)).toEqual([])
    await stop()
  })

  it('bears an antivirus that holds whatever is written, each time anew', async () => {
    let heldUntilMs = 0
    faults.writeDurably = () => {
      heldUntilMs = clock.elapsed() + 200
    }
    faults.remove = () => {
      if (clock.elapsed() < heldUntilMs) throw failure('EBUSY')
    }
    await start()
    await clock.advance(120_000)
    expect(told).toEqual([])
    expect(await files.list(FOLDER)).toEqual([])
    await stop()
  })

  it('leaves it to the look for amount.json that there is no folder', async () => {
    failWith('ENOENT')
    await start()
    await clock.advance(60_000)
    expect(told).toEqual([])
    await stop()
  })
})
