import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { dumpSchema } from '../../build/dump.ts'
import { openCodes } from '../access/people/codes.ts'
import { endSession, logIn, touchSession } from '../access/staff/sessions.ts'
import { createSignInQueue } from '../access/staff/signInQueue.ts'
import { perform } from '../acts/act.ts'
import { linkStaff } from '../acts/staff.ts'
import { byAdmin } from '../acts/testing.ts'
import type { Sql } from '../database/connect.ts'
import { lockMigrations, migrate, migrateOn } from '../database/migrate.ts'
import { createBareDatabase, createTestDatabase, type TestDatabase } from '../database/testing.ts'
import { expectHealthy } from '../jobs/testing.ts'
import { readChanges } from '../ledger/changes.ts'
import { post } from '../ledger/post.ts'
import { adjust, apply } from '../ledger/testing/makers.ts'
import { createTestClock, deliverFor, fakeTelegram } from '../notifications/testing.ts'
import { readRelations } from './catalogue.ts'
import { restore } from './restore.ts'
import { backUpTo, contentsOf, liveALittle, now } from './testing.ts'
import { backUp } from './write.ts'

const MIGRATIONS = join(import.meta.dirname, '../sql/migrations')
const record = async () => {}

let source: TestDatabase
let target: TestDatabase
let folder: string
let file: string
let life: Awaited<ReturnType<typeof liveALittle>>

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kopilka-backup-'))
  source = await createTestDatabase()
  life = await liveALittle(source.sql)
  file = await backUpTo(source.sql, join(folder, 'whole.gz'))
})
afterAll(async () => {
  await source.drop()
  await rm(folder, { recursive: true })
})
beforeEach(async () => {
  target = await createBareDatabase()
})
afterEach(() => target.drop())

const relationsOf = (sql: Sql) => sql.begin((sql) => readRelations(sql))

describe('a restored database', () => {
  it('has every row of every table, and the ledger is healthy', async () => {
    const before = await contentsOf(source.sql)
    // Nobody has signed in, or is about to: who had is a test of its own.
    expect(Object.keys(before).filter((table) => before[table]?.length === 0)).toEqual([
      'staff_challenges',
      'staff_links',
      'staff_sessions',
      'staff_telegram_links',
    ])
    const standing = await source.sql`
      select count(*) filter (where debt > 0) > 0 as owed, count(*) filter (where status = 'erased') > 0 as erased,
        (select count(distinct state) from holds) >= 4 as holds, (select sum(expired) from lots) > 0 as expired
      from customers`
    expect(standing).toEqual([{ owed: true, erased: true, holds: true, expired: true }])

    const { rows, migrated } = await restore(target.sql, file, { record })
    expect(migrated).toEqual([])
    expect(await contentsOf(target.sql)).toEqual(before)
    expect(rows.operations).toBe(before.operations?.length)
    await expectHealthy(target.sql)
  })

  it('has the schema of a migrated one: keys, triggers and grants included', async () => {
    await restore(target.sql, file, { record })
    expect(await dumpSchema(target.sql)).toBe(await dumpSchema(source.sql))
    await expect(target.sql`update entries set points = 1`).rejects.toThrow('append-only')
    await expect(target.sql`truncate entries`).rejects.toThrow('append-only')
  })

  it('comes back though its clock was set back between two updates', async () => {
    const [first] = await source.sql`
      update schema_migrations set applied_at = applied_at + interval '1 year'
      where name = (select min(name) from schema_migrations) returning name`
    const made = await backUpTo(source.sql, join(folder, 'set-back.gz'))
    expect((await restore(target.sql, made, { record })).migrated).toEqual([])
    expect(await dumpSchema(target.sql)).toBe(await dumpSchema(source.sql))
    await source.sql`
      update schema_migrations set applied_at = applied_at - interval '1 year' where name = ${first?.name}`
  })

  it('answers what was executed before as a replay, and goes on where it stood', async () => {
    await restore(target.sql, file, { record })
    for (const request of life.executed) {
      const [outcome] = await post(target.sql, [request], { now: () => now })
      expect(outcome).toMatchObject({ id: request.id, status: 'accepted', replay: true })
    }
    const applied = apply(life.held, { at: now })
    const [outcome] = await post(target.sql, [applied], { now: () => now })
    expect(outcome).toMatchObject({ status: 'accepted', replay: false, spent: 30 })
    await expectHealthy(target.sql)
  })

  it('numbers what is new after what was there', async () => {
    await restore(target.sql, file, { record })
    for (const table of ['customers', 'stores', 'registers', 'job_runs']) {
      const next = `select nextval(pg_get_serial_sequence('${table}', 'id'))`
      expect(await target.sql.unsafe(next)).toEqual(await source.sql.unsafe(next))
    }
  })

  it('lets nobody of IT go on who was signed in, but sign in again', async () => {
    const from = { ip: '10.0.0.1', userAgent: 'a browser' }
    const attempt = { name: 'anna', from, network: from.ip, password: life.password, code: '' }
    const before = await logIn(source.sql, createSignInQueue(), attempt, now)
    if (before.status !== 'open') throw new Error(before.status)
    const stillIn = (sql: Sql) => touchSession(sql, before.token, { now, isByPerson: true })
    await perform(linkStaff, { name: 'anna' }, byAdmin(source.sql, now))
    await restore(target.sql, await backUpTo(source.sql, join(folder, 'signed-in.gz')), { record })
    expect(await stillIn(source.sql)).toMatchObject({ person: { name: 'anna' } })
    expect(await stillIn(target.sql)).toBe(null)
    expect(await target.sql`select from staff_links`).toHaveLength(0)
    await source.sql`delete from staff_links`
    expect(await logIn(target.sql, createSignInQueue(), attempt, now)).toMatchObject({ status: 'open' })
    await endSession(source.sql, before.token)
  })

  it('reads the codes of before, which registers verify with the key that they know', async () => {
    const before = await openCodes(source.sql)
    const { code } = before.sign({ card: '111111', now })
    await restore(target.sql, file, { record })
    const after = await openCodes(target.sql)
    expect([after.publicKey, after.read(code)?.card]).toEqual([before.publicKey, '111111'])
  })

  it('tells each customer once what waited or was being sent, and nothing of what was sent', async () => {
    await restore(target.sql, file, { record })
    const states = async () =>
      await target.sql<{ kind: string; state: string }[]>`
      select kind, state, begun_at is not null as begun from notifications order by kind`
    expect(await states()).toEqual([
      { kind: 'earned', state: 'sent', begun: false },
      { kind: 'merged', state: 'waiting', begun: false },
      { kind: 'refunded', state: 'waiting', begun: false },
      { kind: 'spent', state: 'waiting', begun: true },
    ])
    const telegram = fakeTelegram()
    const clock = createTestClock(now)
    await deliverFor(120, { sql: target.sql, clock, send: telegram.sendAt(clock.now) })
    expect(telegram.sent.map(({ chatId }) => chatId)).toEqual([1003, 1004, 1003])
    expect((await states()).map(({ state }) => state)).toEqual(['sent', 'sent', 'sent', 'sent'])
  })

  it('takes the record of the restore with it', async () => {
    await restore(target.sql, file, {
      record: async (sql, { madeAt }) =>
        void (await sql`insert into audit_log (who, action, subject) values ('anna', 'restore', ${madeAt})`),
    })
    const [last] = await target.sql`select subject from audit_log order by id desc limit 1`
    expect(last?.subject).toBe(new Date(now).toISOString())
  })
})

