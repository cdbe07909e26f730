import { type ChildProcess, spawn } from 'node:child_process'
import { closeSync, openSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { Closers } from '../build/command/interrupt.ts'
import { newRegisterKey } from '../cloud/access/registers/keys.ts'
import { hashSecret } from '../cloud/access/secrets.ts'
import { connect, type Sql } from '../cloud/database/connect.ts'
import { openTemporaryPostgres } from '../cloud/database/temporary.ts'
import { stopChild } from './child.ts'
import type { Options } from './options.ts'

/** The stage of every phase: one embedded Postgres and one API process on it. */
export interface Stage {
  options: Options
  closers: Closers
  api: { url: URL; pid: number; stop: () => Promise<void> }
  /** The folder of the embedded Postgres, for programs that are told KOPILKA_DATA. */
  dataDir: string
  databaseUrl: string
  sql: Sql
  /** The superuser: makes rows by the million without asking every foreign key. */
  superuser: Sql
  keys: string[]
}

export async function setStage(options: Options, closers: Closers): Promise<Stage> {
  const postgres = await openTemporaryPostgres()
  closers.defer(() => postgres.stop())
  const api = await startApi(postgres.dataDir, options, closers, {
    KOPILKA_DATA: postgres.dataDir,
    OPERATIONS_PER_MINUTE: '100000000',
    OPERATIONS_BURST: '100000000',
    LOOKUPS_PER_MINUTE: '1000000',
  })

  const password = await readFile(join(postgres.dataDir, 'postgres', 'superuser.password'), 'utf8')
  const superuserUrl = Object.assign(new URL(postgres.url), { username: 'postgres', password }).href
  const sql = connectFor(closers, postgres.url, 10)
  const superuser = connectFor(closers, superuserUrl, 1)
  await superuser`set statement_timeout = 0`
  const keys = await createRegisters(sql, 'Bench', options.registers)
  // One key here redeems for as many customers at once as there are connections.
  await sql`update programmes set settings = settings || '{"max_open_holds": 1000}'`
  const { url: databaseUrl, dataDir } = postgres
  return { options, closers, api, dataDir, databaseUrl, sql, superuser, keys }
}

export function connectFor(closers: Closers, url: string, poolSize: number): Sql {
  const sql = connect(url, { poolSize })
  closers.defer(() => sql.end({ timeout: 1 }))
  return sql
}

/** Starts the API as in production, except for `settings`: usual limits would protect it from a bench. */
export async function startApi(
  dataDir: string,
  options: Options,
  closers: Closers,
  settings: Record<string, string>,
): Promise<Stage['api']> {
  const main = join(import.meta.dirname, '../cloud/main.ts')
  const profiling = options.profile ? ['--cpu-prof', `--cpu-prof-dir=${dataDir}`] : []
  const log = openSync(join(dataDir, 'api.log'), 'a')
  const child = spawn(process.execPath, [...options.apiFlags, ...profiling, main], {
    env: {
      ...withoutSettings(process.env),
      PORT: '0',
      LOG_LEVEL: options.logLevel,
      ...settings,
    },
    stdio: ['ignore', 'pipe', log],
  })
  closeSync(log)
  const stop = () => stopChild(child)
  closers.defer(stop)
  const url = await urlPrintedBy(child, join(dataDir, 'api.log'))
  return { url, pid: child.pid ?? 0, stop }
}

const withoutSettings = ({ DATABASE_URL: _, HOST: __, ...env }: NodeJS.ProcessEnv) => env

async function urlPrintedBy(child: ChildProcess, log: string): Promise<URL> {
  if (!child.stdout) throw new Error('the API has no stdout')
  for await (const line of createInterface(child.stdout)) {
    if (line.startsWith('CLOUD ')) return new URL(line.slice('CLOUD '.length))
  }
  throw new Error(`The API did not start:\n${await readFile(log, 'utf8')}`)
}

/** Registers of a new store; returns their keys. */
export async function createRegisters(sql: Sql, storeName: string, count: number): Promise<string[]> {
  const keys = Array.from({ length: count }, newRegisterKey)
  const [store] = await sql<{ id: number }[]>`insert into stores (name) values (${storeName}) returning id`
  const registers = keys.map((key, index) => ({
    store_id: store?.id ?? 0,
    name: `Register ${index + 1}`,
    key_hash: hashSecret(key),
  }))
  await sql`insert into registers ${sql(registers)}`
  return keys
}
