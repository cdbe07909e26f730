import { cp, mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { findChanges, logChange, noteHead, verifyAuditLog } from './auditLog.ts'
import { restore } from './backup/restore.ts'
import { backUpTo } from './backup/testing.ts'
import { connect, type Sql } from './database/connect.ts'
import { migrate } from './database/migrate.ts'
import { createBareDatabase, createTestDatabase, type TestDatabase } from './database/testing.ts'
import { audit } from './jobs/audit.ts'
import { noon } from './ledger/testing/makers.ts'

const MIGRATIONS = join(import.meta.dirname, 'sql/migrations')

let database: TestDatabase
let sql: Sql
beforeEach(async () => {
  database = await createTestDatabase()
  sql = database.sql
})
afterEach(() => database.drop())

const change = (number: number) => ({
  who: `admin:${number % 2 ? 'anna' : 'olga'}`,
  action: number % 3 ? 'store add' : 'store hours',
  subject: `store ${number}`,
  ...(number % 3 ? {} : { before: { from: '09:00', none: null } }),
  after: { from: `1${number}:00` },
})
const write = async (count: number) => {
  for (let number = 1; number <= count; number += 1) await logChange(sql, change(number))
}

/** As somebody does it who owns the database: no guard of ours keeps them from it. */
async function asOwner(statement: string): Promise<void> {
  await sql.begin(async (sql) => {
    await sql`alter table audit_log disable trigger user`
    await sql.unsafe(statement)
    await sql`alter table audit_log enable trigger user`
  })
}

describe('the log of changes', () => {
  it('is whole while nobody touches it, and says where it ends', async () => {
    expect(await verifyAuditLog(sql)).toEqual({ rows: 0, head: null, broken: [], lost: [] })
    await write(5)
    const head = { id: 5, hash: expect.stringMatching(/^[0-9a-f]{64}$/) }
    expect(await verifyAuditLog(sql)).toEqual({ rows: 5, head, broken: [], lost: [] })
  })

  it.each([
    `update audit_log set who = 'admin:eva' where id = 3`,
    'delete from audit_log where id = 3',
    'truncate audit_log',
  ])('takes no "%s"', async (statement) => {
    await write(5)
    await expect(sql.unsafe(statement)).rejects.toThrow('the log of changes is append-only')
  })

  it.each([
    ['who', `update audit_log set who = 'admin:eva' where id = 3`, [3]],
    ['what', `update audit_log set action = 'store remove' where id = 3`, [3]],
    ['of what', `update audit_log set subject = 'store 9' where id = 3`, [3]],
    ['when', `update audit_log set at = at - interval '1 microsecond' where id = 3`, [3]],
    ['from where', `update audit_log set ip = '10.0.0.9' where id = 3`, [3]],
    ['with what browser', `update audit_log set user_agent = 'another' where id = 3`, [3]],
    ['with which request', `update audit_log set request_id = gen_random_uuid() where id = 3`, [3]],
    ['what was before', `update audit_log set before = before - 'none' where id = 3`, [3]],
    ['what was after', `update audit_log set after = '{"from": "13:01"}' where id = 3`, [3]],
    ['the number', 'update audit_log set id = 30 where id = 3', [4, 30]],
    ['the hash with the row', `update audit_log set hash = '\\x00' where id = 3`, [3, 4]],
    [
      'the row with a hash that fits it',
      `update audit_log o set who = 'admin:eva', hash = (
         select audit_log_hash(b.hash, jsonb_populate_record(c, '{"who": "admin:eva"}'))
         from audit_log c join audit_log b on b.id = 2 where c.id = 3) where id = 3`,
      [4],
    ],
  ])('tells when somebody has changed %s', async (_what, statement, broken) => {
    await write(5)
    await asOwner(statement)
    expect((await verifyAuditLog(sql)).broken).toEqual(broken)
  })

  it('tells when a row was taken out, put in, or put at the beginning', async () => {
    await write(5)
    await asOwner('delete from audit_log where id = 3')
    expect((await verifyAuditLog(sql)).broken).toEqual([4])
    await asOwner(
      `insert into audit_log select (jsonb_populate_record(audit_log, '{"id": 3}')).* from audit_log where id = 2`,
    )
    expect((await verifyAuditLog(sql)).broken).toEqual([3, 4])
    await asOwner('delete from audit_log where id in (1, 3)')
    expect((await verifyAuditLog(sql)).broken).toEqual([2, 4])
  })

  it('tells when the last rows were taken away, to whom had noted where it ended', async () => {
    await write(5)
    const { head } = await verifyAuditLog(sql)
    await asOwner('delete from audit_log where id > 3')
    expect(await verifyAuditLog(sql)).toMatchObject({ broken: [], lost: [] })
    expect(await verifyAuditLog(sql, head ? [head] : [])).toMatchObject({ broken: [], lost: [head] })
  })

  it('is looked at by the nightly audit, which keeps where it ended', async () => {
    await write(5)
    expect(await audit(sql, { now: noon })).toMatchObject({ violations: 0 })
    await write(2)
    await audit(sql, { now: noon })
    await asOwner('delete from audit_log where id > 4')
    expect((await verifyAuditLog(sql)).lost.map(({ id }) => id)).toEqual([5, 7])
    expect(await audit(sql, { now: noon })).toMatchObject({ violations: 2 })
    await asOwner(`update audit_log set who = 'admin:eva' where id = 2`)
    expect(await audit(sql, { now: noon })).toMatchObject({ violations: 3 })
  })

  it('keeps its chain when two processes append at once', async () => {
    const others = [connect(database.url), connect(database.url)]
    try {
      const append = async (sql: Sql, offset: number) => {
        for (let number = 0; number < 100; number += 1)
          await sql.begin(async (sql) => {
            await logChange(sql, change(offset + number))
            if (number % 10 === 9) await sql`select pg_sleep(0.001)`
          })
      }
      await Promise.all(
        others.flatMap((sql, index) => [append(sql, 1000 * index), append(sql, 500 + 1000 * index)]),
      )
    } finally {
      for (const other of others) await other.end()
    }
    expect(await verifyAuditLog(sql)).toMatchObject({ rows: 400, broken: [], head: { id: 400 } })
  })

  it('of before it was a chain becomes one, with its numbers', async () => {
    const { sql, drop } = await createBareDatabase()
    const before = await mkdtemp(join(tmpdir(), 'kopilka-migrations-'))
    try {
      for (const name of await readdir(MIGRATIONS))
        if (name < '018') await cp(join(MIGRATIONS, name), join(before, name))
      await migrate(sql, before)
      for (const subject of ['store 1', 'store 2', 'store 3'])
        await sql`insert into audit_log (who, action, subject) values ('admin:anna', 'store add', ${subject})`
      await sql`delete from audit_log where id = 2`
      await migrate(sql)
      expect(await verifyAuditLog(sql)).toMatchObject({ rows: 2, broken: [], head: { id: 3 } })
      await logChange(sql, change(4))
      expect(await verifyAuditLog(sql)).toMatchObject({ rows: 3, broken: [], head: { id: 4 } })
    } finally {
      await drop()
      await rm(before, { recursive: true })
    }
  })

  it('leaves no number out for a change that did not come to be', async () => {
    await write(2)
    const failing = sql.begin(async (sql) => {
      await logChange(sql, change(3))
      throw new Error('the change failed')
    })
    await expect(failing).rejects.toThrow('the change failed')
    await write(1)
    expect(await verifyAuditLog(sql)).toMatchObject({ rows: 3, broken: [], head: { id: 3 } })
  })

  it('goes on after a restore where it was', async () => {
    await write(3)
    await noteHead(sql, noon)
    const folder = await mkdtemp(join(tmpdir(), 'kopilka-log-'))
    const target = await createBareDatabase()
    try {
      const file = await backUpTo(sql, join(folder, 'backup.gz'))
      await restore(target.sql, file, { record: async () => {} })
      await logChange(target.sql, change(4))
      expect(await verifyAuditLog(target.sql)).toMatchObject({ rows: 4, broken: [], lost: [] })
    } finally {
      await target.drop()
      await rm(folder, { recursive: true })
    }
  })
})

it('finds changes by what they are of, who made them, what was done, when, and what they say', async () => {
  await write(9)
  const found = async (filter: Partial<Parameters<typeof findChanges>[1]>) =>
    (await findChanges(sql, { limit: 100, ...filter })).map(({ id }) => id)
  expect(await found({})).toEqual([9, 8, 7, 6, 5, 4, 3, 2, 1])
  expect(await found({ limit: 2, before: 5 })).toEqual([4, 3])
  expect(await found({ subject: 'store 2' })).toEqual([2])
  expect(await found({ who: 'ANNA', action: 'store hours' })).toEqual([9, 3])
  expect(await found({ text: '17:0' })).toEqual([7])
  expect(await found({ text: '%' })).toEqual([])
  expect(await found({ since: Date.now() + 60_000 })).toEqual([])
  expect(await found({ until: Date.now() + 60_000, limit: 1 })).toEqual([9])
})