describe('the feed of changes after a restore', () => {
  const everything = async (sql: Sql, since: string | undefined) => {
    const cards = new Set<string>()
    for (let cursor = since; ; ) {
      const page = await readChanges(sql, { programmeId: 1, storeId: 1, since: cursor, limit: 2, now })
      for (const { card } of page.customers) cards.add(card)
      cursor = page.cursor
      if (!page.more) return { cards: [...cards].sort(), cursor }
    }
  }
  /** Whom the store has seen: 111116 was never there. */
  const all = ['111111', '111112', '111113', '111114', '111115', '111117']

  it('begins anew for a cursor of the time before, and then misses no change', async () => {
    // Its server had counted further than ours has.
    await source.sql`update customers set profile_tx = '999999999999' where card = '111112'`
    const old = await everything(source.sql, undefined)
    const late = await backUpTo(source.sql, join(folder, 'future.gz'))
    await restore(target.sql, late, { record })

    const anew = await everything(target.sql, old.cursor)
    expect(anew.cards).toEqual(all)
    await post(target.sql, [adjust(5, { card: '111112', at: now })], { now: () => now })
    await target.sql`update customers set first_name = 'Б', profile_tx = pg_current_xact_id() where card = '111111'`
    const changed = await everything(target.sql, anew.cursor)
    expect(changed.cards).toEqual(['111111', '111112'])
    expect((await everything(target.sql, changed.cursor)).cards).toEqual([])
  })

  it('hides nobody behind transactions that the new server has not come to yet', async () => {
    await source.sql`update customers set profile_tx = '999999999999'`
    await source.sql`update store_customers set changed_tx = '999999999999'`
    await restore(target.sql, await backUpTo(source.sql, join(folder, 'hidden.gz')), { record })
    const [row] = await target.sql`
      select count(*) from (
        select tx from operations union all select profile_tx from customers
        union all select changed_tx from store_customers) all_changes
      where tx >= pg_current_xact_id()`
    expect(row?.count).toBe(0)
  })

  it('begins anew at every page of a walk that the restore interrupted', async () => {
    const page = await readChanges(source.sql, {
      programmeId: 1,
      storeId: 1,
      since: undefined,
      limit: 4,
      now,
    })
    await restore(target.sql, file, { record })
    expect((await everything(target.sql, page.cursor)).cards).toEqual(all)
  })
})

