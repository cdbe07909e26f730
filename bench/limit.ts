import { existsSync, readdirSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { delimiter, join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import type { Sql } from '../cloud/database/connect.ts'
import { runProgram } from './child.ts'
import { connectFor, type Stage } from './stage.ts'

const CLIENTS = 8
const SCALE = 10

/** Transactions a second, just before and just after what is compared with it. */
export interface LimitRates {
  before: number
  after: number
}

export interface Limit {
  /** The program that measured it. */
  by: string
  /** Runs the work between two measurements; `limit` is null where nothing was measured. */
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
      measuring ??= prepareMeasuring(stage, tpcB)
      const measure = await measuring
      const before = latest ?? (await measure())
      const done = await work()
      const after = await measure()
      latest = after
      return { ...done, limit: { before, after } }
    },
  }
}

/** The transaction of clients that each begin the next one when the last has ended. */
export interface Measuring {
  database: string
  createTables: (sql: Sql) => Promise<void>
  betweenRuns?: (sql: Sql) => Promise<void>
  /** For pgbench; without one it does TPC-B. */
  script?: string
  /** The same transaction, where there is no pgbench. */
  call: (sql: Sql) => Promise<unknown>
}

const tpcB: Measuring = {
  database: 'tpcb',
  createTables,
  async betweenRuns(sql) {
    await sql`vacuum pgbench_branches, pgbench_tellers`
    await sql`truncate pgbench_history`
  },
  call: callTpcB,
}

/** Resolves with what measures transactions a second. */
export async function prepareMeasuring(
  stage: Stage,
  { database, createTables, betweenRuns, script, call }: Measuring,
): Promise<() => Promise<number>> {
  const pgbench = findPgbench()
  await stage.superuser.unsafe(`create database ${database} owner kopilka`)
  const url = Object.assign(new URL(stage.databaseUrl), { pathname: `/${database}` })
  const sql = connectFor(stage.closers, url.href, CLIENTS)
  await createTables(sql)
  const file = script && join(stage.dataDir, `${database}.pgbench`)
  if (file) await writeFile(file, script)
  const run = (seconds: number) =>
    pgbench ? runPgbench(stage, { pgbench, url, file, seconds }) : runCalls(sql, { call, seconds })
  return async () => {
    await betweenRuns?.(sql)
    await run(stage.options.warmUpSeconds)
    return run(stage.options.seconds)
  }
}

/** Makes the tables of `pgbench -i`. */
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
  { pgbench, url, file, seconds }: { pgbench: string; url: URL; file: string | undefined; seconds: number },
): Promise<number> {
  const args = ['-n', '-M', 'prepared', '-c', `${CLIENTS}`, '-j', '2', '-T', `${Math.ceil(seconds)}`]
  if (file) args.push('-f', file)
  const where = ['-h', url.hostname, '-p', url.port, '-U', url.username, url.pathname.slice(1)]
  const env = { ...process.env, PGPASSWORD: url.password }
  const printed = await runProgram(closers, pgbench, [...args, ...where], env)
  const rate = Number(/tps = ([\d.]+) \(without initial/.exec(printed)?.[1])
  if (!rate) throw new Error(`pgbench printed no rate:\n${printed}`)
  return rate
}

async function runCalls(
  sql: Sql,
  { call, seconds }: Pick<Measuring, 'call'> & { seconds: number },
): Promise<number> {
  let running = true
  let committed = 0
  const clients = Array.from({ length: CLIENTS }, async () => {
    while (running) {
      await call(sql)
      committed += 1
    }
  })
  await pause(seconds * 1000)
  const rate = committed / seconds
  running = false
  await Promise.all(clients)
  return rate
}

/** The five statements of TPC-B. */
async function callTpcB(sql: Sql): Promise<void> {
  const below = (limit: number) => 1 + Math.floor(Math.random() * limit)
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
}
