import { spawn } from 'node:child_process'
import { mkdtemp, readdir, rm, truncate } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { contentsOf, liveALittle } from '../backup/testing.ts'
import { createBareDatabase, createTestDatabase, type TestDatabase } from '../database/testing.ts'
import { makeBackup, restoreBackup } from './backup.ts'
import { houseOf, say } from './testing.ts'

const main = join(import.meta.dirname, 'main.ts')

async function admin(args: string[], { url }: TestDatabase) {
  const env = { PATH: process.env.PATH, DATABASE_URL: url }
  const child = spawn(process.execPath, [main, ...args], { env })
  const exit = new Promise<number | null>((resolve) => child.on('close', resolve))
  const [out, error, exitCode] = await Promise.all([text(child.stdout), text(child.stderr), exit])
  return { out, error, exitCode }
}

describe('backup and restore on the command line', () => {
  let folder: string
  let source: TestDatabase
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'kopilka-admin-'))
    source = await createTestDatabase()
    await liveALittle(source.sql)
  })
  afterAll(async () => {
    await source.drop()
    await rm(folder, { recursive: true })
  })

  it('bring a database back, and leave a trace in the log of changes', async () => {
    const target = await createBareDatabase()
    const made = await admin(['backup', '--to', folder, '--keep', '3', '--json'], source)
    expect(made).toMatchObject({ error: '', exitCode: 0 })
    const { file, rows, removed, bytes } = JSON.parse(made.out)
    expect({ removed, customers: rows.customers }).toEqual({ removed: [], customers: 6 })
    expect(bytes).toBeGreaterThan(1000)

    const restored = await admin(['restore', '--from', file], target)
    expect(restored).toMatchObject({ error: '', exitCode: 0 })
    expect(restored.out).toMatch(/^The database is as it was on .*: 6 customers/)
    expect(restored.out).toMatch('The ledger is healthy.')
    const { audit_log, ...contents } = await contentsOf(target.sql)
    const { audit_log: changes = [], ...before } = await contentsOf(source.sql)
    expect(contents).toEqual(before)
    expect(audit_log).toEqual([...changes, expect.stringMatching(/admin:.*,restore,database/)])

    const again = await admin(['restore', '--from', file, '--json'], target)
    expect(again.exitCode).toBe(1)
    expect(JSON.parse(again.error).error.code).toBe('database_not_empty')
    await target.drop()
  })

  it('end with 1 and clear words when the file is damaged, and leave the database without a schema', async () => {
    const target = await createBareDatabase()
    const { file } = await makeBackup(houseOf(source.sql), { to: join(folder, 'cut.gz') })
    await truncate(file, 900)
    const { out, error, exitCode } = await admin(['restore', '--from', file], target)
    expect({ out, exitCode }).toEqual({ out: '', exitCode: 1 })
    expect(error).toMatch(/cut\.gz is no whole backup: .*Nothing was restored/)
    expect(await contentsOf(target.sql)).toEqual({})
    await target.drop()
  })

  it('do not call a restore done when the ledger of the backup was not healthy', async () => {
    const sick = await createTestDatabase()
    await sick.sql`insert into customers (card, debt) values ('777777', 7)`
    const { file } = await makeBackup(houseOf(sick.sql), { to: join(folder, 'sick.gz') })
    const target = await createBareDatabase()
    const { out, exitCode } = await admin(['restore', '--from', file], target)
    expect(exitCode).toBe(1)
    expect(out).toMatch('the ledger is NOT healthy: 1 violations')
    await target.drop()
    await sick.drop()
  })

  it('keep backups beside the data of the cloud when nothing else is said, and remove older ones', async () => {
    const house = { ...houseOf(source.sql), dataDir: join(folder, 'data') }
    for (const day of [0, 1, 2]) await makeBackup({ ...house, now: house.now + day }, { keep: 2 })
    expect(await readdir(join(folder, 'data', 'backups'))).toEqual([
      'kopilka-20251207T120000001Z.backup.gz',
      'kopilka-20251207T120000002Z.backup.gz',
    ])
  })

  it.each([
    [['backup', '--to', 'a.gz', '--keep', '2'], /--keep is for a folder/],
    [['backup', '--keep', '0'], /--keep cannot be used: one at least must stay/],
    [['restore'], /--from is missing/],
  ])('answer with 2 and the usage when they do not understand: %j', async (args, message) => {
    const { error, exitCode } = await say(args, source.url)
    expect(exitCode).toBe(2)
    expect(error).toMatch(message)
  })

  it('tell a file that is not there', async () => {
    const target = await createBareDatabase()
    await expect(
      restoreBackup(houseOf(target.sql), { from: join(folder, 'nowhere.gz') }),
    ).rejects.toMatchObject({ code: 'backup_not_found' })
    await target.drop()
  })
})
