import { spawn } from 'node:child_process'
import { mkdtemp, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { DAY, toIso } from '../../shared/time.ts'
import { hashSecret } from '../access/secrets.ts'
import { testVoucherKey } from '../access/testing/voucherKey.ts'
import { perform } from '../acts/act.ts'
import { addCustomer } from '../acts/customers.ts'
import { contentsOf, liveALittle } from '../backup/testing.ts'
import type { Sql } from '../database/connect.ts'
import { createBareDatabase, createTestDatabase, type TestDatabase } from '../database/testing.ts'
import { bareEnvironment } from '../testing/process.ts'
import { makeBackup, restoreBackup } from './backup.ts'
import type { House } from './command.ts'
import { eraseAndList } from './customers.ts'
import { houseOf, say } from './testing.ts'

const main = join(import.meta.dirname, 'main.ts')

async function admin(args: string[], { url }: TestDatabase, KOPILKA_DATA: string) {
  const env = { ...bareEnvironment(), DATABASE_URL: url, KOPILKA_DATA }
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
    const made = await admin(['backup', '--to', folder, '--keep', '3', '--json'], source, folder)
    expect(made).toMatchObject({ error: '', exitCode: 0 })
    const { file, rows, removed, bytes } = JSON.parse(made.out)
    expect({ removed, customers: rows.customers }).toEqual({ removed: [], customers: 7 })
    expect(bytes).toBeGreaterThan(1000)

    const restored = await admin(['restore', '--from', file], target, folder)
    // Of its vouchers the key is elsewhere.
    expect(restored).toMatchObject({ error: expect.stringContaining('voucher.key'), exitCode: 0 })
    expect(restored.out).toMatch(/^The database is as it was on .*: 7 customers/)
    expect(restored.out).toMatch('The ledger is healthy.')
    const { audit_log, ...contents } = await contentsOf(target.sql)
    const { audit_log: changes = [], ...before } = await contentsOf(source.sql)
    expect(contents).toEqual(before)
    expect(audit_log).toEqual([...changes, expect.stringMatching(/admin:.*,restore,database/)])

    const again = await admin(['restore', '--from', file, '--json'], target, folder)
    expect(again.exitCode).toBe(1)
    expect(JSON.parse(again.error).error.code).toBe('database_not_empty')
    await target.drop()
  })

  it('warn where the vouchers were made with a key that is not here', async () => {
    const warnings: string[] = []
    const restoreWith = async (fingerprint: Buffer, file: string) => {
      await source.sql`update voucher_key set fingerprint = ${fingerprint}`
      const made = await makeBackup(houseOf(source.sql), { to: join(folder, file) })
      const target = await createBareDatabase()
      const house = { ...houseOf(target.sql), warn: (text: string) => void warnings.push(text) }
      await restoreBackup(house, { from: made.file })
      await target.drop()
    }
    await restoreWith(testVoucherKey.fingerprint, 'this-key.gz')
    expect(warnings.filter((text) => text.includes('key'))).toEqual([])
    await restoreWith(hashSecret('another'), 'another-key.gz')
    expect(warnings.filter((text) => text.includes('key'))).toEqual([
      expect.stringMatching(/made with another key.* tills say of each that there is no such voucher/),
    ])
  })

  it('end with 1 and clear words when the file is damaged, and leave the database without a schema', async () => {
    const target = await createBareDatabase()
    const { file } = await makeBackup(houseOf(source.sql), { to: join(folder, 'cut.gz') })
    await truncate(file, 900)
    const { out, error, exitCode } = await admin(['restore', '--from', file], target, folder)
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
    const { out, exitCode } = await admin(['restore', '--from', file], target, folder)
    expect(exitCode).toBe(1)
    expect(out).toMatch('the ledger is NOT healthy: 1 violations')
    await target.drop()
    await sick.drop()
  })

  it('keep backups beside the data of the cloud when nothing else is said, and remove older ones', async () => {
    const house = { ...houseOf(source.sql), dataDir: join(folder, 'data') }
    for (const day of [0, 1, 2]) await makeBackup({ ...house, now: house.now + day }, { keep: 2 })
    expect(await readdir(join(folder, 'data', 'backups'))).toEqual([
      'erasures.jsonl',
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

  describe('when somebody was erased after the backup was made', () => {
    let life: TestDatabase
    let target: TestDatabase
    let place: string
    let from: string
    const card = '654321'
    const before = Date.parse('2026-11-20T12:00:00.000Z')
    const after = before + 3 * DAY
    const houseAt = (sql: Sql, now: number, warnings: string[] = []): House => ({
      ...houseOf(sql, now),
      botToken: 'secret',
      erasuresFile: join(place, 'data', 'erasures.jsonl'),
      warn: (text) => void warnings.push(text),
    })
    const standing = (sql: Sql) => sql`select card, first_name, status from customers order by card`
    const erased = [
      { card: '111111', first_name: 'Борис', status: 'active' },
      { card, first_name: null, status: 'erased' },
    ]
    const alive = [erased[0], { card, first_name: 'Анна', status: 'active' }]

    beforeEach(async () => {
      place = await mkdtemp(join(tmpdir(), 'kopilka-erased-'))
      life = await createTestDatabase()
      target = await createBareDatabase()
      const house = houseAt(life.sql, before)
      await perform(addCustomer, { name: 'Анна', card, consent: 'paper' }, house)
      await perform(addCustomer, { name: 'Борис', card: '111111' }, house)
      from = (await makeBackup(house, { to: join(place, 'backups') })).file
      await eraseAndList(houseAt(life.sql, after), { card })
    })
    afterEach(async () => {
      await life.drop()
      await target.drop()
      await rm(place, { recursive: true })
    })

    it('erase them again, by the list that the cloud keeps', async () => {
      const warnings: string[] = []
      const restored = await restoreBackup(houseAt(target.sql, after, warnings), { from })
      expect(restored.erasures).toMatchObject({ known: 1, again: 1, areAllKnown: true, last: toIso(after) })
      expect(restored.violations).toEqual([])
      expect(warnings).toEqual([])
      expect(await standing(target.sql)).toEqual(erased)
      expect(await target.sql`select customer_id, note, withdrawn_at from consents`).toEqual([
        { customer_id: null, note: null, withdrawn_at: after },
      ])
      expect(await target.sql`select card, erased_at from erasures`).toEqual([{ card, erased_at: after }])
      const changes = await target.sql`select action, after from audit_log order by id desc limit 2`
      expect(changes).toMatchObject([
        { action: 'restore', after: { erased: 1 } },
        { action: 'customer erase' },
      ])
    })

    it('say loudly that they cannot know of it without a list, or with one of before', async () => {
      await rm(join(place, 'data'), { recursive: true })
      const warnings: string[] = []
      const house = houseAt(target.sql, after, warnings)
      expect((await restoreBackup(house, { from })).erasures).toMatchObject({ again: 0, areAllKnown: false })
      expect(warnings).toEqual([
        expect.stringMatching(/WHO WAS ERASED AFTER 2026-11-20 12:00 UTC IS BACK.* --erasures/),
      ])
      expect(await standing(target.sql)).toEqual(alive)
    })

    it('see that a list is not of this database, or older than the backup', async () => {
      const later = (await makeBackup(houseAt(life.sql, after + 1), { to: join(place, 'later.gz') })).file
      const other = join(place, 'other.jsonl')
      await writeFile(other, '')
      const warnings: string[] = []
      await restoreBackup(houseAt(target.sql, after, warnings), { from: later, erasures: other })
      expect(warnings).toEqual([
        expect.stringMatching(/other\.jsonl may not be up to date: WHO WAS ERASED AFTER/),
      ])
      expect(await standing(target.sql)).toEqual(erased)
    })

    it('use the list that the latest backup left beside an older one', async () => {
      await makeBackup(houseAt(life.sql, after + 1), { to: join(place, 'backups') })
      await rm(join(place, 'data'), { recursive: true })
      const { erasures } = await restoreBackup(houseAt(target.sql, after), { from })
      expect(erasures).toMatchObject({
        again: 1,
        areAllKnown: false,
        files: [join(place, 'backups', 'erasures.jsonl')],
      })
      expect(await standing(target.sql)).toEqual(erased)
    })

    it('leave who has the card by now alone, when it was erased before they had it', async () => {
      const first = await createBareDatabase()
      const house = houseAt(first.sql, after + DAY)
      await restoreBackup(houseAt(first.sql, after), { from, erasures: await emptyList() })
      await first.sql`delete from consents`
      await first.sql`alter table customers disable trigger user`
      await first.sql`delete from customers where card = ${card}`
      await perform(addCustomer, { name: 'Вера', card }, house)
      const second = (await makeBackup(house, { to: join(place, 'second.gz') })).file
      const { erasures } = await restoreBackup(houseAt(target.sql, after + 2 * DAY), { from: second })
      expect(erasures).toMatchObject({ known: 1, again: 0 })
      expect(await standing(target.sql)).toMatchObject([{ card: '111111' }, { card, first_name: 'Вера' }])
      await first.drop()
    })

    it('restore nothing when the list is damaged, or is not where it was said to be', async () => {
      const list = join(place, 'data', 'erasures.jsonl')
      await writeFile(list, (await readFile(list, 'utf8')).replace(card, '111111'))
      const refused = (code: string, erasures?: string) =>
        expect(restoreBackup(houseAt(target.sql, after), { from, erasures })).rejects.toMatchObject({ code })
      await refused('erasures_not_found', join(place, 'nowhere.jsonl'))
      await expect(restoreBackup(houseAt(target.sql, after), { from })).rejects.toThrow('from line 1 on')
      expect(await contentsOf(target.sql)).toEqual({})
    })

    async function emptyList() {
      const list = join(place, 'empty.jsonl')
      await writeFile(list, '')
      return list
    }
  })

  it('tell a file that is not there', async () => {
    const target = await createBareDatabase()
    await expect(
      restoreBackup(houseOf(target.sql), { from: join(folder, 'nowhere.gz') }),
    ).rejects.toMatchObject({ code: 'backup_not_found' })
    await target.drop()
  })
})
