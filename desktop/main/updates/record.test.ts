import { pino } from 'pino'
import { beforeEach, describe, expect, it } from 'vitest'
import { MINUTE } from '../../../shared/time.ts'
import {
  createFakeClock,
  createMemoryFiles,
  failure,
  type MemoryFiles,
  withFaults,
} from '../../register/exchange/testing.ts'
import type { Files } from '../../register/machine/files.ts'
import { openUpdateRecord } from './record.ts'

const HOUR = 60 * MINUTE
const log = pino({ level: 'silent' })

describe('what a kiosk remembers of its versions', () => {
  let disk: MemoryFiles
  beforeEach(() => {
    disk = createMemoryFiles(createFakeClock(), '/data')
  })
  const start = (version: string, files: Files = disk) =>
    openUpdateRecord({ dataFolder: '/data', files, log, version })
  const startAndGetReady = async (version: string) => {
    const record = await start(version)
    await record.ready()
    return record
  }

  it('names a new version that did not get ready three times, and does not want it again', async () => {
    await startAndGetReady('1.3.0')
    for (const _ of [1, 2, 3]) expect((await start('1.4.0')).failures()).toEqual([])
    const fourth = await start('1.4.0')
    expect(fourth.failures()).toEqual([{ version: '1.4.0', problem: 'failed_starts' }])

    // Somebody installs the old one by hand.
    const back = await startAndGetReady('1.3.0')
    expect(back.refusalOf('1.4.0')).toBe('failed_starts')
    expect(back.refusalOf('1.4.1')).toBe(null)
    expect(back.failures()).toEqual([{ version: '1.4.0', problem: 'failed_starts' }])
  })

  it('does not blame a version that was ready once: later failures are the machine', async () => {
    await startAndGetReady('1.4.0')
    for (const _ of [1, 2, 3, 4, 5]) await start('1.4.0')
    expect((await start('1.4.0')).failures()).toEqual([])
  })

  it('forgets two failed starts when the third gets ready', async () => {
    await start('1.4.0')
    await start('1.4.0')
    await startAndGetReady('1.4.0')
    for (const _ of [1, 2]) await start('1.4.0')
    expect((await start('1.4.0')).failures()).toEqual([])
  })

  it('forgets what failed when a newer version works', async () => {
    for (const _ of [1, 2, 3, 4]) await start('1.4.0')
    expect((await startAndGetReady('1.4.1')).failures()).toEqual([])
  })

  it('still names the version that works now when it failed before', async () => {
    for (const _ of [1, 2, 3]) await start('1.4.0')
    expect((await startAndGetReady('1.4.0')).failures()).toHaveLength(1)
  })

  it('knows of tonight’s attempt after the restart that it led to', async () => {
    const before = await startAndGetReady('1.3.0')
    await before.attempting('1.4.0', 100 * HOUR)
    const after = await startAndGetReady('1.3.0')
    expect(after.wasTried('1.4.0', 101 * HOUR)).toBe(true)
    expect(after.wasTried('1.4.1', 101 * HOUR)).toBe(false)
    expect(after.wasTried('1.4.0', 124 * HOUR)).toBe(false)
    // The clock was a year ahead that night.
    expect(after.wasTried('1.4.0', 50 * HOUR)).toBe(false)
    expect(after.failures()).toEqual([])
  })

  it('gives up a version whose installer brought nothing three times', async () => {
    for (const night of [1, 2, 3]) {
      const record = await startAndGetReady('1.3.0')
      expect(record.refusalOf('1.4.0')).toBe(null)
      await record.attempting('1.4.0', night * 24 * HOUR)
    }
    expect((await start('1.3.0')).failures()).toEqual([{ version: '1.4.0', problem: 'failed_installs' }])
  })

  it('counts no attempt that led to the version, and none that was taken back', async () => {
    for (const night of [1, 2]) await (await startAndGetReady('1.3.0')).attempting('1.4.0', night * 24 * HOUR)
    const takeBack = await (await startAndGetReady('1.3.0')).attempting('1.4.0', 72 * HOUR)
    await takeBack()
    expect((await start('1.3.0')).failures()).toEqual([])
    await (await startAndGetReady('1.3.0')).attempting('1.4.0', 96 * HOUR)
    expect((await startAndGetReady('1.4.0')).failures()).toEqual([])
    expect((await start('1.4.0')).wasTried('1.4.0', 97 * HOUR)).toBe(false)
  })

  it('begins anew where its file is damaged', async () => {
    disk.put('/data/updates.json', '{"version": "1.4')
    expect((await start('1.4.0')).failures()).toEqual([])
    expect(JSON.parse(disk.text('/data/updates.json'))).toMatchObject({ version: '1.4.0', failedStarts: 1 })
  })

  it('starts all the same where the disk takes nothing', async () => {
    const full = withFaults(disk, {
      writeDurably: () => {
        throw failure('ENOSPC')
      },
    })
    const record = await start('1.4.0', full)
    await record.ready()
    expect(record.failures()).toEqual([])
  })
})
