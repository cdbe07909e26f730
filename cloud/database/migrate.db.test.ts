import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { connect, type Sql } from './connect.ts'
import { migrate, openMigratedCheck, withoutMigrations } from './migrate.ts'
import { createTestDatabase, type TestDatabase } from './testing.ts'

const FIRST = 'create table first (id int);'
const SECOND = 'create table second (id int); insert into first values (2);'

describe('migrations', () => {
  let database: TestDatabase
  let sql: Sql
  let folder: string
  const write = (name: string, text: string) => writeFile(join(folder, name), text)
  const tables = async () => {
    const rows = await sql`select tablename from pg_tables where schemaname = 'public' order by 1`
    return rows.map((row) => row.tablename)
  }

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'kopilka-migrations-'))
    database = await createTestDatabase()
    sql = database.sql
    await sql`drop schema public cascade`
    await sql`create schema public`
  })
  afterEach(async () => {
    await database.drop()
    await rm(folder, { recursive: true })
  })

  it('are applied in the order of their names, and say which', async () => {
    await write('002_second.sql', SECOND)
    await write('001_first.sql', FIRST)
    await write('notes.txt', 'not a migration')
    expect(await migrate(sql, folder)).toEqual(['001_first.sql', '002_second.sql'])
    expect(await tables()).toEqual(['first', 'schema_migrations', 'second'])
  })

  it('are applied once: the next start only adds what is new', async () => {
    await write('001_first.sql', FIRST)
    await migrate(sql, folder)
    expect(await migrate(sql, folder)).toEqual([])
    await write('002_second.sql', SECOND)
    expect(await migrate(sql, folder)).toEqual(['002_second.sql'])
  })

  it('are applied once by many processes that start together', async () => {
    await write('001_first.sql', FIRST)
    await write('002_second.sql', SECOND)
    const processes = Array.from({ length: 5 }, () => connect(database.url, { poolSize: 1 }))
    const applied = await Promise.all(processes.map((process) => migrate(process, folder)))
    expect(applied.filter((names) => names.length > 0)).toEqual([['001_first.sql', '002_second.sql']])
    await Promise.all(processes.map((process) => process.end()))
  })

  it('are applied all or none, and the failing file is named', async () => {
    await write('001_first.sql', FIRST)
    await write('002_second.sql', 'create table second (id int); select * from nowhere;')
    await expect(migrate(sql, folder)).rejects.toThrow(
      'The migration 002_second.sql failed: relation "nowhere" does not exist',
    )
    expect(await tables()).toEqual([])
  })

  it('are refused when an applied file was changed afterwards', async () => {
    await write('001_first.sql', FIRST)
    await migrate(sql, folder)
    await write('001_first.sql', `${FIRST} -- and more`)
    await expect(migrate(sql, folder)).rejects.toThrow(
      'The migration 001_first.sql was changed after it had been applied',
    )
    expect(await openMigratedCheck(folder)(sql)).toBe(false)
  })

  it('are the same file with the line ends of Windows', async () => {
    await write('001_first.sql', 'create table first (\n  id int\n);\n')
    await migrate(sql, folder)
    await write('001_first.sql', 'create table first (\r\n  id int\r\n);\r\n')
    expect(await migrate(sql, folder)).toEqual([])
  })

  it('are refused by a version of Kopilka that is older than the database', async () => {
    await write('001_first.sql', FIRST)
    await write('002_second.sql', SECOND)
    await migrate(sql, folder)
    await rm(join(folder, '002_second.sql'))
    await expect(migrate(sql, folder)).rejects.toThrow(
      'The database is newer than this version of Kopilka: it has the migration 002_second.sql',
    )
  })

  it('are complete when every file of this version is applied', async () => {
    await write('001_first.sql', FIRST)
    expect(await openMigratedCheck(folder)(sql)).toBe(false)
    await migrate(sql, folder)
    expect(await openMigratedCheck(folder)(sql)).toBe(true)
    await write('002_second.sql', SECOND)
    expect(await openMigratedCheck(folder)(sql)).toBe(false)
    await migrate(sql, folder)
    expect(await openMigratedCheck(folder)(sql)).toBe(true)
  })

  it('wait for work that wants none, such as a backup; a start that has nothing to apply does not', async () => {
    await write('001_first.sql', FIRST)
    await migrate(sql, folder)
    const { migrating } = await withoutMigrations(sql, async () => {
      expect(await migrate(sql, folder)).toEqual([])
      await write('002_second.sql', SECOND)
      const migrating = migrate(sql, folder)
      const waiting = () => sql`
        select count(*) from pg_locks where locktype = 'advisory' and not granted
          and database = (select oid from pg_database where datname = current_database())`
      await expect.poll(waiting).toEqual([{ count: 1 }])
      expect(await tables()).toEqual(['first', 'schema_migrations'])
      return { migrating }
    })
    expect(await migrating).toEqual(['002_second.sql'])
  })

  it('of a newer version leave a running older one ready', async () => {
    await write('001_first.sql', FIRST)
    await write('002_second.sql', SECOND)
    await migrate(sql, folder)
    await rm(join(folder, '002_second.sql'))
    expect(await openMigratedCheck(folder)(sql)).toBe(true)
  })

  it('of a newer version that only lie there leave a running older one ready', async () => {
    await write('001_first.sql', FIRST)
    await migrate(sql, folder)
    const isMigrated = openMigratedCheck(folder)
    expect(await isMigrated(sql)).toBe(true)
    await write('002_second.sql', SECOND)
    expect(await isMigrated(sql)).toBe(true)
  })
})

describe('the migrations of Kopilka', () => {
  it('are applied in every test database', async () => {
    const { sql, drop } = await createTestDatabase()
    expect(await openMigratedCheck()(sql)).toBe(true)
    expect(await migrate(sql)).toEqual([])
    await drop()
  })
})
