import { pino } from 'pino'
import { beforeEach, describe, expect, it } from 'vitest'
import { createFakeClock, failure } from '../exchange/testing.ts'
import { diskFailureOf, watchDisk } from './diskWatch.ts'

describe('the disk of a register', () => {
  let clock: ReturnType<typeof createFakeClock>
  let told: (string | null)[]
  let lines: string[]
  let tries: number
  let isFull: boolean
  let disk: ReturnType<typeof watchDisk>
  beforeEach(() => {
    clock = createFakeClock()
    told = []
    lines = []
    tries = 0
    isFull = true
    disk = watchDisk({
      clock,
      log: pino({ level: 'info' }, { write: (line: string) => void lines.push(JSON.parse(line).msg) }),
      async tryWriting() {
        tries += 1
        if (isFull) throw failure('ENOSPC')
      },
      onChange: (failure) => told.push(failure),
    })
  })

  it('that fails a thousand times is one alert and one line, and its end another', async () => {
    for (let time = 0; time < 1000; time += 1) {
      disk.told(failure('ENOSPC'))
      await clock.advance(10)
    }
    expect(told).toEqual(['ENOSPC'])
    isFull = false
    await clock.advance(5000)
    expect(told).toEqual(['ENOSPC', null])
    expect(lines).toHaveLength(2)
    disk.told(failure('SQLITE_IOERR_WRITE'))
    expect(told).toEqual(['ENOSPC', null, 'SQLITE_IOERR_WRITE'])
  })

  it('is tried every five seconds while it fails, and never while it does not', async () => {
    await clock.advance(60_000)
    expect(tries).toBe(0)
    disk.told(failure('EROFS'))
    await clock.advance(60_000)
    expect(tries).toBe(12)
    disk.stop()
    await clock.advance(60_000)
    expect(tries).toBe(12)
  })

  it('is not blamed for what is none of its failures', () => {
    for (const error of [failure('ENOENT'), failure('EPERM'), new TypeError('x'), 'EIO', null])
      disk.told(error)
    expect(told).toEqual([])
    expect(
      ['ENOSPC', 'EDQUOT', 'SQLITE_FULL', 'SQLITE_READONLY_DBMOVED'].map((code) =>
        diskFailureOf(failure(code)),
      ),
    ).toEqual(['ENOSPC', 'EDQUOT', 'SQLITE_FULL', 'SQLITE_READONLY_DBMOVED'])
  })

  it('is told by whatever fails on it, which fails all the same', async () => {
    const { now, later, name } = disk.telling({
      now(): string {
        throw failure('EIO')
      },
      later: async () => Promise.reject(failure('ENOSPC')),
      name: 'x',
    })
    expect(now).toThrow('EIO')
    expect(told).toEqual(['EIO'])
    await expect(later()).rejects.toThrow('ENOSPC')
    expect(name).toBe('x')
  })
})
