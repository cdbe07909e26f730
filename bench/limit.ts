import { existsSync, readdirSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import type { Sql } from '../cloud/database/connect.ts'
import { runProgram } from './child.ts'
import { connectFor, type Stage } from './stage.ts'

const DATABASE = 'tpcb'
const CLIENTS = 8
const SCALE = 10

/** Transactions a second, just before and just after what is compared with it. */
export interface LimitRates {
  before: number
  after: number
}

export interface Limit {
  /** What measured it. */
  by: string
  /** Null where nothing was measured beside it. */
  beside<T>(work: () => Promise<T>): Promise<T & { limit: LimitRates | null }>
}

/** TPC-B like pgbench, on the same server: what this machine and this disk can commit just now. */
export function createLimit(stage: Stage): Limit {
  if (stage.options.alone)
    return { by: 'nothing', beside: async (work) => ({ ...(await work()), limit: null }) }
  const pgbench = findPgbench()
  let measuring: Promise<() => Promise<number>> | null = null
  let latest: number | null = null
  return {
    by: pgbench
      ? `pgbench -M prepared -c ${CLIENTS} -s ${SCALE}`
      : `TPC-B by postgres.js, ${CLIENTS} connections`,
    async beside(work) {
      measuring ??= prepareMeasuring(stage, pgbench)
      const measure = await measuring
      const before = latest ?? (await measure())
      const done = await work()
      const after = await measure()
      latest = after
      return { ...done, limit: { before, after } }
    },
  }
}

async function prepareMeasuring(stage: Stage, pgbench: string | undefined): Promise<() => Promise<number>> {
  await stage.superuser.unsafe(`create database ${DATABASE} owner kopilka`)
  const url = Object.assign(new URL(stage.databaseUrl), { pathname: `/${DATABASE}` })
  const sql = connectFor(stage.closers, url.href, CLIENTS)
  await createTables(sql)
  const run = (seconds: number) =>
    pgbench ? runPgbench(stage, { pgbench, url, seconds }) : runStatements(sql, seconds)
  return async () => {
    await sql`vacuum pgbench_branches, pgbench_tellers`
    await sql`truncate pgbench_history`
    await run(stage.options.warmUpSeconds)
    return run(stage.options.seconds)
  }
}

/** What `pgbench -i` makes. */
async function createTables(sql: Sql): Promise<void> {
  await sql.begin(async (sql) => {
    await sql`set local statement_timeout = 0`
    await sql`create table pgbench_branches (bid int not null, bbalance int, filler char(88)) with (fillfactor = 100)`
    await sql`create table pgbench_tellers (tid int not null, bid int, tbalance int, filler char(84)) with (fillfactor = 100)`
    await sql`create table pgbench_accounts (aid int not null, bid int, abalance int, filler char(84)) with (fillfactor = 100)`
    await sql`create table pgbench_history (tid int, bid int, aid int, delta int, mtime timestamp, filler char(22))`
    await sql`insert into pgbench_branches (bid, bbalance) select n, 0 from generate_series(1, ${SCALE}::int) n`
    await sql`
      insert into pgbench_tellers (tid, bid, tbalance)
      select n, (n - 1) / 10 + 1, 0 from generate_series(1, 10 * ${SCALE}::int) n`
    await sql`
      insert into pgbench_accounts (aid, bid, abalance, filler)
      select n, (n - 1) / 100000 + 1, 0, '' from generate_series(1, 100000 * ${SCALE}::int) n`
    await sql`alter table pgbench_branches add primary key (bid)`
    await sql`alter table pgbench_tellers add primary key (tid)`
    await sql`alter table pgbench_accounts add primary key (aid)`
  })
  await sql`vacuum analyze pgbench_branches, pgbench_tellers, pgbench_accounts, pgbench_history`
}

function findPgbench(): string | undefined {
  const debian = '/usr/lib/postgresql'
  const versions = existsSync(debian) ? readdirSync(debian) : []
  const newestFirst = versions.sort((a, b) => Number(b) - Number(a))
  const folders = [
    ...newestFirst.map((version) => join(debian, version, 'bin')),
    ...(process.env.PATH ?? '').split(delimiter),
  ]
  return folders.map((folder) => join(folder, 'pgbench')).find((file) => existsSync(file))
}

async function runPgbench(
  { closers }: Stage,
  { pgbench, url, seconds }: { pgbench: string; url: URL; seconds: number },
): Promise<number> {
  const args = ['-n', '-M', 'prepared', '-c', `${CLIENTS}`, '-j', '2', '-T', `${Math.ceil(seconds)}`]
  const where = ['-h', url.hostname, '-p', url.port, '-U', url.username, DATABASE]
  const env = { ...process.env, PGPASSWORD: url.password }
  const printed = await runProgram(closers, pgbench, [...args, ...where], env)
  const rate = Number(/tps = ([\d.]+) \(without initial/.exec(printed)?.[1])
  if (!rate) throw new Error(`pgbench printed no rate:\n${printed}`)
  return rate
}

/** The five statements of TPC-B, where there is no pgbench. */
async function runStatements(sql: Sql, seconds: number): Promise<number> {
  const below = (limit: number) => 1 + Math.floor(Math.random() * limit)
  let running = true
  let committed = 0
  const clients = Array.from({ length: CLIENTS }, async () => {
    while (running) {
      const [aid, bid, tid] = [below(100_000 * SCALE), below(SCALE), below(10 * SCALE)]
      const delta = below(10_001) - 5_001
      await sql.begin(async (sql) => {
        await sql`update pgbench_accounts set abalance = abalance + ${delta} where aid = ${aid}`
        await sql`select abalance from pgbench_accounts where aid = ${aid}`
        await sql`update pgbench_tellers set tbalance = tbalance + ${delta} where tid = ${tid}`
        await sql`update pgbench_branches set bbalance = bbalance + ${delta} where bid = ${bid}`
        await sql`
          insert into pgbench_history (tid, bid, aid, delta, mtime)
          values (${tid}, ${bid}, ${aid}, ${delta}, current_timestamp)`
      })
      committed += 1
    }
  })
  await pause(seconds * 1000)
  const rate = committed / seconds
  running = false
  await Promise.all(clients)
  return rate
}