describe('a backup', () => {
  it('is of one moment, whatever is sold while it is made', async () => {
    const before = await contentsOf(source.sql)
    const lines: string[] = []
    await backUp(source.sql, {
      now,
      save: async (pieces) => {
        for await (const piece of pieces) {
          if (lines.length === 0)
            await post(source.sql, [adjust(5, { card: '111112', at: now })], { now: () => now })
          lines.push(piece)
        }
      },
    })
    const busy = join(folder, 'busy.gz')
    await writeFile(busy, gzipSync(lines.join('')))
    await restore(target.sql, busy, { record })
    expect(await contentsOf(target.sql)).toEqual(before)
    expect(await contentsOf(source.sql)).not.toEqual(before)
    await expectHealthy(target.sql)
  })

  it('of an older version is restored as it was, and then migrated', async () => {
    const older = await createBareDatabase()
    const migrations = await mkdtemp(join(tmpdir(), 'kopilka-migrations-'))
    await cp(join(MIGRATIONS, '001_ledger.sql'), join(migrations, '001_ledger.sql'))
    await migrate(older.sql, migrations)
    await older.sql`insert into stores (name) values ('Правда')`
    const { migrated } = await restore(target.sql, await backUpTo(older.sql, join(folder, 'older.gz')), {
      record,
    })
    expect(migrated).toContain('002_parked.sql')
    expect(await target.sql`select id, name from stores`).toEqual([{ id: 1, name: 'Правда' }])
    expect(await dumpSchema(target.sql)).toBe(await dumpSchema(source.sql))
    await older.drop()
    await rm(migrations, { recursive: true })
  })

  it('of the time when points had 32 bits is migrated with its rows, its guards and its grants', async () => {
    const older = await createBareDatabase()
    const migrations = await mkdtemp(join(tmpdir(), 'kopilka-migrations-'))
    const upTo = (end: string) =>
      cp(MIGRATIONS, migrations, {
        recursive: true,
        filter: (path) => basename(path) < end || path === MIGRATIONS,
      })
    await upTo('009')
    await migrate(older.sql, migrations)
    await older.sql.unsafe(`
      insert into customers (card, balance, debt, last_entry) values ('111111', 2147483647, 0, 2), ('111112', 0, 7, 1);
      insert into operations (customer_id, id, kind, status, author, at, recorded_at, points, content, earned, outcome)
      select customer, id::uuid, case when points > 0 then 'bonus' else 'adjust' end, 'accepted', 'admin:anna', now(),
        now(), points, '', points, '{}'
      from (values
        (1, '0198c5a8-7b1e-7c3a-9f00-000000000001', 2147483000), (1, '0198c5a8-7b1e-7c3a-9f00-000000000002', 647),
        (2, '0198c5a8-7b1e-7c3a-9f00-000000000003', -7)) given (customer, id, points);
      insert into lots (customer_id, id, earned_at, expires_at, points, remaining)
      select customer_id, id, now(), now() + interval '9 days', points, points from operations where points > 0;
      insert into entries
        (customer_id, seq, operation_id, kind, lot_id, points, debt, balance_before, balance_after, at)
      select customer_id, row_number() over (partition by customer_id order by id), id, kind,
        case when points > 0 then id end, greatest(points, 0), case when points > 0 then 0 else 7 end,
        case points when 647 then 2147483000 else 0 end, case points when 647 then 2147483647 else greatest(points, 0) end, now()
      from operations`)
    const before = await contentsOf(older.sql)
    const narrow = await backUpTo(older.sql, join(folder, 'narrow.gz'))
    await upTo('010')
    const { migrated } = await restore(target.sql, narrow, { record, migrations })
    expect(migrated).toEqual(['009_wide_points.sql'])
    const after = await contentsOf(target.sql)
    for (const table of ['customers', 'operations', 'lots', 'entries'])
      expect(after[table]).toEqual(before[table])
    await migrate(target.sql)
    expect(await dumpSchema(target.sql)).toBe(await dumpSchema(source.sql))
    await expect(target.sql`update entries set points = 1`).rejects.toThrow('append-only')
    await expect(target.sql`update customers set balance = -1`).rejects.toThrow('customers_balance_check')
    await expectHealthy(target.sql)
    await older.drop()
    await rm(migrations, { recursive: true })
  })

  it('has what a migration of tomorrow adds: tables in a circle, rows of its own, triggers', async () => {
    const tomorrow = await createBareDatabase()
    const migrations = await mkdtemp(join(tmpdir(), 'kopilka-migrations-'))
    await cp(MIGRATIONS, migrations, { recursive: true })
    await writeFile(
      join(migrations, '900_tomorrow.sql'),
      `create table chickens (id int generated always as identity primary key, egg int, weight numeric, doubled numeric
         generated always as (weight * 2) stored);
       create table eggs (id serial primary key, chicken int references chickens, tx xid8 not null);
       alter table chickens add foreign key (egg) references eggs deferrable;
       insert into eggs (tx) values (pg_current_xact_id());
       create function lay() returns trigger language plpgsql as $$
         begin insert into eggs (chicken, tx) values (new.id, pg_current_xact_id()); return null; end $$;
       create trigger lays after insert on chickens for each row execute function lay();`,
    )
    await migrate(tomorrow.sql, migrations)
    await tomorrow.sql`insert into chickens (egg, weight) values (1, 1.50), (null, 2)`
    const made = await backUpTo(tomorrow.sql, join(folder, 'tomorrow.gz'))
    await restore(target.sql, made, { record, migrations })
    expect(await contentsOf(target.sql)).toEqual(await contentsOf(tomorrow.sql))
    expect(await dumpSchema(target.sql)).toBe(await dumpSchema(tomorrow.sql))
    await target.sql`insert into chickens (weight) values (3)`
    expect(await target.sql`select id, chicken from eggs order by id`).toEqual([
      { id: 1, chicken: null },
      { id: 2, chicken: 1 },
      { id: 3, chicken: 2 },
      { id: 4, chicken: 3 },
    ])

    const empty = await createBareDatabase()
    await expect(restore(empty.sql, made, { record })).rejects.toMatchObject({
      code: 'backup_of_another_version',
      message: expect.stringContaining('900_tomorrow.sql'),
    })
    expect(await relationsOf(empty.sql)).toEqual([])
    await empty.drop()
    await tomorrow.drop()
    await rm(migrations, { recursive: true })
  })

  it('is not made of a database without Kopilka', async () => {
    await expect(backUpTo(target.sql, join(folder, 'nothing.gz'))).rejects.toMatchObject({
      code: 'nothing_to_back_up',
    })
  })
})

