import { closeSync, mkdtempSync, openSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Snapshot } from '../../../shared/bridge.ts'
import { REGISTER, startTill, type TillProcess } from './tillProcess.ts'

// The system itself refuses to let a file grow: what SQLite and Node make of that is theirs.

// Windows has no limit on the size of a file that a test could set.
describe.skipIf(process.platform === 'win32')('a register on a full disk', () => {
  let root: string
  let options: Record<string, string>
  let tills: TillProcess[]
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'kopilka-full-'))
    const [exchange, data] = [join(root, 'exchange'), join(root, 'data')]
    options = { cloud: 'http://127.0.0.1:9', key: 'kop_1', exchange, data }
    tills = []
  })
  afterEach(async () => {
    for (const till of tills) await till.end('SIGKILL')
    rmSync(root, { recursive: true })
  })
  function start(limit: Parameters<typeof startTill>[2] = {}, program?: URL): TillProcess {
    const till = startTill(options, program, limit)
    tills.push(till)
    return till
  }

  const isDecided = ({ act }: Snapshot) => act?.type === 'success' || act?.type === 'error'

  /** Without a network: the journal is all there is. */
  async function earn(till: TillProcess, number: number): Promise<Snapshot['act']> {
    const card = String(600_000 + number)
    const purchaseKopecks = 10_000 + number
    till.tell({ name: 'findCustomer', input: { code: card } })
    await till.shows(({ customer, act }) => act === null && customer?.card === card)
    till.tell({ name: 'typeAmount', input: { purchaseKopecks } })
    await till.shows(({ sale }) => sale?.purchaseKopecks === purchaseKopecks)
    till.tell({ name: 'earn', input: { purchaseKopecks } })
    return (await till.shows(isDecided)).act
  }

  it('takes what there is room for, refuses the rest in words, and lives; what it took is there at the next start', async () => {
    const till = start({ largestFileKib: 256 })
    let taken = 0
    let act = await earn(till, 0)
    while (act?.type === 'success') {
      taken += 1
      act = await earn(till, taken)
    }
    expect(act).toMatchObject({ type: 'error', code: 'not_written', fate: 'untouched' })
    expect(taken).toBeGreaterThan(2)
    // Still there, and of the same mind.
    expect(await earn(till, taken + 1)).toMatchObject({ code: 'not_written' })
    const { notices } = await till.shows(() => true)
    expect(notices.map(({ code }) => code)).toEqual(['disk_failing'])
    expect(await till.end('SIGTERM')).toMatchObject({ code: 0 })

    const next = start()
    await next.shows(({ cloud }) => cloud.queued === taken)
    expect(await earn(next, taken + 1)).toMatchObject({ type: 'success', isQueued: true })
  })

  it('lives where its log is what has no room', async () => {
    const path = join(root, 'register.log')
    writeFileSync(path, 'x'.repeat(300 * 1024))
    const stderr = openSync(path, 'a')
    options['log-level'] = 'debug'
    const till = start({ largestFileKib: 256, stderr })
    closeSync(stderr)
    expect(await earn(till, 0)).toMatchObject({ type: 'success' })
    expect(await till.end('SIGTERM')).toMatchObject({ code: 0 })
    expect(statSync(path).size).toBe(300 * 1024)
  })

  it('from the first start on says so in a line, and ends', async () => {
    const till = start({ largestFileKib: 0 }, REGISTER)
    const { code, complaint } = await till.ended
    expect(complaint.trim().split('\n')).toEqual([
      expect.stringMatching(/outbox\.sqlite cannot be written.*full/),
    ])
    expect(code).toBe(1)
  })
})
