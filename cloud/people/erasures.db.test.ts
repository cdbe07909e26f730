import { execFile } from 'node:child_process'
import { appendFile, mkdtemp, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { perform } from '../acts/act.ts'
import { addCustomer } from '../acts/customers.ts'
import { eraseAndList } from '../admin/customers.ts'
import { houseOf, noon } from '../admin/testing.ts'
import { createTestDatabase, type TestDatabase } from '../database/testing.ts'
import { runJob } from '../jobs/run.ts'
import { keepErasures, readErasures } from './erasures.ts'
import { createErasuresJob } from './erasuresJob.ts'

describe('the list of erasures', () => {
  let database: TestDatabase
  let folder: string
  let file: string
  beforeEach(async () => {
    database = await createTestDatabase()
    folder = await mkdtemp(join(tmpdir(), 'kopilka-erasures-'))
    file = join(folder, 'data', 'erasures.jsonl')
  })
  afterEach(async () => {
    await database.drop()
    await rm(folder, { recursive: true })
  })

  const erase = async (card: string, now = noon) => {
    const house = houseOf(database.sql, now)
    await perform(addCustomer, { name: 'Евлампия', card }, house)
    await eraseAndList(house, { card })
  }
  const keep = () => keepErasures(database.sql, file)
  const cards = async () => (await readErasures(file))?.map(({ card }) => card)

  it('is there before anybody was erased, and for its owner only', async () => {
    expect(await readErasures(file)).toBeNull()
    expect(await keep()).toBe(0)
    expect(await readErasures(file)).toEqual([])
    expect((await stat(file)).mode & 0o777).toBe(0o600)
  })

  it('has each erasure once, without the person, and only grows', async () => {
    await erase('111111')
    expect(await keep()).toBe(1)
    const before = await readFile(file, 'utf8')
    await erase('222222', noon + 1)
    expect(await keep()).toBe(1)
    expect(await keep()).toBe(0)
    expect(await readErasures(file)).toEqual([
      { card: '111111', erasedAt: noon },
      { card: '222222', erasedAt: noon + 1 },
    ])
    const after = await readFile(file, 'utf8')
    expect(after.startsWith(before)).toBe(true)
    expect(after).not.toContain('Евлампия')
  })

  it('is written once by several who keep it at the same moment', async () => {
    for (const card of ['111111', '222222', '333333']) await erase(card)
    const written = await Promise.all([1, 2, 3].map(keep))
    expect(written.toSorted()).toEqual([0, 0, 3])
    expect(await cards()).toEqual(['111111', '222222', '333333'])
  })

  it('goes on behind its last whole line after a power failure', async () => {
    await erase('111111')
    await keep()
    await erase('222222', noon + 1)
    await keep()
    await truncate(file, (await stat(file)).size - 7)
    expect(await cards()).toEqual(['111111'])
    await erase('333333', noon + 2)
    expect(await keep()).toBe(2)
    expect(await cards()).toEqual(['111111', '222222', '333333'])
  })

  it('is not taken for written where its disk had room for a part of it', async () => {
    const all = Array.from({ length: 20 }, (_, index) => String(500_001 + index))
    for (const card of all) await erase(card)
    await expect(keepWithin({ blocks: 1 })).rejects.toThrow(/EFBIG/)
    expect((await cards())?.length).toBeLessThan(all.length)
    await keep()
    expect(await cards()).toEqual(all)
  })

  /** In a process whose files cannot grow beyond that: a write is taken in part, as by a disk that gets full. */
  async function keepWithin({ blocks }: { blocks: number }): Promise<void> {
    const rooms = join(import.meta.dirname, '..')
    const program = `
      import { connect } from '${rooms}/database/connect.ts'
      import { keepErasures } from '${rooms}/people/erasures.ts'
      await keepErasures(connect('${database.url}'), '${file}')
      process.exit(0)`
    await promisify(execFile)('sh', [
      ...['-c', `ulimit -f ${blocks}; exec "$0" --input-type=module --eval "$1"`, process.execPath, program],
    ])
  }

  it('keeps the lines that the database has forgotten', async () => {
    await erase('111111')
    await keep()
    await database.sql`delete from erasures`
    await erase('222222')
    expect(await keep()).toBe(1)
    expect(await cards()).toEqual(['111111', '222222'])
  })

  it.each([
    ['a line was changed', (text: string) => text.replace('111111', '111112'), 1],
    ['a line was taken out', (text: string) => text.slice(text.indexOf('\n') + 1), 1],
    ['something else was added', (text: string) => `${text}nonsense\n`, 3],
  ])('is not believed when %s', async (_what, change, line) => {
    await erase('111111')
    await erase('222222', noon + 1)
    await keep()
    await writeFile(file, change(await readFile(file, 'utf8')))
    await expect(readErasures(file)).rejects.toThrow(`from line ${line} on`)
    await expect(keep()).rejects.toThrow('move this one aside and a new one is written')
  })

  describe('kept by the job', () => {
    const run = (job: ReturnType<typeof createErasuresJob>) => runJob(database.sql, job, { now: noon })
    const failures = () => database.sql`select job from job_runs where error is not null`

    it('is written by a later run where the disk was away, and the erasing did not wait for it', async () => {
      await writeFile(join(folder, 'data'), 'no folder')
      const job = createErasuresJob(file)
      await erase('111111')
      await expect(run(job)).rejects.toThrow()
      expect(await failures()).toEqual([{ job: 'erasures' }])
      await rm(join(folder, 'data'))
      expect(await run(job)).toEqual({ status: 'done', result: { listed: 1 } })
      expect(await run(job)).toEqual({ status: 'done', result: { listed: 0 } })
      expect(await cards()).toEqual(['111111'])
    })

    it('is written anew when it was lost', async () => {
      const job = createErasuresJob(file)
      await erase('111111')
      await run(job)
      await rm(file)
      expect(await run(job)).toMatchObject({ result: { listed: 1 } })
    })

    it('is each process’s own: none waits for another', async () => {
      const other = join(folder, 'other.jsonl')
      await erase('111111')
      const runs = await Promise.all([run(createErasuresJob(file)), run(createErasuresJob(other))])
      expect(runs).toEqual([
        { status: 'done', result: { listed: 1 } },
        { status: 'done', result: { listed: 1 } },
      ])
      expect(await readFile(other, 'utf8')).toBe(await readFile(file, 'utf8'))
    })
  })

  it('bears what stands behind the last line without an end', async () => {
    await erase('111111')
    await keep()
    await appendFile(file, '{"card":"22')
    expect(await cards()).toEqual(['111111'])
  })
})