describe('a restore', () => {
  it('goes into an empty database only', async () => {
    await target.sql`create table mine (id int)`
    await expect(restore(target.sql, file, { record })).rejects.toMatchObject({
      code: 'database_not_empty',
      message: expect.stringContaining('(it has mine)'),
    })
    expect(await relationsOf(target.sql)).toEqual(['mine'])
  })

  it('leaves alone what another has begun to fill meanwhile', async () => {
    const restoring = await target.sql.begin(async (sql) => {
      await lockMigrations(sql)
      await migrateOn(sql)
      await sql`insert into stores (name) values ('Правда')`
      const restoring = expect(restore(target.sql, file, { record })).rejects.toMatchObject({
        code: 'database_not_empty',
      })
      const waiting = () => target.sql`
        select from pg_locks where locktype = 'advisory' and not granted
          and database = (select oid from pg_database where datname = current_database())`
      await expect.poll(async () => (await waiting()).count).toBe(1)
      return { restoring }
    })
    await restoring.restoring
    expect(await target.sql`select name from stores`).toEqual([{ name: 'Правда' }])
  })

  it('that loses its connection at the last moment leaves nothing', async () => {
    const cut = restore(target.sql, file, {
      record: async (sql) => void (await sql`select pg_terminate_backend(pg_backend_pid())`),
    })
    await expect(cut).rejects.toThrow()
    await expect.poll(() => relationsOf(target.sql)).toEqual([])
  })

  it('that is killed with everything loaded leaves nothing, and the next one does it all', async () => {
    const module = (path: string) => JSON.stringify(new URL(path, import.meta.url).href)
    const script = `
      const { connect } = await import(${module('../database/connect.ts')})
      const { restore } = await import(${module('restore.ts')})
      await restore(connect(process.env.URL), process.env.FILE, {
        record: () => new Promise(() => process.stdout.write('loaded')),
      })`
    const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
      env: { ...process.env, URL: target.url, FILE: file },
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    const exited = once(child, 'exit')
    await once(child.stdout, 'data')
    child.kill('SIGKILL')
    await exited
    await restore(target.sql, file, { record })
    expect(await contentsOf(target.sql)).toHaveProperty('customers.length', 7)
  })

  it('keeps a cloud that is started meanwhile waiting', async () => {
    let started: Promise<string[]> | undefined
    await restore(target.sql, file, {
      record: async () => {
        started = migrate(target.sql)
        const waiting = () => source.sql`
          select count(*) from pg_locks where locktype = 'advisory' and not granted
            and database = (select oid from pg_database where datname = ${new URL(target.url).pathname.slice(1)})`
        await expect.poll(waiting).toEqual([{ count: 1 }])
      },
    })
    expect(await started).toEqual([])
  })
})
